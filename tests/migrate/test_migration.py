"""Suites that four recorders really recorded (from the local sandbox) move, and replay offline."""

from __future__ import annotations

import pytest

from pytest_bill.cli import main
from tests.migrate.suites import DATA

RECORDED = {"recording": 13, "vcr": 2, "cassetter": 2}


@pytest.mark.parametrize(("name", "tests"), RECORDED.items())
@pytest.mark.sampled(3)
def test_a_recorded_suite_replays_without_network_and_variables(suites, name, tests):
    suites.copy(name)
    before = suites.files()
    dry, planned, _ = suites.migrate()
    assert "Nothing was changed. To do it: pytest-bill migrate --apply" in planned
    assert suites.files() == before

    status, done, _ = suites.migrate("--apply")
    assert status == dry
    assert done.count(": written") == planned.count(": to be written") > 0
    # What was there is there still, but for the code.
    after = suites.files()
    assert {name: after[name] for name in before if not name.endswith(".py")} == {
        name: content for name, content in before.items() if not name.endswith(".py")
    }

    status, out = suites.replay("-q", "--strict-markers")
    assert status == 0, out
    assert f"{tests} passed" in out

    assert suites.migrate() == (
        0,
        "Nothing to migrate: no test here has a cassette of another recorder.\n",
        "",
    )
    assert suites.files() == after


@pytest.mark.nightly
def test_what_is_written_holds_no_secret(suites, capsys):
    suites.copy("recording")
    suites.migrate("--apply")
    written = {
        name: each.decode()
        for name, each in suites.files().items()
        if name.startswith("cassettes/")
    }
    assert len(written) == 12
    for text in written.values():
        assert "PLACEHOLDER_BILL_SESSION_ID" in text
        assert "developer." not in text
        assert "127.0.0.1" not in text
    assert main(["scan", "cassettes"]) == 0
    # The old ones do.
    assert main(["scan", "tests"]) == 1
    capsys.readouterr()


@pytest.mark.nightly
def test_plain_vcrpy(suites):
    suites.copy("plain")
    status, out, _ = suites.migrate("--apply")
    assert status == 1
    assert "test_with_counts" in out.partition("Left to do by hand:")[2]
    status, out = suites.replay("-q", "--deselect=tests/test_plain.py::test_with_counts")
    assert status == 0, out
    assert "3 passed" in out


@pytest.mark.nightly
def test_each_recorder_can_be_named(suites):
    suites.copy("recording")
    assert len(suites.planned("--from", "pytest-recording")["cassettes"]) == 12
    of_other = suites.planned("--from", "pytest-vcr")
    assert {each["state"] for each in of_other["cassettes"]} == {"cannot"}
    assert "pytest-recording's: leave --from out" in of_other["cassettes"][0]["why"]
    before = suites.files()
    suites.migrate("--from", "pytest-vcr", "--apply")
    assert suites.files() == before


def test_a_part_of_a_suite_moves(suites):
    suites.copy("recording")
    planned = suites.planned("tests/payables")
    assert len(planned["cassettes"]) == 4
    assert [each["file"] for each in planned["changes"]] == [
        "conftest.py",
        "tests/payables/test_bills.py",
    ]


@pytest.mark.parametrize(
    ("name", "ini"), [(".env", ""), ("of/bill.env", "[pytest]\nbill_env_file = of/bill.env\n")]
)
@pytest.mark.nightly
def test_values_of_variables_are_found_wherever_they_stand(suites, name, ini):
    suites.write("pytest.ini", ini)
    suites.write(name, "BILL_DEV_KEY=01SOMEDEVKEYOFOURS77\n")
    suites.write("tests/test_a.py", MARKED)
    path = "/v3/vendors?note=01SOMEDEVKEYOFOURS77"
    suites.cassette("tests/cassettes/test_a/test_one.yaml", path)
    suites.migrate("--apply")
    text = suites.files()["cassettes/tests/test_a/test_one.yaml"].decode()
    assert "01SOMEDEVKEYOFOURS77" not in text
    assert text.count("PLACEHOLDER_BILL_DEV_KEY") == 2


def test_the_data_says_where_it_is_from():
    assert "from the local sandbox (not BILL)" in (DATA / "record.py").read_text()
    held = [each for each in DATA.rglob("*") if each.suffix in (".yaml", ".json", ".toml")]
    assert len(held) == 19
    assert all("pytest-bill-sandbox" in each.read_text() for each in held)


MARKED = """
import pytest

@pytest.mark.vcr
def test_one():
    pass
"""


def test_a_folder_that_is_not_there_is_told(suites):
    status, _, err = suites.migrate("nowhere")
    assert status == 2
    assert err == "pytest-bill: nowhere: no such file or folder.\nName the tests to migrate.\n"


def test_an_env_file_that_cannot_be_used_is_told(suites):
    suites.write("pytest.ini", "")
    suites.write(".env", "x" * (2**20 + 1))
    status, _, err = suites.migrate()
    assert status == 2
    assert ".env" in err


def test_a_base_url_that_is_none_is_told(suites, monkeypatch):
    suites.write("pytest.ini", "")
    monkeypatch.setenv("BILL_BASE_URL", "ftp://example.com")
    status, _, err = suites.migrate()
    assert status == 2
    assert "BILL_BASE_URL is not an http(s) address" in err


def test_a_suite_that_recorded_from_an_address_of_its_own(suites, monkeypatch):
    suites.write("pytest.ini", "")
    suites.write("test_a.py", MARKED)
    here = "https://bill.acme.example"
    suites.cassette("cassettes/test_a/test_one.json", "/connect/v3/vendors", host=here)
    assert suites.planned()["cassettes"][0]["state"] == "cannot"
    monkeypatch.setenv("BILL_BASE_URL", here)
    suites.migrate("--apply")
    text = suites.files()["cassettes/test_a/test_one.yaml"].decode()
    assert "uri: https://gateway.stage.bill.com/connect/v3/vendors" in text


@pytest.mark.nightly
def test_filtered_cassettes_replay_as_they_were_recorded_too(suites):
    """Only the code is migrated: the files are those that pytest-recording wrote, JSON as well."""
    suites.copy("recording")
    cassettes = suites.planned("--apply")["cassettes"]
    for each in cassettes:
        (old,) = each["old"]
        (suites.folder / each["new"]).write_bytes((suites.folder / old).read_bytes())
    status, out = suites.replay("-q", "--bill-no-scan")
    assert status == 0, out
    assert "13 passed" in out

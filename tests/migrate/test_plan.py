"""Which cassette goes where, and which cannot go: told, and nothing is overwritten."""

from __future__ import annotations

import pytest

MARKED = """
import pytest

@pytest.mark.vcr
def test_one():
    pass
"""
ASKS = """
import pytest, requests

@pytest.mark.vcr
def test_one():
    assert requests.get("https://gateway.stage.bill.com/connect/v3/vendors").ok
"""
SESSION = {"headers": {"sessionId": ["5c1d9e7a40b3428f9d6ae2b7c8f01234"]}}


@pytest.fixture
def at_root(suites):
    """A suite whose tests lie in the rootdir, where both have the same names for cassettes."""
    suites.write("pytest.ini", "")
    suites.write("test_a.py", ASKS)
    return suites


def state_of(planned: dict) -> list[str]:
    return [each["state"] for each in planned["cassettes"]]


@pytest.mark.nightly
def test_a_cassette_that_lies_where_ours_does_stays_there(at_root):
    at_root.write("cassettes/test_a/test_one.yaml", VCRPY.format(headers="{}"))
    assert state_of(at_root.planned()) == ["stays"]
    before = at_root.files()
    status, out, _ = at_root.migrate("--apply")
    assert status == 0
    assert "cassettes/test_a/test_one.yaml: replays where it is" in out
    after = at_root.files()
    assert set(after) == set(before)
    assert [name for name in after if after[name] != before[name]] == ["test_a.py"]
    status, out = at_root.replay("-q")
    assert status == 0, out


@pytest.mark.nightly
def test_one_with_secrets_is_scrubbed_there_and_the_old_one_is_kept(at_root):
    secret = "5c1d9e7a40b3428f9d6ae2b7c8f01234"
    headers = f"{{sessionId: ['{secret}']}}"
    old = at_root.write("cassettes/test_a/test_one.yaml", VCRPY.format(headers=headers))
    before = old.read_bytes()
    at_root.write("cassettes/test_a/test_one.yaml.before-migration", "an older one")
    status, out, _ = at_root.migrate("--apply")
    assert status == 0
    assert "to be scrubbed" not in out
    assert secret not in old.read_text()
    kept = "cassettes/test_a/test_one.yaml.before-migration-2"
    assert at_root.files()[kept] == before
    assert f"delete them when all replays:\n  {kept}\n" in out
    assert at_root.replay("-q")[0] == 0


@pytest.mark.nightly
def test_one_with_secrets_in_places_of_the_suites_own_is_scrubbed_there(at_root):
    headers = "{X-Acme-Key: ['of-this-team-only']}"
    at_root.write("cassettes/test_a/test_one.yaml", VCRPY.format(headers=headers))
    assert state_of(at_root.planned()) == ["stays"]
    config = "import pytest\n\n\n@pytest.fixture\ndef vcr_config():\n"
    at_root.write("conftest.py", config + "    return {'filter_headers': ['X-Acme-Key']}\n")
    assert state_of(at_root.planned()) == ["rewrite"]
    at_root.migrate("--apply")
    assert b"of-this-team-only" not in at_root.files()["cassettes/test_a/test_one.yaml"]
    assert at_root.replay("-q")[0] == 0


@pytest.mark.nightly
def test_one_of_another_form_is_written_anew_there(at_root):
    at_root.cassette("cassettes/test_a/test_one.yaml", "/v3/vendors")  # JSON, by another name
    assert state_of(at_root.planned()) == ["rewrite"]
    at_root.migrate("--apply")
    files = at_root.files()
    assert files["cassettes/test_a/test_one.yaml"].startswith(b"interactions:\n")
    assert files["cassettes/test_a/test_one.yaml.before-migration"].startswith(b"{")
    assert at_root.replay("-q")[0] == 0


def test_what_is_there_is_not_overwritten(suites):
    suites.write("pytest.ini", "")
    suites.write("tests/test_a.py", ASKS)
    suites.cassette("tests/cassettes/test_a/test_one.yaml", "/v3/vendors")
    ours = suites.write("cassettes/tests/test_a/test_one.yaml", "mine")
    status, out, _ = suites.migrate("--apply")
    assert status == 0
    assert "cassettes/tests/test_a/test_one.yaml: is there already" in out
    assert ours.read_text() == "mine"


@pytest.mark.nightly
def test_the_second_time_what_was_written_is_there_already(suites):
    suites.write("pytest.ini", "")
    suites.write("tests/test_a.py", ASKS)
    suites.cassette("tests/cassettes/test_a/test_one.yaml", "/v3/vendors")
    suites.migrate("--apply")
    suites.write("tests/test_a.py", ASKS)  # as if somebody took the changes of the code back
    before = suites.files()
    assert state_of(suites.planned()) == ["there"]
    suites.migrate("--apply")
    after = suites.files()
    assert [name for name in after if after[name] != before[name]] == ["tests/test_a.py"]


@pytest.mark.nightly
def test_other_hosts_are_told_and_their_test_stays_as_it_is(suites):
    suites.write("pytest.ini", "")
    suites.write("tests/test_a.py", MARKED)
    suites.cassette("tests/cassettes/test_a/test_one.yaml", "/v3/vendors")
    ours, theirs = (
        suites.folder / f"tests/cassettes/test_a/{each}.yaml" for each in ("test_one", "b")
    )
    suites.cassette(
        "tests/cassettes/test_a/b.yaml", "/charges", "/charges", host="https://api.pay.example"
    )
    mixed = ours.read_text().replace(
        '"interactions": [',
        '"interactions": [' + theirs.read_text().split("[", 1)[1].rsplit("]", 1)[0] + ",",
    )
    ours.write_text(mixed)
    status, out, _ = suites.migrate("--apply")
    assert status == 1
    left = out.partition("Left to do by hand:")[2]
    assert "requests to api.pay.example (2) are not BILL's and are left out" in left
    assert "it also asks api.pay.example, which pytest-bill does not replay" in left
    assert "@pytest.mark.vcr" in suites.files()["tests/test_a.py"].decode()
    assert b"api.pay.example" not in suites.files()["cassettes/tests/test_a/test_one.yaml"]
    assert suites.planned()["cassettes"][0]["other_hosts"] == {"api.pay.example": 2}
    # And what no test reads.
    assert "tests/cassettes/test_a/b.yaml" in out.partition("that no test here reads")[2]


def test_a_cassette_without_bill_stays(suites):
    suites.write("pytest.ini", "")
    suites.write("tests/test_a.py", MARKED)
    suites.cassette(
        "tests/cassettes/test_a/test_one.yaml", "/charges", host="https://api.pay.example"
    )
    status, out, _ = suites.migrate("--apply")
    assert status == 1
    assert "cannot move: it is not BILL's: all of it is with api.pay.example" in out
    assert set(suites.files()) == {
        *("pytest.ini", "tests/test_a.py", "tests/cassettes/test_a/test_one.yaml")
    }


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("interactions: [", "damaged or not a cassette"),
        ("a: 1\n", "damaged or not a cassette"),
        ("version: 1\ninteractions: []\n", "it holds no requests"),
        ("", "it holds no requests"),
        ("- request: {}\n", "it is of a vcrpy before 1.0"),
    ],
)
@pytest.mark.sampled(3)
def test_what_is_no_cassette_is_told(suites, content, why):
    suites.write("pytest.ini", "")
    suites.write("tests/test_a.py", MARKED)
    suites.write("tests/cassettes/test_a/test_one.yaml", content)
    before = suites.files()
    status, out, err = suites.migrate("--apply")
    assert (status, err) == (1, "")
    assert "cannot move: " in out
    assert why in out
    assert suites.files() == before


def test_a_test_without_cassette_is_told_and_its_marker_is_turned(suites):
    suites.write("pytest.ini", "")
    suites.write("tests/test_a.py", MARKED)
    status, out, _ = suites.migrate("--apply")
    assert status == 1
    assert (
        "tests/test_a.py::test_one has no cassette (tests/cassettes/test_a/test_one.yaml is not "
        "there): record it with pytest tests/test_a.py::test_one --bill-record-mode=once"
    ) in out
    assert "@pytest.mark.bill_cassette" in suites.files()["tests/test_a.py"].decode()


@pytest.mark.nightly
def test_a_folder_of_cassettes_of_our_own_is_kept_to(suites):
    suites.write("pytest.ini", "[pytest]\nbill_cassette_dir = recorded/bill\n")
    suites.write("tests/test_a.py", ASKS)
    suites.cassette("tests/cassettes/test_a/test_one.yaml", "/v3/vendors")
    suites.migrate("--apply")
    assert "recorded/bill/tests/test_a/test_one.yaml" in suites.files()
    assert suites.replay("-q")[0] == 0


@pytest.mark.parametrize(
    ("setting", "folder"),
    [("cassette_library_dir", "recorded"), ("cassette_dir", "tests/recorded/test_a")],
)
def test_a_folder_that_a_setting_names(suites, setting, folder):
    suites.write("pytest.ini", "")
    suites.write("tests/test_a.py", MARKED)
    config = "import pytest\n\n\n@pytest.fixture\ndef vcr_config():\n"
    suites.write("conftest.py", f"{config}    return {{'{setting}': 'recorded'}}\n")
    suites.cassette(f"{folder}/test_one.yaml", "/v3/vendors")
    suites.cassette(f"{folder}/other.yaml", "/v3/vendors")
    planned = suites.planned()
    assert planned["cassettes"][0]["old"] == [f"{folder}/test_one.yaml"]
    assert planned["unused"] == [f"{folder}/other.yaml"]


def test_control_characters_are_shown_escaped(suites):
    suites.write("pytest.ini", "")
    suites.write("tests/test_a.py", MARKED)
    suites.cassette("tests/cassettes/test_a/test_one.yaml", "/a", host="https://\x1b[31mx.example")
    suites.cassette("tests/cassettes/test_a/\x1b[31m.yaml", "/v3/vendors")
    _, out, _ = suites.migrate()
    assert "\x1b" not in out
    assert "\\x1b[31m.yaml" in out


VCRPY = """interactions:
- request:
    body: null
    headers: {headers}
    method: GET
    uri: https://gateway.stage.bill.com/connect/v3/vendors
  response:
    body:
      string: '{{}}'
    headers:
      Content-Type:
      - application/json
    status:
      code: 200
      message: OK
version: 1
"""

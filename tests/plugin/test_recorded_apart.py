"""The cassettes of a wide fixture and of its tests are of one recording, or it is told."""

from __future__ import annotations

import json
import shutil

import pytest

from tests.plugin.suites import LOCAL, NO_CACHE, tree
from tests.plugin.test_recording_again import EXAMPLES, OTHER_IDS

pytestmark = pytest.mark.nightly

ONE = "tests/test_bills.py::test_an_entered_bill_can_be_read_back"
NEW = """
def test_new(supplier, bill_dev_session):
    read = bill_dev_session.call("GET", f"/v3/vendors/{supplier['id']}")
    assert read["name"] == supplier["name"]
"""
MADE = 'return bill_dev_session.call("POST", "/v3/vendors", json=vendor)'
FOUND = 'return bill_dev_session.call("GET", "/v3/vendors", params={"max": 3})["results"][2]'
FIXTURE = "tests/conftest/fixture.supplier.yaml"


@pytest.fixture
def suite(proven, monkeypatch):
    """The example suite, recorded; each run of it has a sandbox that draws other ids."""
    shutil.copytree(EXAMPLES, proven.path, dirs_exist_ok=True)
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    monkeypatch.delenv("PYTEST_PLUGINS")
    monkeypatch.syspath_prepend(proven.path)
    seeds = iter(range(1, 10))

    def run(*options: str) -> tuple[int, str, list[dict[str, str]]]:
        seed = next(seeds)
        proven.makepyfile(**{f"ids_{seed}": OTHER_IDS.format(seed=seed)})
        given = ("-p", f"ids_{seed}", "-p", "no:randomly", "--bill-report=report.json", *options)
        result = proven.runpytest_subprocess(*NO_CACHE, *given)
        notices = json.loads((proven.path / "report.json").read_text())["notices"]
        left_out = ("list_order", "gone", "unused")
        told = [each for each in notices if each["kind"] not in left_out]
        return result.ret, result.stdout.str(), told

    assert run(*LOCAL, "--bill-record-mode=once", "--bill-no-prove")[0] == 0
    proven.records = run
    return proven


def cassettes(suite) -> dict[str, bytes]:
    return tree(suite.path / "cassettes")


def change_fixture(suite) -> None:
    conftest = suite.path / "tests/conftest.py"
    assert MADE in conftest.read_text()
    conftest.write_text(conftest.read_text().replace(MADE, FOUND))


def test_one_test_recorded_anew_leaves_the_fixture_of_the_others_as_it_is(suite):
    before = cassettes(suite)
    status, printed, told = suite.records(*LOCAL, "--bill-record-mode=all", ONE)
    assert (status, told) == (0, [])
    assert "3 of 3 cassettes as before" in printed
    assert cassettes(suite) == before


def test_a_fixture_with_other_ids_is_kept_back_where_others_go_with_the_old_ones(suite):
    before = cassettes(suite)
    change_fixture(suite)
    (suite.path / "tests/test_new.py").write_text(NEW)
    status, _, (notice,) = suite.records(*LOCAL, "--bill-record-mode=all", "tests/test_new.py")
    assert status == 1
    assert (notice["kind"], notice["owner"]) == ("kept_back", f"cassettes/{FIXTURE}")
    assert "6 cassettes that this run did not record ask with the old ones" in notice["text"]
    now = cassettes(suite)
    assert {name for name in now if not name.startswith(".unproven")} == set(before)
    assert before.items() <= now.items()
    # As it says, all of them in one run.
    status, _, told = suite.records(*LOCAL, "--bill-record-mode=all")
    assert (status, told) == (0, [])
    assert suite.records("--disable-socket", "-W", "ignore")[0] == 0


def test_kept_all_the_same_the_others_are_named_and_each_says_why_it_misses(suite):
    change_fixture(suite)
    (suite.path / "tests/test_new.py").write_text(NEW)
    recording = (*LOCAL, "--bill-record-mode=all", "--bill-no-prove", "tests/test_new.py")
    status, _, (notice,) = suite.records(*recording)
    assert (status, notice["kind"]) == (0, "apart")
    status, printed, _ = suite.records("--disable-socket", "-W", "ignore")
    assert status == 1
    assert f"is what cassettes/{FIXTURE} tells: this test was recorded with another" in printed
    assert "Record both anew: pytest tests/" in printed


def test_a_test_recorded_beside_a_fixture_that_was_played_says_so_where_it_fails(suite):
    """BILL, here another sandbox, knows nothing of what the fixture made then."""
    (suite.path / "tests/test_new.py").write_text(NEW)
    status, _, (notice,) = suite.records(*LOCAL, "--bill-record-mode=once", "tests/test_new.py")
    assert (status, notice["kind"]) == (1, "unsaved")
    assert notice["text"].startswith(f"it used what cassettes/{FIXTURE} tells, which BILL may")
    status, _, told = suite.records(*LOCAL, "--bill-record-mode=all", "tests/test_new.py")
    assert (status, told) == (0, [])
    assert suite.records("--disable-socket", "-W", "ignore")[0] == 0

"""The example suite, recorded again from a sandbox that draws other ids, at another time."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from pytest_bill.cassettes import store
from pytest_bill.cassettes.changes.quiet import Decision, Outcome, Recorded, decide
from tests.plugin.suites import NO_CACHE

pytestmark = pytest.mark.nightly

EXAMPLES = Path(__file__).parents[2] / "examples/accounts_payable"
RECORD = ("--bill-environment=local", "--bill-record-mode=all")
OTHER_IDS = """
from functools import partialmethod
from pytest_bill.sandbox import LocalSandbox

LocalSandbox.__init__ = partialmethod(LocalSandbox.__init__, seed={seed})
"""
CHANGED = ('"accountType": "BUSINESS"', '"accountType": "BUSINESS", "phone": "7135550100"')


@pytest.fixture
def record(pytester, monkeypatch):
    """Record the example suite with the ids of a seed, and give its cassettes' folder."""
    shutil.copytree(EXAMPLES, pytester.path, dirs_exist_ok=True)
    # What the examples use, beside what all whole runs load.
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    monkeypatch.delenv("PYTEST_PLUGINS")
    monkeypatch.syspath_prepend(pytester.path)

    def record(seed: int) -> Path:
        pytester.makepyfile(**{f"ids_{seed}": OTHER_IDS.format(seed=seed)})
        folder = pytester.path / f"cassettes_{seed}"
        options = (*RECORD, f"--bill-cassette-dir={folder.name}", "-p", f"ids_{seed}")
        result = pytester.runpytest_subprocess(*NO_CACHE, "-p", "no:randomly", *options)
        assert result.ret == 0
        return folder

    return record


def decided(old: Path, new: Path) -> Sequence[Decision]:
    names = sorted(path.relative_to(new) for path in new.rglob("*.yaml"))
    recorded = []
    for name in names:
        again = store.load(new / name)
        assert again is not None
        recorded.append(Recorded(old / name, store.load(old / name), again))
    return decide(recorded)


def test_all_is_as_before(record):
    old = record(1)
    assert {store.load(each) is None for each in old.rglob("*.yaml")} == {False}
    again = decided(old, record(2))
    assert len(again) > 20
    assert [each for each in again if each.outcome is not Outcome.AS_BEFORE] == []


def test_what_changed_is_written_and_the_suite_replays(record, pytester):
    old = record(1)
    conftest = pytester.path / "tests/conftest.py"
    assert CHANGED[0] in conftest.read_text()
    conftest.write_text(conftest.read_text().replace(*CHANGED))
    written = [each for each in decided(old, record(2)) if each.recording is not None]
    assert {each.outcome for each in written} == {Outcome.CHANGED}
    assert len(written) == 3  # the fixture's cassette, and two lists in which its vendor stands
    assert {line.rpartition("phone")[1] for each in written for line in each.changes} == {"phone"}
    for each in written:
        assert each.recording is not None
        store.save(each.path, each.recording, lambda _: None)
    options = (f"--bill-cassette-dir={old.name}", "--disable-socket", "-W", "ignore")
    assert pytester.runpytest_subprocess(*NO_CACHE, *options).ret == 0

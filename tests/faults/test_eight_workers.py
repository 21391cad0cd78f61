"""Eight workers record the example suite: the same cassettes as one process records, to the byte.

Ids, dates and lists depend on what BILL was asked before. So the tests of the first comparison run
in the same order, whichever worker has them, and time stands still. In the second one they run as
they come; what may then differ is what shows other tests' data.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.plugin.suites import NO_CACHE, tree

pytestmark = pytest.mark.nightly

EXAMPLES = Path(__file__).parents[2] / "examples/accounts_payable"
LISTING = (
    "test_overdue_are_the_bills_due_before_today",
    "test_the_job_reads_every_bill",
    "test_the_job_sees_what_accounting_entered",
    "test_the_job_cannot_pay",
    "test_a_paid_bill_is_scheduled_and_no_longer_overdue",
    "test_pages_of_any_size_hold_every_vendor_once",
    "test_the_client_has_vendors_and_bills_of_its_own",
)
"""Examples that are shown what others have made."""

SAME_WORLD = """
import os, time
from datetime import UTC, datetime
from pathlib import Path

import pytest
import uvicorn.server
from pytest_bill.cassettes import times
from pytest_bill.sandbox.core import clock

NOW = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)
times.now = lambda: NOW
clock.Clock.now = lambda self: NOW
uvicorn.server.formatdate = lambda *_, **__: "Tue, 03 Feb 2026 04:05:06 GMT"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item):
    # Wherever it runs, a test waits for those before it.
    turn = item.session.items.index(item)
    done = Path(os.environ["DONE"])
    while len(list(done.iterdir())) < turn:
        time.sleep(0.01)
    try:
        return (yield)
    finally:
        (done / str(turn)).touch()
"""


@pytest.fixture
def record(pytester, monkeypatch):
    """Record the example suite into a folder, with options."""
    shutil.copytree(EXAMPLES, pytester.path, dirs_exist_ok=True)
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    monkeypatch.delenv("PYTEST_PLUGINS")
    monkeypatch.syspath_prepend(pytester.path)

    def record(folder: str, *options: str) -> dict[str, bytes]:
        done = pytester.mkdir(f"done-{folder}-{len(options)}")
        monkeypatch.setenv("DONE", str(done))
        given = ("--bill-environment=local", f"--bill-cassette-dir={folder}", *options)
        result = pytester.runpytest_subprocess(*NO_CACHE, "-p", "no:randomly", *given)
        assert result.ret == 0, result.stdout.str()
        return tree(pytester.path / folder)

    return record


def test_in_the_same_order_eight_record_what_one_does(record, pytester):
    pytester.makepyfile(same_world=SAME_WORLD)
    world = ("--bill-record-mode=once", "-p", "same_world")
    one = record("one", *world)
    eight = record("eight", *world, "-n", "8", "--maxschedchunk=1")
    assert len(one) == 28
    assert eight.keys() == one.keys()
    assert [name for name in one if eight[name] != one[name]] == []


@pytest.mark.parametrize("dist", ["load", "worksteal", "loadfile"])
def test_recorded_again_by_eight_at_once_what_shows_no_others_stays(record, dist):
    one = record("cassettes", "--bill-record-mode=once")
    eight = record("cassettes", "--bill-record-mode=all", "-n", "8", f"--dist={dist}")
    assert eight.keys() == one.keys()
    changed = [name for name in one if eight[name] != one[name]]
    assert [name for name in changed if not any(each in name for each in LISTING)] == []
    # And all of them together replay.
    assert record("cassettes", "--disable-socket", "-W", "ignore") == eight

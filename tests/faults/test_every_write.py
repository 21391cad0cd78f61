"""A recording run is killed right after each change that it makes to the file system."""

from __future__ import annotations

import sys

import pytest

from tests.faults.killing import Kill, KilledSuite

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")

NO_PROOF = "--bill-no-prove"
CHUNKS = 12


def kill_and_look(suite: KilledSuite, moment: int) -> str:
    """Kill a recording after that change; gives what the next run prints."""
    before = suite.cassettes()
    status, printed = suite.record(Kill("controller", "SIGKILL", moment), NO_PROOF)
    about = f"after change {moment}: exit status {status}\n{printed}"
    suite.check_whole(before)
    # Its tests pass only with cassettes of one recording.
    replayed = suite.replay()
    assert suite.unfinished() == [], about
    if suite.waiting():
        assert "runs that were killed while they recorded" in replayed, about
    return replayed


@pytest.mark.nightly
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_after_each_of_them_the_next_run_has_all_old_cassettes_or_all_new_ones(tmp_path, chunk):
    suite = KilledSuite(tmp_path, counted="changes")
    moments = suite.moments("controller", NO_PROOF)
    assert moments > 100
    for moment in range(1 + chunk, moments + 1, CHUNKS):
        kill_and_look(suite, moment)
    status, printed = suite.record()
    assert status == 0, printed
    assert suite.hidden() == []
    assert suite.shared() == []


@pytest.mark.nightly
def test_killed_between_two_cassettes_it_had_proven_the_next_run_puts_the_others(tmp_path):
    suite = KilledSuite(tmp_path, counted="cassettes")
    status, printed = suite.record(Kill("controller", "SIGKILL", 2), NO_PROOF)
    assert status == -9, printed
    assert len(suite.cassettes()) == 2
    replayed = suite.replay()
    assert "what one had proven (4) and not put in its place yet, is there now" in replayed
    assert suite.hidden() == []
    assert suite.shared() == []

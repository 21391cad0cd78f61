"""A recording run is killed at 200 random moments: alone, with workers, and while it proves."""

from __future__ import annotations

import random
import sys

import pytest

from tests.faults.killing import Kill, KilledSuite

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")

KILLS = 10
"""Each chain of them starts with one recording that comes to its end, and ends with another."""
PROCESSES = {
    "alone": ((), "controller"),
    "proof": ((), "proof"),
    "controller": (("-n2",), "controller"),
    "worker": (("-n2",), "gw0"),
}
SIGNALS = [("SIGKILL", False), ("SIGTERM", False), ("SIGINT", False), ("SIGINT", True)]


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("process", PROCESSES)
def test_nothing_is_lost_broken_or_left_behind(tmp_path, process, seed):
    workers, role = PROCESSES[process]
    dice = random.Random(f"{process} {seed}")
    suite = KilledSuite(tmp_path, *workers)
    moments = suite.moments(role)
    for _ in range(KILLS):
        signal, twice = dice.choice(SIGNALS)
        moment = dice.randint(1, moments)
        kill = Kill(role, signal, moment, dice.randint(1, 200) if twice else 0)
        check_one(suite, kill)
    # Whatever waits is recorded anew, and then nothing waits.
    status, printed = suite.record()
    assert status == 0, printed
    assert suite.hidden() == []
    assert suite.shared() == []


def check_one(suite: KilledSuite, kill: Kill) -> None:
    """Kill a recording, look at what is there, and replay it."""
    before, told = suite.cassettes(), suite.told()
    status, printed = suite.record(kill)
    about = f"{kill}: exit status {status}\n{printed}"
    suite.check_whole(before)
    if kill.role == "controller" and kill.signal != "SIGKILL":
        assert suite.shared() == [], about
    if suite.told() - told:
        assert "bill: recordings that do not replay" in printed, about
    waiting = suite.waiting()
    replayed = suite.replay()
    assert suite.unfinished() == [], about
    assert set(suite.waiting()) <= set(waiting), about
    is_told = "runs that were killed while they recorded" in replayed
    assert is_told or not suite.untold(), about + replayed

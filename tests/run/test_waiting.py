"""What a person sees while a run waits, whatever captures its output."""

from __future__ import annotations

import pytest

SUITE = """
from pytest_bill.run.state import state_of
from pytest_bill.run.waiting import tell_now

def test_it(request):
    print("printed by the test")
    tell_now(request.config, state_of(request.config), "waiting 7 s")
"""


@pytest.mark.parametrize("capture", ["fd", "sys", "no"])
def test_a_line_is_shown_at_once_and_at_the_end(pytester, capture):
    pytester.makepyfile(SUITE)
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", f"--capture={capture}")
    assert result.ret == 0
    result.stdout.fnmatch_lines(
        ["bill: waiting 7 s", "*bill: BILL said to come again*", "*::test_it: waiting 7 s"]
    )
    assert ("printed by the test" in result.stdout.str()) == (capture == "no")


@pytest.mark.nightly
def test_a_line_of_a_worker_goes_where_its_errors_go(pytester):
    pytester.makepyfile(SUITE)
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-n", "1")
    assert result.ret == 0
    result.stderr.fnmatch_lines(["bill: waiting 7 s"])

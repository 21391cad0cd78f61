"""``--bill-live``: no cassettes."""

from __future__ import annotations

import json

import pytest

from tests.plugin.suites import LOCAL, ONE, SUITE, counts


def test_live_uses_no_cassettes(pytester, run):
    pytester.makepyfile(test_bill=SUITE)
    done = counts(pytester, run, *LOCAL, "--bill-live")
    report = json.loads((pytester.path / "report.json").read_text())
    assert report["live"] == report["requests"] == 9
    assert (done["recorded"], done["replayed"], done["sign_ins"]) == (0, 0, 4)
    assert not (pytester.path / "cassettes").exists()


def test_contradicting_options_are_refused(pytester, run):
    pytester.makepyfile(test_bill=ONE)
    result = run("--bill-live", "--bill-record-mode=once")
    result.stderr.fnmatch_lines(["ERROR: --bill-live uses no cassettes*", "Give one of the two."])
    assert result.ret == pytest.ExitCode.USAGE_ERROR

"""The plugin that looks: it runs nothing, and without the doctor's options it does nothing."""

from __future__ import annotations

import json

PROBE = ("-p", "pytest_bill.doctor.probe")
SUITE = "def test_one():\n    raise RuntimeError('it ran')\n"


def test_nothing_is_collected(pytester):
    pytester.makepyfile(SUITE + "raise RuntimeError('it was imported')\n")
    file = pytester.path / "looked.json"
    result = pytester.runpytest_subprocess(*PROBE, f"--bill-doctor-file={file}", "-n", "2")
    assert result.ret == 0
    assert "it was imported" not in result.stdout.str()
    assert "it ran" not in result.stdout.str()
    looked = json.loads(file.read_text())
    assert looked["project"]["rootdir"] == str(pytester.path)
    assert {"pytest-xdist", "pytest-socket", "pytest-bill"} <= set(looked["plugins"])


def test_a_run_goes_on_without_the_doctor(pytester):
    pytester.makepyfile(SUITE)
    result = pytester.runpytest_subprocess(*PROBE)
    result.assert_outcomes(failed=1)

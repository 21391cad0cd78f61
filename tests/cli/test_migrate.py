"""`pytest-bill migrate` as it is typed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pytest_bill.cli import main


def test_it_needs_no_suite(tmp_path):
    (tmp_path / "pytest.ini").touch()
    done = subprocess.run(
        [Path(sys.executable).with_name("pytest-bill"), "migrate"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Nothing to migrate: no test here has a cassette of another recorder.\n"


def test_a_recorder_that_is_not_known_is_told(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["migrate", "--from", "betamax"])
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "pytest-recording" in said
    assert "Traceback" not in said


def test_its_help_says_that_nothing_is_changed_without_apply(capsys):
    with pytest.raises(SystemExit):
        main(["migrate", "--help"])
    assert "without it nothing is changed" in " ".join(capsys.readouterr().out.split())

"""`pytest-bill doctor` from outside: its exit status, and how it behaves on terminals and pipes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_bill.cli import main
from pytest_bill.cli.doctor import _look

COMMAND = str(Path(sys.executable).parent / "pytest-bill")


def run(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("BILL_")}
    path = os.pathsep.join([str(Path(COMMAND).parent), os.environ["PATH"]])
    environ |= {"PYTHONUTF8": "1", "NO_PROXY": "*", "PATH": path, **variables}
    command = [COMMAND, "doctor", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environ, capture_output=True, encoding="utf-8", timeout=60
    )


def test_the_installed_command(tmp_path):
    done = run(tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("pytest-bill 0.")
    assert "✓ ok    Nothing is wrong." in done.stdout
    assert "\033" not in done.stdout
    assert not done.stderr


def test_a_pipe_that_knows_no_sign(tmp_path):
    done = run(tmp_path, "--credential=spend", PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert done.returncode == 1
    assert "x wrong" in done.stdout


def test_another_folder(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner/pytest.ini").write_text("[pytest]\nbill_strict = true\n")
    assert main(["doctor", "--rootdir", "inner"]) == 0
    out = capsys.readouterr().out
    assert "strict         yes  (pytest.ini:2)" in out


@pytest.mark.parametrize("name", ["none", "file"])
def test_what_is_no_folder(tmp_path, monkeypatch, capsys, name):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    assert main(["doctor", "--rootdir", name]) == 2
    assert capsys.readouterr().err == (
        f"pytest-bill: {tmp_path / name} is no folder.\n"
        "Give the one of your project with --rootdir.\n"
    )


def test_a_credential_that_there_is_not(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["doctor", "--credential", "dev"])
    assert ended.value.code == 2
    assert "invalid choice: 'dev'" in capsys.readouterr().err


class _Stream:
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("variables", "colours"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
)
def test_colours_on_a_terminal_alone(monkeypatch, variables, colours):
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert ("\033" in _look(_Stream()).mark("ok")) is colours

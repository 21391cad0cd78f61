"""Completion, as the shells ask for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_bill.cli import COMMANDS, main

COMMAND = str(Path(sys.executable).parent / "pytest-bill")


def completed(line: str, file: Path, **variables: str) -> list[str]:
    """The words that fit what is typed: argcomplete's shell code asks just so."""
    variables |= {"_ARGCOMPLETE": "1", "_ARGCOMPLETE_IFS": "\n", "COMP_LINE": line}
    variables |= {"COMP_POINT": str(len(line)), "_ARGCOMPLETE_STDOUT_FILENAME": str(file)}
    done = subprocess.run(
        [COMMAND], env={**os.environ, **variables}, capture_output=True, text=True, timeout=60
    )
    assert done.stdout + done.stderr == ""
    return [word.strip() for word in file.read_text().split("\n")]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("pytest-bill rep", {"report"}),
        ("pytest-bill init --c", {"--credential", "--ci"}),
        ("pytest-bill init --credential sp", {"spend"}),
        ("pytest-bill init --no-", {"--no-own-client", "--no-pre-commit"}),
        ("pytest-bill report merge --s", {"--strict"}),
        ("pytest-bill scan --format s", {"sarif"}),
    ],
)
def test_words_of_each_level_are_completed(tmp_path, typed, words):
    assert set(completed(typed, tmp_path / "words")) == words


def test_all_commands_are_offered(tmp_path):
    assert set(COMMANDS) <= set(completed("pytest-bill ", tmp_path / "words"))


def test_files_are_completed(tmp_path, monkeypatch):
    (tmp_path / "cassettes").mkdir()
    monkeypatch.chdir(tmp_path)
    assert completed("pytest-bill scan cas", tmp_path / "words") == ["cassettes/"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_has_code_of_its_own(tmp_path, shell):
    printed = subprocess.run(
        [COMMAND, "completion", shell], capture_output=True, text=True, timeout=60, check=True
    ).stdout
    said = {"bash": "complete ", "zsh": "compdef ", "fish": "complete --command pytest-bill"}
    assert said[shell] in printed
    assert "pytest-bill" in printed
    if shutil.which(shell) is not None:  # it can be asked whether it reads that
        script = tmp_path / "script"
        script.write_text(printed)
        done = subprocess.run([shell, "-n", script], capture_output=True, text=True, timeout=60)
        assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_bash_completes_by_it(tmp_path):
    script = """
        eval "$(pytest-bill completion bash)"
        COMP_LINE="pytest-bill report mer" COMP_POINT=22 COMP_WORDS=(pytest-bill report mer)
        COMP_CWORD=2 COMP_TYPE=9
        $(complete -p pytest-bill | sed 's/.*-F \\([^ ]*\\) .*/\\1/') pytest-bill mer report
        echo "${COMPREPLY[@]}"
    """
    path = f"{Path(COMMAND).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", script],
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout.strip() == "merge", done.stderr


def test_another_shell_is_refused(capsys):
    with pytest.raises(SystemExit):
        main(["completion", "tcsh"])
    assert "choose from" in capsys.readouterr().err


@pytest.mark.parametrize("asked", [True, False])
def test_a_missing_extra_is_told_and_no_command_is_run(monkeypatch, capsys, tmp_path, asked):
    monkeypatch.chdir(tmp_path)
    for name in ("argcomplete", "argcomplete.shell_integration"):
        monkeypatch.setitem(sys.modules, name, None)
    if asked:
        monkeypatch.setenv("_ARGCOMPLETE", "1")
    assert main(["init", "--yes"] if asked else ["completion", "bash"]) == 2
    assert "pip install 'pytest-bill[completion]'" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_who_is_no_shell_gets_no_command_run(monkeypatch, capsys, tmp_path):
    """The variable was set by mistake: that ends it, in silence, as shells want it."""
    monkeypatch.chdir(tmp_path)
    done = subprocess.run(
        [COMMAND, "init", "--yes"],
        env={**os.environ, "_ARGCOMPLETE": "1"},
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert list(tmp_path.iterdir()) == []

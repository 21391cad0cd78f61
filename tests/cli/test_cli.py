"""The command line through the front door: the installed command, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_bill.cli import COMMANDS

COMMAND = str(Path(sys.executable).parent / "pytest-bill")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([COMMAND, *arguments], capture_output=True, text=True, timeout=60)


def test_the_version():
    result = run("--version")
    assert result.returncode == 0
    assert result.stdout.startswith("pytest-bill 0.")


@pytest.mark.parametrize(
    "arguments", [(), ("nonsense",), ("sandbox", "--port", "many"), ("scan", "--format", "x")]
)
def test_misuse_shows_the_usage(arguments):
    result = run(*arguments)
    assert result.returncode == 2
    assert "usage: pytest-bill" in result.stderr


def test_an_option_that_a_command_does_not_have_is_told_with_that_commands_help():
    result = run("scan", ".", "--dry-run", "--now")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("usage: pytest-bill scan ")
    assert result.stderr.endswith(
        "pytest-bill: unrecognized arguments: --dry-run --now\nSee: pytest-bill scan --help\n"
    )


def test_a_command_is_imported_only_when_it_is_called():
    code = (
        "import sys; from pytest_bill.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: print(*sys.modules)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60
    )
    imported = result.stdout.split()
    assert "pytest_bill.cli" in imported
    assert [name for name in COMMANDS if f"pytest_bill.cli.{name}" in imported] == []
    assert not {"pytest", "requests", "vcr", "yaml", "uvicorn", "rich"} & set(imported)


def in_form(text: str) -> bool:
    """Whether what a command says of itself has the one form that all of them have."""
    told = [line for line in text.splitlines() if line and not line.startswith(("usage:", " "))]
    return told[0].startswith("pytest-bill: ") and "Traceback" not in text


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("nonsense",),
        ("sandbox", "--port", "many"),
        ("scan", "--format", "x"),
        ("scan", "nowhere"),
        ("scan", "--env-file", "nowhere"),
        ("check", "nowhere"),
        ("report", "merge"),
        ("report", "merge", "nowhere.json"),
        ("report", "merge", "/"),
        ("demo", "--keep", "/dev/null/x"),
        ("show", "nowhere"),
        ("show", "-n", "0"),
        ("diff", "nowhere"),
        ("diff", "--since", "nowhere"),
    ],
)
@pytest.mark.sampled(3)
def test_every_error_has_one_form(arguments, tmp_path):
    result = subprocess.run(
        [COMMAND, *arguments], capture_output=True, text=True, timeout=60, cwd=tmp_path
    )
    assert result.returncode == 2
    assert in_form(result.stderr)
    assert "\x1b" not in result.stderr


def test_colour_in_errors_is_for_terminals(tmp_path):
    def told(**variables: str) -> str:
        environment = {**os.environ, **variables}
        return subprocess.run(
            [COMMAND, "scan", "nowhere"],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env=environment,
        ).stderr

    assert told(FORCE_COLOR="1").startswith("\x1b[31;1mpytest-bill:\x1b[0m nowhere: no such file")
    assert told(FORCE_COLOR="1", NO_COLOR="1").startswith("pytest-bill: nowhere")


def run_with(code: str, *arguments: str, **options) -> subprocess.Popen[bytes]:
    """The command in a process of its own, in which something was done before."""
    full = f"import sys\nfrom pytest_bill import cli\n{code}\nsys.exit(cli.main(sys.argv[1:]))\n"
    return subprocess.Popen(
        [sys.executable, "-c", full, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **options,
    )


RAISING = """
from pytest_bill.cli import scan
def run(arguments): raise {}
scan.run = run
"""


@pytest.mark.parametrize(
    ("error", "status", "told"),
    [
        (
            "OSError(28, 'No space left on device', 'out.json')",
            2,
            "pytest-bill: the system refused: out.json: No space left on device.\n"
            "Mend that, or name another file or folder; what was not written is as it was.\n",
        ),
        ("OSError('odd')", 2, "pytest-bill: the system refused: odd.\n"),
        ("KeyboardInterrupt", 130, "pytest-bill: interrupted.\n"),
        ("BrokenPipeError", 141, ""),
    ],
)
@pytest.mark.sampled(3)
def test_what_the_system_and_the_user_may_do(error, status, told):
    process = run_with(RAISING.format(error), "scan")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (status, b"")
    assert err.decode().startswith(told)
    assert "Traceback" not in err.decode()


@pytest.mark.parametrize("arguments", [("--help",), ("scan", "."), ("show", "--help")])
@pytest.mark.sampled(3)
def test_a_reader_that_goes_away_is_no_error(arguments, tmp_path):
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as closed:
        result = subprocess.run(
            [COMMAND, *arguments], stdout=closed, stderr=subprocess.PIPE, timeout=60, cwd=tmp_path
        )
    assert result.stderr == b""
    assert result.returncode in (0, 141)  # argparse itself passes over it without a buffer


def test_what_the_terminal_cannot_write_is_escaped(tmp_path):
    (tmp_path / "é\x1b[2J").mkdir()
    result = subprocess.run(
        [COMMAND, "scan", "é\x1b[2J/☃"],
        capture_output=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert result.returncode == 2
    assert result.stderr.startswith(b"pytest-bill: \\xe9\\u001b[2J/\\u2603: no such file")


@pytest.mark.parametrize("columns", ["0", "1", "20", "1000000", "-5", "many"])
@pytest.mark.sampled(3)
def test_help_at_any_width(columns):
    for arguments in (("--help",), ("show", "--help"), ("scan", "-h")):
        result = subprocess.run(
            [COMMAND, *arguments],
            capture_output=True,
            text=True,
            env={**os.environ, "COLUMNS": columns},
        )
        assert (result.returncode, result.stderr) == (0, "")
        assert result.stdout.startswith("usage: pytest-bill")

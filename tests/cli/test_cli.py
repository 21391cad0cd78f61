"""The command line through the front door: the installed command, in a process of its own."""

from __future__ import annotations

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

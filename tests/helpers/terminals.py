"""Whole pytest runs on a terminal, and what a person sees there at last."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

try:
    import fcntl
    import pty
    import struct
    import termios
except ImportError:  # Windows
    pty = None  # type: ignore[assignment]

_COMMAND = re.compile(r"\x1b\[([0-9;]*)([A-Za-z])")


def on_terminal(
    folder: Path, *args: str, columns: int = 100, variables: Mapping[str, str] | None = None
) -> tuple[int, str]:
    """The status of a run of pytest on a terminal, and all that it wrote there."""
    outer, inner = pty.openpty()
    fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    left_out = ("COLUMNS", "NO_COLOR", "CI", "BUILD_NUMBER")
    environ = {name: value for name, value in os.environ.items() if name not in left_out}
    done = subprocess.Popen(
        [sys.executable, "-m", "pytest", *args],
        cwd=folder,
        env=environ | {"TERM": "xterm"} | (variables or {}),
        stdin=subprocess.DEVNULL,
        stdout=inner,
        stderr=inner,
    )
    os.close(inner)
    written = b""
    with suppress(OSError):  # Linux says so where the other end is closed
        while piece := os.read(outer, 2**16):
            written += piece
    os.close(outer)
    return done.wait(), written.decode()


def seen(written: str) -> list[str]:
    """The lines that stand on the terminal when all is written; it knows what is used here."""
    lines, column, place = [""], 0, 0
    while place < len(written):
        command = _COMMAND.match(written, place)
        if command is not None:
            place = command.end()
            if command[2] == "G":
                column = int(command[1] or 1) - 1
            elif command[2] == "K":
                lines[-1] = lines[-1][:column]
            elif command[2] != "m":
                raise AssertionError(f"an unknown command: {command[0]!r}")
            continue
        character, place = written[place], place + 1
        if character == "\r":
            column = 0
        elif character == "\n":
            lines.append("")
        else:
            line = lines[-1].ljust(column)
            lines[-1] = line[:column] + character + line[column + 1 :]
            column += 1
    return [line.rstrip() for line in lines]

"""A command of ours on a terminal, at which somebody types."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

try:
    import pty
except ImportError:  # Windows
    pty = None  # type: ignore[assignment]


_MAIN = "import sys; from pytest_bill.cli import main; sys.exit(main())"


def typed_at(folder: Path, *arguments: str, prompt: str, typed: Iterable[str]) -> tuple[int, str]:
    """The status of ``pytest-bill`` and all that it wrote; after each prompt a line is typed.

    ``"\\x04"`` is the end of what is typed, ``"\\x03"`` an interrupt.
    """
    outer, inner = pty.openpty()
    done = subprocess.Popen(
        [sys.executable, "-c", _MAIN, *arguments],
        cwd=folder,
        env={**os.environ, "TERM": "dumb", "NO_COLOR": "1"},
        stdin=inner,
        stdout=inner,
        stderr=inner,
        start_new_session=True,
        preexec_fn=_with_terminal,
    )
    os.close(inner)
    written, waiting, answered = "", iter(typed), 0
    with suppress(OSError):  # Linux says so where the other end is closed
        while piece := os.read(outer, 2**16):
            written += piece.decode()
            while written.count(prompt) > answered:
                answered += 1
                line = next(waiting)
                os.write(outer, (line if line in "\x03\x04" else f"{line}\n").encode())
    os.close(outer)
    return done.wait(), written.replace("\r\n", "\n")


def _with_terminal() -> None:
    """Make the terminal that of the new session, so that it can interrupt."""
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)

"""What git has of files at an earlier revision."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from pytest_bill.exceptions import SettingsError
from pytest_bill.viewing.files import is_candidate

_FILE = "100"
"""What the mode of a file begins with; links and submodules have others."""


def files_at(revision: str, path: Path) -> Iterator[tuple[str, bytes]]:
    """The candidates for cassettes that a revision has at a path: their names, and what they hold.

    Names begin with the path as it was given.

    Raises:
        SettingsError: git is not installed, there is no repository, or it has no such revision.
    """
    where = _nearest_folder(path)
    top = Path(_said(where, "rev-parse", "--show-toplevel", why=f"{where} is in no git repository"))
    verify = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    commit = _said(top, *verify, why=f"--since {revision}: git knows no such commit here")
    below = Path(os.path.realpath(path)).relative_to(os.path.realpath(top)).as_posix()
    listed = _git(top, "ls-tree", "-r", "-z", commit, *([] if below == "." else ["--", below]))
    named: list[tuple[str, str]] = []
    for entry in filter(None, listed.stdout.split(b"\0")):
        about, _, raw_name = entry.partition(b"\t")
        mode, _, blob = about.decode().split(" ")
        relative = Path(os.fsdecode(raw_name)).relative_to(below)
        name = path / relative
        if mode.startswith(_FILE) and (name == path or is_candidate(name)):
            named.append((name.as_posix(), blob))
    yield from _contents(top, named)


def _contents(top: Path, named: list[tuple[str, str]]) -> Iterator[tuple[str, bytes]]:
    """What these files hold, asked for in one go."""
    if not named:
        return
    asked = "".join(f"{blob}\n" for _, blob in named).encode()
    answered = _git(top, "cat-file", "--batch", given=asked).stdout
    start = 0
    for name, _ in named:
        end = answered.index(b"\n", start)
        size = int(answered[start:end].split(b" ")[2])
        yield name, answered[end + 1 : end + 1 + size]
        start = end + 1 + size + 1


def _said(where: Path, *arguments: str, why: str) -> str:
    """What git says in one line.

    Raises:
        SettingsError: it refuses, for that reason if it gives no other.
    """
    done = _git(where, *arguments)
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().split("\n")[0]
        because = f" ({said.removeprefix('fatal: ')})" if said else ""
        raise SettingsError(
            f"{why}{because}.\n"
            "Name what git knows, such as HEAD or main; without git: pytest-bill diff OLD NEW"
        )
    return done.stdout.decode("utf-8", "surrogateescape").rstrip("\n")


def _git(where: Path, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(  # noqa: S603
            ["git", "-C", str(where), *arguments],  # noqa: S607
            input=given,
            capture_output=True,
            check=False,
            env={**os.environ, "LC_ALL": "C"},
        )
    except FileNotFoundError:
        raise SettingsError(
            "git is not installed, and --since asks it for what was before.\n"
            "Install it, or name two files or folders: pytest-bill diff OLD NEW"
        ) from None


def _nearest_folder(path: Path) -> Path:
    """The folder of a path, or the nearest above it that is there: it may be gone by now."""
    here = path.absolute()
    return next(each for each in (here, *here.parents) if each.is_dir())

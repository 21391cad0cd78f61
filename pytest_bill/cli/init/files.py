"""What is done with each file of a project: a new one is written whole, to one that is there lines
are added, and nothing that its user wrote is changed.

All of it is decided before anything is written. What cannot be done without touching more than that
is told, with the lines to add by hand.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from pytest_bill import real_files
from pytest_bill.exceptions import SettingsError

_MOST_BYTES = 2**20


class Step(NamedTuple):
    """One file: its name in the project, what is told of it, and what it is to hold from now on.

    Without ``data`` it stays as it is. ``before`` is what it held when that was decided; None where
    it was not there.
    """

    path: Path
    name: str
    told: str
    data: bytes | None = None
    before: bytes | None = None


def new_file(folder: Path, name: str, text: str) -> Step:
    """A file that is written where there is none.

    Raises:
        SettingsError: something that is no file stands in its place, or above it.
    """
    path = folder / name
    before = read(folder, name)
    if before is None:
        return Step(path, name, "written", text.encode())
    same = before == text.encode()
    return Step(path, name, "kept, it is as it would be" if same else "kept, it was there")


def appended(folder: Path, name: str, lines: Sequence[str]) -> Step:
    """A file to whose end lines are added; a new one where there is none.

    What stands in it stays as it is, to the byte: encoding, line ends, a missing last line end.

    Raises:
        SettingsError: something that is no file stands in its place, or above it.
    """
    path = folder / name
    before = read(folder, name)
    if before is None:
        return Step(path, name, "written", "".join(f"{line}\n" for line in lines).encode())
    refused = why_not_added(path, before)
    if refused:
        return Step(path, name, f"kept, {refused}; add to it: {', '.join(lines)}")
    return Step(path, name, f"added {counted(lines)}", with_end(before, lines), before)


def lines_of(folder: Path, name: str) -> list[str]:
    """The lines of a file without white space around them; none where it is not there.

    Raises:
        SettingsError: something that is no file stands in its place, or above it.
    """
    text = (read(folder, name) or b"").decode(errors="replace")
    return [line.strip() for line in text.removeprefix("\ufeff").splitlines()]


def why_not_added(path: Path, before: bytes | None) -> str:
    """Why no line is added to a file; nothing where one may be."""
    if path.is_symlink():
        return f"it is a link to {path.readlink()}"
    if before is not None and b"\0" in before:
        return "it is in no encoding that extends ASCII"
    return ""


def with_end(before: bytes, lines: Sequence[str]) -> bytes:
    """A file with more lines at its end, with the line ends that it has."""
    end = b"\r\n" if before.count(b"\r\n") == before.count(b"\n") > 0 else b"\n"
    missing_end = end if before and not before.endswith(b"\n") else b""
    return before + missing_end + b"".join(line.encode() + end for line in lines)


def read(folder: Path, name: str) -> bytes | None:
    """What a file of the project holds; None where it is not there.

    Raises:
        SettingsError: it is no file, cannot be read, or lies elsewhere by a link.
    """
    path = folder / name
    _check_parents(folder, path)
    try:
        return real_files.read_bytes(path, _MOST_BYTES)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SettingsError(
            f"{shown(name)} cannot be read: {_reason(error)}.\n"
            f"It lies in {shown(folder)}. Nothing was written. Put it right or away, and run this "
            "again."
        ) from None


def shown(text: object) -> str:
    """A path or a name of somebody else's, with nothing that steers a terminal."""
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in str(text))


def write(steps: Sequence[Step]) -> None:
    """Do what was decided, each file whole or not at all.

    Raises:
        SettingsError: one cannot be written, or was changed meanwhile; the message says which were.
    """
    done: list[str] = []
    for step in steps:
        if step.data is None:
            continue
        try:
            _write(step, step.data)
        except OSError as error:
            raise _stopped(
                f"{shown(step.name)} cannot be written: {_reason(error)}.", done
            ) from None
        except KeyboardInterrupt:
            raise _stopped("Interrupted.", done) from None
        done.append(step.name)


def _write(step: Step, data: bytes) -> None:
    real_files.make_folders(step.path.parent)
    try:
        now: bytes | None = real_files.read_bytes(step.path, _MOST_BYTES)
        mode = stat.S_IMODE(os.stat(step.path).st_mode)
    except FileNotFoundError:
        now, mode = None, real_files.mode_of_new_files()
    if now != step.before:
        raise OSError(0, "it was changed meanwhile")
    real_files.replace_file(step.path, data, mode)


def _stopped(why: str, done: Sequence[str]) -> SettingsError:
    written = f"Written before: {', '.join(done)}." if done else "Nothing was written."
    return SettingsError(
        f"{why}\n{written} Run it again when that is mended: it goes on from there."
    )


def _reason(error: OSError) -> str:
    return shown(error.strerror or type(error).__name__)


def _check_parents(folder: Path, path: Path) -> None:
    """Refuse what would be written elsewhere, or where no folder can be.

    Raises:
        SettingsError: it would.
    """
    for parent in reversed(path.parents[: len(path.relative_to(folder).parts) - 1]):
        name = shown(parent.relative_to(folder))
        if parent.is_symlink() and not parent.resolve().is_relative_to(folder.resolve()):
            raise SettingsError(
                f"{name} is a link to {shown(parent.resolve())}, which is not in {shown(folder)}.\n"
                "Nothing was written. Run this in a folder whose tests lie in it."
            )
        if os.path.lexists(parent) and not parent.is_dir():
            raise SettingsError(
                f"{name} is in the way in {shown(folder)}: a folder is needed there.\n"
                "Nothing was written. Put it away, and run this again."
            )


def counted(lines: Sequence[str]) -> str:
    """How many lines these are, in words."""
    return f"{len(lines)} line" + ("s" if len(lines) != 1 else "")

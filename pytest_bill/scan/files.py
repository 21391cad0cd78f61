"""Which files are looked at, and their texts."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from pytest_bill import real_files
from pytest_bill.exceptions import PytestBillError
from pytest_bill.real_files import UNFINISHED

LARGEST_FILE = 512 * 1024 * 1024
_TOOLS_FOLDERS = frozenset(
    {".git", ".hg", ".svn", ".venv", "venv", "node_modules", "__pycache__", ".tox", ".nox"}
    | {
        ".mypy_cache",
        ".pytest_cache",
        ".pytest-bill-cache",
        ".ruff_cache",
        ".hypothesis",
        ".eggs",
        "site-packages",
    }
)
# Hashes by the thousand, and nothing that a person wrote.
_LOCK_FILES = frozenset(
    {"package-lock.json", "pnpm-lock.yaml", "yarn.lock", "poetry.lock", "uv.lock", "Pipfile.lock"}
    | {"Cargo.lock", "composer.lock", "Gemfile.lock", "go.sum", "pdm.lock"}
)


class CannotScan(PytestBillError):
    """A file or folder cannot be read."""


def files_in(paths: Iterable[Path]) -> Iterator[Path]:
    """The files named and those below the folders named, sorted, each once.

    Raises:
        CannotScan: there is no such file or folder.
    """
    seen: set[str] = set()
    for path in paths:
        if path.is_dir():
            candidates: Iterable[tuple[Path, str]] = _below(path)
        elif path.exists():
            candidates = [(path, os.path.realpath(path))]
        else:
            raise CannotScan(f"{path}: no such file or folder.\nName a file or a folder to scan.")
        for each, real in candidates:
            if real not in seen:
                seen.add(real)
                yield each


def _below(folder: Path) -> Iterator[tuple[Path, str]]:
    """The files below a folder, each with its real path; its own before those of its folders."""
    waiting = [str(folder)]
    while waiting:
        parent = waiting.pop()
        real_parent = os.path.realpath(parent)
        folders = []
        for entry in _entries_of(parent):
            name = entry.name
            if _is_folder(entry):
                if not (entry.is_symlink() or name in _TOOLS_FOLDERS):
                    folders.append(entry.path)
                continue
            is_unfinished = name.startswith(".") and name.endswith(UNFINISHED)
            if name in _LOCK_FILES or is_unfinished or _is_ignored_env_file(parent, name):
                continue
            if entry.is_symlink():
                with suppress(OSError):  # a broken link
                    if stat.S_ISREG(entry.stat().st_mode):
                        yield Path(entry.path), os.path.realpath(entry.path)
            elif entry.is_file():
                yield Path(entry.path), f"{real_parent}{os.sep}{name}"
        waiting += reversed(folders)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # links in a circle
        return False


def _entries_of(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        raise CannotScan(f"{error.filename} cannot be read: {error.strerror}.") from None


def _is_ignored_env_file(folder: str, name: str) -> bool:
    """Whether a file is an ``.env`` that git keeps out of the repository: there secrets belong."""
    if not name.startswith(".env") or name == ".env.example":
        return False
    try:
        return (
            subprocess.run(  # noqa: S603
                ["git", "check-ignore", "-q", name],  # noqa: S607
                cwd=folder,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=False,
            ).returncode
            == 0
        )
    except OSError:
        return False


def about_file(path: Path) -> os.stat_result:
    """What the file system tells of a file.

    Raises:
        CannotScan: it tells nothing.
    """
    try:
        return path.stat()
    except OSError as error:
        raise CannotScan(f"{path} cannot be read: {error.strerror}.") from None


def read_file(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        CannotScan: it cannot be read, or is too large.
    """
    try:
        return real_files.read_bytes(path, LARGEST_FILE)
    except OSError as error:
        raise CannotScan(f"{path} cannot be read: {error.strerror}.") from None


def text_of(raw: bytes) -> str | None:
    """The text of a file: UTF-8, UTF-16 with its mark, else Latin-1; None where it is binary."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    if b"\0" in raw[:8192]:
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")

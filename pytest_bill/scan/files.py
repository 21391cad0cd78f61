"""Which files are looked at, and their texts."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from pytest_bill import real_files
from pytest_bill.exceptions import PytestBillError
from pytest_bill.real_files import UNFINISHED

LARGEST_FILE = 512 * 1024 * 1024
_TOOLS_FOLDERS = frozenset(
    {".git", ".hg", ".svn", ".venv", "venv", "node_modules", "__pycache__", ".tox", ".nox"}
    | {".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", ".eggs", "site-packages"}
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
            candidates: Iterable[Path] = _below(path)
        elif path.exists():
            candidates = [path]
        else:
            raise CannotScan(f"{path}: no such file or folder.\nName a file or a folder to scan.")
        for each in candidates:
            real = os.path.realpath(each)
            if real not in seen:
                seen.add(real)
                yield each


def _below(folder: Path) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        raise CannotScan(f"{error.filename} cannot be read: {error.strerror}.") from None

    for parent, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if name not in _TOOLS_FOLDERS)
        for name in sorted(names):
            path = Path(parent, name)
            is_unfinished = name.startswith(".") and name.endswith(UNFINISHED)
            if name in _LOCK_FILES or is_unfinished or _is_ignored_env_file(path):
                continue
            if not os.path.exists(path) or not stat.S_ISREG(os.stat(path).st_mode):
                continue  # a broken link, a socket
            yield path


def _is_ignored_env_file(path: Path) -> bool:
    """Whether a file is an ``.env`` that git keeps out of the repository: there secrets belong."""
    if not path.name.startswith(".env") or path.name == ".env.example":
        return False
    try:
        return (
            subprocess.run(  # noqa: S603
                ["git", "check-ignore", "-q", path.name],  # noqa: S607
                cwd=path.parent,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=False,
            ).returncode
            == 0
        )
    except OSError:
        return False


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

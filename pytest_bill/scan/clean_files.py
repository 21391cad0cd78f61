"""Which files were scanned before, held nothing, and are unchanged: they are not read again.

Only that is remembered, never a finding, and nothing of what a file holds: its size, its times and
its number on the disk. A file that was changed a moment ago is not remembered, since it may change
again within the same tick of the file system's clock. What else decides on a verdict, this package,
its engine and what reads for it, is in ``about``: other rules know no file.

The values of ``--env-file`` are in no verdict: not even a salted hash of them is to lie on a disk,
and with them all files are read.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml

import pytest_bill
from pytest_bill import json_files, real_files

FOLDER = ".pytest-bill-cache"
"""Where the command is called; git ignores it by a file within."""
_FILE = "scan.json"
_IGNORE, _ALL = ".gitignore", b"*\n"
_VERSION = 1
_RACY_NS = 3 * 10**9
"""The coarsest clock of a file system ticks every two seconds."""
_WORTHWHILE = 2 * 2**20
"""Fewer new bytes are read again in a moment: no folder is made for them."""


def signature(engine: str) -> str:
    """What a verdict depends on beside the file: this package's files, the engine, the readers."""
    digest = hashlib.sha256()
    package = Path(pytest_bill.__file__).parent
    for folder, names, files in os.walk(package):
        names[:] = sorted(set(names) - {"__pycache__"})
        for name in sorted(files):
            about = os.stat(os.path.join(folder, name))
            digest.update(f"{name} {about.st_size} {about.st_mtime_ns}\n".encode())
    digest.update(f"{engine} {sys.version} {yaml.__version__}".encode())
    return digest.hexdigest()


class CleanFiles:
    """The clean files of the folder in which the command is called."""

    def __init__(self, about: str, folder: Path = Path(FOLDER)) -> None:
        """Read what was remembered; what is damaged or of other rules counts as nothing."""
        self._about = about
        self._path = folder / _FILE
        self._known: dict[str, Any] = {}
        self._met: dict[str, list[int]] = {}
        self._new_bytes = 0
        self._begun = time.time_ns()
        with suppress(OSError, json_files.NotJson):
            data = json_files.read(self._path)
            if isinstance(data, dict) and data.get("about") == about:
                known = data.get("clean")
                self._known = known if isinstance(known, dict) else {}

    def is_cassette(self, path: Path, about: os.stat_result) -> bool | None:
        """Whether a clean, unchanged file is a cassette; None where it has to be read."""
        known = self._known.get(str(path))
        if isinstance(known, list) and known[:-1] == _facts(about):
            self._met[str(path)] = known
            return bool(known[-1])
        return None

    def add(self, path: Path, about: os.stat_result, *, is_cassette: bool) -> None:
        """Remember a file in which nothing was found. ``about`` is from before it was read."""
        if max(about.st_mtime_ns, about.st_ctime_ns) + _RACY_NS < self._begun:
            self._met[str(path)] = [*_facts(about), int(is_cassette)]
            self._new_bytes += about.st_size

    def save(self) -> None:
        """Write it, where that is worthwhile; other files that are still there stay in it.

        Raises:
            OSError: the file system refused.
        """
        is_there = real_files.exists(self._path)
        if not self._new_bytes or (not is_there and self._new_bytes < _WORTHWHILE):
            return
        folder = self._path.parent
        real_files.make_folders(folder)
        if not real_files.exists(folder / _IGNORE):
            real_files.replace_file(folder / _IGNORE, _ALL, real_files.mode_of_new_files())
        others = {
            name: facts
            for name, facts in self._known.items()
            if name not in self._met and os.path.exists(name)
        }
        data = {"version": _VERSION, "about": self._about, "clean": others | self._met}
        text = json.dumps(data, separators=(",", ":"))
        real_files.replace_file(self._path, text.encode(), real_files.mode_of_new_files())


def _facts(about: os.stat_result) -> list[int]:
    return [about.st_size, about.st_mtime_ns, about.st_ctime_ns, about.st_ino, about.st_dev]

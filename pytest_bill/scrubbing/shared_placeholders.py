"""One naming of secrets for all processes of a run, in a file that only this user may read.

From it each process knows what the others were handed out, which any of them may come to show.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from pytest_bill.private_folder import RunEnded, locked


class SharedPlaceholders:
    """Gives the same value the same placeholder in every worker, and no two values the same.

    The file has a line with a key, then a line for each value: its keyed digest, its placeholder,
    and the value itself, but for those that every process has from the environment. Each process
    reads what others have added, and adds a line.
    """

    def __init__(self, folder: Path, known: Iterable[str] = ()) -> None:
        """``folder`` is that of the workers of one run; ``known`` are values that all have."""
        self._folder = folder
        self._everybodys = frozenset(known)
        self._news: list[tuple[str, str]] = []
        self._file = file_in(folder)
        self._key = b""
        self._name_of: dict[str, str] = {}  # by digest
        self._taken: set[str] = set()
        self._numbers: dict[str, int] = {}  # the last one that a placeholder got
        self._known = 0  # bytes of the file

    def __call__(self, value: str, wanted: str) -> str:
        """The placeholder of a value; one that is taken gets a number: ``…_2``.

        Where the run has ended, this process goes on by itself.
        """
        try:
            return self._shared(value, wanted)
        except RunEnded:
            unique = self._unique(wanted)
            self._taken.add(unique)
            return unique

    def news(self) -> list[tuple[str, str]]:
        """Values that other processes have added since, each with its placeholder."""
        with suppress(OSError):  # nobody has added one, or the run has ended
            if self._file.stat().st_size != self._known:
                file = os.open(self._file, os.O_RDONLY)
                try:
                    self._read(file)
                finally:
                    os.close(file)
        news, self._news = self._news, []
        return news

    def _shared(self, value: str, wanted: str) -> str:
        with locked(self._folder, "placeholders.lock"):
            file = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                self._read(file)
                if not self._key:
                    self._add(file, secrets.token_hex(32))
                data = value.encode("utf-8", "surrogatepass")
                digest = hashlib.blake2b(data, key=self._key).hexdigest()
                if digest not in self._name_of:
                    written_value = "" if value in self._everybodys else f" {json.dumps(value)}"
                    self._add(file, f"{digest} {self._unique(wanted)}{written_value}")
                return self._name_of[digest]
            finally:
                os.close(file)

    def _unique(self, wanted: str) -> str:
        unique = wanted
        while unique in self._taken:
            number = self._numbers[wanted] = self._numbers.get(wanted, 1) + 1
            unique = f"{wanted}_{number}"
        return unique

    def _read(self, file: int) -> None:
        os.lseek(file, self._known, os.SEEK_SET)
        while piece := os.read(file, 2**20):
            # A process that was killed may have left a part of a line.
            whole = piece[: piece.rfind(b"\n") + 1]
            if not whole:
                break
            for line in whole.decode().splitlines():
                added = self._learn(line)
                if added is not None:
                    self._news.append(added)
            self._known += len(whole)
            os.lseek(file, self._known, os.SEEK_SET)

    def _add(self, file: int, line: str) -> None:
        os.ftruncate(file, self._known)
        os.lseek(file, self._known, os.SEEK_SET)
        written = f"{line}\n".encode()
        # Were it written in part, the next process would take that away.
        if os.write(file, written) == len(written):
            self._known += len(written)
        self._learn(line)

    def _learn(self, line: str) -> tuple[str, str] | None:
        """Take a line in; gives the value in it, with its placeholder."""
        digest, _, rest = line.partition(" ")
        name, _, value = rest.partition(" ")
        if not name:
            self._key = bytes.fromhex(line)
            return None
        self._name_of[digest] = name
        self._taken.add(name)
        return (json.loads(value), name) if value else None


def file_in(folder: Path) -> Path:
    """The file in the folder of a run; it is there as soon as a process has named a secret."""
    return folder / "placeholders.txt"

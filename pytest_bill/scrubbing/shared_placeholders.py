"""One naming of secrets for all processes of a run, in a file that only this user may read."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from pathlib import Path
from typing import Any

from filelock import FileLock


class SharedPlaceholders:
    """Gives the same value the same placeholder in every worker, and no two values the same.

    The file holds keyed digests of the values, not the values.
    """

    def __init__(self, folder: Path) -> None:
        """``folder`` is that of the workers of one run."""
        self._file = folder / "placeholders.json"
        self._lock = FileLock(folder / "placeholders.lock", mode=0o600)

    def __call__(self, value: str, wanted: str) -> str:
        """The placeholder of a value; one that is taken gets a number: ``…_2``."""
        with self._lock:
            known = self._read()
            digest = hashlib.blake2b(
                value.encode("utf-8", "surrogatepass"), key=bytes.fromhex(known["key"])
            ).hexdigest()
            names: dict[str, str] = known["names"]
            if digest not in names:
                taken = set(names.values())
                unique, number = wanted, 1
                while unique in taken:
                    number += 1
                    unique = f"{wanted}_{number}"
                names[digest] = unique
                self._write(known)
            return names[digest]

    def _read(self) -> dict[str, Any]:
        try:
            known: dict[str, Any] = json.loads(self._file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            known = {"key": secrets.token_hex(32), "names": {}}
        return known

    def _write(self, known: dict[str, Any]) -> None:
        descriptor = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(known, file)

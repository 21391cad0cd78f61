"""The scan of cassettes of which no verdict is remembered."""

from __future__ import annotations

from pathlib import PurePath

from pytest_bill.cassettes import reader
from pytest_bill.scan.detect_secrets import load_engine
from pytest_bill.scan.findings import Finding, findings_of_hits
from pytest_bill.scan.scanner import Scanner, TooLarge

LARGEST_BY_YAML = 8 * 2**20
"""Of a larger one that only a YAML parser could tell where they are, secrets are not looked for."""


class UnknownCassettes:
    """Scans them, one after the other."""

    def __init__(self, salt: bytes) -> None:
        """``salt`` is that of the fingerprints."""
        self._salt = salt
        read = reader.reader_of_many()
        self._scanner = Scanner(load_engine(), read=read, largest_by_yaml=LARGEST_BY_YAML)

    def findings_in(self, raw: bytes, file: str) -> list[Finding] | str:
        """What was found in a file of these bytes; a text says why it was not looked into."""
        try:
            hits = self._scanner.scan(raw, PurePath(file).name).hits
        except TooLarge as error:
            return str(error)
        return findings_of_hits(hits, file, self._salt)

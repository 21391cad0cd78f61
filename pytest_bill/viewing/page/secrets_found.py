"""The secrets that a scan finds in files, so that they can be left out where these are shown."""

from __future__ import annotations

from pathlib import Path

from pytest_bill.cassettes import reader
from pytest_bill.credentials.kinds import PLACEHOLDER_PREFIX
from pytest_bill.scan import rules
from pytest_bill.scan.detect_secrets import load_engine
from pytest_bill.scan.findings import Hit
from pytest_bill.scan.scanner import Scanner
from pytest_bill.scrubbing.placeholders import as_name, is_placeholder
from pytest_bill.scrubbing.registry import SecretRegistry

_IN_PART = frozenset({rules.PRIVATE_KEY, rules.UNREADABLE})
"""The rules that find the beginning of what is secret: all of the value is."""


class SecretsFound:
    """What stands for each secret of some files, from when they were scanned."""

    def __init__(self) -> None:
        engine = load_engine()
        self.has_engine = engine is not None
        """Whether high-entropy strings are found, too."""
        self._scanner = Scanner(engine, read=reader.reader_of_many())
        self._registry = SecretRegistry()
        self._whole: dict[str, dict[str, str]] = {}
        self._numbers: dict[str, set[int]] = {}

    def scan(self, name: str, raw: bytes) -> None:
        """Know the secrets of a file of this content."""
        for hit in self._scanner.scan(raw, Path(name).name).hits:
            self._add(name, hit)

    def _add(self, name: str, hit: Hit) -> None:
        value = hit.spot.value if hit.rule in _IN_PART else hit.value
        if not value or is_placeholder(value):
            return
        placeholder = self._registry.add(value, PLACEHOLDER_PREFIX + as_name(hit.rule.id))
        self._numbers.setdefault(name, set()).add(hit.spot.origin.number)
        if self._registry.find(value) is None:
            # Too short to be looked for everywhere: such a number is other things, too.
            self._whole.setdefault(name, {})[value] = placeholder

    @property
    def known(self) -> list[tuple[str, str]]:
        """Placeholders and values, of all files."""
        return [(placeholder, value) for value, placeholder in self._registry.known().items()]

    def whole_values(self, name: str) -> dict[str, str]:
        """What stands for the values of a file that are hidden only where they stand alone."""
        return self._whole.get(name, {})

    def is_in(self, name: str, number: int) -> bool:
        """Whether the interaction of this number, from 1, holds one."""
        return number in self._numbers.get(name, ())

    def hide(self, text: str) -> str:
        """A text beside the interactions, such as a name, without them."""
        return self._registry.hide(text)

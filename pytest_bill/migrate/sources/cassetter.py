"""cassetter 0.16: as pytest-recording, but the marker's argument names the cassette.

Cassettes of an earlier cassetter have the test's name as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pytest_bill.migrate.sources.base import Found, folder_beside, node_name, own_file
from pytest_bill.migrate.sources.pytest_recording import safe_name
from pytest_bill.migrate.suite import Collected


class Cassetter:
    """Finds the cassettes of cassetter."""

    def find(self, test: Collected) -> Found | None:
        """The test's own cassette, or the one that its marker names."""
        if not test.markers:
            return None
        folder = self._folder(test)
        named = next(iter(test.markers[0].args), "") or test.default_cassette
        if named:
            return own_file(folder, named)._replace(is_named=True)
        found = own_file(folder, safe_name(test))
        return found if found.files else own_file(folder, node_name(test))

    def folders(self, test: Collected) -> Iterable[Path]:
        """Where cassettes of a test's module would lie."""
        return [self._folder(test)] if test.markers else []

    def _folder(self, test: Collected) -> Path:
        return folder_beside(test, "cassettes", test.path.stem)

"""pytest-vcr 1.0: ``cassettes/<class>.<test>.yaml`` beside the module.

``vcr_cassette_dir`` and ``vcr_cassette_name`` may be other fixtures. Nothing in a name is replaced.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pytest_bill.migrate.sources.base import Found, folder_beside, node_name, own_file
from pytest_bill.migrate.suite import Collected


class PytestVcr:
    """Finds the cassettes of pytest-vcr."""

    def find(self, test: Collected) -> Found | None:
        """The test's own cassette."""
        if not test.markers:
            return None
        return own_file(folder_beside(test, "cassettes"), test.own_name or node_name(test))

    def folders(self, test: Collected) -> Iterable[Path]:
        """Where cassettes of a test's module would lie."""
        return [folder_beside(test, "cassettes")] if test.markers else []

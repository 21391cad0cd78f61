"""pytest-xdist: the controller hides what its workers were handed out."""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from pytest_bill.scrubbing.shared_placeholders import file_in


class SecretsOfWorkers:
    """Begins to hide in the controller as soon as a worker has a secret.

    Until then it costs a look for one file a report.
    """

    def __init__(self, folder: Path, begin: Callable[[], None]) -> None:
        """``folder`` is what the workers share; ``begin`` begins to hide."""
        self._file = file_in(folder)
        self._begin = begin
        self._has_begun = False

    def look(self) -> None:
        """Begin, if there is something to hide."""
        if not self._has_begun and self._file.exists():
            self._has_begun = True
            self._begin()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_logreport(self) -> Generator[None, None, None]:
        """Before a worker's report is shown."""
        self.look()
        return (yield)

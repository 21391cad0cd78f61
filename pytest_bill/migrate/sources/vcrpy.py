"""vcrpy alone: ``use_cassette("path")`` in the tests, and ``VCRTestCase``.

A path is one from the folder where pytest is started, or from ``cassette_library_dir``. Without
one, a decorator takes the function's name, beside its module.
Source: https://vcrpy.readthedocs.io/en/latest/usage.html.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pytest_bill.migrate.python_files import UseCassette, uses_in
from pytest_bill.migrate.sources.base import Found, existing, with_suffix
from pytest_bill.migrate.suite import Collected


class Vcrpy:
    """Finds the cassettes that code opens by their path."""

    def find(self, test: Collected) -> Found | None:
        """The cassettes that a test's function opens, or those of its class's ``VCRTestCase``."""
        uses = self._uses(test)
        if not uses:
            beside = test.path.parent / "cassettes" / f"{test.class_name}.{test.name}.yaml"
            return Found([beside]) if test.is_unittest and beside.is_file() else None
        paths = [self._path(each, test) for each in uses]
        there = list(existing(paths))
        return Found(there, True, [each for each in paths if each not in there])

    def folders(self, test: Collected) -> Iterable[Path]:
        """Where cassettes of a test's module would lie."""
        return {self._path(each, test).parent for each in self._uses(test)}

    def _uses(self, test: Collected) -> list[UseCassette]:
        uses = [each for each in uses_in(test.defined_in) if each.qualname == test.qualname]
        return [each for each in uses if each.is_readable]

    def _path(self, use: UseCassette, test: Collected) -> Path:
        if not use.path:
            return with_suffix(test.defined_in.parent / test.qualname.rpartition(".")[2])
        path = Path(use.library, use.path) if use.library else Path(use.path)
        # What vcrpy is given it takes as it is; ``ensure_suffix`` adds one.
        return path.absolute() if path.is_file() else with_suffix(path.absolute())

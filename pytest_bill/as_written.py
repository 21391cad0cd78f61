"""Imports this package as it is written.

pytest rewrites the ``assert`` statements of all modules of a plugin. This one has none to be shown,
and the rewriting takes a tenth of a second in each run, and seconds in one that may not keep what
it rewrote (an installation that only another user may write to). To import this module is enough:
``plugin`` does so first, before it imports any other of them.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

_PACKAGE = __name__.rpartition(".")[0] + "."


class _Finder:
    """Finds the modules of this package, where they are, before pytest does."""

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        return PathFinder.find_spec(name, path, target) if name.startswith(_PACKAGE) else None


def import_as_written() -> None:
    """From now on, in this process."""
    if _Finder not in sys.meta_path:
        sys.meta_path.insert(0, _Finder)


import_as_written()

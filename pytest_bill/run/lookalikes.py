"""Which test looks like the new name of one that is gone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from pathlib import PurePosixPath

_MOST_COMPARED = 20_000
"""Names that are compared in a run: a suite that was renamed as a whole has many."""
_LIKE = 0.6


class Lookalikes:
    """Finds tests by the names of their cassettes."""

    def __init__(self, tests: Mapping[str, str], is_there: Callable[[str], bool]) -> None:
        """``tests`` have cassettes, of which some are there."""
        self._left = _MOST_COMPARED
        self._in_folder: dict[str, dict[str, tuple[str, bool]]] = {}
        self._named: dict[str, dict[str, str]] = {}
        for test, file in tests.items():
            path, has_file = PurePosixPath(file), is_there(file)
            self._in_folder.setdefault(str(path.parent), {})[path.stem] = test, has_file
            if not has_file:
                self._named.setdefault(path.name, {})[str(path.parent)] = test

    def of(self, file: str) -> str:
        """The test that a cassette may belong to now; empty where none looks like it.

        First comes a test that has none yet: one of a similar name in the same module, or of the
        same name in another one. Then comes one that was recorded anew.
        """
        if not self._left:
            return ""
        path = PurePosixPath(file)
        in_module = self._in_folder.get(str(path.parent), {})
        without = {name: test for name, (test, has_file) in in_module.items() if not has_file}
        moved = self._named.get(path.name, {})
        return (
            self._closest(path.stem, without, _LIKE)
            or self._closest(str(path.parent), moved, 0.0)
            or self._closest(
                path.stem, {name: test for name, (test, _) in in_module.items()}, _LIKE
            )
        )

    def _closest(self, like: str, tests: Mapping[str, str], cutoff: float) -> str:
        names = self._some(tests)
        found = get_close_matches(like, names, n=1, cutoff=cutoff)
        return tests[found[0]] if found else ""

    def _some(self, names: Iterable[str]) -> list[str]:
        some = list(names)[: self._left]
        self._left -= len(some)
        return some

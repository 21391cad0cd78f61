"""Which test that is gone a test looks like that has no cassette: it may have been renamed.

A test is gone where its module's text does not name its function any more, or where there is no
such module; so that holds whatever was collected.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path, PurePosixPath

from pytest_bill.cassettes.naming import FIXTURE, SIGN_INS, SUFFIX, folder_of_module
from pytest_bill.cassettes.staging import FOLDER as WAITING
from pytest_bill.real_files import relative_to_here
from pytest_bill.run.lookalikes import Lookalikes
from pytest_bill.run.sources import Sources

_PARAMETERS = "-"


class Renamed:
    """Looks for the old names of tests, among the cassettes that are there."""

    def __init__(self, rootdir: Path, cassette_dir: Path) -> None:
        self._rootdir = rootdir
        self._folder = cassette_dir
        self._sources = Sources(rootdir)
        self._texts: dict[str, str] = {}

    def hint(self, nodeid: str, path: Path) -> str:
        """What to say where a test's cassette is not there; empty where no gone one looks like it.

        It is empty, too, for a cassette that is not named by its test.
        """
        module, _, _ = nodeid.partition("::")
        place = PurePosixPath(path.relative_to(self._folder).as_posix())
        if place.parent != folder_of_module(module):
            return ""
        gone = dict(self._gone(place))
        old = Lookalikes(gone, lambda _: False).of(str(place))
        if not old:
            return ""
        before = relative_to_here(self._folder / gone[old])
        return (
            f"renamed? this looks like {old}, which is gone: move {before} to "
            f"{relative_to_here(path)}"
        )

    def _gone(self, place: PurePosixPath) -> Iterator[tuple[str, str]]:
        """The tests that are gone, in the module of a cassette's folder, or of its name elsewhere.

        With the file of each.
        """
        folders = [place.parent, *self._with_file.get(place.name, ())]
        for folder in dict.fromkeys(folders):
            modules = self._sources.of(folder)
            names = self._names_in(folder) if folder == place.parent else [place.name]
            for name in names:
                function = _function(name)
                if function and not any(self._has(each, function) for each in modules):
                    module = modules[0] if modules else f"{folder}.py"
                    test = PurePosixPath(name).stem.partition(_PARAMETERS)[0].replace(".", "::")
                    yield f"{module}::{test}", str(folder / name)

    def _has(self, module: str, function: str) -> bool:
        if module not in self._texts:
            try:
                text = (self._rootdir / module).read_text(encoding="utf-8", errors="replace")
            except OSError:
                text = ""
            self._texts[module] = text
        return re.search(rf"\b{re.escape(function)}\b", self._texts[module]) is not None

    def _names_in(self, folder: PurePosixPath) -> list[str]:
        try:
            return sorted(name for name in os.listdir(self._folder / folder) if _is_of_test(name))
        except OSError:
            return []

    @cached_property
    def _with_file(self) -> dict[str, list[PurePosixPath]]:
        """The folders that have a test's cassette of a name; looked up once."""
        found: dict[str, list[PurePosixPath]] = {}
        for where, folders, names in os.walk(self._folder):
            folders[:] = [each for each in folders if each not in (WAITING, SIGN_INS)]
            below = PurePosixPath(Path(where).relative_to(self._folder).as_posix())
            for name in filter(_is_of_test, names):
                found.setdefault(name, []).append(below)
        return found


def _is_of_test(name: str) -> bool:
    return name.endswith(SUFFIX) and not name.startswith((FIXTURE, "."))


def _function(name: str) -> str:
    """The function of the test that a cassette is named by; empty where that is no name of one."""
    function = PurePosixPath(name).stem.partition(_PARAMETERS)[0].rpartition(".")[2]
    return function if function.isidentifier() else ""

"""Whether the module is still there whose tests have their cassettes in a folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from pytest_bill.cassettes.naming import folder_of_module


class Sources:
    """The modules below a rootdir, by the folders of their cassettes; looked up as they are asked.

    A folder's name may stand for several: what a file name cannot hold is left out of it.
    """

    def __init__(self, rootdir: Path) -> None:
        self._rootdir = rootdir
        self._listed: dict[str, list[tuple[str, bool]]] = {}

    def of(self, folder: PurePosixPath) -> list[str]:
        """The modules, named from the rootdir, whose cassettes would be in that folder."""
        return [
            module
            for place in self._places("", folder.parent.parts)
            for module in self._files_in(place)
            if folder_of_module(module) == folder
        ]

    def _places(self, place: str, parts: tuple[str, ...]) -> Iterator[str]:
        """The folders whose names become these, from a place below the rootdir on."""
        if not parts:
            yield place
            return
        for name, is_folder in self._names_in(place):
            # `folder_of_module` of a module within: its folder is the name as it becomes.
            if is_folder and folder_of_module(f"{name}/_").parts[0] == parts[0]:
                yield from self._places(f"{place}{name}/", parts[1:])
        if parts[0] == "parent":
            yield from self._places(f"{place}../", parts[1:])

    def _files_in(self, place: str) -> Iterator[str]:
        yield from (f"{place}{name}" for name, is_folder in self._names_in(place) if not is_folder)

    def _names_in(self, place: str) -> list[tuple[str, bool]]:
        if place not in self._listed:
            try:
                with os.scandir(self._rootdir / place) as entries:
                    self._listed[place] = [(each.name, each.is_dir()) for each in entries]
            except OSError:
                self._listed[place] = []
        return self._listed[place]

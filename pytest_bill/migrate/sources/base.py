"""What is asked of another recorder: where it has the cassettes of a test."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from pytest_bill.migrate.suite import Collected

SUFFIXES = (".yaml", ".yml", ".json", ".toml")


class Found(NamedTuple):
    """The cassettes of a test that are there, the first one its own.

    ``is_named`` says that its name stands in the code: other tests may share it. ``missing`` are
    those that its rule names and that are not there.
    """

    files: Sequence[Path] = ()
    is_named: bool = False
    missing: Sequence[Path] = ()


class Source(Protocol):
    """A recorder that suites come from."""

    def find(self, test: Collected) -> Found | None:
        """The cassettes of a test; None where it does not record that test."""

    def folders(self, test: Collected) -> Iterable[Path]:
        """Where cassettes of a test's module would lie."""


def own_file(folder: Path, name: str) -> Found:
    """A test's own cassette, whichever serializer wrote it."""
    first = with_suffix(folder / name)
    return Found([first]) if first.is_file() else Found(missing=[first])


def with_suffix(path: Path) -> Path:
    """The file of a name that is given with or without its suffix: one that is there, if any."""
    if path.name.endswith(SUFFIXES):
        return path
    there = [Path(f"{path}{suffix}") for suffix in SUFFIXES]
    return next((each for each in there if each.is_file()), there[0])


def folder_beside(test: Collected, *parts: str) -> Path:
    """The folder of a test's cassettes: what the suite's fixture says, or one beside its module."""
    if test.folder:
        return Path(os.path.normpath(test.path.parent.joinpath(test.folder)))
    return test.path.parent.joinpath(*parts)


def node_name(test: Collected) -> str:
    """A test's name with its class's, as pytest-recording, pytest-vcr and cassetter make it."""
    return f"{test.class_name}.{test.name}" if test.class_name else test.name


def existing(paths: Iterable[Path]) -> Iterator[Path]:
    """Those that are there, each once."""
    yield from (each for each in dict.fromkeys(paths) if each.is_file())

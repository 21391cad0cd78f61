"""What the rows share: folders, cassettes, the server, and how much is to be measured."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from benchmarks.cassettes import Shelf
from benchmarks.goals import Goal
from benchmarks.project import Project
from benchmarks.samples import Point
from benchmarks.serving import serving

SHORTEST = 1000
"""So many requests at least make one measurement: a cassette of 10 is replayed 100 times."""


@dataclass(frozen=True)
class Extent:
    """How much is measured. Slow tools stop at ``slow_sizes``: their time grows with N squared."""

    sizes: tuple[int, ...] = (10, 100, 1_000, 10_000)
    slow_sizes: tuple[int, ...] = (10, 100, 1_000)
    turns: int = 3
    tests: int = 1_000
    few_tests: int = 200
    suites: tuple[int, int] = (500, 5_000)
    idle_turns: int = 7
    elsewhere_turns: int = 7
    scanned: int = 10_000
    scanned_slowly: int = 300

    @property
    def largest(self) -> int:
        return self.sizes[-1]

    @property
    def compared(self) -> int:
        """The N at which slow tools are compared: the issue's 1,000."""
        return self.slow_sizes[-1]


QUICK = Extent(
    sizes=(10, 100, 1_000),
    turns=2,
    tests=200,
    few_tests=150,
    suites=(100, 1_000),
    idle_turns=3,
    elsewhere_turns=3,
    scanned=5_000,
    scanned_slowly=100,
)
SLOW_ASKED = 100
"""Slow tools are asked so many of the N requests, evenly spread: the mean is that of all."""


@dataclass(frozen=True)
class Contestant:
    """One thing to measure, so many times, in turn with the others of its group."""

    point: Point
    turns: int
    measure: Callable[[], dict[str, float]]


class Row(Protocol):
    """One kind of measurement."""

    name: str
    title: str
    unit: str

    def groups(self, bench: Bench) -> list[list[Contestant]]:
        """What alternates with what."""

    def goals(self, extent: Extent) -> list[Goal]:
        """What the figures have to be."""


class Bench:
    """The workshop of one run; use it as a context."""

    def __init__(self, extent: Extent) -> None:
        self.extent = extent
        self._stack = ExitStack()
        self._numbers = itertools.count()
        self._origins: dict[str, str] = {}

    def __enter__(self) -> Bench:
        self._folder = Path(self._stack.enter_context(TemporaryDirectory()))
        self.shelf = Shelf(self._folder / "shelf")
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def project(self, tool: str, *cassettes: str) -> Project:
        """A new project that has these cassettes."""
        project = Project(self._folder / f"{next(self._numbers)}", tool)
        for name in cassettes:
            self.shelf.put(name, tool, project.cassettes)
        return project

    def once(self, name: str, make: Callable[[Path], None]) -> Path:
        """A folder of that name, made when it is first asked for."""
        folder = self._folder / name
        if not folder.exists():
            make(folder)
        return folder

    @property
    def origin(self) -> str:
        """Of the server whose answers are recorded; started when first asked for."""
        return self._started("benchmarks.answering")

    @property
    def loopback(self) -> str:
        """Of the server of ready answers; started when first asked for."""
        return self._started("benchmarks.loopback")

    @property
    def local_sandbox(self) -> str:
        """Of the local sandbox; started when first asked for."""
        return self._started("benchmarks.local_sandbox")

    def _started(self, module: str) -> str:
        if module not in self._origins:
            self._origins[module] = self._stack.enter_context(serving(module))
        return self._origins[module]

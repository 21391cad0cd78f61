"""What a run costs before its first request: with no test that uses BILL, and with one."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from benchmarks import peers
from benchmarks.bench import Bench, Contestant, Extent
from benchmarks.goals import Goal
from benchmarks.measured.traffic import traffic
from benchmarks.project import SIGN_IN, MeasurementFailed, timed
from benchmarks.samples import Computed, Point, difference, value

NO_TESTS = 5
RUNS = 4
IMPORTING = """\
import requests


def test_one():
    assert requests
"""
REPLAYING = """\
import pytest


@pytest.mark.bill_cassette("recorded")
def test_one(bill_dev_session):
    assert bill_dev_session.get("{path}").json()["id"]
"""


@dataclass(frozen=True)
class Start:
    """A whole run of pytest in a folder of its own, in the environment of a name."""

    environment: str
    options: tuple[str, ...] = ()
    files: Mapping[str, str] | None = None
    replays: bool = False
    status: int = NO_TESTS

    def measuring(self, bench: Bench) -> Callable[[], dict[str, float]]:
        """Make the folder, and give what measures a run in it."""
        project = bench.project("bare")
        folder = project.folder / "start"
        folder.mkdir()
        (folder / "pytest.ini").write_text("[pytest]\n")
        for name, text in (self.files or {}).items():
            (folder / name).write_text(text)
        if self.replays:
            (folder / "cassettes/sign_in").mkdir(parents=True)
            shutil.copy(SIGN_IN, folder / "cassettes/sign_in")
            bench.shelf.put("get_4", "bill", folder / "cassettes")
            (folder / "cassettes/get_4.yaml").rename(folder / "cassettes/recorded.yaml")
        python = peers.python(self.environment) if self.environment else Path(sys.executable)
        command = [str(python), "-m", "pytest", "-q", *self.options]
        variables = project.environment(project.plan())

        def once() -> dict[str, float]:
            status, output, wall, cpu = timed(command, folder, variables)
            if status != self.status:
                raise MeasurementFailed(output[-300:])
            return {"wall": wall, "cpu": cpu}

        def measure() -> dict[str, float]:
            # The least: some milliseconds are looked for, and other programs only ever add.
            runs = [once() for _ in range(RUNS)]
            return {clock: min(run[clock] for run in runs) for clock in ("wall", "cpu")}

        return measure


class _Starts:
    """Runs that alternate."""

    name: str
    title: str
    unit = "ms of the whole run"
    starts: ClassVar[Mapping[tuple[str, str], Start]]
    """By case and tool."""

    def groups(self, bench: Bench) -> list[list[Contestant]]:
        return [
            [
                Contestant(self._point(*which), bench.extent.idle_turns, start.measuring(bench))
                for which, start in self.starts.items()
            ]
        ]

    def _point(self, case: str, tool: str) -> Point:
        return Point(self.name, case, tool, 0)

    def _added(self, case: str, clock: str) -> Computed:
        with_it = value(self._point(case, "bill"), clock)
        return difference(with_it, value(self._point(case, "bare"), clock))


_OTHERS = ("-pno:anyio", "-pno:cassetter", "-pno:recording")


def _importing(environment: str, *options: str) -> Start:
    return Start(environment, options, {"test_one.py": IMPORTING}, status=0)


def _replaying(environment: str, *options: str) -> Start:
    test = REPLAYING.format(path=traffic("get", 1)[0].path)
    return Start(environment, options, {"test_one.py": test}, replays=True, status=0)


class Idle(_Starts):
    """In a folder with nothing but an empty ini file.

    Bare pytest has an environment of its own, and pytest-bill that which the README installs: what
    that brings along loads its own plugins.
    """

    name = "idle"
    title = "An empty suite, the plugin idle"
    starts: ClassVar = {
        ("", "bare"): Start("bare"),
        ("", "bill"): Start("users"),
        ("", "recording"): Start("", ("-pno:bill", "-pno:cassetter", "-pno:anyio")),
        ("", "cassetter"): Start("", ("-pno:bill", "-pno:recording", "-pno:anyio")),
    }

    def goals(self, extent: Extent) -> list[Goal]:
        return [
            Goal(
                self.name,
                "added by the README's install over bare pytest",
                lambda clock: self._added("", clock),
                at_most=10,
                unit="ms",
            )
        ]


class FirstTest(_Starts):
    """One test: it imports requests and no more, or replays a sign-in and one request.

    ``clients``: where httpx, aiohttp and what the peers need are installed, too.
    """

    name = "first-test"
    title = "One test: importing requests, or replaying a request"
    starts: ClassVar = {
        ("", "bare"): _importing("bare"),
        ("", "bill"): _replaying("users"),
        ("clients", "bare"): _importing("", *_OTHERS, "-pno:bill"),
        ("clients", "bill"): _replaying("", *_OTHERS),
    }

    def goals(self, extent: Extent) -> list[Goal]:
        return [
            Goal(
                self.name,
                f"{title}: added by one replayed test over one that imports requests",
                lambda clock, case=case: self._added(case, clock),
                at_most=40,
                unit="ms",
            )
            for case, title in (("", "README's install"), ("clients", "more clients installed"))
        ]

"""Eight threads share one session: nothing may be lost, and it may not be slower than one."""

from __future__ import annotations

import yaml

from benchmarks.answering import CREDENTIALS
from benchmarks.bench import Bench, Contestant, Extent
from benchmarks.goals import Goal
from benchmarks.project import Project
from benchmarks.samples import Point, ratio, total, value

SIZE = 400
ROUNDS = 5
THREADS = 8
CASES = {
    "replay": "replaying distinct GETs",
    "repeated": "replaying one GET in order",
    "record": "recording distinct GETs",
}
TOOLS = ("bill", "vcrpy", "cassetter")


class Threads:
    """N = the number of threads."""

    name = "threads"
    title = f"{THREADS} threads sharing one session, {SIZE} requests"
    unit = "ms per request"

    def groups(self, bench: Bench) -> list[list[Contestant]]:
        return [
            [
                self._contestant(bench, case, tool, threads)
                for tool in TOOLS
                for threads in (1, THREADS)
            ]
            for case in CASES
        ]

    def _contestant(self, bench: Bench, case: str, tool: str, threads: int) -> Contestant:
        measure = _recorded if case == "record" else _replayed
        return Contestant(
            self._point(case, tool, threads),
            bench.extent.turns,
            lambda: measure(bench, case, tool, threads),
        )

    def _point(self, case: str, tool: str, threads: int) -> Point:
        return Point(self.name, case, tool, threads)

    def goals(self, extent: Extent) -> list[Goal]:
        goals = []
        for case, shown in CASES.items():
            many, one = self._point(case, "bill", THREADS), self._point(case, "bill", 1)
            goals.append(
                Goal(
                    self.name,
                    f"lost or failed, {shown}",
                    lambda _, many=many: total(value(many, "lost"), value(many, "errors")),
                    at_most=0,
                    unit="",
                )
            )
            goals.append(
                Goal(
                    self.name,
                    f"time of {THREADS} threads / one thread, {shown}",
                    # Waiting for the server is no CPU time, but working in parallel is: by the
                    # clock on the wall only.
                    lambda _, many=many, one=one: ratio(value(many, "wall"), value(one, "wall")),
                    at_most=1.0,
                )
            )
        return goals


def _replayed(bench: Bench, case: str, tool: str, threads: int) -> dict[str, float]:
    kind = "repeated" if case == "repeated" else "get"
    project = bench.project(tool, f"{kind}_{SIZE}")
    plan = project.plan(kind=kind, size=SIZE, rounds=ROUNDS, threads=threads)
    run = project.run("test_threads.py", plan)
    counts = {name: sum(run.kept[name]) for name in ("lost", "errors")}
    return run.mean_of_requests() | counts


def _recorded(bench: Bench, case: str, tool: str, threads: int) -> dict[str, float]:
    project = bench.project(tool)
    run = record(bench, project, kind="get", size=SIZE, threads=threads)
    lost = SIZE + 1 - len(set(requests_in(project)))
    return run.mean_of_requests() | {"errors": run.kept["errors"][-1], "lost": lost}


def record(bench: Bench, project: Project, **plan):
    """Let a project record from the answering server, into ``recorded.yaml``."""
    options, variables = [], {}
    if project.tool == "bill":
        options = ["--bill-record-mode=all"]
        variables = CREDENTIALS | {"BILL_BASE_URL": bench.origin}
    elif project.tool in ("recording", "cassetter"):
        options = ["--record-mode=once"]
    return project.run(
        "test_recording.py",
        project.plan(origin=bench.origin, **plan),
        *options,
        variables=variables,
    )


def requests_in(project: Project) -> list[tuple[str, str, str]]:
    """What a project recorded: method, URI and body of each request."""
    path = project.cassettes / "recorded.yaml"
    recorded = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    requests = [each["request"] for each in recorded["interactions"]]
    return [(each["method"], each["uri"], str(each["body"])) for each in requests]

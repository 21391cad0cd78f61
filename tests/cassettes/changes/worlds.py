"""Small suites that are recorded in worlds of their own, and replayed from what is in the files.

A suite is a fixture and tests, each a list of steps; each step asks BILL once. The ids of a world
are drawn from few, so that those of two worlds are mixed up, as those of two local sandboxes are.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pytest_bill.cassettes.changes.quiet import Decision, Recorded
from pytest_bill.cassettes.store import Recording
from pytest_bill.interaction import Interaction

BASE = "https://gateway.stage.bill.com/connect/v3"
FIXTURE = "fixture.vendor.yaml"
Step = tuple[str, ...]
Suite = Mapping[str, Sequence[Step]]
"""The steps by the name of their cassette, the fixture's first."""


def fresh_ids(world: str, count: int = 60) -> list[str]:
    """Ids that no other world has."""
    return [f"009{world.upper()}{number:02d}".ljust(20, "X") for number in range(count)]


@dataclass
class World:
    """A BILL that makes ids from a list of them, and remembers what it was told."""

    ids: list[str]
    day: str = "2026-11-29"
    vendors: dict[str, dict[str, str]] = field(default_factory=dict)
    requests: int = 0

    def answer(self, method: str, path: str, body: str) -> tuple[int, object]:
        """What it answers: creating, reading one, listing all, or billing a vendor."""
        self.requests += 1
        now = f"{self.day}T10:00:00.{self.requests:03d}+00:00"
        sent = json.loads(body) if body else {}
        if method == "POST":
            made = {"id": self.ids.pop(0), **sent, "createdTime": now}
            if path == "/vendors":
                self.vendors[made["id"]] = made
            return 201, made
        if path == "/vendors":
            return 200, {"results": list(self.vendors.values())}
        found = self.vendors.get(path.rpartition("/")[2])
        return (200, found) if found else (404, [{"code": "BDC_1171"}])


class NotRecorded(AssertionError):
    """A replay asked for something that is not in its cassette."""


class Run:
    """One run of a suite: what is asked is answered by a world, or from recordings."""

    def __init__(self, world: World | None, recordings: Mapping[str, Recording]) -> None:
        self.recorded: dict[str, Recording] = {}
        self._world = world
        self._recordings = recordings
        self._known: list[str] = []

    def of(self, suite: Suite) -> Run:
        """Run all of a suite; what its fixture was told is known to its tests."""
        of_fixture: list[str] = []
        for name, steps in suite.items():
            self._known = list(of_fixture)
            self._waiting: dict[tuple[str, str, bytes], list[Interaction]] = {}
            for each in reversed(self._recordings.get(name, Recording()).interactions):
                self._waiting.setdefault((each.method, each.url, each.body), []).append(each)
            self.recorded[name] = Recording(metadata={"pytest_bill": {"environment": "local"}})
            for step in steps:
                self._take(name, step)
            if name == FIXTURE:
                of_fixture = self._known
        return self

    def _take(self, name: str, step: Step) -> None:
        what, *rest = step
        if what == "create":
            answer = self._ask(name, "POST", "/vendors", json.dumps({"name": rest[0]}))
            self._known.append(answer["id"])
        elif what == "bill" and self._known:
            vendor = self._known[int(rest[0]) % len(self._known)]
            self._ask(name, "POST", "/bills", json.dumps({"vendorId": vendor, "amount": rest[1]}))
        elif what == "read" and self._known:
            self._ask(name, "GET", f"/vendors/{self._known[int(rest[0]) % len(self._known)]}")
        elif what == "list":
            self._ask(name, "GET", "/vendors")

    def _ask(self, name: str, method: str, path: str, body: str = "") -> dict[str, str]:
        url, sent = BASE + path, body.encode()
        if self._world is None:
            waiting = self._waiting.get((method, url, sent))
            if not waiting:
                raise NotRecorded(f"{name}: {method} {path} {body}")
            return json.loads(waiting.pop().answer_body)
        status, answer = self._world.answer(method, path, body)
        date = [f"Sun, 29 Nov 2026 10:00:{self._world.requests % 60:02d} GMT"]
        headers = {"content-type": ["application/json"], "date": date}
        text = json.dumps(answer).encode()
        made = Interaction(method, url, {}, sent, status, "OK", headers, text, "local")
        self.recorded[name].interactions.append(made)
        return answer


def recorded_in(world: World, suite: Suite) -> dict[str, Recording]:
    """The recordings of a suite, by the names of its cassettes."""
    return Run(world, {}).of(suite).recorded


def replay(suite: Suite, recordings: Mapping[str, Recording]) -> None:
    """Run a suite from recordings alone.

    Raises:
        NotRecorded: a request is not there.
    """
    Run(None, recordings).of(suite)


def all_of(old: Mapping[str, Recording], new: Mapping[str, Recording]) -> list[Recorded]:
    """What was recorded anew, as it is decided on."""
    return [Recorded(Path(name), old.get(name), new[name]) for name in new]


def files_after(
    old: Mapping[str, Recording], decisions: Sequence[Decision]
) -> dict[str, Recording]:
    """What the cassettes hold when the decisions were carried out."""
    return {
        each.path.name: each.recording if each.recording is not None else old[each.path.name]
        for each in decisions
    }


def drawn_suite(chance: random.Random) -> dict[str, list[Step]]:
    """A fixture and some tests."""
    names = [FIXTURE, *(f"test_{number}.yaml" for number in range(chance.randint(1, 4)))]
    return {name: [_drawn_step(chance) for _ in range(chance.randint(1, 5))] for name in names}


def _drawn_step(chance: random.Random) -> Step:
    what = chance.choice(["create", "create", "bill", "read", "list"])
    if what == "create":
        return what, chance.choice(["Ada", "Grace", "Joan"])
    return what, str(chance.randrange(3)), str(chance.randrange(2))


def changed_suite(suite: Suite, chance: random.Random) -> dict[str, list[Step]]:
    """A suite in which somebody changed some steps."""
    changed = {name: list(steps) for name, steps in suite.items()}
    for steps in changed.values():
        if chance.random() < 0.4:
            place = chance.randrange(len(steps) + 1)
            steps[place : place + chance.randrange(2)] = [_drawn_step(chance)]
    return changed

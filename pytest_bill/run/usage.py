"""Which tests use which cassettes, and what of these was used: the facts of one process.

Several workers of one run, and several runs that have a part of the tests each, add them up: what
is left over is judged once (``leftovers``), of all of them. Files are named below the cassette
folder, tests and folders below the rootdir: another machine has these elsewhere.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from pytest_bill.cassettes import naming, store
from pytest_bill.cassettes.client_requests import ClientRequests
from pytest_bill.exceptions import PytestBillError
from pytest_bill.interaction import Interaction
from pytest_bill.run.state import RunState
from pytest_bill.settings import load_settings

_LAST_FAILED = ("lf", "testmon")
"""Options with which pytest does not look at all tests of a module, or at none."""
_IGNORING = ("ignore", "ignore_glob")
_COLLECTING = ("python_", "testpaths", "norecursedirs")
_WORST_FIRST = ("failed", "skipped", "passed")


@dataclass
class Usage:
    """What a run, or a part of one, knows of the tests and the cassettes of a suite."""

    cassette_dir: str = ""
    is_live: bool = False
    """No cassette was opened at all."""
    is_narrowed: bool = False
    """An option, or a conftest, kept tests from being collected."""
    roots: set[str] = field(default_factory=set)
    """Where all tests of the suite are."""
    folders: set[str] = field(default_factory=set)
    """Folders that were collected as a whole."""
    modules: set[str] = field(default_factory=set)
    """Modules that were collected as a whole."""
    unknown: set[str] = field(default_factory=set)
    """Modules of which some tests, or all, may not have been collected."""
    tests: dict[str, str] = field(default_factory=dict)
    """Tests that use BILL, and their cassettes."""
    named: set[str] = field(default_factory=set)
    """The cassettes that markers name."""
    idle: dict[str, str] = field(default_factory=dict)
    """Tests that use no cassette, or another one, and the file of their name, which is there."""
    outcomes: dict[str, str] = field(default_factory=dict)
    """How those tests ended that ran."""
    used: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    """Cassettes that may have been recorded into, or were not used to the end."""
    unplayed: dict[str, dict[int, str]] = field(default_factory=dict)
    """The recorded answers of used cassettes that nobody played: their numbers and requests."""
    recorded: dict[str, int] = field(default_factory=dict)
    """How many answers these cassettes hold."""

    @property
    def is_whole(self) -> bool:
        """Whether all tests of the suite were collected, though not all may have run."""
        return not self.why_not_whole()

    def why_not_whole(self) -> str:
        """What was not collected; empty where all was."""
        if self.is_narrowed:
            return "an option or a conftest left tests out when they were collected"
        unknown = sorted(self.unknown - self.modules)
        if unknown:
            return f"{_first_of(unknown)} was not collected as a whole"
        roots = [root for root in sorted(self.roots) if not self._was_collected(root)]
        if roots or not self.roots:
            return f"{_first_of(roots) or 'the suite'} was not collected as a whole"
        return ""

    def _was_collected(self, place: str) -> bool:
        if place in self.modules or "." in self.folders:
            return True
        return any(place == each or place.startswith(f"{each}/") for each in self.folders)

    def have_passed(self, tests: Iterable[str]) -> bool:
        """Whether these tests all ran and passed."""
        return all(self.outcomes.get(test) == "passed" for test in tests)

    def add(self, sent: dict[str, Any]) -> None:
        """Add what another process knows; see ``as_dict``."""
        other = _from_dict(sent)
        self.cassette_dir = self.cassette_dir or other.cassette_dir
        self.is_live = self.is_live or other.is_live
        self.is_narrowed = self.is_narrowed or other.is_narrowed
        self._add_unplayed(other)
        for name in ("roots", "folders", "modules", "unknown", "named", "used", "changed"):
            getattr(self, name).update(getattr(other, name))
        for name in ("tests", "idle", "recorded"):
            getattr(self, name).update(getattr(other, name))
        for test, outcome in other.outcomes.items():
            both = {outcome, self.outcomes.get(test, outcome)}
            self.outcomes[test] = next(each for each in _WORST_FIRST if each in both)

    def _add_unplayed(self, other: Usage) -> None:
        """What both have used, and neither has played; and what one of them has used alone."""
        for file, answers in other.unplayed.items():
            if file not in self.used:
                self.unplayed[file] = answers
                continue
            mine = self.unplayed.get(file, {})
            if self.recorded.get(file, other.recorded[file]) != other.recorded[file]:
                self.changed.add(file)  # they had another cassette each
            self.unplayed[file] = {number: mine[number] for number in mine if number in answers}
        for file in self.unplayed.keys() & other.used - other.unplayed.keys():
            del self.unplayed[file]

    def as_dict(self) -> dict[str, Any]:
        """What can be sent to another process, and stands in the JSON report."""
        return {
            each.name: sorted(value) if isinstance(value, set) else value
            for each in fields(self)
            if (value := getattr(self, each.name))
        }


def usage_of(config: pytest.Config, state: RunState) -> Usage:
    """What this process knows."""
    usage, run, collected = Usage(), state.run, state.collected
    with suppress(PytestBillError):  # each test that needs BILL says so
        settings = run.settings if run is not None else load_settings(config)
        usage.cassette_dir = _below(settings.cassette_dir, config.rootpath)
        usage.is_live = settings.live
    _note_collection(usage, config, state)
    folder = config.rootpath / usage.cassette_dir
    for nodeid, path in state.opened.items():
        usage.tests[nodeid] = _below(path, folder)
    for nodeid, name in collected.of_bill.items():
        if nodeid in usage.tests and not name:
            continue
        with suppress(PytestBillError):  # its name is none, and the test says so
            place = naming.cassette_by_name(name) if name else naming.cassette_of_test(nodeid)
            usage.tests[nodeid] = str(place)
            if name:
                usage.named.add(str(place))
    usage.idle = dict(_idle(usage, collected.tests, folder))
    usage.outcomes = {
        test: collected.outcomes[test]
        for test in (*usage.tests, *usage.idle)
        if test in collected.outcomes
    }
    if run is not None:
        _note_plays(usage, run.recorder, folder)
    return usage


def _note_collection(usage: Usage, config: pytest.Config, state: RunState) -> None:
    places = state.collected.places
    usage.roots = _roots(config)
    usage.is_narrowed = _is_narrowed(config)
    usage.unknown = {place for place, outcome in places.items() if outcome != "passed"}
    known = not any(config.getoption(name, None) for name in _LAST_FAILED)
    for argument in config.args:
        place, colons, _ = str(argument).partition("[")[0].partition("::")
        path = config.invocation_params.dir / place
        if not path.exists():  # a package's name, with --pyargs
            usage.is_narrowed, known = True, known and not colons
            continue
        nodeid = Path(os.path.relpath(path, config.rootpath)).as_posix()
        if colons:
            usage.unknown.add(nodeid)
        elif path.is_dir():
            usage.folders.add(nodeid)
    if known:
        usage.modules = set(places) - usage.unknown
    if usage.is_narrowed:
        usage.folders.clear()


def _roots(config: pytest.Config) -> set[str]:
    root = str(config.rootpath)
    found = {
        each
        for pattern in config.getini("testpaths")
        for each in glob.glob(pattern, root_dir=root, recursive=True)
    }
    return {Path(each).as_posix() for each in found} or {"."}


def _is_narrowed(config: pytest.Config) -> bool:
    if any(config.getoption(name, None) for name in (*_LAST_FAILED, *_IGNORING)):
        return True
    overridden = config.getoption("override_ini", None) or ()
    if any(each.startswith(_COLLECTING) for each in overridden):
        return True
    return any(
        getattr(plugin, "collect_ignore", None) or getattr(plugin, "collect_ignore_glob", None)
        for plugin in config.pluginmanager.get_plugins()
        if isinstance(plugin, ModuleType)
    )


def _idle(usage: Usage, tests: Iterable[str], folder: Path) -> Iterator[tuple[str, str]]:
    """The tests with a file of their name that is not their cassette."""
    there: dict[str, frozenset[str]] = {}
    for nodeid in tests:
        module = nodeid.partition("::")[0]
        if module in ("", "."):  # what other plugins have the run do, beside its tests
            continue
        if module not in there:
            there[module] = _names_in(folder / naming.folder_of_module(module))
        if there[module]:
            below, name = naming.place_of_test(nodeid)
            if name in there[module]:
                place = f"{below}/{name}"
                if usage.tests.get(nodeid) != place:
                    yield nodeid, place


def _names_in(folder: Path) -> frozenset[str]:
    try:
        return frozenset(os.listdir(folder))
    except OSError:
        return frozenset()


def _note_plays(usage: Usage, recorder: ClientRequests, folder: Path) -> None:
    plays = recorder.plays
    usage.used = {_below(path, folder) for path in plays.files}
    usage.changed = {_below(path, folder) for path in plays.changed}
    # Whose test failed, its cassette is not looked at.
    usage.changed |= {
        file for test, file in usage.tests.items() if usage.outcomes.get(test) == "failed"
    }
    for path, numbers in plays.unplayed():
        file = _below(path, folder)
        if file in usage.changed:
            continue
        try:
            recording = store.load(path)
        except PytestBillError:
            recording = None
        if recording is None:
            continue
        held = recording.interactions
        left = range(len(held)) if numbers is None else sorted(numbers)
        if left and left[-1] < len(held):
            # What else they hold was scrubbed when it was recorded.
            usage.unplayed[file] = {
                number: recorder.described(Interaction.asked(each.method, each.url, {}, b""))
                for number, each in ((number, held[number]) for number in left)
            }
            usage.recorded[file] = len(held)


def _below(path: Path, folder: Path) -> str:
    # Asked for each cassette, twice: paths themselves take longer.
    text, before = path.as_posix(), f"{folder.as_posix()}/"
    if text.startswith(before):
        return text[len(before) :]
    return (path.relative_to(folder) if path.is_relative_to(folder) else path).as_posix()


def _from_dict(sent: dict[str, Any]) -> Usage:
    usage = Usage()
    for each in fields(Usage):
        if each.name in sent:
            value = sent[each.name]
            is_set = isinstance(getattr(usage, each.name), set)
            setattr(usage, each.name, set(value) if is_set else value)
    # JSON has no numbers for names.
    usage.unplayed = {
        file: {int(number): text for number, text in answers.items()}
        for file, answers in usage.unplayed.items()
    }
    return usage


def _first_of(names: list[str]) -> str:
    more = f" (and {len(names) - 1} more)" if names[1:] else ""
    return names[0] + more if names else ""

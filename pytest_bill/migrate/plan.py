"""What a migration would do: which cassette goes where, which lines change, what is left to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from pytest_bill.cassettes.naming import cassette_by_name, cassette_of_test
from pytest_bill.environments import Environment
from pytest_bill.exceptions import CassetteError, SettingsError
from pytest_bill.migrate import formats
from pytest_bill.migrate.configs import Said, folder_of_cassettes, turned
from pytest_bill.migrate.converting import Converter, Read, read_all
from pytest_bill.migrate.edits import Edit
from pytest_bill.migrate.sources import SOURCES
from pytest_bill.migrate.sources.base import SUFFIXES, Found, Source
from pytest_bill.migrate.suite import Collected, Suite
from pytest_bill.patterns import late_pattern
from pytest_bill.scan.fix import CannotFix
from pytest_bill.scrubbing.scrub import ScrubRules

_UNSAFE = late_pattern(r"[^A-Za-z0-9_./-]+")
_CASSETTES = "cassettes"
_OPTION = late_pattern(
    r"--(record-mode|block-network|allowed-hosts|disable-recording|vcr-record(?:-mode)?"
    r"|disable-vcr)\b(?:[= ][^\s\"'\],-][^\s\"'\],]*)?"
)
"""Those of pytest-recording, pytest-vcr and cassetter."""
_IS_CASSETTE = late_pattern(rb"interactions\"?\s*(?::|\]\])")
_MOST_LOOKED_AT = 4096


class State(StrEnum):
    """What becomes of a cassette."""

    WRITE = "write"
    """A new file is written; the old one stays."""
    REWRITE = "rewrite"
    """It is where ours is looked for, and is put there anew; the old one is kept beside it."""
    STAYS = "stays"
    """It is where ours is looked for, and replays as it is."""
    THERE = "there"
    """A cassette of ours is there already, and is left as it is."""
    CANNOT = "cannot"


class Move(NamedTuple):
    """The cassettes of a test, or of tests that share them, and the one that they become.

    ``name`` is what the marker has to say; empty where each test finds it by itself.
    """

    source: str
    tests: Sequence[Collected]
    old: Sequence[Path]
    new: Path
    name: str = ""
    state: State = State.WRITE
    why: str = ""
    text: str = ""
    interactions: int = 0
    others: Mapping[str, int] = {}
    findings: int = 0
    left_out: int = 0

    @property
    def replays(self) -> bool:
        """Whether its tests can replay with this plugin alone."""
        return self.state is not State.CANNOT and not self.others


class Change(NamedTuple):
    """A Python file and its new text."""

    path: Path
    old: str
    new: str


class Plan(NamedTuple):
    """All of it."""

    suite: Suite
    moves: Sequence[Move]
    changes: Sequence[Change]
    said: Sequence[Said]
    missing: Mapping[str, Sequence[Path]]
    """Tests of another recorder that have no cassette, and where it would be."""
    unused: Sequence[Path]
    """Cassettes beside these tests that none of them reads."""
    hide: Callable[[str], str] = str
    """Gives a text without the secrets that are known: diffs show the lines around a change."""


class _Group(NamedTuple):
    source: str
    files: tuple[Path, ...]
    tests: list[Collected]
    is_named: bool


class Planner:
    """Plans the moves of a suite's cassettes."""

    def __init__(
        self, suite: Suite, converter: Converter, configured: Environment, source: str = ""
    ) -> None:
        """``source`` is the one recorder that is looked for; empty for all of them."""
        self._suite = suite
        self._converter = converter
        self._configured = configured
        self._sources = {name: each for name, each in SOURCES.items() if source in ("", name)}
        self._of_others: list[Move] = []
        self._folders: dict[Path, Path | None] = {}
        self.missing: dict[str, Sequence[Path]] = {}

    def moves(self) -> list[Move]:
        """The moves, in the order of the tests."""
        moves = [self._placed(each) for each in self._groups()] + self._of_others
        read: dict[Path, Read] = {}
        ready = [self._learned(each, read) for each in _without_clashes(moves)]
        return [self._converted(each, read) for each in ready]

    def unused(self, moves: Sequence[Move]) -> list[Path]:
        """Cassettes that lie where those of the tests do, and that no test reads."""
        used = {path for each in moves for path in (*each.old, each.new)}
        ours = {self._suite.cassette_dir / cassette_of_test(e.nodeid) for e in self._suite.tests}
        tests = [test for each in moves for test in each.tests]
        folders = {
            folder
            for test in (*tests, *(e for e in self._suite.tests if e.nodeid in self.missing))
            for name, source in self._sources.items()
            if name in {each.source for each in moves}
            for folder in source.folders(self._with_folder(test))
        }
        return sorted(
            path
            for folder in folders
            for path in (folder.iterdir() if folder.is_dir() else ())
            if path not in used and path not in ours and _may_be_cassette(path)
        )

    def _groups(self) -> list[_Group]:
        groups: dict[tuple[Path, ...], _Group] = {}
        for test in self._suite.tests:
            test_there = self._with_folder(test)
            source, found = _found(test_there, self._sources)
            if (found is None or not found.files) and self._is_of_others(test_there):
                continue
            if found is None:
                continue
            if not found.files:
                self.missing[test.nodeid] = found.missing
                continue
            files = tuple(found.files)
            group = groups.setdefault(files, _Group(source, files, [], found.is_named))
            group.tests.append(test)
        return list(groups.values())

    def _with_folder(self, test: Collected) -> Collected:
        """A test with the folder that a setting gives, where no fixture does."""
        if test.folder or not test.markers:
            return test
        if test.path not in self._folders:
            self._folders[test.path] = folder_of_cassettes(test.path, self._suite.rootdir)
        folder = self._folders[test.path]
        return test._replace(folder=str(folder)) if folder is not None else test

    def _is_of_others(self, test: Collected) -> bool:
        """Whether a recorder has cassettes of a test that was not asked for; then it stays."""
        if len(self._sources) == len(SOURCES):
            return False
        name, found = _found(test, SOURCES)
        if found is None or not found.files:
            return False
        why = f"it is {name}'s: leave --from out, or give it --from {name}"
        new = self._suite.cassette_dir / cassette_of_test(test.nodeid)
        self._of_others.append(Move(name, [test], found.files, new, state=State.CANNOT, why=why))
        return True

    def _placed(self, group: _Group) -> Move:
        folder, tests, name = self._suite.cassette_dir, group.tests, ""
        new = folder / cassette_of_test(tests[0].nodeid)
        shared = self._shared_name(group.files[0])
        # Those that shared it may have moved before.
        if len(tests) > 1 or (group.is_named and (folder / cassette_by_name(shared)).exists()):
            new, name = folder / cassette_by_name(shared), shared
        return Move(group.source, tests, group.files, new, name=name)

    def _shared_name(self, file: Path) -> str:
        """The name of a cassette that several tests share: the old path, less ``cassettes``."""
        root = self._suite.rootdir
        below = file.relative_to(root) if file.is_relative_to(root) else Path(file.name)
        parts = [part for part in below.with_suffix("").parts if part != _CASSETTES]
        return _UNSAFE.sub("_", "/".join(parts))

    def _learned(self, move: Move, all_read: dict[Path, Read]) -> Move:
        if move.state is State.CANNOT:
            return move
        try:
            read = read_all(move.old, self._configured)
        except formats.Unreadable as error:
            return move._replace(state=State.CANNOT, why=str(error))
        if read.is_cassetters:  # found where pytest-recording would have it, too
            move = move._replace(source="cassetter")
        move = move._replace(
            interactions=len(read.interactions), others=dict(read.others), left_out=read.left_out
        )
        if not read.interactions:
            return move._replace(state=State.CANNOT, why=_nothing_of_bills(read))
        if move.new not in move.old and move.new.exists():
            return move._replace(state=State.THERE)
        try:
            self._converter.learn(move.new, read.interactions)
        except CannotFix as error:
            return move._replace(state=State.CANNOT, why=str(error))
        all_read[move.new] = read
        return move

    def _converted(self, move: Move, all_read: dict[Path, Read]) -> Move:
        if move.new not in all_read or move.state is State.CANNOT:
            return move
        try:
            made = self._converter.converted(move.new)
        except (CannotFix, CassetteError) as error:
            return move._replace(state=State.CANNOT, why=str(error).splitlines()[0])
        move = move._replace(text=made.text, findings=made.findings)
        if move.new not in move.old:
            return move
        stays = made.was_clean and all_read[move.new].is_plain and not move.others
        return move._replace(state=State.STAYS if stays else State.REWRITE)


def _found(test: Collected, sources: Mapping[str, Source]) -> tuple[str, Found | None]:
    """Which recorder has cassettes of a test; else the first that would look for one."""
    first: tuple[str, Found | None] = "", None
    for name, source in sources.items():
        found = source.find(test)
        if found is not None and found.files:
            return name, found
        if first[1] is None:
            first = name, found
    return first


def of_configs(suite: Suite) -> tuple[list[Said], dict[Path, list[Edit]], ScrubRules]:
    """What is told of each ``vcr_config`` that tests see, the changes by file, secret places."""
    places = ScrubRules()
    said: list[Said] = []
    edits: dict[Path, list[Edit]] = {}
    for path in _config_files(suite):
        for each in turned(path, shown(path, suite.rootdir)):
            said += each.said
            places = places.joined(each.places)
            if each.edit is not None:
                edits.setdefault(path, []).append(each.edit)
    return said, edits, places


def said_of_options(suite: Suite) -> list[Said]:
    """What is told of other recorders' options in the ini file: alone, pytest refuses them."""
    if suite.inipath is None:
        return []
    try:
        lines = suite.inipath.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return []
    name = shown(suite.inipath, suite.rootdir)
    text = (
        "it is another recorder's option, and pytest refuses it without that: take it out "
        "(--bill-record-mode, --bill-block-network and --bill-allow-hosts are ours)"
    )
    return [
        Said(f"{name}:{number}", found[0], text, True)
        for number, line in enumerate(lines, 1)
        for found in _OPTION.finditer(line.split("#")[0])
    ]


def shown(path: Path, root: Path) -> str:
    """A path as it is told: from the rootdir, with slashes."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def _config_files(suite: Suite) -> Iterator[Path]:
    marked = [each for each in suite.tests if each.markers]
    modules = {each.path for each in marked}
    folders = {
        folder
        for path in modules
        for folder in path.parents
        if folder == suite.rootdir or suite.rootdir in folder.parents
    }
    conftests = {each / "conftest.py" for each in folders}
    yield from sorted(path for path in modules | conftests if path.is_file())


def _without_clashes(moves: Sequence[Move]) -> Iterator[Move]:
    """The moves; two that would write one file cannot both be made."""
    taken: dict[Path, Move] = {}
    for move in moves:
        other = taken.setdefault(move.new, move)
        if other is move:
            yield move
        else:
            why = f"{other.old[0].name} becomes the same file: give one of them another name"
            yield move._replace(state=State.CANNOT, why=why)


def _nothing_of_bills(read: Read) -> str:
    if read.others:
        return f"it is not BILL's: all of it is with {', '.join(sorted(read.others))}"
    return "it holds no requests"


def _may_be_cassette(path: Path) -> bool:
    if not path.name.endswith(SUFFIXES) or not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            beginning = file.read(_MOST_LOOKED_AT)
    except OSError:
        return False
    return _IS_CASSETTE.search(beginning) is not None


def check_source(source: str) -> None:
    """Refuse a recorder that is not known.

    Raises:
        SettingsError: it is none.
    """
    if source and source not in SOURCES:
        raise SettingsError(f"--from={source}: use one of {', '.join(SOURCES)}.")

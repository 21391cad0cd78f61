"""At the end of a run that recorded: the recordings are proven, and put in their places."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pytest_bill.cassettes import staging, store
from pytest_bill.cassettes.use import Miss
from pytest_bill.interaction import Interaction
from pytest_bill.proof import starting
from pytest_bill.proof.causes import likely_cause
from pytest_bill.proof.replay import Replay, Wanted, read_outcome
from pytest_bill.proof.verdicts import Verdicts, verdicts
from pytest_bill.real_files import relative_to_here
from pytest_bill.run.notices import Notice, NoticeKind

_LEAST_SECONDS = 120
_TIMES_AS_LONG = 10
_MOST_OUTPUT = 30
_MOST_UNPLAYED = 3


@dataclass
class Proof:
    """What came of the recordings of a run."""

    placed: list[Path] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    is_proven: bool = False


@dataclass(frozen=True)
class Recorded:
    """What a run has recorded: its cassettes, and the tests that came to a good end.

    ``users`` are these tests by their own cassettes, ``lost`` the tests of which a request was not
    recorded.
    """

    cassette_dir: Path
    scratch: Path
    users: Mapping[Path, Collection[str]]
    lost: frozenset[str]


def end_recording(
    config: pytest.Config, recorded: Recorded, hide: Callable[[str], str], seconds: float
) -> Proof:
    """Prove what was recorded, unless that is switched off, and put it in its place.

    ``seconds`` is how long the run took; the second run may take ten times as long.
    """
    waiting = staging.marked(recorded.scratch)
    if not waiting:
        return Proof()
    where = staging.Staging(
        recorded.cassette_dir, lambda: recorded.scratch, lambda: recorded.scratch
    )
    if config.getoption("bill_no_prove") or not config.getini("bill_prove"):
        return _put_all(where, waiting, Proof())
    why_not = _why_not(config)
    if why_not:
        return Proof(notices=[Notice(NoticeKind.UNPROVEN, str(where.folder), why_not)])
    proving = _Proving(config, recorded, where, waiting, hide, seconds)
    return proving.proof()


def _put_all(where: staging.Staging, paths: Collection[Path], proof: Proof) -> Proof:
    for path in paths:
        try:
            where.put(path)
        except OSError as error:
            reason = f"it cannot be written: {error.strerror or type(error).__name__}."
            shown = str(relative_to_here(path))
            proof.notices.append(Notice(NoticeKind.UNPROVEN, shown, reason))
        else:
            proof.placed.append(path)
    where.tidy(paths)
    return proof


def _why_not(config: pytest.Config) -> str:
    """Why no second run can be made; empty where it can."""
    if any(not isinstance(each, str) for each in config.invocation_params.plugins or ()):
        return (
            "the run was started by pytest.main(…, plugins=[…]) with objects, which a second run "
            "cannot have.\nRecord with --bill-no-prove, or name the plugins with -p."
        )
    return ""


class _Proving:
    """The second run, and a third one where something failed in it."""

    def __init__(
        self,
        config: pytest.Config,
        recorded: Recorded,
        where: staging.Staging,
        waiting: list[Path],
        hide: Callable[[str], str],
        seconds: float,
    ) -> None:
        self._config = config
        self._recorded = recorded
        self._where = where
        self._waiting = waiting
        self._hide = hide
        self._seconds = max(_LEAST_SECONDS, _TIMES_AS_LONG * seconds)
        self._number = 0
        self._tests = self._tests_to_prove()

    def proof(self) -> Proof:
        """Make it."""
        try:
            replays = self._replays(is_reversed=True)
        except KeyboardInterrupt:
            return self._unproven("it was interrupted.")
        if isinstance(replays, str):
            return self._unproven(replays)
        failed = {
            nodeid
            for nodeid in self._tests
            if nodeid in self._recorded.lost or not replays.get(nodeid, Replay()).passed
        }
        judged = verdicts(self._waiting, self._recorded.users, replays, failed)
        # With all recordings still where they wait.
        notices = self._notices(failed, replays) + self._nobodys(judged)
        proof = _put_all(self._where, judged.proven, Proof(notices=notices, is_proven=True))
        self._where.tidy(self._waiting)
        return proof

    def _tests_to_prove(self) -> list[str]:
        """The tests that recorded; all of them, where a fixture or a sign-in was recorded."""
        users, waiting = self._recorded.users, set(self._waiting)
        everybodys = any(path not in users for path in waiting)
        return [
            nodeid
            for path, nodeids in users.items()
            if everybodys or path in waiting
            for nodeid in nodeids
        ]

    def _replays(self, *, is_reversed: bool) -> dict[str, Replay] | str:
        """How each test was replayed; a text where that could not be."""
        self._number += 1
        folder = self._recorded.scratch
        outcome = folder / f"proof-{self._number}.outcome.json"
        wanted = folder / f"proof-{self._number}.json"
        output = folder / f"proof-{self._number}.txt"
        files = {str(path): str(self._where.place_of(path)) for path in self._waiting}
        Wanted(files, tuple(self._tests), is_reversed, str(outcome)).write(wanted)
        ended = starting.run(
            starting.command(self._config),
            starting.environment_now(wanted),
            starting.invocation_folder(self._config),
            output,
            self._seconds,
        )
        replays = read_outcome(outcome)
        if ended and replays:
            return replays
        printed = output.read_text(encoding="utf-8", errors="replace").strip()
        last = self._hide("\n".join(printed.splitlines()[-_MOST_OUTPUT:]))
        why = "replayed no test" if ended else f"did not end within {self._seconds:.0f} s"
        return f"the second run {why}. It printed:\n{last}"

    def _unproven(self, why: str) -> Proof:
        folder = relative_to_here(self._where.folder)
        text = (
            f"{len(self._waiting)} recordings were not proven: {why}\n"
            "Their cassettes are as they were. Record with --bill-no-prove to do without."
        )
        return Proof(notices=[Notice(NoticeKind.UNPROVEN, str(folder), text)])

    def _notices(self, failed: Collection[str], replays: Mapping[str, Replay]) -> list[Notice]:
        in_order: dict[str, Replay] | str = {}
        # Why a request was lost is known.
        if not self._recorded.lost.issuperset(failed):
            try:
                in_order = self._replays(is_reversed=False)
            except KeyboardInterrupt:
                in_order = {}
        in_order = {} if isinstance(in_order, str) else in_order
        return [
            self._notice(nodeid, replays.get(nodeid, Replay()), in_order.get(nodeid))
            for nodeid in self._tests
            if nodeid in failed
        ]

    def _notice(self, nodeid: str, replay: Replay, in_order: Replay | None) -> Notice:
        path = next(path for path, tests in self._recorded.users.items() if nodeid in tests)
        recording = store.load(path, self._where.place_of(path)) or store.Recording()
        cause = likely_cause(
            replay,
            is_lost=nodeid in self._recorded.lost,
            passes_in_order=in_order is not None and in_order.passed,
            has_stand_ins=_has_stand_ins(recording),
            repeats=_repeats(recording.interactions),
        )
        ended = replay.outcome or "not found"
        requests = len(recording.interactions)
        lines = [
            f"recorded: passed, {requests} request{'' if requests == 1 else 's'}. "
            f"Replayed from that: {ended}."
        ]
        if replay.misses:
            lines += _lines_about(replay.misses[0])
        else:
            lines += self._hide(replay.error).splitlines()
            lines += [f"not asked for: {each}" for each in replay.unplayed[:_MOST_UNPLAYED]]
        lines += [f"Likely cause: {cause.what}", cause.remedy]
        if path in self._waiting:
            place = relative_to_here(self._where.place_of(path))
            stays = "stays as it was" if path.exists() else "was not written"
            lines.append(f"{relative_to_here(path)} {stays}; what was recorded is in {place}")
        return Notice(NoticeKind.UNPROVEN, nodeid, "\n".join(lines))

    def _nobodys(self, judged: Verdicts) -> list[Notice]:
        """Cassettes of fixtures and sign-ins that no test that passed has asked."""
        return [
            Notice(
                NoticeKind.UNPROVEN,
                str(relative_to_here(path)),
                "no test that used it passed when it was replayed, so it stays as it was.",
            )
            for path, tests in judged.kept_back.items()
            if not tests
        ]


def _lines_about(miss: Miss) -> list[str]:
    lines = [f"no recorded answer: {miss.request}"]
    if miss.nearest and not miss.differences:
        return [*lines, "differs: nothing; each recorded answer was already played."]
    lines += [f"nearest recorded: {miss.nearest}"] if miss.nearest else []
    lines += [
        f"differs: {each.part}: {each.now} replayed, {each.recorded} recorded"
        for each in miss.differences
    ]
    return lines


def _has_stand_ins(recording: store.Recording) -> bool:
    about = recording.metadata.get("pytest_bill")
    told = about.get("stand_ins") if isinstance(about, dict) else None
    return bool(isinstance(told, dict) and told.get("kinds"))


def _repeats(interactions: list[Interaction]) -> bool:
    """Whether the same request was answered differently."""
    answers: dict[tuple[str, str, bytes], bytes] = {}
    return any(
        answers.setdefault((each.method, each.url, each.body), each.answer_body) != each.answer_body
        for each in interactions
    )

"""At the end of a run that recorded: the recordings are proven, and put in their places."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import pytest

from pytest_bill.cassettes import commit, folder_lock, killed_runs, staging, times, writer
from pytest_bill.cassettes.changes import summary
from pytest_bill.cassettes.merging import Merged, is_another_recording
from pytest_bill.command_line import invocation_folder
from pytest_bill.counted import counted
from pytest_bill.exceptions import CassetteError
from pytest_bill.proof import apart, starting
from pytest_bill.proof.other_day import has_other_day
from pytest_bill.proof.outcomes import Rules, Settled, settle
from pytest_bill.proof.replay import Replay, Wanted, read_outcome, write_private
from pytest_bill.proof.telling import Recorded, Telling, recording_of
from pytest_bill.proof.turned_lists import turned
from pytest_bill.proof.verdicts import verdicts
from pytest_bill.real_files import relative_to_here
from pytest_bill.run.notices import Notice, NoticeKind
from pytest_bill.scrubbing.registry import SecretRegistry

_LEAST_SECONDS = 120
_TIMES_AS_LONG = 10
_MOST_OUTPUT = 30


@dataclass
class Proof:
    """What came of the recordings of a run: notices, and lines of the summary."""

    notices: list[Notice] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    """How many cassettes were written, are unchanged, and were proven."""
    when_told: Callable[[], None] = lambda: None
    """What is done when somebody has seen them."""


def end_recording(
    config: pytest.Config,
    recorded: Recorded,
    rules: Rules,
    registry: SecretRegistry,
    seconds: float,
) -> Proof:
    """Prove what was recorded, unless that is switched off, and put it in its place.

    One run at a time does so. ``seconds`` is how long the run took; the second run may take ten
    times as long.
    """
    paths = staging.marked(recorded.scratch)
    if not paths:
        return Proof()
    with ExitStack() as turn:
        try:
            turn.enter_context(
                folder_lock.alone(
                    recorded.cassette_dir, lambda: _say_that_it_waits(config, recorded)
                )
            )
        except KeyboardInterrupt:
            return Proof([_not_kept(recorded, len(paths), "it was interrupted.")])
        return _settled_and_proven(config, recorded, paths, rules, registry, seconds)


def _unproven(path: Path, why: str) -> Notice:
    return Notice(NoticeKind.UNPROVEN, str(relative_to_here(path)), why)


def _say_that_it_waits(config: pytest.Config, recorded: Recorded) -> None:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None:
        folder = relative_to_here(recorded.cassette_dir)
        reporter.write_line(f"\nbill: another run writes to {folder}; waiting until it has ended")


def _not_kept(recorded: Recorded, number: int, why: str) -> Notice:
    folder = recorded.cassette_dir / staging.FOLDER / recorded.scratch.name
    was = "was" if number == 1 else "were"
    text = (
        f"{counted(number, 'recording')} {was} not proven: {why}\n"
        "Their cassettes are as they were. Record with --bill-no-prove to do without."
    )
    return _unproven(folder, text)


def _settled_and_proven(
    config: pytest.Config,
    recorded: Recorded,
    paths: list[Path],
    rules: Rules,
    registry: SecretRegistry,
    seconds: float,
) -> Proof:
    where = staging.Staging(
        recorded.cassette_dir, lambda: recorded.scratch, lambda: recorded.scratch
    )
    try:
        proof = _ended(config, recorded, where, paths, rules, registry, seconds)
    except KeyboardInterrupt:
        proof = _interrupted(where)
    proof.when_told = partial(killed_runs.end, where, paths)
    return proof


def _interrupted(where: staging.Staging) -> Proof:
    """What is told where the end of a run is interrupted; what was about to be put, is."""
    waiting = killed_runs.put_rest(where)
    if not waiting:
        return Proof(told=["bill: interrupted when all recordings had been put in their places"])
    told = f"what waits there ({waiting}) is unproven: the end of the run was interrupted.\n"
    told += "Their cassettes are as they were. Record their tests again."
    return Proof([_unproven(where.folder, told)])


def _ended(
    config: pytest.Config,
    recorded: Recorded,
    where: staging.Staging,
    paths: list[Path],
    rules: Rules,
    registry: SecretRegistry,
    seconds: float,
) -> Proof:
    try:
        settled = settle(paths, where, rules, registry.find)
    except (CassetteError, OSError) as error:
        return Proof([_unproven(where.folder, str(error))])
    users = {path: who for path, who in recorded.users.items() if path not in settled.refused}
    recorded = replace(recorded, users=users)
    proof = _proof(config, recorded, where, settled, registry.hide, seconds)
    proof.told += [_joined(path, each) for path, each in settled.merged.items()]
    for path, why in settled.refused.items():
        proof.notices.append(_unproven(path, why))
    return proof


def _joined(path: Path, merged: Merged) -> str:
    line = f"bill: {relative_to_here(path)}: another run wrote it meanwhile; {merged.added} added"
    return line + (f", {merged.doubles} recorded by both kept once" if merged.doubles else "")


def _proof(
    config: pytest.Config,
    recorded: Recorded,
    where: staging.Staging,
    settled: Settled,
    hide: Callable[[str], str],
    seconds: float,
) -> Proof:
    decisions = settled.decisions
    if config.getoption("bill_no_prove") or not config.getini("bill_prove"):
        paths = [each.path for each in decisions]
        told = _apart(recorded, where, settled, paths, keeps_back=False).notices
        proof = _put(where, paths, settled, config.rootpath)
        proof.notices += told
        return proof
    why_not = _why_not(config)
    if why_not:
        return Proof([_unproven(where.folder, why_not)])
    return _Proving(config, recorded, where, settled, hide, seconds).proof()


def _apart(
    recorded: Recorded,
    where: staging.Staging,
    settled: Settled,
    proven: Collection[Path],
    *,
    keeps_back: bool,
) -> apart.Judged:
    if not settled.new_ids:
        return apart.Judged()
    return apart.judge(
        settled.new_ids, proven, where, keeps_back=keeps_back, command=recorded.command()
    )


def _put(where: staging.Staging, paths: Collection[Path], settled: Settled, root: Path) -> Proof:
    """Put recordings in their places, and tell what changed."""
    proof = Proof()
    kept: list[Path] = []
    proven = set(paths)

    def failed(path: Path, reason: str) -> None:
        proven.discard(path)
        waiting = relative_to_here(where.place_of(path))
        reason += f"\nWhat was recorded waits in {waiting}: move it there, or record it again."
        proof.notices.append(_unproven(path, reason))

    for path in filter(where.is_waiting, paths):
        if path not in settled.merged and where.was_changed(path):
            if not is_another_recording(where.scratch, path):
                failed(
                    path, "something else has changed it since this run read it, and it stays so."
                )
                continue
            shown = relative_to_here(path)
            proof.told.append(f"bill: {shown}: another run wrote it meanwhile; this one's is kept")
        kept.append(path)
    commit.put_all(where, kept, failed)
    try:
        where.tidy([each.path for each in settled.decisions])
    except OSError as error:
        reason = f"what is left there cannot be removed: {error.strerror}.\nRemove it by hand."
        shown_folder = str(relative_to_here(where.folder))
        proof.notices.append(Notice(NoticeKind.UNWRITTEN, shown_folder, reason))
    decisions = [each for each in settled.decisions if each.path in proven]
    proof.told += summary.lines(decisions, root)
    proof.counts = {
        "written": len(proven.intersection(kept)),
        "unchanged": sum(each.recording is None for each in decisions),
    }
    return proof


def _why_not(config: pytest.Config) -> str:
    """Why no second run can be made; empty where it can."""
    if any(not isinstance(each, str) for each in config.invocation_params.plugins or ()):
        return (
            "the run was started by pytest.main(…, plugins=[…]) with objects, which a second run "
            "cannot have.\nRecord with --bill-no-prove, or name the plugins with -p."
        )
    return ""


def _told(number: int) -> str:
    told = f"bill: {counted(number, 'recording')} proven by a replay"
    if not has_other_day():
        told += ", on the same day in UTC: for another one, pip install time-machine"
    return told


class _Proving:
    """The second run, and a third one where something failed in it."""

    def __init__(
        self,
        config: pytest.Config,
        recorded: Recorded,
        where: staging.Staging,
        settled: Settled,
        hide: Callable[[str], str],
        seconds: float,
    ) -> None:
        self._config = config
        self._recorded = recorded
        self._where = where
        self._settled = settled
        self._decisions = settled.decisions
        self._paths = [each.path for each in settled.decisions]
        self._hide = hide
        self._seconds = max(_LEAST_SECONDS, _TIMES_AS_LONG * seconds)
        self._number = 0
        self._tests = self._tests_to_prove()

    def proof(self) -> Proof:
        """Make it."""
        if not self._tests:
            return Proof(Telling(self._recorded, self._where, self._hide).unused(self._paths))
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
        judged = verdicts(self._paths, self._recorded.users, replays, failed)
        # With all recordings still where they wait.
        in_order = self._replays_in_order(failed)
        told = Telling(self._recorded, self._where, self._hide)
        notices = [
            *(told.failed(nodeid, replays, in_order) for nodeid in self._tests if nodeid in failed),
            *told.asked_by_nobody(judged),
            *told.list_orders(failed, replays),
        ]
        if not has_other_day():
            notices += told.near_dates(failed, times.now().date())
        keeps_back = bool(self._settled.new_ids) and not self._recorded.is_whole()
        others = _apart(
            self._recorded, self._where, self._settled, judged.proven, keeps_back=keeps_back
        )
        kept = [each for each in judged.proven if each not in others.kept_back]
        proof = _put(self._where, kept, self._settled, self._config.rootpath)
        proof.notices += [*notices, *others.notices]
        proof.told.insert(0, _told(len(judged.proven)))
        proof.counts["proven"] = len(judged.proven)
        return proof

    def _tests_to_prove(self) -> list[str]:
        """The tests that recorded; all of them, where a fixture or a sign-in was recorded."""
        users, recorded = self._recorded.users, set(self._paths)
        everybodys = any(path not in users for path in recorded)
        return [
            nodeid
            for path, nodeids in users.items()
            if everybodys or path in recorded
            for nodeid in nodeids
        ]

    def _replays(self, *, is_reversed: bool) -> dict[str, Replay] | str:
        """How each test was replayed; a text where that could not be."""
        self._number += 1
        folder = self._recorded.scratch
        outcome = folder / f"proof-{self._number}.outcome.json"
        wanted = folder / f"proof-{self._number}.json"
        output = folder / f"proof-{self._number}.txt"
        files = {str(path): str(self._where.file_of(path)) for path in self._paths}
        turned = self._turned() if is_reversed else {}
        Wanted(files, tuple(self._tests), is_reversed, str(outcome), turned).write(wanted)
        ended = starting.run(
            starting.command(self._config),
            starting.environment_now(wanted),
            invocation_folder(self._config),
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

    def _turned(self) -> dict[str, tuple[str, str]]:
        """Recordings with lists the other way round, for the tests that used them."""
        files: dict[str, tuple[str, str]] = {}
        for path in self._paths:
            nodeids = self._recorded.users.get(path)
            recording = turned(recording_of(path, self._where)) if nodeids else None
            if not nodeids or recording is None:
                continue
            file = self._recorded.scratch / f"{staging.path_digest(path)}.turned.yaml"
            write_private(file, writer.write(recording.interactions, recording.metadata))
            files.update({nodeid: (str(path), str(file)) for nodeid in nodeids})
        return files

    def _unproven(self, why: str) -> Proof:
        return Proof([_not_kept(self._recorded, len(self._paths), why)])

    def _replays_in_order(self, failed: Collection[str]) -> Mapping[str, Replay]:
        """How the tests are replayed in the order of the recording, where that may tell why."""
        # Why a request was lost is known.
        if self._recorded.lost.issuperset(failed):
            return {}
        try:
            replays = self._replays(is_reversed=False)
        except KeyboardInterrupt:
            return {}
        return {} if isinstance(replays, str) else replays

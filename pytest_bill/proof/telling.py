"""What is told of recordings that do not replay: both runs, what differed, and the likely cause."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from pytest_bill.cassettes import store
from pytest_bill.cassettes.changes.comparison import kinds_in
from pytest_bill.cassettes.staging import Staging
from pytest_bill.cassettes.use import Miss
from pytest_bill.counted import counted
from pytest_bill.interaction import Interaction
from pytest_bill.proof.causes import likely_cause
from pytest_bill.proof.near_dates import near_dates
from pytest_bill.proof.replay import Replay
from pytest_bill.proof.turned_lists import unsorted_lists
from pytest_bill.proof.verdicts import Verdicts
from pytest_bill.real_files import relative_to_here
from pytest_bill.run.notices import Notice, NoticeKind

_MOST_UNPLAYED = 3


@dataclass(frozen=True)
class Recorded:
    """What a run has recorded: its cassettes, and the tests that came to a good end.

    ``users`` are these tests by their own cassettes, ``lost`` the tests of which a request was not
    recorded. A run that ``is_whole`` had all tests of the suite; the ``command`` records that.
    """

    cassette_dir: Path
    scratch: Path
    users: Mapping[Path, Sequence[str]]
    lost: frozenset[str]
    is_whole: Callable[[], bool] = lambda: True
    command: Callable[[], str] = str


def recording_of(path: Path, where: Staging) -> store.Recording:
    """What is recorded of a cassette now."""
    return store.load(path, where.file_of(path)) or store.Recording()


class Telling:
    """Makes the notices of one run."""

    def __init__(
        self,
        recorded: Recorded,
        where: Staging,
        hide: Callable[[str], str],
    ) -> None:
        self._recorded = recorded
        self._cassette_of = {
            nodeid: path for path, tests in recorded.users.items() for nodeid in tests
        }
        self._where = where
        self._hide = hide

    def failed(
        self, nodeid: str, replays: Mapping[str, Replay], in_order: Mapping[str, Replay]
    ) -> Notice:
        """A test that was recorded and did not replay."""
        path = self._cassette_of[nodeid]
        recording = recording_of(path, self._where)
        replay = replays.get(nodeid, Replay())
        cause = likely_cause(
            replay,
            is_lost=nodeid in self._recorded.lost,
            passes_in_order=in_order.get(nodeid, Replay()).passed,
            has_stand_ins=bool(kinds_in(recording)),
            repeats=_repeats(recording.interactions),
        )
        ended = replay.outcome or "not found"
        requests = len(recording.interactions)
        lines = [f"recorded: passed, {counted(requests, 'request')}. Replayed from that: {ended}."]
        if replay.misses:
            lines += _lines_about(replay.misses[0])
        else:
            lines += self._hide(replay.error).splitlines()
            lines += [f"not asked for: {each}" for each in replay.unplayed[:_MOST_UNPLAYED]]
        lines += [f"Likely cause: {cause.what}", cause.remedy]
        if self._where.is_waiting(path):
            place = relative_to_here(self._where.place_of(path))
            stays = "stays as it was" if path.exists() else "was not written"
            lines.append(f"{relative_to_here(path)} {stays}; what was recorded is in {place}")
        return Notice(NoticeKind.UNPROVEN, nodeid, "\n".join(lines))

    def asked_by_nobody(self, judged: Verdicts) -> list[Notice]:
        """Cassettes of fixtures and sign-ins that no test that passed has asked."""
        alone = [path for path, tests in judged.kept_back.items() if not tests]
        return self.unused(alone, " when it was replayed")

    def unused(self, paths: Collection[Path], when: str = "") -> list[Notice]:
        """Cassettes of which nobody knows whether they replay."""
        text = f"no test that used it passed{when}, so it stays as it was."
        return [Notice(NoticeKind.UNPROVEN, str(relative_to_here(path)), text) for path in paths]

    def list_orders(self, failed: Collection[str], replays: Mapping[str, Replay]) -> list[Notice]:
        """Tests that replay, but not where BILL gives a list in another order."""
        return [
            Notice(NoticeKind.LIST_ORDER, nodeid, self._about_order(path, replays[nodeid]))
            for path, nodeids in self._recorded.users.items()
            for nodeid in nodeids
            if nodeid not in failed and replays.get(nodeid, Replay()).turned_error
        ]

    def near_dates(self, failed: frozenset[str] | set[str], today: date) -> list[Notice]:
        """Tests that replay today, with a date in a request that the clock may have given."""
        notices = []
        for path, nodeids in self._recorded.users.items():
            if not self._where.is_waiting(path) or not failed.isdisjoint(nodeids):
                continue
            for asked, text in near_dates(recording_of(path, self._where).interactions, today)[:1]:
                what = (
                    f"{text} in {asked.method} {urlsplit(asked.url).path}: if it comes from the "
                    "clock, give the test a fixed time. Another day is tried with time-machine."
                )
                notices.append(Notice(NoticeKind.DATED, nodeids[0], what))
        return notices

    def _about_order(self, path: Path, replay: Replay) -> str:
        lists = unsorted_lists(recording_of(path, self._where).interactions)
        asked = sorted({f"{each.method} {urlsplit(each.url).path}" for each in lists})
        return (
            f"with {', '.join(asked)} the other way round:\n{self._hide(replay.turned_error)}\n"
            "Ask with sort, or compare without the order."
        )


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


def _repeats(interactions: Sequence[Interaction]) -> bool:
    """Whether the same request was answered differently."""
    answers: dict[tuple[str, str, bytes], bytes] = {}
    return any(
        answers.setdefault(each.request, each.answer_body) != each.answer_body
        for each in interactions
    )

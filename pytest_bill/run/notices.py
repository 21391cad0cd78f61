"""What a run tells at its end of what it did not do: one line each, by kind.

By default a notice is a warning; with ``--bill-strict`` one is enough to fail the run, unless it
only informs. All of them are in the JSON report.

pytest imports this module in every run: it imports nothing heavy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple


class NoticeKind(StrEnum):
    """What was not done. The value is the title of its part of the summary."""

    UNSAVED = "tests and fixtures that did not end well: their recordings were not saved"
    UNKEPT = "answers that nobody should keep: nothing of these tests was saved"
    RETRIED = "answers that were asked for again: the first are not recorded"
    UNRECORDED = "neither recorded nor played"
    DRIFT = "BILL's answers are not as they were recorded"
    UNVERIFIED = "could not be asked again"
    NOT_COMPARED = "not asked again, or not comparable"
    UNPROVEN = "recordings that do not replay: nothing of them was kept"
    KEPT_BACK = "recordings that do not go with those of other tests: nothing of them was kept"
    APART = "recorded anew, and other tests go with the old recording"
    KILLED = "runs that were killed while they recorded"
    DATED = "dates near today in requests: replays on another day were not tried"
    LIST_ORDER = "tests that compare the order of a list, which BILL does not promise"
    SILENT = "tests that asked for BILL and sent it nothing: take that away, or send something"
    ELSEWHERE = "tests that asked for BILL, and all their requests went elsewhere"
    AGAIN = "BILL said to come again"
    REFUSED = "sign-ins of the code under test that BILL refused: it locks who fails too often"
    UNPLAYED = "recorded answers that were not played (--bill-prune drops them)"
    UNUSED = "cassettes that no test uses (--bill-prune deletes them)"
    GONE = "cassettes of tests that are gone (--bill-prune deletes them)"
    UNSHARED = "fixtures wider than one test that workers could not share to the end"
    REPLACED = "recorded answers that new ones replaced"
    PRUNED = "pruned"
    UNPRUNED = "not pruned"
    STALE = "older than --bill-max-age"
    UNKNOWN = "variables that nobody reads"
    UNREAD = "files that could not be used, and were not needed"
    UNWRITTEN = "files that could not be written"

    @property
    def key(self) -> str:
        """Its name in the JSON report."""
        return self.name.lower()


FAILING = frozenset(
    {
        *(NoticeKind.UNKEPT, NoticeKind.UNPROVEN, NoticeKind.KEPT_BACK, NoticeKind.UNVERIFIED),
        NoticeKind.UNWRITTEN,
    }
)
"""Those that fail a run without ``--bill-strict``, too."""

INFORMING = frozenset(
    {
        *(NoticeKind.NOT_COMPARED, NoticeKind.REPLACED, NoticeKind.PRUNED, NoticeKind.KILLED),
        *(NoticeKind.AGAIN, NoticeKind.REFUSED, NoticeKind.RETRIED, NoticeKind.UNREAD),
        NoticeKind.UNKNOWN,
    }
)
"""Those that fail no run: they tell what was done, or what nobody can do."""


class Notice(NamedTuple):
    """One line of the summary: ``owner`` is the test, fixture or file that it is about."""

    kind: NoticeKind
    owner: str
    text: str = ""

    def __str__(self) -> str:
        if "\n" in self.text:
            return "\n  ".join([self.owner, *self.text.split("\n")])
        if not self.text or self.owner in self.text:
            return self.text or self.owner
        return f"{self.owner}: {self.text}"

    def as_list(self) -> list[str]:
        """What can be sent to another process; see ``from_list``."""
        return [self.kind.name, self.owner, self.text]

    @classmethod
    def from_list(cls, sent: Iterable[str]) -> Notice:
        """What another process has sent."""
        kind, owner, text = sent
        return cls(NoticeKind[kind], owner, text)


def by_kind(notices: Iterable[Notice]) -> Iterator[tuple[NoticeKind, list[Notice]]]:
    """The notices of each kind that there is one of, in the order of the kinds."""
    found: dict[NoticeKind, list[Notice]] = {}
    for notice in notices:
        found.setdefault(notice.kind, []).append(notice)
    yield from ((kind, found[kind]) for kind in NoticeKind if kind in found)


def fail_the_run(
    notices: Iterable[Notice], *, is_strict: bool, failing: frozenset[NoticeKind] = FAILING
) -> bool:
    """Whether a run with these notices fails, though all its tests passed."""
    kinds = {notice.kind for notice in notices}
    return bool(kinds & failing) or (is_strict and bool(kinds - INFORMING))

"""What a run tells at its end of what it did not do: one line each, by kind.

By default a notice is a warning; with ``--bill-strict`` one is enough to fail the run. All of them
are in the JSON report. pytest imports this module in every run: it imports nothing heavy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple


class NoticeKind(StrEnum):
    """What was not done. The value is the title of its part of the summary."""

    UNSAVED = "tests that did not end well: their recordings were not saved"
    UNRECORDED = "neither recorded nor played"
    STALE = "older than --bill-max-age"

    @property
    def key(self) -> str:
        """Its name in the JSON report."""
        return self.name.lower()


FAILING: frozenset[NoticeKind] = frozenset()
"""Those that fail a run without ``--bill-strict``, too."""


class Notice(NamedTuple):
    """One line of the summary: ``owner`` is the test, fixture or file that it is about."""

    kind: NoticeKind
    owner: str
    text: str = ""

    def __str__(self) -> str:
        return f"{self.owner}: {self.text}" if self.text else self.owner

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
    return any(is_strict or notice.kind in failing for notice in notices)

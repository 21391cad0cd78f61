"""Requests of which no cassette holds anything: a replay will not find them.

They came too late, or have no whole answer. The run's summary names each.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pytest_bill.cassettes.running_tests import RunningTests
from pytest_bill.cassettes.use import OpenCassette
from pytest_bill.exceptions import LateRequest
from pytest_bill.interaction import Interaction

MOST_BODY = 32 * 2**20
"""So many bytes a body may have that is recorded: more take minutes to be searched for secrets."""


_JOIN = "Join it before the test ends, or start it in a fixture that is as wide as its work."


def is_too_large(interaction: Interaction) -> bool:
    """Whether an interaction is too large to be recorded."""
    return len(interaction.body) > MOST_BODY or len(interaction.answer_body) > MOST_BODY


class Unrecorded:
    """Keeps a line about each request of which a cassette will hold nothing.

    ``described`` gives a request as messages show it, ``hide`` a text without secrets.
    """

    def __init__(
        self,
        described: Callable[[Interaction], str],
        hide: Callable[[str], str],
        tests: RunningTests,
    ) -> None:
        self.late: list[tuple[str, str]] = []
        """What came when its test had ended, and whose it is."""
        self._described = described
        self._hide = hide
        self._tests = tests

    def refuse_late(self, request: Interaction) -> None:
        """Stop a request of a thread that a finished test left behind.

        Raises:
            LateRequest: it is one.
        """
        test = self._tests.ended_owner()
        if not test:
            return
        now = self._tests.name_now()
        line = self._hide(
            f"{self._described(request)} was asked for by a thread or process that {test} left "
            "behind" + (f", while {now} was running" if now else "")
        )
        line = f"{line}.\nIt was neither played nor recorded. {_JOIN}"
        self.late.append((test, line))
        raise LateRequest(line)

    def add_late_answer(self, interaction: Interaction, owner: str) -> None:
        """An answer came when the user of its cassette had ended."""
        what = "was sent and not answered until" if interaction.fault else "was answered after"
        line = f"{self._described(interaction)} {what} {owner} had ended"
        self.late.append((owner, self._hide(line)))

    def add_unanswered(
        self, request: Interaction, opened: OpenCassette | None, why: BaseException | str | None
    ) -> None:
        """A request was sent, has no whole answer, and nothing can be recorded of that."""
        why = why or "the answer was cut off"
        why = why if isinstance(why, str) else type(why).__name__
        line = f"{self._described(request)} was sent and not answered: {why}"
        if opened is not None:
            opened.lost.append(self._hide(line))

    def add_abandoned(self, request: Interaction, opened: OpenCassette | None) -> None:
        """A request was begun, and its answer never asked for."""
        self._add(opened, f"{self._described(request)} was begun and never finished")

    def add_too_large(self, interaction: Interaction, opened: OpenCassette) -> None:
        """An interaction has a body that is too large to be recorded."""
        size = max(len(interaction.body), len(interaction.answer_body))
        line = f"{self._described(replace(interaction, body=b''))} has a body of {size:,} bytes"
        self._add(opened, f"{line}: {MOST_BODY:,} are the most that is recorded")

    def _add(self, opened: OpenCassette | None, line: str) -> None:
        if opened is not None:
            opened.unanswered.append(self._hide(line))

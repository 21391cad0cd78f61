"""Which interaction of an old recording a new one takes the place of."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from functools import cached_property

from pytest_bill.cassettes.changes.contents import sent_content, target_of
from pytest_bill.cassettes.changes.left import Left
from pytest_bill.cassettes.changes.masked import Masked
from pytest_bill.cassettes.changes.pairs import Pairs
from pytest_bill.cassettes.changes.unchanged import Unchanged
from pytest_bill.cassettes.changes.values import is_opaque, with_words
from pytest_bill.interaction import Interaction

_ID = "{id}"
_NOTHING: Mapping[str, str] = {}


class Asked:
    """A request, as exactly and as roughly as others are compared with it."""

    def __init__(self, interaction: Interaction) -> None:
        self.interaction = interaction
        self.target = target_of(interaction.url)
        self.content = sent_content(interaction)

    @cached_property
    def shown_path(self) -> str:
        """The path as BILL's documentation has it: no base, and no id."""
        path = with_words(self.target.path, lambda word: _ID if is_opaque(word) else word)
        return path.removeprefix("/connect") if path.startswith("/connect/v") else path

    @property
    def shown(self) -> str:
        """The operation, as messages name it."""
        return f"{self.interaction.method} {self.shown_path}"

    def exactly(self, old_of: Mapping[str, str] = _NOTHING) -> Hashable:
        """All of it, with the old values of some words."""

        def old(word: str) -> str:
            return old_of.get(word, word)

        body = self.interaction.body.decode("utf-8", "backslashreplace")
        query = repr(sorted(self.target.query.items()))
        path = with_words(self.target.path, old)
        method = self.interaction.method
        return method, self.target.host, path, with_words(query, old), with_words(body, old)

    def without_ids(self, masked: Masked) -> Hashable:
        """All of it, but for ids and dates."""
        query, body = masked.signature(self.target.query), masked.signature(self.content)
        return *self.operation, query, body

    @property
    def operation(self) -> tuple[str, str, str]:
        """What is asked, and of whom."""
        return self.interaction.method, self.target.host, self.shown_path


class Alignment:
    """The requests of an old recording, each to be taken once.

    By all of it, with what is known of ids; else by all but ids and dates; else by the operation.
    """

    def __init__(self, old: Sequence[Asked], unchanged: Unchanged) -> None:
        self._masked = Masked(unchanged)
        numbers: dict[Hashable, list[int]] = {}
        for number in range(len(old) - 1, -1, -1):
            asked = old[number]
            for key in (asked.exactly(), asked.without_ids(self._masked), asked.operation):
                numbers.setdefault(key, []).append(number)
        self._left = Left(len(old), numbers)

    def take(self, new: Asked, pairs: Pairs) -> int | None:
        """The number of the old interaction that was asked the same; None where none was."""
        return self._left.take(new.exactly(pairs.old_of), new.without_ids(self._masked))

    def take_like(self, new: Asked) -> int | None:
        """The number of the next old interaction that asked for the same operation."""
        return self._left.take(new.operation)

    def rest(self) -> list[int]:
        """The numbers of those that were not taken."""
        return self._left.rest()

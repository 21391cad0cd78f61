"""What data holds but for what does not count, as one hashable value: equal where that is equal."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from pytest_bill.cassettes.changes.unchanged import Unchanged
from pytest_bill.cassettes.changes.values import (
    date_form,
    is_date_name,
    is_epoch,
    is_id_name,
    may_be_id,
    taken_apart,
)
from pytest_bill.scrubbing.placeholders import is_placeholder

_ID, _EPOCH, _PLACEHOLDER = "(an id)", "(a time)", "(a placeholder)"


class Masked:
    """Signatures of parsed data. Each part is looked at once."""

    def __init__(self, unchanged: Unchanged) -> None:
        self._unchanged = unchanged
        self._known: dict[int, tuple[Any, int]] = {}

    def signature(self, node: Any, name: str = "") -> int:
        """The signature of data in a field of that name."""
        if isinstance(node, dict | list):
            known = self._known.get(id(node))
            if known is None:
                # With the node, which must live on: another one could get its identity.
                known = self._known[id(node)] = node, hash(self._of_container(node, name))
            return known[1]
        return hash(self._of_leaf(node, name))

    def _of_container(self, node: dict[str, Any] | list[Any], name: str) -> Hashable:
        if isinstance(node, list):
            parts = [self.signature(each, name) for each in node]
            return ("list", *(sorted(parts) if self._unchanged.list_order else parts))
        fields = self._unchanged.fields
        return frozenset(
            (key, None if key.lower() in fields else self.signature(value, key))
            for key, value in node.items()
        )

    def _of_leaf(self, node: Any, name: str) -> Hashable:
        if isinstance(node, str):
            return self.text(node, name)
        if self._unchanged.dates and is_date_name(name) and is_epoch(node):
            return _EPOCH
        if self._unchanged.ids and is_id_name(name) and isinstance(node, int):
            return _ID
        return type(node).__name__ == "bool", node

    def text(self, text: str, name: str = "") -> str:
        """A text without its ids and dates."""
        between, pieces = taken_apart(text)
        made = [between[0]]
        for piece, after in zip(pieces, between[1:], strict=True):
            made += [self._word(piece.text, name, is_date=piece.is_date), after]
        return "".join(made)

    def _word(self, word: str, name: str, *, is_date: bool) -> str:
        if is_date:
            return date_form(word) if self._unchanged.dates else word
        if is_placeholder(word):
            return _PLACEHOLDER
        return _ID if self._unchanged.ids and may_be_id(word, name) else word

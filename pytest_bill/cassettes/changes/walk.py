"""Walks through the data of an old and a new recording side by side, and tells what differs.

In answers, dates, ids and the order of lists do not count (``unchanged``); which new value goes
with which old one is learned. In requests all counts: what BILL told is known from its answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from pytest_bill.cassettes.changes.contents import parsed
from pytest_bill.cassettes.changes.masked import Masked
from pytest_bill.cassettes.changes.pairs import Pairs
from pytest_bill.cassettes.changes.unchanged import Unchanged
from pytest_bill.cassettes.changes.values import (
    Piece,
    are_numbered_placeholders,
    date_form,
    is_date_name,
    is_enum,
    is_epoch,
    is_id_name,
    is_opaque,
    may_be_id,
    taken_apart,
)

ANOTHER_RECORD = "is the id of another record"
_MOST_SHOWN = 40


class Need(NamedTuple):
    """A value of a request that is as before if BILL's answers say so, and what it is else."""

    new: str
    old: str
    line: str


class Walk:
    """One part of an interaction: ``place`` says which, as lines begin with it."""

    def __init__(
        self,
        place: str,
        pairs: Pairs,
        unchanged: Unchanged,
        is_known_enum: Callable[[str, str], bool],
    ) -> None:
        self.changes: list[str] = []
        self.needs: list[Need] = []
        self.met: list[tuple[str, str]] = []
        """Each pair of ids or dates, the new one first."""
        self._place = place
        self._pairs = pairs
        self._unchanged = unchanged
        self._is_known_enum = is_known_enum
        self._is_request = False
        self._masked = Masked(unchanged)

    def answer(self, old: Any, new: Any, path: str = "") -> None:
        """Compare what BILL answered."""
        self._is_request = False
        self._node(old, new, path, "")

    def request(self, old: Any, new: Any, path: str = "") -> None:
        """Compare what BILL was asked."""
        self._is_request = True
        self._node(old, new, path, "")

    def change(self, what: str) -> None:
        """Note a change of this part."""
        self.changes.append(f"{self._place}: {what}")

    def _node(self, old: Any, new: Any, path: str, name: str) -> None:
        if isinstance(old, str) and isinstance(new, str):
            self._text(old, new, path, name)
        elif isinstance(old, dict) and isinstance(new, dict):
            self._object(old, new, path)
        elif isinstance(old, list) and isinstance(new, list):
            self._list(old, new, path, name)
        elif type(old) is type(new) or (_is_number(old) and _is_number(new)):
            if old != new and not self._are_paired_numbers(old, new, name):
                self.change(self._value_changed(old, new, path, name))
        else:
            self.change(f"{_field(path)} is {_type(new)}, was {_type(old)}")

    def _object(self, old: dict[str, Any], new: dict[str, Any], path: str) -> None:
        begin = f"{path}." if path else ""
        for name in old:
            if name not in new:
                self.change(f"{self._what(begin + name)} is gone")
            elif self._is_request or name.lower() not in self._unchanged.fields:
                self._node(old[name], new[name], begin + name, name)
        for name in new:
            if name not in old:
                self.change(f"{self._what(begin + name)} added")

    def _list(self, old: list[Any], new: list[Any], path: str, name: str) -> None:
        if len(old) != len(new):
            self.change(f"{_field(path)} has {len(new)} entries, had {len(old)}")
        for left, right in self._together(old, new):
            self._node(left, right, f"{path}[]", name)

    def _together(self, old: list[Any], new: list[Any]) -> Iterator[tuple[Any, Any]]:
        """The entries of two lists that belong together."""
        is_free = self._unchanged.list_order and not self._is_request
        if not is_free or len(old) == len(new) == 1:
            yield from zip(old, new, strict=False)
            return
        yield from self._matched(old, new)

    def _matched(self, old: list[Any], new: list[Any]) -> Iterator[tuple[Any, Any]]:
        """By ids that are known, then by what they hold but for ids and dates, then in order."""
        numbers: dict[Any, list[int]] = {}
        for place in range(len(old) - 1, -1, -1):
            for key in (_id_of(old[place]), self._masked.signature(old[place])):
                numbers.setdefault(key, []).append(place)
        taken = bytearray(len(old))
        partner: list[int | None] = [None] * len(new)

        def take(place: int, key: Any) -> None:
            waiting = numbers.get(key, [])
            while waiting and taken[waiting[-1]]:
                waiting.pop()
            if waiting and partner[place] is None:
                partner[place] = number = waiting.pop()
                taken[number] = True

        pairs = self._pairs
        for place, each in enumerate(new):
            identity = _id_of(each)
            if identity is None:
                continue
            known = pairs.old_of.get(identity[1])
            if known is not None:
                take(place, _id_of({"id": known}))
            elif not pairs.is_paired(identity[1]):
                take(place, identity)
        for place, each in enumerate(new):
            if partner[place] is None:
                take(place, self._masked.signature(each))
        rest = iter([place for place in range(len(old)) if not taken[place]])
        for found, each in zip(partner, new, strict=True):
            number = next(rest, None) if found is None else found
            if number is not None:
                yield old[number], each

    def _text(self, old: str, new: str, path: str, name: str) -> None:
        left, right = parsed(old), parsed(new)
        if not (isinstance(left, str) or isinstance(right, str)):
            self._node(left, right, path, name)
            return
        apart, now = taken_apart(old), taken_apart(new)
        if apart.between != now.between:
            self.change(self._value_changed(old, new, path, name))
            return
        for one, other in zip(apart.pieces, now.pieces, strict=True):
            why = self._why_differs(one, other, name)
            if why is None:
                continue
            changed = f"{_field(path)} {why}" if why else self._value_changed(old, new, path, name)
            if not self._is_request or one == other:
                self.change(changed)
                return
            self.needs.append(Need(other.text, one.text, f"{self._place}: {changed}"))

    def _why_differs(self, old: Piece, new: Piece, name: str) -> str | None:
        """None where two pieces are as before; else in which way they are not, or nothing."""
        pairs, unchanged = self._pairs, self._unchanged
        if old == new:
            if old.is_date:
                if not self._is_request:
                    pairs.learn_date(new.text, old.text)
                self.met.append((new.text, old.text))
                return None
            if not unchanged.ids or not (new.text in pairs.old_of or may_be_id(new.text, name)):
                return None
            return self._why_not_paired(old, new)
        if self._is_request:
            self.met.append((new.text, old.text))
            is_known = pairs.go_together(new.text, old.text)
            if is_known or are_numbered_placeholders(old.text, new.text):
                return None
            return ""
        if old.is_date and new.is_date:
            if not unchanged.dates or date_form(old.text) != date_form(new.text):
                return ""
            pairs.learn_date(new.text, old.text)
            self.met.append((new.text, old.text))
            return None
        if are_numbered_placeholders(old.text, new.text):
            return self._why_not_paired(old, new)
        if unchanged.ids and all(may_be_id(each.text, name) for each in (old, new)):
            return self._why_not_paired(old, new)
        return ""

    def _why_not_paired(self, old: Piece, new: Piece) -> str | None:
        self.met.append((new.text, old.text))
        return None if self._pairs.learn(new.text, old.text) else ANOTHER_RECORD

    def _are_paired_numbers(self, old: Any, new: Any, name: str) -> bool:
        if self._is_request:
            if not self._pairs.go_together(str(new), str(old)):
                line = f"{self._place}: {self._value_changed(old, new, name, name)}"
                self.needs.append(Need(str(new), str(old), line))
            return True
        if is_date_name(name) and is_epoch(old) and is_epoch(new):
            self.met.append((str(new), str(old)))
            return self._unchanged.dates
        if is_id_name(name) and isinstance(old, int) and isinstance(new, int):
            self.met.append((str(new), str(old)))
            return self._unchanged.ids and self._pairs.learn(str(new), str(old))
        return False

    def _value_changed(self, old: Any, new: Any, path: str, name: str) -> str:
        field = _field(path)
        if isinstance(old, str) and isinstance(new, str):
            if is_enum(old) and is_enum(new) and len(new) <= _MOST_SHOWN:
                if not self._is_request and not self._is_known_enum(name, new):
                    return f"{field} has a new value: {new}"
                return f"{field} is {new}, was {old}"
            return f"{field} is another text"
        if isinstance(old, bytes):
            return f"{field} is another file, of {len(new)} bytes, was of {len(old)}"
        return f"{field} is {_shown(new)}, was {_shown(old)}"

    def _what(self, path: str) -> str:
        return f"{'request field' if self._is_request else 'field'} `{path}`"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _id_of(node: Any) -> tuple[str, str] | None:
    """The id of a record; not equal to any signature."""
    identity = node.get("id") if isinstance(node, dict) else node
    if isinstance(identity, str) and (isinstance(node, dict) or is_opaque(identity)):
        return "id", identity
    return None


def _field(path: str) -> str:
    return f"`{path}`" if path else "the body"


_TYPES: Sequence[tuple[type, str]] = (
    (bool, "a truth value"),
    (str, "a text"),
    (int, "a number"),
    (float, "a number"),
    (dict, "an object"),
    (list, "a list"),
    (bytes, "a file"),
)


def _type(value: Any) -> str:
    return next((name for of, name in _TYPES if isinstance(value, of)), "null")


def _shown(value: Any) -> str:
    text = {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
    return text if len(text) <= _MOST_SHOWN else "another value"

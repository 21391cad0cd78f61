"""Walks through the data of an old and a new recording side by side, and tells what differs.

In answers, dates, ids and the order of lists do not count (``unchanged``); which new value goes
with which old one is learned. In requests all counts: what BILL told is known from its answers.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any, NamedTuple

from pytest_bill.cassettes.changes.contents import parsed
from pytest_bill.cassettes.changes.left import Left
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
from pytest_bill.counted import counted

_NO_IDS = ((None, None),)
ANOTHER_RECORD = "is the id of another record"
_MOST_SHOWN = 40


NEW_VALUE = "has a new value: "
ABSENT = object()
"""Stands for the value of a field that is not there."""


class Change(NamedTuple):
    """What changed, in which field of which operation; without a field, in all of it."""

    place: str
    field: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.field} {self.what}" if self.field else self.whole

    @property
    def whole(self) -> str:
        """As a line where there is no field."""
        return f"{self.place}: {self.what}"


class ValueChange(Change):
    """A change of which the values are known; it equals each other one that says the same.

    ``path`` leads there, with a ``[]`` for each list; ``at`` are the numbers in the new ones. Of a
    list that has other entries, the values are the lists of those that it has no more, or more.
    """

    path: str = ""
    at: tuple[int, ...] = ()
    is_request: bool = False
    old: Any = ABSENT
    new: Any = ABSENT


class Need(NamedTuple):
    """A value of a request that is as before if BILL's answers say so, and what it is else."""

    new: str
    old: str
    change: Change


class Walk:
    """One interaction by its number; ``place`` says which it is, as lines begin with it."""

    def __init__(
        self,
        place: str,
        number: int,
        pairs: Pairs,
        unchanged: Unchanged,
        is_known_enum: Callable[[str, str], bool],
    ) -> None:
        self.changes: list[Change] = []
        self.needs: list[Need] = []
        self.met: list[tuple[str, str]] = []
        """Each pair of ids or dates, the new one first."""
        self._place = place
        self._number = number
        self._pairs = pairs
        self._unchanged = unchanged
        self._is_known_enum = is_known_enum
        self._is_request = False
        self._masked = Masked(unchanged)
        self._at: list[int] = []

    def answer(self, old: Any, new: Any, path: str = "") -> None:
        """Compare what BILL answered."""
        self._is_request = False
        self._node(old, new, path, "")

    def request(self, old: Any, new: Any, path: str = "") -> None:
        """Compare what BILL was asked."""
        self._is_request = True
        self._node(old, new, path, "")

    def change(self, field: str, what: str) -> None:
        """Note a change of a field, or of all of it where there is none."""
        self.changes.append(Change(self._place, field, what))

    def _changed(self, path: str, field: str, what: str, old: Any, new: Any) -> ValueChange:
        changed = ValueChange(self._place, field, what)
        changed.path, changed.at, changed.is_request = path, tuple(self._at), self._is_request
        changed.old, changed.new = old, new
        return changed

    def _node(self, old: Any, new: Any, path: str, name: str) -> None:
        if isinstance(old, str) and isinstance(new, str):
            self._text(old, new, path, name)
        elif isinstance(old, dict) and isinstance(new, dict):
            self._object(old, new, path)
        elif isinstance(old, list) and isinstance(new, list):
            self._list(old, new, path, name)
        elif type(old) is type(new) or (_is_number(old) and _is_number(new)):
            if old != new and not self._are_paired_numbers(old, new, path, name):
                what = self._value_changed(old, new, name)
                self.changes.append(self._changed(path, _field(path), what, old, new))
        else:
            what = f"is {_type(new)}, was {_type(old)}"
            self.changes.append(self._changed(path, _field(path), what, old, new))

    def _object(self, old: dict[str, Any], new: dict[str, Any], path: str) -> None:
        begin = f"{path}." if path else ""
        for name in old:
            if name not in new:
                self._miss(begin + name, "is gone", old[name], ABSENT)
            elif self._is_request or name.lower() not in self._unchanged.fields:
                self._node(old[name], new[name], begin + name, name)
        for name in new:
            if name not in old:
                self._miss(begin + name, "added", ABSENT, new[name])

    def _miss(self, path: str, what: str, old: Any, new: Any) -> None:
        self.changes.append(self._changed(path, self._what(path), what, old, new))

    def _list(self, old: list[Any], new: list[Any], path: str, name: str) -> None:
        together = list(self._together(old, new))
        if len(old) != len(new):
            what = f"has {counted(len(new), 'entry', 'entries')}, had {len(old)}"
            gone = _without(old, {left for left, _ in together})
            more = _without(new, {right for _, right in together})
            self.changes.append(self._changed(path, _field(path), what, gone, more))
        self._at.append(0)
        for left, right in together:
            self._at[-1] = right
            self._node(old[left], new[right], f"{path}[]", name)
        self._at.pop()

    def _together(self, old: list[Any], new: list[Any]) -> Iterator[tuple[int, int]]:
        """The numbers of the entries of two lists that belong together."""
        is_free = self._unchanged.list_order and not self._is_request
        if not is_free or len(old) == len(new) == 1:
            yield from zip(range(len(old)), range(len(new)), strict=False)
            return
        yield from self._matched(old, new)

    def _matched(self, old: list[Any], new: list[Any]) -> Iterator[tuple[int, int]]:
        """By ids that are known; by what they hold but for ids and dates; by the id; in order."""
        signature, pairs = self._masked.signature, self._pairs
        numbers: dict[Hashable, list[int]] = {}
        for place in range(len(old) - 1, -1, -1):
            each = old[place]
            identity, look = _id_of(each), signature(each)
            for key in ((identity, None), (identity, look), look):
                numbers.setdefault(key, []).append(place)
        left, partner = Left(len(old), numbers), dict[int, int]()
        keys = []
        # Of ids that were drawn anew, some may be those that other records had.
        are_kept = 2 * sum((_id_of(each), None) in numbers for each in new) >= len(new)
        for each in new:
            identity, look = _id_of(each), signature(each)
            known = pairs.old_of.get(identity) if identity is not None else None
            is_kept = are_kept and identity is not None and not pairs.is_paired(identity)
            own = identity if is_kept else None
            keys.append(((known, None), (own, look), look, (own, None)))
        for turn in range(4):
            for place, of_place in enumerate(keys):
                key = of_place[turn]
                if place not in partner and key not in _NO_IDS:
                    found = left.take(key)
                    if found is not None:
                        partner[place] = found
        rest = iter(left.rest())
        for place in range(len(new)):
            number = partner[place] if place in partner else next(rest, None)
            if number is not None:
                yield number, place

    def _text(self, old: str, new: str, path: str, name: str) -> None:
        left, right = parsed(old), parsed(new)
        if not (isinstance(left, str) or isinstance(right, str)):
            self._node(left, right, path, name)
            return
        apart, now = taken_apart(old), taken_apart(new)
        if apart.between != now.between:
            what = self._value_changed(old, new, name)
            self.changes.append(self._changed(path, _field(path), what, old, new))
            return
        for one, other in zip(apart.pieces, now.pieces, strict=True):
            why = self._why_differs(one, other, name)
            if why is None:
                continue
            what = why or self._value_changed(old, new, name)
            changed = self._changed(path, _field(path), what, old, new)
            if not self._is_request or one == other:
                self.changes.append(changed)
                return
            self.needs.append(Need(other.text, one.text, changed))

    def _why_differs(self, old: Piece, new: Piece, name: str) -> str | None:
        """None where two pieces are as before; else in which way they are not, or nothing."""
        unchanged = self._unchanged
        if are_numbered_placeholders(old.text, new.text):
            return self._why_not_paired(old.text, new.text)
        if self._is_request and old != new:
            self.met.append((new.text, old.text))
            return ""
        if old.is_date and new.is_date:
            if old != new and not (unchanged.dates and date_form(old.text) == date_form(new.text)):
                return ""
            self._meet_dates(old.text, new.text)
            return None
        is_known = old == new and new.text in self._pairs.old_of
        if unchanged.ids and (is_known or all(may_be_id(each.text, name) for each in (old, new))):
            return self._why_not_paired(old.text, new.text)
        return None if old == new else ""

    def _meet_dates(self, old: str, new: str) -> None:
        self.met.append((new, old))
        if not self._is_request:
            self._pairs.learn_date(new, old)
            self._pairs.tell(new, self._number)

    def _why_not_paired(self, old: str, new: str) -> str | None:
        self.met.append((new, old))
        if not self._is_request:
            self._pairs.tell(new, self._number)
        return None if self._pairs.learn(new, old) else ANOTHER_RECORD

    def _are_paired_numbers(self, old: Any, new: Any, path: str, name: str) -> bool:
        if self._is_request:
            what = self._value_changed(old, new, name)
            changed = self._changed(path, _field(path), what, old, new)
            self.needs.append(Need(str(new), str(old), changed))
            self.met.append((str(new), str(old)))
            return True
        if is_date_name(name) and is_epoch(old) and is_epoch(new):
            self.met.append((str(new), str(old)))
            return self._unchanged.dates
        if is_id_name(name) and isinstance(old, int) and isinstance(new, int):
            return self._unchanged.ids and self._why_not_paired(str(old), str(new)) is None
        return False

    def _value_changed(self, old: Any, new: Any, name: str) -> str:
        if isinstance(old, str) and isinstance(new, str):
            if is_enum(old) and is_enum(new) and len(new) <= _MOST_SHOWN:
                if not self._is_request and not self._is_known_enum(name, new):
                    return NEW_VALUE + new
                return f"is {new}, was {old}"
            return "is another text"
        if isinstance(old, bytes):
            return f"is another file, of {counted(len(new), 'byte')}, was of {len(old)}"
        return f"is {_shown(new)}, was {_shown(old)}"

    def _what(self, path: str) -> str:
        return f"{'request field' if self._is_request else 'field'} `{path}`"


def _without(entries: list[Any], numbers: set[int]) -> list[Any]:
    return [each for number, each in enumerate(entries) if number not in numbers]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _id_of(node: Any) -> str | None:
    """The id of a record, or the id that an entry is."""
    identity = node.get("id") if isinstance(node, dict) else node
    if isinstance(identity, str) and (isinstance(node, dict) or is_opaque(identity)):
        return identity
    return None


def _field(path: str) -> str:
    what, header, name = path.rpartition("header ")
    if header:
        return f"{what}header `{name}`"
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

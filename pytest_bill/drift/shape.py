"""What JSON looks like, without its values: which fields there are, and of which types.

One value's shape, or that of many at the same place: the items of a list, the answers of an
operation. Values, lengths of lists, ids and dates do not matter. Texts are kept, since some are of
a fixed set of words (``UNPAID``, ``DIRECT_DEPOSIT``): which those are is told where they are asked
for.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pytest_bill.patterns import late_pattern

NULL = "null"
_OF_TYPE: dict[type, str] = {
    type(None): NULL,
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    dict: "object",
    list: "array",
}
# An amount is 100 in one answer and 100.5 in the next.
_AS_COMPARED = {"integer": "number"}
_WORD = late_pattern(r"[A-Z]{2,}(_[A-Z0-9]+)*")
_LONGEST_WORD = 60
_MOST_WORDS = 20
# What people write, and what BILL numbers, is of no fixed set, though it may be in capitals.
_FREE_TEXT = late_pattern(
    r"(name|description|memo|notes?|number|text|message|title|subject|comments?|id|code|key)\Z",
    re.IGNORECASE,
)


@dataclass
class Shape:
    """What the values at one place look like."""

    types: Counter[str] = field(default_factory=Counter)
    """How many values of each type there are."""
    texts: Counter[str] = field(default_factory=Counter)
    fields: dict[str, Shape] = field(default_factory=dict)
    """Those of the objects."""
    items: Shape | None = None
    """Those of all lists; None where there is no list, or where all are empty."""

    @property
    def count(self) -> int:
        """How many values there are."""
        return self.types.total()

    def add(self, value: Any) -> None:
        """One more value, as ``json.loads`` gives it."""
        self.types[_OF_TYPE[type(value)]] += 1
        if isinstance(value, str):
            self.texts[value] += 1
        elif isinstance(value, dict):
            for name, each in value.items():
                self.fields.setdefault(name, Shape()).add(each)
        elif isinstance(value, list) and value:
            if self.items is None:
                self.items = Shape()
            for each in value:
                self.items.add(each)


def shape_of(value: Any) -> Shape:
    """The shape of one value."""
    shape = Shape()
    shape.add(value)
    return shape


def field_at(path: str, name: str) -> str:
    """The path of a field of the object at a path: ``results[].address.city``."""
    return f"{path}.{name}" if path else name


def items_at(path: str) -> str:
    """The path of the items of a list at a path."""
    return f"{path}[]"


class Change(NamedTuple):
    """How one place differs from what was recorded; ``is_known`` is false where it may differ."""

    path: str
    what: str
    is_known: bool = True

    def __str__(self) -> str:
        return f"field `{self.path}` {self.what}" if self.path else self.what


def changes(
    recorded: Shape, live: Shape, is_data: Callable[[str], bool], path: str = "", name: str = ""
) -> Iterator[Change]:
    """What differs in what is answered now.

    ``is_data`` says of a field's name whether people's data stands there, which is no word of
    BILL's and is not shown. What was, or is, only sometimes null counts as before, and so does an
    item more or less: only where no value has a type any more, or one has a new type, that is told.
    """
    before, now = _types_of(recorded), _types_of(live)
    if now - before - {NULL} or not now & before:
        yield Change(path, f"was {_named(before)}, is {_named(now)}")
    yield from _of_fields(recorded, live, is_data, path)
    if recorded.items is not None and live.items is not None:
        yield from changes(recorded.items, live.items, is_data, items_at(path), name)
    elif recorded.items is not None and "array" in now:
        yield Change(items_at(path), "was not compared: the list is empty now", is_known=False)
    if not is_data(name) and not _FREE_TEXT.search(name):
        yield from _of_words(recorded, live, path)


def _of_fields(
    recorded: Shape, live: Shape, is_data: Callable[[str], bool], path: str
) -> Iterator[Change]:
    before, now = recorded.types["object"], live.types["object"]
    if not (before and now):
        return
    for name in (*recorded.fields, *(each for each in live.fields if each not in recorded.fields)):
        place = field_at(path, name)
        was, is_ = recorded.fields.get(name), live.fields.get(name)
        if was is None and is_ is not None:
            yield Change(place, f"is new{_some_of(is_.count, now, 'it is')}")
        elif is_ is None and was is not None:
            yield Change(place, f"is gone{_some_of(was.count, before, 'it was')}")
        elif was is not None and is_ is not None:
            yield from changes(was, is_, is_data, place, name)


def _some_of(count: int, whole: int, there: str) -> str:
    return f" ({there} in {count} of {whole})" if count < whole else ""


def _of_words(recorded: Shape, live: Shape, path: str) -> Iterator[Change]:
    """Words that were not recorded, of what seems to be a fixed set."""
    if not recorded.texts or not _are_words({*recorded.texts, *live.texts}):
        return
    new = sorted(set(live.texts) - set(recorded.texts))
    if new:
        known = ", ".join(sorted(recorded.texts))
        yield Change(path, f"has the new value {', '.join(new)} (was {known})")


def _are_words(texts: set[str]) -> bool:
    return len(texts) <= _MOST_WORDS and all(
        len(text) <= _LONGEST_WORD and _WORD.fullmatch(text) for text in texts
    )


def _types_of(shape: Shape) -> set[str]:
    return {_AS_COMPARED.get(each, each) for each in shape.types}


def _named(types: set[str]) -> str:
    """``null|number``, always in one order."""
    return "|".join(sorted(types)) or "nothing"

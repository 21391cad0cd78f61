"""What differs between cassettes, in words, with both values; and the same for JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from pytest_bill.cassettes.changes.walk import ABSENT
from pytest_bill.cassettes.differences import cut_alike
from pytest_bill.printable import printable
from pytest_bill.viewing.content import binary
from pytest_bill.viewing.differing import Changed, Difference, FileDifference, Single

Paint = Callable[..., str]
"""Gives a text in colour, or as it is."""
_LONGEST = 200
_GONE, _ADDED = "red", "green"


def lines_of(differing: Sequence[FileDifference], compared: int, paint: Paint) -> Iterator[str]:
    """All of it, and a last line that adds up; so many cassettes were ``compared``."""
    for file in differing:
        yield from _file_lines(file, paint)
        yield ""
    if not differing:
        yield f"{_counted(compared, 'cassette')} compared: nothing differs"
        return
    counts = [sum(map(len, each)) for each in zip(*map(_of_each_kind, differing), strict=True)]
    told = ", ".join(
        f"{count} {what}"
        for count, what in zip(counts, ("changed", "gone", "added"), strict=True)
        if count
    )
    some = f" (interactions: {told})" if told else ""
    differ = "1 differs" if len(differing) == 1 else f"{len(differing)} differ"
    yield f"{_counted(compared, 'cassette')} compared: {differ}{some}"


def as_data(differing: Sequence[FileDifference]) -> list[dict[str, Any]]:
    """All of it for JSON."""
    return [
        {
            "file": file.name,
            "only_in": file.only_in or None,
            "changed": [
                {
                    "old": each.old,
                    "new": each.new,
                    "operation": each.operation,
                    "differences": list(map(_difference_as_data, each.differences)),
                }
                for each in file.changed
            ],
            "gone": [each._asdict() for each in file.gone],
            "added": [each._asdict() for each in file.added],
            "metadata": file.metadata,
        }
        for file in differing
    ]


def _of_each_kind(file: FileDifference) -> tuple[Sequence[Any], ...]:
    return file.changed, file.gone, file.added


def _file_lines(file: FileDifference, paint: Paint) -> Iterator[str]:
    only = f": only in the {file.only_in} one" if file.only_in else ""
    yield paint(printable(file.name) + only, "bold")
    for each in file.changed:
        yield from _changed_lines(each, paint)
    for mark, singles, colour in (("-", file.gone, _GONE), ("+", file.added, _ADDED)):
        for single in singles:
            yield paint(f"  {mark} {_single(single)}", colour)
    yield from (printable(f"  {each}") for each in file.metadata)


def _changed_lines(changed: Changed, paint: Paint) -> Iterator[str]:
    was = f" (was #{changed.old})" if changed.old != changed.new else ""
    yield printable(f"  #{changed.new}{was} {changed.operation}")
    for each in changed.differences:
        yield from _difference_lines(each, paint)


def _difference_lines(difference: Difference, paint: Paint) -> Iterator[str]:
    where = f"{difference.part} {difference.path or 'body'}" if difference.part else ""
    has_values = not (difference.old is ABSENT and difference.new is ABSENT)
    told = " ".join(filter(None, (where, _word(difference)))) if where else difference.what
    yield printable(f"    {told}")
    if not has_values:
        return
    old, new = cut_alike(value_text(difference.old), value_text(difference.new), _LONGEST)
    if difference.old is not ABSENT and difference.old != []:
        yield paint(f"      - {old}", _GONE)
    if difference.new is not ABSENT and difference.new != []:
        yield paint(f"      + {new}", _ADDED)


def _word(difference: Difference) -> str:
    """What is said beside the values: of most of them these say all."""
    if isinstance(difference.old, list) and isinstance(difference.new, list):
        return difference.what
    if ABSENT in (difference.old, difference.new):
        return difference.what
    return ""


def value_text(value: Any) -> str:
    """A value of a difference in one line, as JSON; empty for one that is not there."""
    if value is ABSENT:
        return ""
    if isinstance(value, bytes):
        return binary(value, "")
    return printable(json.dumps(value, ensure_ascii=False, default=_as_binary))


def _as_binary(value: Any) -> str:
    return binary(value, "") if isinstance(value, bytes) else str(value)


def _single(single: Single) -> str:
    return printable(f"#{single.number} {single.operation} ({single.outcome})")


def _difference_as_data(difference: Difference) -> dict[str, Any]:
    data: dict[str, Any] = {
        "part": difference.part or None,
        "path": difference.path or None,
        "what": difference.what,
    }
    for name in ("old", "new"):
        value = getattr(difference, name)
        if value is not ABSENT:
            data[name] = _as_binary(value) if isinstance(value, bytes) else value
    return data


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}" + ("" if count == 1 else "s")

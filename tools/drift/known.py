"""``known.tsv``: the differences that are known, since when, and why they are left.

A row has a day, a resource (``Key.resource``), a place, a verdict, names separated by commas, and
the reason. The name of a field is its path within a record, such as ``address.city``, wherever the
record stands: in a list, in the body of several. What is below it goes with it. The resource
``/api/v2/*`` is each of v2.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from tools.drift.comparing import Difference
from tools.drift.shapes import ITEM

FILE = Path(__file__).parent / "known.tsv"
NO_REASON = "?"
"""What stands in the place of a reason until somebody has found it."""
_EACH = "/*"
"""What the name of a row's resource ends with that stands for all below it."""
_COLUMNS = 6
_COMMENT = "#"
_AROUND_RECORDS = frozenset({"data", "obj", "bulk", "response_data", "results"})
"""Names that records stand below, in lists and in v2."""
_WHOLE = "(whole)"
"""The name of what has none: a whole body, a status."""


class BadRow(Exception):
    """A row that cannot be read; the message says which, and how it should be."""


@dataclass(frozen=True, order=True)
class Known:
    """One row."""

    resource: str
    place: str
    what: str
    names: tuple[str, ...]
    since: str
    reason: str

    def covers(self, difference: Difference) -> bool:
        """Whether the difference is one of this row's."""
        if (difference.place, difference.what) != (self.place, self.what):
            return False
        resource = difference.operation.resource
        is_about = resource == self.resource or (
            self.resource.endswith(_EACH) and resource.startswith(self.resource.removesuffix("*"))
        )
        return is_about and bool(self.used(difference))

    def used(self, difference: Difference) -> set[str]:
        """Which of its names a difference has."""
        path = f".{_path(difference)}."
        return {each for each in self.names if f".{each}." in path}

    def row(self) -> str:
        """The row, as the file has it."""
        names = ", ".join(self.names)
        return "\t".join((self.since, self.resource, self.place, self.what, names, self.reason))


def read(file: Path = FILE) -> list[Known]:
    """The rows of a file.

    Raises:
        BadRow: one has not its columns, or no reason.
    """
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return [
        _known(line, f"{file.name}:{number}")
        for number, line in enumerate(lines, 1)
        if line and not line.startswith(_COMMENT)
    ]


def _known(line: str, place: str) -> Known:
    cells = line.split("\t")
    if len(cells) != _COLUMNS or not all(cells):
        raise BadRow(
            f"{place} has not {_COLUMNS} columns: day, resource, place, what, names, reason."
        )
    since, resource, where, what, names, reason = cells
    if reason == NO_REASON:
        raise BadRow(f"{place} has no reason.\nSay why the difference is left, or mend it.")
    return Known(resource, where, what, tuple(names.split(", ")), since, reason)


def unknown(found: Iterable[Difference], known: Iterable[Known]) -> list[Difference]:
    """Those that no row covers."""
    rows = list(known)
    return [each for each in found if not any(row.covers(each) for row in rows)]


def unused(found: Iterable[Difference], known: Iterable[Known]) -> Iterator[tuple[Known, str]]:
    """Names that nothing of what was found has any more, with their rows."""
    rows = list(known)
    left = {(row, name) for row in rows for name in row.names}
    for difference in found:
        for row in rows:
            if row.covers(difference):
                left -= {(row, name) for name in row.used(difference)}
    yield from sorted(left)


def proposed(new: Iterable[Difference], day: str) -> list[Known]:
    """Rows for what is new, without reasons."""

    def kind(difference: Difference) -> tuple[str, str, str]:
        return difference.operation.resource, difference.place, difference.what

    rows = []
    for (resource, place, what), group in groupby(sorted(new, key=kind), key=kind):
        members = list(group)
        paths = {_path(each) for each in members}
        names = {each for each in paths if not _is_below(each, paths)}
        rows.append(Known(resource, place, what, tuple(sorted(names)), day, NO_REASON))
    return rows


def _is_below(path: str, paths: set[str]) -> bool:
    """Whether it goes with another one."""
    return any(path != each and f".{each}." in f".{path}." for each in paths)


def _path(difference: Difference) -> str:
    """The path of a field within its record, or the name that something else has."""
    if difference.place not in {"body", "answer", "refusal"}:
        return difference.name or _WHOLE
    parts = [each for each in difference.name.replace(ITEM, "").split(".") if each]
    while parts and parts[0] in _AROUND_RECORDS:
        del parts[0]
    return ".".join(parts) or _WHOLE

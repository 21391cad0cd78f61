"""Replacing the secrets that a search finds: where they stand, and what is encoded again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_bill.patterns import late_pattern
from pytest_bill.scrubbing.search.archives import all_rewritten
from pytest_bill.scrubbing.search.base64 import (
    Run,
    all_meant,
    base64_runs,
    readings_of,
    splits_of,
)
from pytest_bill.scrubbing.search.budget import DEEPEST, UNSEARCHABLE, Level
from pytest_bill.scrubbing.search.containers import Container, all_containers_in, level_within
from pytest_bill.scrubbing.search.views import View

if TYPE_CHECKING:
    from pytest_bill.scrubbing.search.search import Search


_MOST_ROUNDS = 8
_LONGEST_NAME = 256
_IN_QUERY = late_pattern(rb"[?&][^\s?&#\"'<>]*+\Z")
_DOUBLED = b'""'


@dataclass(frozen=True)
class _Replacement:
    """What is replaced, within what belongs together."""

    first: int
    last: int
    start: int
    end: int
    new: bytes
    size: int
    is_likely: bool = True

    @property
    def weight(self) -> tuple[bool, int, int]:
        """Of two that overlap, the one with the greater weight is made.

        That is the longer secret or container; of the same, the reading that spans more: it leaves
        no half of an escape.
        """
        return self.is_likely, self.size, self.last - self.first


class Replacer:
    """Replaces in data what a search finds there."""

    def __init__(self, search: Search) -> None:
        self._search = search

    def replaced(self, data: bytes, at: Level) -> bytes:
        """The data with each secret replaced.

        Raises:
            TooMuch: that is more work than there is a budget for.
        """
        found = self._search.first_in(data, at)
        for _ in range(_MOST_ROUNDS):
            if found is None:
                return data
            data = _with_replacements(data, list(self._replacements(data, at)))
            found = self._search.first_in(data, at)
        # Nothing may be left: rather nothing but the placeholder.
        return data if found is None else found.encode()

    def _replacements(self, data: bytes, at: Level) -> Iterator[_Replacement]:
        # Signs of equality before line breaks and digits are no escapes elsewhere.
        is_quoted_printable = b"quoted-printable" in data.lower()
        for view in self._search.views_of(data, at):
            for start, end, form in self._search.unencoded_in(view.data):
                source = view.source(*_without_quotes_around(view, start, end))
                yield _Replacement(*source, *source, form.replacement, size=len(form.written))
            if at.depth >= DEEPEST or view.is_form:
                continue
            for container, found in self._containers_with_secret(view.data, at):
                if found == UNSEARCHABLE or container.plain is None:
                    new = UNSEARCHABLE.encode()
                else:
                    inner = self.replaced(container.plain, level_within(container, at))
                    new = container.encode(inner)
                    if view.parent is not None and not new.isascii():
                        new = found.encode()
                likely = container.is_likely and view.times_quoted <= is_quoted_printable
                yield _replacement_in(view, container, new, likely)
            if view.parent is None and at.depth < DEEPEST:
                yield from self._of_archives(view, at)

    def _of_archives(self, view: View, at: Level) -> Iterator[_Replacement]:
        """The replacements of whole archives, whatever in them is replaced."""
        within = at.deeper()
        again = all_rewritten(view.data, lambda part: self.replaced(part, within), at.budget)
        for start, end, new in again:
            if new != view.data[start:end]:
                yield _replacement_in(view, Container(start, end, b"", bytes), new, True)

    def _containers_with_secret(self, data: bytes, at: Level) -> Iterator[tuple[Container, str]]:
        for container in all_containers_in(data, at):
            if container.plain is None:
                yield container, UNSEARCHABLE
                continue
            found = self._search.first_in(container.plain, level_within(container, at))
            if found is not None:
                yield container, found
        if self._search.first_in_base64(data, at) is None:
            return
        for run in self._runs_with_secret(base64_runs(data), at):
            for things in splits_of(run):
                hits = list(self._readings_with_secret(things, at))
                yield from hits
                if hits:
                    break

    def _readings_with_secret(
        self, things: Sequence[Run], at: Level
    ) -> Iterator[tuple[Container, str]]:
        for run in self._runs_with_secret(things, at):
            for reading in readings_of(run):
                found = self._search.first_in(reading.plain or b"", level_within(reading, at))
                if found is not None:
                    yield reading, found
                    break

    def _runs_with_secret(self, runs: Sequence[Run], at: Level) -> Iterator[Run]:
        """The runs that hold a secret, found by halving: most hold none."""
        if not runs or self._search.first_in(all_meant(runs, at), at.deeper()) is None:
            return
        if len(runs) == 1:
            yield runs[0]
            return
        middle = len(runs) // 2
        yield from self._runs_with_secret(runs[:middle], at)
        yield from self._runs_with_secret(runs[middle:], at)


def _replacement_in(view: View, container: Container, new: bytes, is_likely: bool) -> _Replacement:
    """The replacement of a container, without what stays the same at both of its ends."""
    start, end = container.start, container.end
    extent = view.source(start, end)
    old = view.data[start:end]
    same = _common_length(old, new)
    same_end = _common_length(old[same:][::-1], new[same:][::-1])
    start, end = start + same, end - same_end
    text = view.quote(new[same : len(new) - same_end])
    if view.parent is None and _IN_QUERY.search(
        view.data, max(0, extent[0] - _LONGEST_NAME), extent[0]
    ):
        text = _for_query(text, old)
    if start == end:
        at = view.source(start, start + 1)[0] if start < len(view.data) else extent[1]
        source = at, at
    else:
        source = view.source(start, end)
    return _Replacement(*extent, *source, text, extent[1] - extent[0], is_likely)


def _for_query(text: bytes, old: bytes) -> bytes:
    """Base64 for a query or a form, where a plus sign is a space, unless it was written so."""
    for sign, quoted in ((b"+", b"%2B"), (b"=", b"%3D")):
        if sign not in old and b"\0" not in old:
            text = text.replace(sign, quoted)
    return text


def _common_length(one: bytes, other: bytes) -> int:
    shorter = min(len(one), len(other))
    if one[:shorter] == other[:shorter]:
        return shorter
    low, high = 0, shorter  # the first ``low`` are the same, the first ``high`` are not
    while high - low > 1:
        middle = (low + high) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle
    return low


def _with_replacements(data: bytes, replacements: list[_Replacement]) -> bytes:
    """The data with stretches replaced; of two that overlap, the likelier, longer one wins."""
    kept: list[_Replacement] = []
    for each in sorted(replacements, key=lambda each: (each.first, -each.last)):
        if kept and each.first < kept[-1].last:
            if each.weight > kept[-1].weight:
                kept[-1] = each
            continue
        kept.append(each)
    out: list[bytes] = []
    position = 0
    for each in kept:
        out += (data[position : each.start], each.new)
        position = each.end
    out.append(data[position:])
    return b"".join(out)


def _without_quotes_around(view: View, start: int, end: int) -> tuple[int, int]:
    """A place without a quote that is no half of a doubled one, but of the grammar around it.

    Those that are doubled, as in CSV, are written alike: ``\\"\\"``, and not ``"\\"``.
    """
    if view.parent is None:
        return start, end
    if view.data.startswith(_DOUBLED, start) and not _is_written_alike(view, start):
        start += 1
    if view.data.endswith(_DOUBLED, start, end) and not _is_written_alike(view, end - 2):
        end -= 1
    return start, end


def _is_written_alike(view: View, at: int) -> bool:
    one, other = view.source(at, at + 1), view.source(at + 1, at + 2)
    data = view.root.data
    return data[slice(*one)] == data[slice(*other)]

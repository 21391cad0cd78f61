"""Finding and replacing secrets in data, however they are encoded there.

The common case is one fast substring search for each secret. Only where the data has escapes,
base64 or packed bytes are these decoded, nested ones too, and searched the same way.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pytest_bill.scrubbing import escapes
from pytest_bill.scrubbing.containers import (
    Container,
    Run,
    all_decoded,
    base64_runs,
    containers_in,
    readings,
    ways,
)
from pytest_bill.scrubbing.packed import whole_streams

UNSEARCHABLE = "PLACEHOLDER_UNSEARCHABLE"
"""Stands for what cannot be searched: packed bytes that grow beyond all measure."""

_DEEPEST = 12
_MOST_ROUNDS = 8
_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")


@dataclass(frozen=True)
class _Form:
    written: bytes
    placeholder: str
    replacement: bytes
    # Where the form stands in placeholders: there it is not the secret.
    within: tuple[tuple[bytes, int], ...]


class Search:
    """Searches for some secrets, each with its placeholder."""

    def __init__(self, placeholder_of: Mapping[str, str]) -> None:
        names = [name.encode() for name in placeholder_of.values()]
        forms: dict[bytes, _Form] = {}
        for value, placeholder in placeholder_of.items():
            for written, encoding in _written(value):
                within = [(name, name.find(written)) for name in names if written in name]
                form = _Form(written, placeholder, placeholder.encode(encoding), tuple(within))
                forms.setdefault(written, form)
        self._forms = [form for form in forms.values() if b"\0" not in form.written]
        self._wide_forms = [form for form in forms.values() if b"\0" in form.written]
        syntaxes = list(escapes.ALWAYS)
        if any(" " in value for value in placeholder_of):
            syntaxes.append(escapes.FORM)
        if not all(value.isascii() for value in placeholder_of):
            syntaxes += escapes.NOT_ASCII
        self._syntaxes = tuple(syntaxes)
        # NUL is ASCII, too.
        markers = {syntax.marker[:1] for syntax in syntaxes if syntax.marker} | {b"\0"}
        self._markers = re.compile(b"[" + b"".join(map(re.escape, sorted(markers))) + b"]")
        # A character may take a dozen bytes where several escapes are nested.
        longest = max(map(len, placeholder_of), default=0)
        letters = b"".join(form.written for form in self._forms)
        stripped = (form.written.replace(b"\0", b"") for form in self._wide_forms)
        self._wide_written = list(dict.fromkeys(stripped))
        reach = max(1024, 32 * longest)
        begins = [syntax.marker[:1] for syntax in syntaxes if syntax.marker]
        if escapes.STRAY in syntaxes:
            begins += [bytes((byte,)) for byte in sorted(set(letters)) if byte > 127]
        self._stretches = escapes.Stretches(letters, begins, reach)

    def __repr__(self) -> str:
        return f"<Search for {len(self._forms)} forms>"

    def find(self, data: bytes) -> str | None:
        """The placeholder of a secret that the data holds, or None."""
        return self._first(data, 0)

    def replace(self, data: bytes) -> bytes:
        """The data with each secret replaced; what is encoded is encoded again."""
        return self._replaced(data, 0)

    def _first(self, data: bytes, depth: int) -> str | None:
        for form in self._forms:
            if form.written in data and (hit := next(_places(form, data), None)):
                return hit[2].placeholder
        plain = data.isascii()
        if (not plain or b"\0" in data) and (hit := next(self._raw(data), None)):
            return hit[2].placeholder
        if depth == _DEEPEST:
            return None
        done: set[bytes] = set()
        found = self._first_within(data, depth, done)
        if found is not None or (plain and not self._markers.search(data)):
            return found
        for view in self._views(data):
            if view.parent is None:
                continue
            if (hit := next(self._raw(view.data), None)) is not None:
                return hit[2].placeholder
            # Nobody's base64 has spaces for its plus signs.
            found = None if view.is_form else self._first_within(view.data, depth, done)
            if found is not None:
                return found
        return None

    def _first_within(self, data: bytes, depth: int, done: set[bytes]) -> str | None:
        """The first secret in what the containers in the data hold."""
        runs = base64_runs(data)
        if runs:
            inner = all_decoded(runs)
            if inner not in done:
                done.add(inner)
                if (found := self._first(inner, depth + 1)) is not None:
                    return found
        if data.isascii() and b"\0" not in data:
            return None
        for container in _containers(data, depth):
            if container.plain is None:
                return UNSEARCHABLE
            if (found := self._first(container.plain, depth + 1)) is not None:
                return found
        return None

    def _views(self, data: bytes) -> Iterator[escapes.View]:
        return escapes.views_of(data, self._syntaxes, self._stretches)

    def _replaced(self, data: bytes, depth: int) -> bytes:
        found = self._first(data, depth)
        for _ in range(_MOST_ROUNDS):
            if found is None:
                return data
            data = _with(data, list(self._replacements(data, depth)))
            found = self._first(data, depth)
        # Nothing may be left: rather nothing but the placeholder.
        return data if found is None else found.encode()

    def _replacements(self, data: bytes, depth: int) -> Iterator[_Replacement]:
        # Signs of equality before line breaks and digits are no escapes elsewhere.
        is_quoted_printable = b"quoted-printable" in data.lower()
        for view in self._views(data):
            for start, end, form in self._raw(view.data):
                source = view.source(start, end)
                yield _Replacement(*source, *source, form.replacement, size=len(form.written))
            if depth == _DEEPEST or view.is_form:
                continue
            for container, found in self._hit_containers(view.data, depth):
                if found == UNSEARCHABLE or container.plain is None:
                    new = UNSEARCHABLE.encode()
                else:
                    new = container.encode(self._replaced(container.plain, depth + 1))
                    if view.parent is not None and not new.isascii():
                        new = found.encode()
                likely = container.is_likely and view.times_quoted <= is_quoted_printable
                yield _replacement_in(view, container, new, likely)

    def _hit_containers(self, data: bytes, depth: int) -> Iterator[tuple[Container, str]]:
        for container in _containers(data, depth):
            if container.plain is None:
                yield container, UNSEARCHABLE
                continue
            found = self._first(container.plain, depth + 1)
            if found is not None:
                yield container, found
        for run in self._hit_runs(base64_runs(data), depth):
            for things in ways(run):
                hits = list(self._hit_readings(things, depth))
                yield from hits
                if hits:
                    break

    def _hit_readings(self, things: Sequence[Run], depth: int) -> Iterator[tuple[Container, str]]:
        for run in self._hit_runs(things, depth):
            for reading in readings(run):
                found = self._first(reading.plain or b"", depth + 1)
                if found is not None:
                    yield reading, found
                    break

    def _hit_runs(self, runs: Sequence[Run], depth: int) -> Iterator[Run]:
        """The runs that hold a secret, found by halving: most hold none."""
        if not runs or self._first(all_decoded(runs), depth + 1) is None:
            return
        if len(runs) == 1:
            yield runs[0]
            return
        middle = len(runs) // 2
        yield from self._hit_runs(runs[:middle], depth)
        yield from self._hit_runs(runs[middle:], depth)

    def _raw(self, data: bytes) -> Iterator[tuple[int, int, _Form]]:
        """Every place where a secret stands unencoded."""
        for form in self._forms:
            if form.written in data:
                yield from _places(form, data)
        if self._wide_forms and b"\0" in data:
            # First without the zeros: one search for four encodings.
            stripped = data.replace(b"\0", b"")
            if not any(written in stripped for written in self._wide_written):
                return
            for form in self._wide_forms:
                if form.written in data:
                    yield from _places(form, data)


def _written(value: str) -> Iterator[tuple[bytes, str]]:
    """A secret in each encoding of characters, with that encoding's name."""
    values = [value]
    if not value.isascii():
        values += [unicodedata.normalize(form, value) for form in ("NFC", "NFD")]
    for each in values:
        yield each.encode("utf-8", "surrogatepass"), "utf-8"
        for encoding in _WIDE:
            yield each.encode(encoding, "surrogatepass"), encoding
        if not each.isascii():
            for encoding in ("latin-1", "cp1252"):
                try:
                    yield each.encode(encoding), "ascii"
                except UnicodeEncodeError:
                    continue


def _places(form: _Form, data: bytes) -> Iterator[tuple[int, int, _Form]]:
    start = data.find(form.written)
    while start >= 0:
        end = start + len(form.written)
        if not any(
            data.startswith(name, start - offset) for name, offset in form.within if offset <= start
        ):
            yield start, end, form
        start = data.find(form.written, end)


def _containers(data: bytes, depth: int) -> Iterator[Container]:
    # First, because of two that span the same the first is replaced: brotli may store a wide text
    # as it is.
    if depth == 0 and not data.isascii():
        for stream, is_whole in whole_streams(data):
            yield Container(stream.start, stream.end, stream.plain, stream.pack, is_whole)
    yield from containers_in(data)


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


def _replacement_in(
    view: escapes.View, container: Container, new: bytes, is_likely: bool
) -> _Replacement:
    """The replacement of a container, without what stays the same at both of its ends."""
    start, end = container.start, container.end
    extent = view.source(start, end)
    old = view.data[start:end]
    same = _common(old, new)
    same_end = _common(old[same:][::-1], new[same:][::-1])
    start, end = start + same, end - same_end
    text = view.quote(new[same : len(new) - same_end])
    if view.parent is None and _IN_QUERY.search(view.data, max(0, extent[0] - _NAME), extent[0]):
        text = _for_query(text, old)
    if start == end:
        at = view.source(start, start + 1)[0] if start < len(view.data) else extent[1]
        source = at, at
    else:
        source = view.source(start, end)
    return _Replacement(*extent, *source, text, extent[1] - extent[0], is_likely)


_NAME = 256
_IN_QUERY = re.compile(rb"[?&][^\s?&#\"'<>]*+\Z")


def _for_query(text: bytes, old: bytes) -> bytes:
    """Base64 for a query or a form, where a plus sign is a space, unless it was written so."""
    for sign, quoted in ((b"+", b"%2B"), (b"=", b"%3D")):
        if sign not in old and b"\0" not in old:
            text = text.replace(sign, quoted)
    return text


def _common(one: bytes, other: bytes) -> int:
    shorter = min(len(one), len(other))
    if one[:shorter] == other[:shorter]:
        return shorter
    low, high = 0, shorter  # the first `low` are the same, the first `high` are not
    while high - low > 1:
        middle = (low + high) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle
    return low


def _with(data: bytes, replacements: list[_Replacement]) -> bytes:
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

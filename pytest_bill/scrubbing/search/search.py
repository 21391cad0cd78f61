"""Finding and replacing secrets in data, however they are encoded there.

The common case is one fast substring search for each secret. Only where the data has escapes,
base64 or packed bytes are these decoded, nested ones too, and searched the same way.
"""

from __future__ import annotations

import codecs
import re
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pytest_bill.scrubbing.search import escapes
from pytest_bill.scrubbing.search.archives import all_rewritten
from pytest_bill.scrubbing.search.budget import Budget, Level, TooMuch, key_of
from pytest_bill.scrubbing.search.containers import (
    Container,
    Run,
    all_decoded,
    base64_runs,
    containers_in,
    inflated,
    may_hold_containers,
    readings,
    ways,
)
from pytest_bill.scrubbing.search.known_clean import KnownClean, decoded
from pytest_bill.scrubbing.search.literals import Literals
from pytest_bill.scrubbing.search.packed import deflate, whole_deflate, whole_streams

UNSEARCHABLE = "PLACEHOLDER_UNSEARCHABLE"
"""Stands for what cannot be searched: packed bytes that grow beyond all measure."""

_DEEPEST = 12
_SHORT = 8192
_FOR_EACH_SEARCH = 512
_MOST_ROUNDS = 8
_TIMES_REPLACING = 8
"""What replacing may do is so many times what finding may."""
_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_NARROW = ("latin-1", "cp1252")
for _encoding in (*_WIDE, *_NARROW):
    # Loaded now: pytest --debug writes down each import, which is searched before it is written.
    codecs.lookup(_encoding)


@dataclass(frozen=True, repr=False)
class _Form:
    written: bytes
    placeholder: str
    replacement: bytes


class Search:
    """Searches for some secrets, each with its placeholder; more may be added at any time."""

    def __init__(self, placeholder_of: Mapping[str, str] | None = None) -> None:
        self._names = _Names()
        self._forms, self._loose_forms = _Forms(self._names), _Forms(self._names)
        self._loose_signs: tuple[bytes, ...] = ()
        self._spaced_literals = Literals()
        self._known_clean = KnownClean()
        self._letters: frozenset[int] = frozenset()
        self._shortest = sys.maxsize
        self._longest = 0
        self._has_spaces = self._has_others = False  # other characters than ASCII's
        self._prepare()
        for value, placeholder in (placeholder_of or {}).items():
            self.add(value, placeholder)

    def __repr__(self) -> str:
        return f"<Search for {len(self._forms)} forms>"

    def add(self, value: str, placeholder: str) -> None:
        """Search for this secret from now on, too."""
        self._names.add(placeholder.encode())
        letters = set(self._letters)
        for written, encoding in _written(value):
            form = _Form(written, placeholder, placeholder.encode(encoding))
            if self._forms.add(form) and b"\0" not in written:
                if b" " in written:
                    self._spaced_literals.add(written)
                letters.update(written)
        if is_user_name(value, placeholder):
            letters.update(self._add_in_any_case(value, placeholder))
        known = self._letters, self._longest, self._has_spaces, self._has_others
        self._letters = frozenset(letters)
        self._longest = max(self._longest, len(value))
        self._has_spaces = self._has_spaces or " " in value
        self._has_others = self._has_others or not value.isascii()
        if known != (self._letters, self._longest, self._has_spaces, self._has_others):
            self._prepare()
        # What was clean may be this one. Last, because another thread may be searching without.
        self._shortest = min(self._shortest, len(value))
        self._known_clean = KnownClean(self._shortest)

    def _add_in_any_case(self, value: str, placeholder: str) -> bytes:
        """Search for a value in upper and lower case; gives the letters that it is written with."""
        letters = b""
        for each in dict.fromkeys((value, value.lower(), value.upper())):
            for written, encoding in _written(each):
                lowered = written.lower()
                self._loose_forms.add(_Form(lowered, placeholder, placeholder.encode(encoding)))
                letters += lowered + lowered.upper() if b"\0" not in written else b""
        sign = b"@" if "@" in value else b""
        self._loose_signs = tuple({*self._loose_signs, sign})
        return letters

    def _prepare(self) -> None:
        syntaxes = list(escapes.ALWAYS)
        if self._has_spaces:
            syntaxes.append(escapes.FORM)
        if self._has_others:
            syntaxes += escapes.NOT_ASCII
        begins = [syntax.marker[:1] for syntax in syntaxes if syntax.marker]
        self._markers = tuple(dict.fromkeys(begins))
        if self._has_others:
            begins += [bytes((byte,)) for byte in sorted(self._letters) if byte > 127]
        # A character may take a dozen bytes where several escapes are nested.
        reach = max(1024, 32 * self._longest)
        self._stretches = escapes.Stretches(bytes(sorted(self._letters)), begins, reach)
        self._syntaxes = tuple(syntaxes)
        self._signs = escapes.signs_of(syntaxes, self._letters)

    def find(self, data: bytes) -> str | None:
        """The placeholder of a secret that the data holds, or None.

        That of no secret, :data:`UNSEARCHABLE`, where nobody can tell.
        """
        try:
            return self._first(data, _whole(data))
        except TooMuch:
            return UNSEARCHABLE

    def has_none_in(self, data: bytes) -> bool:
        """Whether :meth:`find` finds nothing; most quickly for a short text that is like others."""
        if not data.isascii() or b"\0" in data or len(data) > _SHORT:
            return self.find(data) is None
        if self._forms.may_be_in(data) or (
            self._may_be_loose(data) and self._loose_forms.may_be_in(data.lower())
        ):
            return self.find(data) is None
        for marker, sign in self._signs:
            if marker in data and sign.search(data) is not None:
                return self.find(data) is None
        known_clean = self._known_clean
        words = known_clean.others_in(data)
        if words:
            inner = decoded(words) + inflated(words, Budget(len(data)))
            # Each secret that stands there unencoded is such a stretch, too.
            if self._may_hold_more(inner):
                return self.find(data) is None
            known_clean.add(words)
        return True

    def replace(self, data: bytes) -> bytes:
        """The data with each secret replaced; what is encoded is encoded again.

        Nothing is left of data that cannot be searched, but :data:`UNSEARCHABLE`.
        """
        try:
            if self._first(data, _whole(data)) is None:
                return data
            at = _whole(data, times=_TIMES_REPLACING)
            at.budget.answers = {}
            return self._replaced(data, at)
        except TooMuch:
            return UNSEARCHABLE.encode()

    def _first(self, data: bytes, at: Level) -> str | None:
        answers = at.budget.answers
        if answers is None:
            return self._searched(data, at)
        # Each reading of each run of base64 is tried, and then replaced in: ten times the same.
        key = key_of(data), at.depth, at.is_whole
        if key not in answers:
            answers[key] = self._searched(data, at)
        return answers[key]

    def _searched(self, data: bytes, at: Level) -> str | None:
        at.budget.spend(len(data) + _FOR_EACH_SEARCH)
        if (hit := next(self._raw(data), None)) is not None:
            return hit[2].placeholder
        if at.depth >= _DEEPEST:
            return None
        done: set[bytes] = set()
        found = self._first_within(data, at, done)
        if found is not None:
            return found
        markers = self._markers_in(data)
        if markers == [b"+"] and b"\0" not in data:
            # As in times with a zone. Nothing comes of it but spaces.
            spaced = data.replace(b"+", b" ")
            hit = next(self._forms.places(self._spaced_literals.found_in(spaced), spaced), None)
            return None if hit is None else hit[2].placeholder
        for view in self._views(data, at) if markers else ():
            if view.parent is None:
                continue
            at.budget.spend(len(view.data))
            if (hit := next(self._raw(view.data), None)) is not None:
                return hit[2].placeholder
            # Nobody's base64 has spaces for its plus signs.
            found = None if view.is_form else self._first_within(view.data, at, done)
            if found is not None:
                return found
        return None

    def _markers_in(self, data: bytes) -> list[bytes]:
        """What escapes in the data may begin with; empty for any byte that is not ASCII."""
        found = [marker for marker in self._markers if marker in data]
        return [*found, b""] if self._has_others and not data.isascii() else found

    def _first_within(self, data: bytes, at: Level, done: set[bytes]) -> str | None:
        """The first secret in what the containers in the data hold."""
        guessed = self._guess(data, at)
        if guessed is not None:
            if b"\n" not in data:
                return guessed
            # Its lines may have been seen as one that are none.
            runs = base64_runs(data)
            if runs:
                inner = _meant(runs, at)
                if inner not in done:
                    done.add(inner)
                    if (found := self._first(inner, at.deeper())) is not None:
                        return found
        if data.isascii() and b"\0" not in data:
            return None
        for container in _containers(data, at):
            if container.plain is None:
                return UNSEARCHABLE
            if (found := self._first(container.plain, _within(container, at))) is not None:
                return found
        return None

    def _guess(self, data: bytes, at: Level) -> str | None:
        """A secret in what may be base64 in the data; None where there surely is none."""
        known_clean = self._known_clean
        words = at.budget.new_in(known_clean.others_in(data), at.depth)
        if words:
            inner = decoded(words) + inflated(words, at.budget)
            at.budget.spend(len(inner))
            if (hit := next(self._raw(inner), None)) is not None:
                return hit[2].placeholder
            if self._may_hold_more(inner) and (found := self._first(inner, at.deeper())):
                return found
            at.budget.searched(words, at.depth)
            if not at.depth:
                known_clean.add(words)
        return None

    def _may_hold_more(self, inner: bytes) -> bool:
        """Whether what base64 may mean has something in it that is to be decoded in turn."""
        return self._stretches.may_be_in(inner) or may_hold_containers(inner)

    def _views(self, data: bytes, at: Level) -> Iterator[escapes.View]:
        return escapes.views_of(data, self._syntaxes, self._stretches, at.budget.spend)

    def _replaced(self, data: bytes, at: Level) -> bytes:
        found = self._first(data, at)
        for _ in range(_MOST_ROUNDS):
            if found is None:
                return data
            data = _with(data, list(self._replacements(data, at)))
            found = self._first(data, at)
        # Nothing may be left: rather nothing but the placeholder.
        return data if found is None else found.encode()

    def _replacements(self, data: bytes, at: Level) -> Iterator[_Replacement]:
        # Signs of equality before line breaks and digits are no escapes elsewhere.
        is_quoted_printable = b"quoted-printable" in data.lower()
        for view in self._views(data, at):
            for start, end, form in self._raw(view.data):
                source = view.source(*_without_quotes_around(view, start, end))
                yield _Replacement(*source, *source, form.replacement, size=len(form.written))
            if at.depth >= _DEEPEST or view.is_form:
                continue
            for container, found in self._hit_containers(view.data, at):
                if found == UNSEARCHABLE or container.plain is None:
                    new = UNSEARCHABLE.encode()
                else:
                    inner = self._replaced(container.plain, _within(container, at))
                    new = container.encode(inner)
                    if view.parent is not None and not new.isascii():
                        new = found.encode()
                likely = container.is_likely and view.times_quoted <= is_quoted_printable
                yield _replacement_in(view, container, new, likely)
            if view.parent is None and at.depth < _DEEPEST:
                yield from self._of_archives(view, at)

    def _of_archives(self, view: escapes.View, at: Level) -> Iterator[_Replacement]:
        """The replacements of whole archives, whatever in them is replaced."""
        within = at.deeper()
        again = all_rewritten(view.data, lambda part: self._replaced(part, within), at.budget)
        for start, end, new in again:
            if new != view.data[start:end]:
                yield _replacement_in(view, Container(start, end, b"", bytes), new, True)

    def _hit_containers(self, data: bytes, at: Level) -> Iterator[tuple[Container, str]]:
        for container in _containers(data, at):
            if container.plain is None:
                yield container, UNSEARCHABLE
                continue
            found = self._first(container.plain, _within(container, at))
            if found is not None:
                yield container, found
        if self._guess(data, at) is None:
            return
        for run in self._hit_runs(base64_runs(data), at):
            for things in ways(run):
                hits = list(self._hit_readings(things, at))
                yield from hits
                if hits:
                    break

    def _hit_readings(self, things: Sequence[Run], at: Level) -> Iterator[tuple[Container, str]]:
        for run in self._hit_runs(things, at):
            for reading in readings(run):
                found = self._first(reading.plain or b"", _within(reading, at))
                if found is not None:
                    yield reading, found
                    break

    def _hit_runs(self, runs: Sequence[Run], at: Level) -> Iterator[Run]:
        """The runs that hold a secret, found by halving: most hold none."""
        if not runs or self._first(_meant(runs, at), at.deeper()) is None:
            return
        if len(runs) == 1:
            yield runs[0]
            return
        middle = len(runs) // 2
        yield from self._hit_runs(runs[:middle], at)
        yield from self._hit_runs(runs[middle:], at)

    def _raw(self, data: bytes) -> Iterator[tuple[int, int, _Form]]:
        """Every place where a secret stands unencoded."""
        yield from self._forms.hits(data, data)
        if self._may_be_loose(data):
            yield from self._loose_forms.hits(data.lower(), data)

    def _may_be_loose(self, data: bytes) -> bool:
        """Whether the data may hold a value that is searched for in any case."""
        # A generator would take longer than the rest.
        for sign in self._loose_signs:  # noqa: SIM110
            if sign in data:
                return True
        return False


class _Forms:
    """Forms of secrets, and where they stand in data."""

    def __init__(self, names: _Names) -> None:
        self._names = names
        self._forms: dict[bytes, _Form] = {}
        self._wide: dict[bytes, list[_Form]] = {}  # by what they are without zeros
        self._literals, self._wide_literals = Literals(), Literals()
        self._fewest_zeros = sys.maxsize  # in a form that has some

    def __len__(self) -> int:
        return len(self._forms)

    def add(self, form: _Form) -> bool:
        """Look for this one, too; False where one that is written so was known."""
        written = form.written
        if written in self._forms:
            return False
        self._forms[written] = form
        if b"\0" in written:
            stripped = written.replace(b"\0", b"")
            self._wide.setdefault(stripped, []).append(form)
            self._wide_literals.add(stripped)
            self._fewest_zeros = min(self._fewest_zeros, written.count(b"\0"))
        else:
            self._literals.add(written)
        return True

    def may_be_in(self, data: bytes) -> bool:
        """Whether one of them, or something like it, stands in data without zeros."""
        return self._literals.may_be_in(data)

    def hits(self, data: bytes, original: bytes) -> Iterator[tuple[int, int, _Form]]:
        """Every place where one stands; ``original`` is the data as it was."""
        yield from self.places(self._literals.found_in(data), data, original)
        if data.count(b"\0") >= self._fewest_zeros:
            # First without the zeros: one search for four encodings.
            for stripped in self._wide_literals.found_in(data.translate(None, b"\0")):
                for form in self._wide[stripped]:
                    if form.written in data:
                        yield from self._places(form, data, original)

    def places(
        self, found: Sequence[bytes], data: bytes, original: bytes | None = None
    ) -> Iterator[tuple[int, int, _Form]]:
        """Where those stand that were found."""
        for written in found:
            yield from self._places(self._forms[written], data, original or data)

    def _places(
        self, form: _Form, data: bytes, original: bytes
    ) -> Iterator[tuple[int, int, _Form]]:
        start = data.find(form.written)
        while start >= 0:
            end = start + len(form.written)
            if not self._names.stand_at(original, start, end):
                yield start, end, form
            start = data.find(form.written, end)


class _Names:
    """The placeholders. Where a secret is a part of one, it is not the secret."""

    def __init__(self) -> None:
        self._names: set[bytes] = set()
        self._lengths: tuple[int, ...] = ()
        self._letters: frozenset[int] = frozenset()

    def add(self, name: bytes) -> None:
        self._names.add(name)
        if len(name) not in self._lengths:
            self._lengths += (len(name),)
        self._letters |= set(name)

    def stand_at(self, data: bytes, start: int, end: int) -> bool:
        """Whether what stands there is within a placeholder."""
        if not self._letters.issuperset(data[start:end]):
            return False
        return any(
            data[begin : begin + length] in self._names
            for length in self._lengths
            for begin in range(max(0, end - length), start + 1)
        )


def is_user_name(value: str, placeholder: str) -> bool:
    """Whether a value names a person: it is one in any letter case.

    BILL does not document whether letter case matters in a user name. It is an e-mail address.
    """
    return placeholder.endswith(_OF_USERS) or _EMAIL.fullmatch(value) is not None


_OF_USERS = ("_USERNAME", "_EMAIL")
_EMAIL = re.compile(r"[^@\s]+@[\w-]+(?:\.[\w-]+)+")


def _written(value: str) -> Iterator[tuple[bytes, str]]:
    """A secret in each encoding of characters, with that encoding's name."""
    values = [value]
    if not value.isascii():
        values += [unicodedata.normalize(form, value) for form in ("NFC", "NFD")]
    # As CSV and SQL write them.
    values += [each.replace(sign, 2 * sign) for sign in "\"'" for each in values if sign in each]
    for each in values:
        yield each.encode("utf-8", "surrogatepass"), "utf-8"
        for encoding in _WIDE:
            yield each.encode(encoding, "surrogatepass"), encoding
        if not each.isascii():
            for encoding in _NARROW:
                try:
                    yield each.encode(encoding), "ascii"
                except UnicodeEncodeError:
                    continue


def _whole(data: bytes, *, times: int = 1) -> Level:
    return Level(0, Budget(times * len(data)), is_whole=True)


def _within(container: Container, at: Level) -> Level:
    # Or the work would double with each of many that stand one in the other.
    depth = max(at.depth + 1, _DEEPEST - 2) if container.is_within else at.depth + 1
    return Level(depth, at.budget, container.is_whole)


def _meant(runs: Sequence[Run], at: Level) -> bytes:
    """What runs of base64 may mean, and what is packed in one by raw deflate."""
    return all_decoded(runs) + inflated([run.written for run in runs], at.budget)


def _containers(data: bytes, at: Level) -> Iterator[Container]:
    # First, because of two that span the same the first is replaced: brotli may store a wide text
    # as it is.
    if at.depth == 0 and not data.isascii():
        for stream, is_whole in whole_streams(data, at.budget):
            yield Container(stream.start, stream.end, stream.plain, stream.pack, is_whole)
    elif at.is_whole and (plain := whole_deflate(data, at.budget)):
        yield Container(0, len(data), plain, deflate)
    yield from containers_in(data, at.budget)


def _without_quotes_around(view: escapes.View, start: int, end: int) -> tuple[int, int]:
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


_DOUBLED = b'""'


def _is_written_alike(view: escapes.View, at: int) -> bool:
    one, other = view.source(at, at + 1), view.source(at + 1, at + 2)
    data = view.root.data
    return data[slice(*one)] == data[slice(*other)]


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


_GIVEN_UP = Search({UNSEARCHABLE: UNSEARCHABLE.lower()})


def was_given_up(scrubbed: bytes) -> bool:
    """Whether something in data that was scrubbed could not be searched, and is gone."""
    return not _GIVEN_UP.has_none_in(scrubbed)

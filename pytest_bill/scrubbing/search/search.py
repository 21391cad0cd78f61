"""Finding and replacing secrets in data, however they are encoded there.

The common case is one fast substring search for each secret. Only where the data has escapes,
base64 or packed bytes are these decoded, nested ones too, and searched the same way.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping

from pytest_bill.scrubbing.search import escapes
from pytest_bill.scrubbing.search.base64 import all_meant, base64_runs, inflated_runs
from pytest_bill.scrubbing.search.budget import DEEPEST, Budget, Level, TooMuch, key_of
from pytest_bill.scrubbing.search.budget import UNSEARCHABLE as UNSEARCHABLE
from pytest_bill.scrubbing.search.containers import (
    all_containers_in,
    level_within,
    may_hold_containers,
)
from pytest_bill.scrubbing.search.forms import (
    Form,
    Forms,
    Placeholders,
    is_user_name,
    written_forms,
)
from pytest_bill.scrubbing.search.known_clean import KnownClean, decoded_words
from pytest_bill.scrubbing.search.literals import Literals
from pytest_bill.scrubbing.search.replacing import Replacer
from pytest_bill.scrubbing.search.views import Stretches, View, views_of

_SHORT = 8192
_FOR_EACH_SEARCH = 512
_TIMES_REPLACING = 8
"""What replacing may do is so many times what finding may."""


class Search:
    """Searches for some secrets, each with its placeholder; more may be added at any time."""

    def __init__(self, placeholder_of: Mapping[str, str] | None = None) -> None:
        self._placeholders = Placeholders()
        self._forms, self._forms_in_any_case = Forms(self._placeholders), Forms(self._placeholders)
        self._signs_of_any_case: tuple[bytes, ...] = ()
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
        self._placeholders.add(placeholder.encode())
        letters = set(self._letters)
        for written, encoding in written_forms(value):
            form = Form(written, placeholder, placeholder.encode(encoding))
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
            for written, encoding in written_forms(each):
                lowered = written.lower()
                self._forms_in_any_case.add(
                    Form(lowered, placeholder, placeholder.encode(encoding))
                )
                letters += lowered + lowered.upper() if b"\0" not in written else b""
        sign = b"@" if "@" in value else b""
        self._signs_of_any_case = tuple({*self._signs_of_any_case, sign})
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
        self._stretches = Stretches(bytes(sorted(self._letters)), begins, reach)
        self._syntaxes = tuple(syntaxes)
        self._signs = escapes.signs_of(syntaxes, self._letters)

    def find(self, data: bytes) -> str | None:
        """The placeholder of a secret that the data holds, or None.

        That of no secret, ``UNSEARCHABLE``, where that cannot be known.
        """
        if self._is_clean_at_sight(data):
            return None
        try:
            return self.first_in(data, _level_of(data))
        except TooMuch:
            return UNSEARCHABLE

    def has_none_in(self, data: bytes) -> bool:
        """Whether ``find`` finds nothing."""
        return self.find(data) is None

    def _is_clean_at_sight(self, data: bytes) -> bool:
        """Whether a short text, that is like others, has no secret; what is not sure is not so."""
        if not data.isascii() or b"\0" in data or len(data) > _SHORT:
            return False
        if self._forms.may_be_in(data) or (
            self._may_be_in_any_case(data) and self._forms_in_any_case.may_be_in(data.lower())
        ):
            return False
        for marker, sign in self._signs:
            if marker in data and sign.search(data) is not None:
                return False
        known_clean = self._known_clean
        words = known_clean.others_in(data)
        if words:
            try:
                inner = decoded_words(words) + inflated_runs(words, Budget(len(data)))
            except TooMuch:
                return False
            # Each secret that stands there unencoded is such a stretch, too.
            if self._may_hold_more(inner):
                return False
            known_clean.add(words)
        return True

    def replace(self, data: bytes) -> bytes:
        """The data with each secret replaced; what is encoded is encoded again.

        Nothing is left of data that cannot be searched, but ``UNSEARCHABLE``.
        """
        if self._is_clean_at_sight(data):
            return data
        try:
            if self.first_in(data, _level_of(data)) is None:
                return data
            at = _level_of(data, times=_TIMES_REPLACING)
            at.budget.answers = {}
            return Replacer(self).replaced(data, at)
        except TooMuch:
            return UNSEARCHABLE.encode()

    def first_in(self, data: bytes, at: Level) -> str | None:
        """The placeholder of a secret that the data holds, or None.

        Raises:
            TooMuch: there is no budget for the search.
        """
        answers = at.budget.answers
        if answers is None:
            return self._first_by_searching(data, at)
        # Each reading of each run of base64 is tried, and then replaced in: ten times the same.
        key = key_of(data), at.depth, at.is_whole
        if key not in answers:
            answers[key] = self._first_by_searching(data, at)
        return answers[key]

    def _first_by_searching(self, data: bytes, at: Level) -> str | None:
        at.budget.spend(len(data) + _FOR_EACH_SEARCH)
        if (hit := next(self.unencoded_in(data), None)) is not None:
            return hit[2].placeholder
        if at.depth >= DEEPEST:
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
        for view in self.views_of(data, at) if markers else ():
            if view.parent is None:
                continue
            at.budget.spend(len(view.data))
            if (hit := next(self.unencoded_in(view.data), None)) is not None:
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
        found = self.first_in_base64(data, at)
        if found is not None:
            if b"\n" not in data:
                return found
            # Its lines may have been seen as one that are none.
            runs = base64_runs(data)
            if runs:
                inner = all_meant(runs, at)
                if inner not in done:
                    done.add(inner)
                    if (found := self.first_in(inner, at.deeper())) is not None:
                        return found
        if data.isascii() and b"\0" not in data:
            return None
        for container in all_containers_in(data, at):
            if container.plain is None:
                return UNSEARCHABLE
            if (found := self.first_in(container.plain, level_within(container, at))) is not None:
                return found
        return None

    def first_in_base64(self, data: bytes, at: Level) -> str | None:
        """A secret in what may be base64 in the data; None where there surely is none."""
        known_clean = self._known_clean
        words = at.budget.new_in(known_clean.others_in(data), at.depth)
        if words:
            inner = decoded_words(words) + inflated_runs(words, at.budget)
            at.budget.spend(len(inner))
            if (hit := next(self.unencoded_in(inner), None)) is not None:
                return hit[2].placeholder
            if self._may_hold_more(inner) and (found := self.first_in(inner, at.deeper())):
                return found
            at.budget.searched(words, at.depth)
            if not at.depth:
                known_clean.add(words)
        return None

    def _may_hold_more(self, inner: bytes) -> bool:
        """Whether what base64 may mean has something in it that is to be decoded in turn."""
        return self._stretches.may_be_in(inner) or may_hold_containers(inner)

    def views_of(self, data: bytes, at: Level) -> Iterator[View]:
        """The data, and each view of it with escapes decoded."""
        return views_of(data, self._syntaxes, self._stretches, at.budget.spend)

    def unencoded_in(self, data: bytes) -> Iterator[tuple[int, int, Form]]:
        """Every place where a secret stands unencoded."""
        yield from self._forms.hits(data, data)
        if self._may_be_in_any_case(data):
            yield from self._forms_in_any_case.hits(data.lower(), data)

    def _may_be_in_any_case(self, data: bytes) -> bool:
        """Whether the data may hold a value that is searched for in any case."""
        # A generator would take longer than the rest.
        for sign in self._signs_of_any_case:  # noqa: SIM110
            if sign in data:
                return True
        return False


def _level_of(data: bytes, *, times: int = 1) -> Level:
    """That of a whole piece of data, which no other holds."""
    return Level(0, Budget(times * len(data)), is_whole=True)


_GIVEN_UP = Search({UNSEARCHABLE: UNSEARCHABLE.lower()})


def was_given_up(scrubbed: bytes) -> bool:
    """Whether something in data that was scrubbed could not be searched, and is gone."""
    return not _GIVEN_UP.has_none_in(scrubbed)

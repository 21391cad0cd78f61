"""The forms of secrets: how each stands in data where nothing is encoded, and where one does."""

from __future__ import annotations

import codecs
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pytest_bill.patterns import late_pattern
from pytest_bill.scrubbing.search.literals import Literals

_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_NARROW = ("latin-1", "cp1252")
for _encoding in (*_WIDE, *_NARROW):
    # Loaded now: pytest --debug writes down each import, which is searched before it is written.
    codecs.lookup(_encoding)
_OF_USERS = ("_USERNAME", "_EMAIL")
_EMAIL = late_pattern(r"[^@\s]+@[\w-]+(?:\.[\w-]+)+")


@dataclass(frozen=True, repr=False)
class Form:
    """A secret as it is written, and its placeholder in the same encoding of characters."""

    written: bytes
    placeholder: str
    replacement: bytes


class Placeholders:
    """The placeholders. Where a secret is a part of one, it is not the secret."""

    def __init__(self) -> None:
        self._all: set[bytes] = set()
        self._lengths: tuple[int, ...] = ()
        self._letters: frozenset[int] = frozenset()

    def add(self, placeholder: bytes) -> None:
        """Know one more."""
        self._all.add(placeholder)
        if len(placeholder) not in self._lengths:
            self._lengths += (len(placeholder),)
        self._letters |= set(placeholder)

    def stand_at(self, data: bytes, start: int, end: int) -> bool:
        """Whether what stands there is within a placeholder."""
        if not self._letters.issuperset(data[start:end]):
            return False
        return any(
            data[begin : begin + length] in self._all
            for length in self._lengths
            for begin in range(max(0, end - length), start + 1)
        )


class Forms:
    """Forms of secrets, and where they stand in data."""

    def __init__(self, placeholders: Placeholders) -> None:
        self._placeholders = placeholders
        self._forms: dict[bytes, Form] = {}
        self._wide: dict[bytes, list[Form]] = {}  # by what they are without zeros
        self._literals, self._wide_literals = Literals(), Literals()
        self._fewest_zeros = sys.maxsize  # in a form that has some

    def __len__(self) -> int:
        return len(self._forms)

    def add(self, form: Form) -> bool:
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

    def hits(self, data: bytes, original: bytes) -> Iterator[tuple[int, int, Form]]:
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
    ) -> Iterator[tuple[int, int, Form]]:
        """Where those stand that were found."""
        for written in found:
            yield from self._places(self._forms[written], data, original or data)

    def _places(self, form: Form, data: bytes, original: bytes) -> Iterator[tuple[int, int, Form]]:
        start = data.find(form.written)
        while start >= 0:
            end = start + len(form.written)
            if not self._placeholders.stand_at(original, start, end):
                yield start, end, form
            start = data.find(form.written, end)


def written_forms(value: str) -> Iterator[tuple[bytes, str]]:
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


def is_user_name(value: str, placeholder: str) -> bool:
    """Whether a value names a person: it is one in any letter case.

    BILL does not document whether letter case matters in a user name. It is an e-mail address.
    """
    return placeholder.endswith(_OF_USERS) or _EMAIL.fullmatch(value) is not None

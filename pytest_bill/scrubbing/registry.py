"""All secrets of a run, each with its one placeholder.

This module knows nothing of pytest and nothing of cassette files.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pytest_bill.patterns import late_pattern
from pytest_bill.scrubbing.placeholders import is_placeholder
from pytest_bill.scrubbing.public import is_public, parts_of
from pytest_bill.scrubbing.search.late import search_for
from pytest_bill.secret import NeverPickled

if TYPE_CHECKING:
    from pytest_bill.scrubbing.search.search import Search

Naming = Callable[[str, str], str]
"""Gives the placeholder of a value, where it can the one that is asked for."""

SHORTEST_BY_VALUE = 8
"""Shorter values are replaced by place only: they occur in any text."""
_NUMBER = late_pattern(r"[0-9.eE+-]+")
_BETWEEN = " \x02 "
_LONGEST_KEPT = 512
_MOST_KEPT = 2**16


class SecretRegistry(NeverPickled):
    """All secrets of a run, each with its one placeholder. Safe to share between threads."""

    # Without a __dict__, vars() and debuggers' dumps of attributes find nothing.
    __slots__ = (
        *("_clean", "_lock", "_naming", "_placeholder_of", "_public", "_public_texts", "_search"),
        *("_folded", "_news", "_seen", "changes", "has_numbers"),
    )

    def __init__(self, known: Iterable[tuple[str, str]] = (), naming: Naming | None = None) -> None:
        """``known`` are placeholders and values; ``naming`` is that of all processes of the run."""
        self._placeholder_of: dict[str, str] = {}
        self._public: set[str] = set()
        self._public_texts: dict[str, None] = {}
        self._folded: str | None = None  # the public texts, all in one
        self._naming = naming or own_naming()
        self._news: Callable[[], list[tuple[str, str]]] | None = getattr(naming, "news", None)
        self._search: Search | None = None
        self._seen: dict[str, str] = {}
        self._clean: set[bytes] = set()
        # Entered again where something is logged meanwhile: what is logged is hidden, too.
        self._lock = threading.RLock()
        self.has_numbers = False
        self.changes = 0
        """How often what is found was changed: until the next time, a search finds the same."""
        for placeholder, value in known:
            self.add(value, placeholder)

    def __repr__(self) -> str:
        return f"<SecretRegistry of {len(self._placeholder_of)} secrets>"

    def __bool__(self) -> bool:
        return bool(self._placeholder_of)

    def __len__(self) -> int:
        """How many secrets are known, short ones too."""
        return len(self._placeholder_of)

    def add(self, value: str, placeholder: str) -> str:
        """Remember a secret; a value that is known keeps its placeholder. Gives the placeholder.

        A placeholder that already stands for another value gets a number: ``…_2``, ``…_3``.
        """
        value = str.__str__(value)
        if not value or is_placeholder(value):
            return value
        with self._lock:
            known = self._placeholder_of.get(value)
            if known is None:
                known = self._placeholder_of[value] = self._naming(value, placeholder)
                if is_public(value) or value.casefold() in self._public_text():
                    self._public.add(value)
                if self._is_found(value):
                    self.has_numbers = self.has_numbers or bool(_NUMBER.fullmatch(value))
                    if self._search is not None:
                        self._search.add(value, known)
                    # Last, because another thread may be hiding without it.
                    self._seen, self._clean = {}, set()
                self.changes += 1
            return known

    def placeholder_of(self, value: str) -> str | None:
        """What stands for a secret that is known, whole; None for any other text."""
        return self._placeholder_of.get(value)

    def refresh(self) -> None:
        """Know what other processes of the run have come to know."""
        news = self._news
        if news is None:
            return
        with self._lock:
            for value, placeholder in news():
                self.add(value, placeholder)

    def make_public(self, text: str) -> None:
        """Replace secrets that are part of this text by place only: everyone can see it.

        An address, or the path of a file: a text that holds none of them changes nothing.
        """
        with self._lock:
            if text in self._public_texts:
                return
            self._public_texts[text] = None
            self._folded = None
            found = parts_of(filter(self._is_found, self._placeholder_of), [text])
            if found:
                self._public |= found
                self._search = None
                self._seen, self._clean = {}, set()
                self.changes += 1

    @property
    def public_count(self) -> int:
        """How many secrets are part of what everyone can see."""
        return len(self._public)

    def _public_text(self) -> str:
        if self._folded is None:
            self._folded = "\n".join(self._public_texts).casefold()
        return self._folded

    def public(self) -> list[str]:
        """The placeholders of the longer secrets that are part of what everyone can see."""
        with self._lock:
            known = self._placeholder_of.items()
            return [
                placeholder
                for value, placeholder in known
                if value in self._public and len(value) >= SHORTEST_BY_VALUE
            ]

    def in_place(self, value: str) -> str | None:
        """The placeholder of a secret that is replaced by place only, where it is one, whole."""
        return None if self._is_found(value) else self._placeholder_of.get(value)

    def _is_found(self, value: str) -> bool:
        """Whether a secret is replaced wherever it occurs, not only in its places."""
        return len(value) >= SHORTEST_BY_VALUE and value not in self._public

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """The block in which no other thread changes it."""
        with self._lock:
            yield

    def known(self) -> dict[str, str]:
        """Every secret with its placeholder, short ones too."""
        with self._lock:
            return dict(self._placeholder_of)

    def known_by_value(self) -> dict[str, str]:
        """The secrets that are replaced wherever they occur, each with its placeholder."""
        with self._lock:
            known = self._placeholder_of.items()
            return {value: each for value, each in known if self._is_found(value)}

    def hide(self, text: str) -> str:
        """The text with every secret replaced, however it is encoded there."""
        if not self._placeholder_of:
            return text
        # Headers are the same in request after request.
        seen = self._seen
        hidden = seen.get(text)
        if hidden is None:
            data = text.encode("utf-8", "surrogatepass")
            replaced = self._searching().replace(data)
            hidden = text if replaced == data else replaced.decode("utf-8", "replace")
            _keep(seen, text, hidden)
        return hidden

    def look_at(self, texts: Iterable[str]) -> None:
        """Search short texts, all in one go, that are about to be hidden one by one."""
        if not self._placeholder_of:
            return
        seen = self._seen
        new = [text for text in texts if text not in seen and len(text) <= _LONGEST_KEPT]
        # What is printable does not reach over what is put between.
        new = [text for text in new if text.isascii() and text.isprintable()]
        if self._searching().find(_BETWEEN.join(new).encode()) is None:
            for text in new:
                _keep(seen, text, text)

    def hide_in(self, data: bytes) -> bytes:
        """As ``hide``, for a body of any kind."""
        return self._searching().replace(data) if self._placeholder_of else data

    def find(self, data: str | bytes) -> str | None:
        """The placeholder of a secret that the text or the bytes hold, or None."""
        if not self._placeholder_of:
            return None
        if isinstance(data, bytes):
            return self._searching().find(data)
        seen = self._seen
        if seen.get(data) == data:
            return None
        found = self._searching().find(data.encode("utf-8", "surrogatepass"))
        if found is None:
            _keep(seen, data, data)
        return found

    def knows_none_in(self, texts: bytes) -> bool:
        """Whether none of all secrets is in texts: neither of those that are replaced by place.

        Not where one is a number, which may be written in many ways.
        """
        if self.has_numbers or (self._placeholder_of and self.find(texts) is not None):
            return False
        in_place = self.known().keys() - self.known_by_value().keys()
        return not any(each.encode("utf-8", "surrogatepass") in texts for each in in_place)

    def has_none_of(self, sent: bytes) -> bool:
        """Whether a piece of a request is clean; lines of its head that were so cost nothing."""
        if not self._placeholder_of:
            return True
        search = self._searching()
        head, is_head, body = sent.partition(b"\r\n\r\n")
        if not is_head:
            return search.has_none_in(sent)
        clean = self._clean
        lines = [line for line in head.split(b"\r\n") if line not in clean]
        if lines:
            if not search.has_none_in(b"\r\n".join(lines)):
                return False
            if len(clean) >= _MOST_KEPT:
                clean.clear()
            for line in lines:
                if len(line) <= _LONGEST_KEPT:
                    clean.add(line)
        return not body or search.has_none_in(body)

    def _searching(self) -> Search:
        search = self._search
        if search is None:
            with self._lock:
                search = self._search = search_for(self.known_by_value())
        return search


class PlacesOnly(SecretRegistry):
    """A registry that takes new secrets, and whose own secrets are left as they are."""

    def __init__(self, registry: SecretRegistry) -> None:
        super().__init__()
        self._registry = registry

    def add(self, value: str, placeholder: str) -> str:
        """Remember a secret in the registry behind."""
        return self._registry.add(value, placeholder)

    def placeholder_of(self, value: str) -> str | None:
        """As the registry behind knows it."""
        return self._registry.placeholder_of(value)


def _keep(seen: dict[str, str], text: str, hidden: str) -> None:
    if len(seen) >= _MOST_KEPT:
        # What comes again is soon here again.
        seen.clear()
    if len(text) <= _LONGEST_KEPT:
        seen[text] = hidden


def own_naming() -> Naming:
    """The naming of a run of one process. A placeholder that is taken gets a number: ``…_2``."""
    taken: dict[str, int] = {}

    def name(_: str, wanted: str) -> str:
        unique = wanted
        while unique in taken:
            taken[wanted] += 1
            unique = f"{wanted}_{taken[wanted]}"
        taken[unique] = 1
        return unique

    return name

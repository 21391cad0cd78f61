"""Secrets at places that no table has: what is handed out there, and what a test sends there.

What BILL hands out at a name that reads as a secret's is a secret of the run from then on. What a
test sends there unasked may stand in its code, and then it is sent at replay again. So it is
replaced in this request alone, by a placeholder with a fingerprint of it: too little to find the
value by, and enough to tell two requests apart. A password, which could be guessed, has none. What
comes back of it in answers is replaced alike, and given back when the test replays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

from pytest_bill.credentials.kinds import PLACEHOLDER_PREFIX
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.body_text import as_text
from pytest_bill.scrubbing.packed_texts import may_hold_packed_texts, packed_texts_in
from pytest_bill.scrubbing.placeholders import PLACEHOLDER_BYTES, find_placeholder, is_placeholder
from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.scrubbing.search.budget import Budget
from pytest_bill.scrubbing.search.late import search_for
from pytest_bill.scrubbing.secret_names import Reads, reading_of
from pytest_bill.scrubbing.secrets_by_name import may_hold_secrets, secrets_in

if TYPE_CHECKING:
    from pytest_bill.scrubbing.search.search import Search

_LONG = 16
_DIGITS_OF_LONG, _DIGITS = 6, 3
_MOST_KNOWN = 4096
_LONGEST_KNOWN = 2048
_MARK = PLACEHOLDER_PREFIX.encode()
_USUAL = ("Accept", "Accept-Encoding", "Connection", "Content-Length", "Content-Type", "Host")
USUAL_HEADERS = frozenset(each for name in (*_USUAL, "User-Agent") for each in (name, name.lower()))
"""Headers of nearly each request, whose names are no secret's."""
_NOT_AS_IT_IS = frozenset('"\\<>&%+ ')


class UnlistedSecrets:
    """What stands at names that read as those of secrets, in the interactions of a run."""

    def __init__(self, registry: SecretRegistry) -> None:
        self._registry = registry
        self._sent: dict[str, str] = {}
        self._given_back: dict[bytes, bytes] = {}
        self._clean: set[int] = set()
        self._plain: set[str] = set()
        self._learnt: set[str] = set()
        self._learnt_at = 0

    def __repr__(self) -> str:
        return f"<UnlistedSecrets: {len(self._sent)} sent>"

    def __bool__(self) -> bool:
        return bool(self._sent)

    def learn(self, interaction: Interaction) -> None:
        """Remember what is handed out in an interaction, and what is sent first."""
        for text in self._texts(
            interaction.url,
            _lines_of(interaction.headers.items()),
            interaction.body,
            interaction.content_type,
        ):
            if self._is_new(text):
                for value, mark in self._marks(text).items():
                    self._remember(value, mark)
        headers = (
            (name, each) for name, all_ in interaction.answer_headers.items() for each in all_
        )
        for text in self._texts(
            interaction.reason,
            _lines_of(headers),
            interaction.answer_body,
            interaction.answer_content_type,
        ):
            for placeholder, value in secrets_in(text):
                if value not in self._sent and not _is_sent(value, interaction):
                    self._registry.add(value, PLACEHOLDER_PREFIX + placeholder)

    def in_request(self, text: str, header: str = "") -> str:
        """A URL of a request, or the value of a header, that is scrubbed by the table."""
        # As most: nothing is named in it, and nothing by it but a credential's placeholder.
        if (
            "=" not in text
            and "%" not in text
            and (not header or is_placeholder(text) or not _header_may_hold(header, text))
        ):
            return text
        asked = f"{header}: {text}" if header else text
        data = asked.encode("utf-8", "surrogatepass")
        marks = self._marks(asked) if self._may_hold(data) else {}
        if not marks:
            self._is_clean(data)
            return text
        data = text.encode("utf-8", "surrogatepass")
        return self._marked(data, marks).decode("utf-8", "replace")

    def in_body_of_request(self, body: bytes, content_type: str) -> bytes:
        """The same for a body."""
        if not body or not self._may_hold(body):
            return body
        marks: dict[str, str] = {}
        for text in _texts_of(body, content_type):
            marks |= self._marks(text)
        return self._marked(body, marks) if marks else body

    def in_answer(self, interaction: Interaction) -> Interaction:
        """An interaction, its answer without what tests sent before."""
        if not self._sent:
            return interaction
        return replace(
            interaction,
            answer_headers={
                name: [self._without_sent(value.encode()).decode() for value in values]
                for name, values in interaction.answer_headers.items()
            },
            answer_body=self._without_sent(interaction.answer_body),
        )

    def restored(self, interaction: Interaction) -> Interaction:
        """A recorded interaction, its answer with what the test has sent."""
        body = interaction.answer_body
        if not self._sent or _MARK not in body:
            return interaction
        body = PLACEHOLDER_BYTES.sub(lambda match: self._given_back.get(match[0], match[0]), body)
        return (
            interaction
            if body == interaction.answer_body
            else replace(interaction, answer_body=body)
        )

    def _texts(
        self, text: str, lines: Iterator[str], body: bytes, content_type: str
    ) -> Iterator[str]:
        for each in (text, *lines):
            # The same ones come with request after request.
            if each in self._plain:
                continue
            if may_hold_secrets(each.encode("utf-8", "surrogatepass")):
                yield each
            elif len(each) <= _LONGEST_KNOWN:
                if len(self._plain) >= _MOST_KNOWN:
                    self._plain.clear()
                self._plain.add(each)
        if body and self._may_hold(body):
            yield from _texts_of(body, content_type)

    def _is_new(self, text: str) -> bool:
        """Whether what a request brings in a text was not learnt yet, knowing all that is known."""
        changes = self._registry.changes
        if changes != self._learnt_at or len(self._learnt) >= _MOST_KNOWN:
            self._learnt, self._learnt_at = set(), changes
        if text in self._learnt:
            return False
        if len(text) <= _LONGEST_KNOWN:
            self._learnt.add(text)
        return True

    def _may_hold(self, body: bytes) -> bool:
        """A body is learnt, then scrubbed; its hash is known by then."""
        if hash(body) in self._clean:
            return False
        if may_hold_secrets(body) or may_hold_packed_texts(body):
            return True
        self._is_clean(body)
        return False

    def _is_clean(self, data: bytes) -> None:
        if len(self._clean) >= _MOST_KNOWN:
            self._clean.clear()
        self._clean.add(hash(data))

    def _marks(self, text: str) -> dict[str, str]:
        """The values that a request brings itself, each with what is put in its place."""
        return {
            value: _mark_for(placeholder, value)
            for placeholder, value in secrets_in(text, handed_out=False)
            if self._registry.find(value) is None and find_placeholder(value) is None
        }

    def _marked(self, data: bytes, marks: Mapping[str, str]) -> bytes:
        for value, mark in marks.items():
            self._remember(value, mark)
        return search_for(marks).replace(data)

    def _remember(self, value: str, mark: str) -> None:
        if value not in self._sent:
            self._search.add(value, mark)
            self._sent[value] = mark
            if value.isascii() and not _NOT_AS_IT_IS.intersection(value):
                self._given_back[mark.encode()] = value.encode()

    @cached_property
    def _search(self) -> Search:
        return search_for()

    def _without_sent(self, data: bytes) -> bytes:
        return self._search.replace(data)


def _texts_of(body: bytes, content_type: str) -> Iterator[str]:
    """A body as text, and what is packed in it."""
    yield as_text(body, content_type)[0]
    yield from packed_texts_in(body, Budget(len(body)))


def _header_may_hold(header: str, value: str) -> bool:
    if ":" in value:
        return True
    return header not in USUAL_HEADERS and reading_of(header) is not Reads.NOTHING


def _lines_of(headers: Iterable[tuple[str, str]]) -> Iterator[str]:
    return (f"{name}: {value}" for name, value in headers)


def _mark_for(placeholder: str, value: str) -> str:
    if reading_of(placeholder) is Reads.PASSWORD:
        return PLACEHOLDER_PREFIX + placeholder
    digits = _DIGITS_OF_LONG if len(value) >= _LONG else _DIGITS
    fingerprint = sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:digits].upper()
    return f"{PLACEHOLDER_PREFIX}SENT_{fingerprint}"


def _is_sent(value: str, interaction: Interaction) -> bool:
    """Whether the request of an interaction has a value of its answer."""
    if value in interaction.url or value in interaction.headers.values():
        return True
    return value.encode("utf-8", "surrogatepass") in interaction.body

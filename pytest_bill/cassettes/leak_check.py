"""The gate before the disk: what is about to be written is searched for every known secret.

It looks at the text itself and at what comes back when the text is read, field by field, because
YAML breaks long strings over lines and writes binary ones in base64.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pytest_bill.cassettes.decoding import readable
from pytest_bill.exceptions import SecretFound
from pytest_bill.interaction import Interaction
from pytest_bill.patterns import late_pattern
from pytest_bill.scrubbing.header_values import joinings
from pytest_bill.scrubbing.search.search import UNSEARCHABLE, was_given_up

SecretFinder = Callable[[str | bytes], str | None]
"""Gives the placeholder of a secret that a text or bytes hold, or None."""
_BINARY = late_pattern(r"!!binary \|\n(?: +[A-Za-z0-9+/=]++\n)++")


def check(
    path: Path,
    text: str,
    interactions: Iterable[Interaction],
    metadata: Mapping[str, Any],
    find: SecretFinder,
) -> None:
    """Let a cassette's text pass, which reads as these interactions and this metadata.

    Raises:
        SecretFound: it holds a secret; the message says where, never what.
    """
    find = _or_given_up(find)
    found = find(str(path))
    if found is not None:
        raise SecretFound(
            f"A cassette was not written: the path of its file would hold the secret of {found}.\n"
            "Give the test an id without it, or its cassette another name: "
            '@pytest.mark.bill_cassette("name").'
        )
    clean: set[str | bytes] = set()  # most headers come again in interaction after interaction
    for number, interaction in enumerate(interactions, 1):
        for place, of, value in _fields_of(interaction):
            if value in clean:
                continue
            found = find(value)
            if found is not None:
                where = f"the {place.format(of)} of interaction {number}"
                where += _request_named(interaction, find)
                raise SecretFound(_leak_message(path, where, found))
            clean.add(value)
    found = find(repr(metadata))
    if found is not None:
        raise SecretFound(_message_by_chance(path, "its metadata", found))
    # What YAML holds in base64 was searched above, decoded.
    found = find(_BINARY.sub("", text).encode("utf-8", "surrogatepass"))
    if found is not None:
        raise SecretFound(_message_by_chance(path, "its text", found))


def _or_given_up(find: SecretFinder) -> SecretFinder:
    """The search, which also finds what scrubbing put where it could not search."""

    def find_or_given_up(data: str | bytes) -> str | None:
        found = find(data)
        if found is not None:
            return found
        raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
        return UNSEARCHABLE if was_given_up(raw) else None

    return find_or_given_up


_Field = tuple[str, object, str | bytes]
"""What a message calls a field, with braces for whose it is; whose it is; and the field."""


def _fields_of(interaction: Interaction) -> Iterator[_Field]:
    yield "method", "", interaction.method
    yield "URL", "", interaction.url
    yield from _header_fields("request", interaction.headers.items())
    yield "request body", "", interaction.body
    yield "reason", "", interaction.reason
    yield from _header_fields("response", interaction.answer_headers.items())
    yield "response body", "", interaction.answer_body
    unpacked = readable(interaction)
    if unpacked is not interaction:
        yield "request body", "", unpacked.body
        yield "response body", "", unpacked.answer_body


_NAMES = {side: f"name of {side} header {{}}" for side in ("request", "response")}
_VALUES = {side: f"{side} header {{}}" for side in _NAMES}


def _header_fields(side: str, headers: Iterable[tuple[str, str | list[str]]]) -> Iterator[_Field]:
    name_of, value_of = _NAMES[side], _VALUES[side]
    for number, (name, values) in enumerate(headers, 1):
        yield name_of, number, name
        values = [values] if isinstance(values, str) else values
        for value in values:
            yield value_of, name, value
        for joined in joinings(values):
            yield value_of, name, joined


def _request_named(interaction: Interaction, find: SecretFinder) -> str:
    try:
        described = f"{interaction.method} {urlsplit(interaction.url).path}"
    except ValueError:
        return ""
    return f" ({described})" if find(described) is None else ""


def _leak_message(path: Path, where: str, found: str) -> str:
    if found == UNSEARCHABLE:
        return (
            f"The cassette {path} was not written: {where} holds bytes that cannot be searched for "
            "secrets: too large unpacked, nested too often, or packed in a way that is not known.\n"
            "For zstd, install urllib3[zstd]. For the rest, answer it with a fake of your own."
        )
    return (
        f"The cassette {path} was not written: {where} would hold the secret of {found}.\n"
        "Say where it stands with scrub_headers or scrub_fields in the bill_config fixture; where "
        "it is a word that stands there by chance, use another value."
    )


def _message_by_chance(path: Path, where: str, found: str) -> str:
    """What pytest-bill itself writes around the interactions."""
    return (
        f"The cassette {path} was not written: {where} would hold the secret of {found}.\n"
        "If it is a word that pytest-bill writes into each cassette, use another value."
    )

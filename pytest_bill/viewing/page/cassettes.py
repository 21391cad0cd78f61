"""All cassettes of a suite as the data of one page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple
from urllib.parse import quote

from pytest_bill.cassettes.changes.comparison import answerer_of
from pytest_bill.cassettes.store import Recording
from pytest_bill.printable import printable
from pytest_bill.viewing.diff_text import value_text
from pytest_bill.viewing.differing import Difference, FileDifference, Single
from pytest_bill.viewing.hidden import Hidden
from pytest_bill.viewing.interactions import as_data, row_of
from pytest_bill.viewing.page.credentials import credential_of
from pytest_bill.viewing.page.parts import Parts
from pytest_bill.viewing.page.secrets_found import SecretsFound
from pytest_bill.viewing.replaced import Replaced, stood_in

LONGEST_VALUE = 2_000
"""So many characters of a value that differs are in a page."""


class Cassette(NamedTuple):
    """One file: its name, how many bytes it has, and what it holds."""

    name: str
    size: int
    recording: Recording


class Use(NamedTuple):
    """Who uses a cassette: ``state`` is a word to filter by, ``why`` says how that is known."""

    tests: Sequence[str]
    state: str
    why: str


class Asked(NamedTuple):
    """What a request asks for in BILL's words: the area of its API, and the operation's name."""

    area: str
    operation: str


class Knowledge(NamedTuple):
    """What is known of cassettes and requests beside what stands in the files."""

    use_of: Callable[[str], Use]
    asked_of: Callable[[str, str], Asked]
    """By method and URL."""


def page_data(
    cassettes: Iterable[Cassette], found: SecretsFound, knowledge: Knowledge
) -> dict[str, Any]:
    """Files and interactions as the page's script reads them; nothing in it is a secret."""
    files: list[dict[str, Any]] = []
    interactions: list[dict[str, Any]] = []
    for number, cassette in enumerate(cassettes):
        of_file = list(_interactions(cassette, number, found, knowledge))
        interactions += of_file
        files.append(_file(cassette, of_file, found, knowledge.use_of(cassette.name)))
    return {"files": files, "interactions": interactions}


def _file(
    cassette: Cassette, interactions: Sequence[Mapping[str, Any]], found: SecretsFound, use: Use
) -> dict[str, Any]:
    times = sorted(filter(None, (each["recorded_at"] for each in interactions)))
    return {
        "name": printable(found.hide(cassette.name)),
        "size": cassette.size,
        "count": len(interactions),
        "tests": [printable(found.hide(each)) for each in use.tests],
        "use": use.state,
        "why": printable(found.hide(use.why)),
        "oldest": times[0] if len(times) == len(interactions) and times else None,
        "newest": times[-1] if times else None,
        "secrets": any(each["secrets"] for each in interactions),
    }


def _interactions(
    cassette: Cassette, file: int, found: SecretsFound, knowledge: Knowledge
) -> Iterator[dict[str, Any]]:
    recording, name = cassette.recording, cassette.name
    hidden = Hidden(recording.interactions, found.known)
    whole = found.whole_values(name)
    stand_ins = stood_in(recording)
    for number in range(1, len(hidden) + 1):
        hidden.had_secrets = False
        each = hidden[number - 1]
        each = replace(each, url=_url_without(each.url, whole))
        was_secret = hidden.had_secrets or found.is_in(name, number)
        answerer = answerer_of(recording.interactions[number - 1], recording)
        asked = knowledge.asked_of(each.method, each.url)
        data: dict[str, Any] = as_data(row_of(number, each, each.url, answerer))
        data |= Parts(each, Replaced(each, stand_ins), whole).as_data()
        data |= {
            "file": file,
            "area": asked.area,
            "operation": asked.operation,
            "credential": credential_of(each, name),
            "secrets": was_secret,
        }
        yield data


def _url_without(url: str, whole: Mapping[str, str]) -> str:
    for value, stands in whole.items():
        alone = rf"(?<![0-9A-Za-z]){re.escape(quote(value, safe=''))}(?![0-9A-Za-z])"
        url = re.sub(alone, stands, url)
    return url


class Counts(NamedTuple):
    """How many interactions differ, in which way."""

    changed: int
    gone: int
    added: int


def changes_data(differing: Sequence[FileDifference], found: SecretsFound) -> dict[str, Any]:
    """What differs as the page's template reads it, file by file and field by field."""
    counts = Counts(
        sum(len(each.changed) for each in differing),
        sum(len(each.gone) for each in differing),
        sum(len(each.added) for each in differing),
    )
    return {"counts": counts, "files": [_changes_of(each, found) for each in differing]}


def _changes_of(file: FileDifference, found: SecretsFound) -> dict[str, Any]:
    whole = found.whole_values(file.name)
    return {
        "name": printable(found.hide(file.name)),
        "only_in": file.only_in,
        "changed": [
            {
                "number": each.new,
                "was": each.old,
                "operation": printable(each.operation),
                "fields": [_field(one, whole) for one in each.differences],
            }
            for each in file.changed
        ],
        "gone": list(map(_single, file.gone)),
        "added": list(map(_single, file.added)),
        "metadata": list(map(printable, file.metadata)),
    }


def _single(single: Single) -> str:
    return printable(f"#{single.number} {single.operation} ({single.outcome})")


def _field(difference: Difference, whole: Mapping[str, str]) -> dict[str, str]:
    old, new = (
        _cut(value_text(_without(each, whole))) for each in (difference.old, difference.new)
    )
    where = f"{difference.part} {difference.path or 'body'}" if difference.part else ""
    return {"where": printable(where), "what": printable(difference.what), "old": old, "new": new}


def _without(value: Any, whole: Mapping[str, str]) -> Any:
    """A value without those that are left out where they stand alone."""
    if not whole:
        return value
    if isinstance(value, Mapping):
        return {name: _without(each, whole) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_without(each, whole) for each in value]
    return whole.get(str(value), value) if isinstance(value, str | int | float) else value


def _cut(text: str) -> str:
    if len(text) <= LONGEST_VALUE:
        return text
    return f"{text[:LONGEST_VALUE]}… ({len(text):,} characters)"

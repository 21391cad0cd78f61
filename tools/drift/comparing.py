"""Holds the sandbox against material: what it lacks, and what it has otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from pytest_bill.sandbox import api
from pytest_bill.sandbox.core.errors import V2_PREFIX
from pytest_bill.sandbox.core.filters import Filterable
from pytest_bill.sandbox.description.openapi import document
from tools.drift import openapi
from tools.drift.described import Described, Key, Material, key_of, matching
from tools.drift.filters import Filter, kinds_in
from tools.drift.shapes import ITEM, Part, Shape

NOT_HERE = "not here"
_INDEX, _REFUSALS = Key("", "llms.txt"), Key("", "refusals")


@dataclass(frozen=True, order=True)
class Difference:
    """One thing that material has and the sandbox has not, or has otherwise."""

    operation: Key
    place: str
    """operation, page, header, query, filter, status, body, answer or refusal."""
    name: str
    """The path of a field, the name of a header, parameter, page or operation."""
    what: str

    def __str__(self) -> str:
        return f"{self.place} {self.name}".rstrip() + f": {self.what}"


@dataclass(frozen=True)
class Sandbox:
    """What the sandbox has."""

    operations: Mapping[Key, Described]
    pages: frozenset[str]
    """The names of BILL's pages, in small letters, that its operations are written from."""
    filters: Mapping[str, Mapping[Key, Mapping[str, Filterable]]]
    """The fields that lists can be filtered by, for each kind of records."""


@cache
def sandbox() -> Sandbox:
    """What the sandbox says of itself."""
    described = openapi.read(document(api.OPERATIONS)).operations
    # llms.txt is of the newest version of the documentation, which does not have v2.
    pages = frozenset(
        each.page_url.rpartition("/")[2].lower()
        for each in api.OPERATIONS
        if not each.path.startswith(V2_PREFIX)
    )
    filters: dict[str, dict[Key, Mapping[str, Filterable]]] = {}
    for each in api.OPERATIONS:
        if each.filterable and not each.path.startswith(V2_PREFIX):
            key = key_of(each.method, each.path)
            filters.setdefault(each.area, {})[key] = each.filterable
    return Sandbox({each.key: each for each in described}, pages, filters)


def differences(material: Material, ours: Sandbox) -> list[Difference]:
    """All differences, each once, in order."""
    found = {
        each for theirs in material.operations for each in _of_operation(theirs, ours.operations)
    }
    found |= {each for theirs in material.filters for each in _of_filter(theirs, ours)}
    return sorted(found | _of_pages(material.pages, ours.pages))


def _of_filter(theirs: Filter, ours: Sandbox) -> Iterator[Difference]:
    kinds = kinds_in(theirs.records, ours.filters)
    if not kinds:
        yield Difference(Key("", "filters"), "filter", theirs.records, "no list of this name here")
    for kind in kinds:
        for key, fields in ours.filters[kind].items():
            mine = fields.get(theirs.field)
            if mine is None:
                yield Difference(key, "filter", theirs.field, NOT_HERE)
            elif more := theirs.operators - set(mine.operators):
                yield Difference(
                    key, "filter", theirs.field, f"{NOT_HERE}: {', '.join(sorted(more))}"
                )


def _of_pages(theirs: frozenset[str], ours: frozenset[str]) -> set[Difference]:
    """Pages of operations on one side only; nothing where no pages were listed."""
    listed = {each.lower() for each in theirs}
    new = {_page(each, NOT_HERE) for each in listed - ours}
    return new | {_page(each, "not listed any more") for each in (ours - listed if theirs else ())}


def _page(name: str, what: str) -> Difference:
    return Difference(_INDEX, "page", name, what)


def _of_operation(theirs: Described, ours: Mapping[Key, Described]) -> Iterator[Difference]:
    key = matching(theirs.key, ours)
    if key is None:
        yield Difference(theirs.key, "operation", str(theirs.key), NOT_HERE)
        return
    mine = ours[key]
    known = {each.lower() for each in mine.headers}
    for name in theirs.headers:
        if name.lower() not in known:
            yield Difference(key, "header", name, NOT_HERE)
    for name in theirs.query - mine.query:
        yield Difference(key, "query", name, NOT_HERE)
    if theirs.status and mine.status and theirs.status != mine.status:
        yield Difference(key, "status", "", f"{theirs.status} at BILL, {mine.status} here")
    if theirs.unread:
        yield Difference(key, "body", "", theirs.unread)
    if theirs.sent is not None:
        for name, what in _of_bodies(theirs.sent, mine.sent or {}, theirs.is_example):
            yield Difference(key, "body", name, what)
    if theirs.answered is not None:
        for name, what in _of_shapes(theirs.answered, mine.answered or {}):
            yield Difference(key, "answer", name, what)
    if theirs.refused is not None:
        # All are made alike: what one has otherwise is told once.
        for name, what in _of_shapes(theirs.refused, mine.refused or {}):
            yield Difference(_REFUSALS, "refusal", name, what)


def _of_shapes(theirs: Shape, ours: Shape) -> Iterator[tuple[str, str]]:
    for path, part in theirs.items():
        mine = ours.get(path)
        if mine is None:
            if not _is_below_open(path, ours):
                yield path, NOT_HERE
            continue
        if part.types and mine.types and not part.types & mine.types:
            yield path, f"{_or(part.types)} at BILL, {_or(mine.types)} here"
        if mine.values and (more := part.values - mine.values):
            yield path, f"not here: {', '.join(sorted(more))}"


def _of_bodies(theirs: Shape, ours: Shape, is_example: bool) -> Iterator[tuple[str, str]]:
    yield from _of_shapes(theirs, ours)
    for path, mine in ours.items():
        over, part = theirs.get(_over(path)), theirs.get(path)
        if not path or over is None or over.is_open:
            continue
        if mine.required and part is None:
            yield path, "required here, not known to BILL"
        elif part is not None and not is_example and mine.required != part.required:
            places = ("here, not at BILL", "at BILL, not here")
            yield path, f"required {places[part.required]}"


def _is_below_open(path: str, ours: Shape) -> bool:
    """Whether the sandbox leaves undescribed what is there."""
    while path:
        path = _over(path)
        over = ours.get(path)
        if over is not None:
            return over.is_open and _holds_more(over)
    return False


def _holds_more(part: Part) -> bool:
    return not part.types or bool(part.types & {"object", "array"})


def _over(path: str) -> str:
    """The path of what a field stands in."""
    return path.removesuffix(ITEM) if path.endswith(ITEM) else path.rpartition(".")[0]


def _or(types: frozenset[str]) -> str:
    return " or ".join(sorted(types))

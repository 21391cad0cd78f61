"""One operation in words: who may call it, what it takes and answers, what is known of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache

from pytest_bill import multipart
from pytest_bill.patterns import late_pattern
from pytest_bill.sandbox.core.errors import V2_PREFIX
from pytest_bill.sandbox.core.operations import Caller, Header, Operation, Query
from pytest_bill.sandbox.description import changelog, v2_index
from pytest_bill.sandbox.description.changelog import Entry
from pytest_bill.sandbox.description.error_codes import Refusal, refusals
from pytest_bill.sandbox.description.notes import Notes, notes_of
from pytest_bill.sandbox.description.openapi import BILL_AS_OF
from pytest_bill.sandbox.pages.reference.callers import SYNC, may_call
from pytest_bill.sandbox.pages.reference.fields_told import Told, answered, told

_CODE = late_pattern(r"BDC_[0-9]{4}")


@dataclass(frozen=True)
class OperationTold:
    """What the page of an operation shows."""

    operation: Operation
    credentials: tuple[str, ...]
    """Those that may call it; empty for nobody's."""
    rights: tuple[str, ...]
    path: tuple[Told, ...]
    query: tuple[Told, ...]
    headers: tuple[Told, ...]
    filters: tuple[tuple[str, str, str], ...]
    """Of each field to filter a list on: its name, its operators, its choices."""
    body_kind: str
    """Empty where there is no body."""
    body: tuple[Told, ...]
    answer_kind: str
    answer: tuple[Told, ...]
    notes: Notes
    as_of: str
    """When BILL's page was read, yyyy-MM-dd."""
    changes: tuple[Entry, ...]
    """Of BILL's changelog, the newest first."""
    codes: tuple[Refusal, ...]


def operation_told(operation: Operation) -> OperationTold:
    """The operation in words."""
    is_v2 = operation.path.startswith(V2_PREFIX)
    notes = notes_of(operation)
    kind, body = _body(operation)
    answer_kind, answer = answered(operation.answer)
    return OperationTold(
        operation,
        tuple(filter(None, may_call(operation))),
        tuple(_rights(operation)),
        tuple(
            Told(name, "text", "", "required", (), True, ()) for name in operation.path_parameters
        ),
        _parameters(operation.query),
        _parameters(operation.headers),
        tuple(
            (name, ", ".join(each.operators), ", ".join(each.choices))
            for name, each in (operation.filterable or {}).items()
        ),
        kind,
        body,
        answer_kind,
        answer,
        notes,
        v2_index.as_of() if is_v2 else BILL_AS_OF,
        tuple(reversed(_changes().get(operation.name, ()))),
        tuple(_codes(operation, notes)),
    )


def _parameters(parameters: Collection[Query | Header]) -> tuple[Told, ...]:
    return told({each.name: each.field for each in parameters}, sent=True)


def _body(operation: Operation) -> tuple[str, tuple[Told, ...]]:
    if operation.form is not None:
        kind = multipart.MEDIA_TYPE if operation.upload else "application/x-www-form-urlencoded"
        what = ", with a file" if operation.upload else ""
        return f"A form ({kind}){what}.", told(operation.form, sent=True)
    if operation.upload:
        return "The bytes of a file.", ()
    if operation.body is None:
        return "", ()
    of = f"A JSON list of at most {operation.many} objects" if operation.many else "A JSON object"
    partial = "; what is absent stays as it is" if operation.partial else ""
    return f"{of}{partial}.", told(operation.body, sent=True, partial=operation.partial)


def _rights(operation: Operation) -> list[str]:
    limited = operation.caller in {Caller.ORGANIZATION, Caller.FORM, Caller.SUBSCRIBER}
    is_open = SYNC in may_call(operation)
    sentences = (
        (operation.trusted, "It needs an MFA-trusted session where MFA is required."),
        (limited and is_open, "A session of the AP/AR sync token may call it."),
        (
            limited and not is_open,
            "A session of the AP/AR sync token may not call it, nor may a developer app of "
            "Accounting data access.",
        ),
        (operation.roles, f"The user needs the role {' or '.join(operation.roles)}."),
        (operation.sends_text, "The user gets a text message, which BILL limits."),
    )
    return [text for holds, text in sentences if holds]


@cache
def _changes() -> Mapping[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for entry in changelog.entries():
        for name in entry.operations:
            found.setdefault(name, []).append(entry)
    return found


@cache
def _known_codes() -> Mapping[str, Refusal]:
    """The first of each code: further ones are special cases of it."""
    found: dict[str, Refusal] = {}
    for each in refusals():
        found.setdefault(each.code, each)
    return found


def _codes(operation: Operation, notes: Notes) -> list[Refusal]:
    """What it can be refused with, as far as its description tells; handlers know of more."""
    anyone, spend = operation.caller is Caller.ANYONE, operation.caller is Caller.SPEND
    limited = operation.trusted or not operation.sync
    fields = operation.body is not None or operation.form is not None
    lists = operation.filterable is not None
    named = set(re.findall(_CODE.pattern, " ".join((*notes.unsure, *notes.missing))))
    expected = {
        "BDC_1102": not anyone and not spend,
        "BDC_1108": bool(operation.headers or operation.form or _has_required(operation.query)),
        "BDC_1109": not anyone,
        "BDC_1117": fields,
        "BDC_1119": fields,
        "BDC_1120": bool(operation.path_parameters),
        "BDC_1122": fields,
        "BDC_1123": "organizationId" in operation.path_parameters,
        "BDC_1124": fields,
        "BDC_1129": bool(operation.query),
        "BDC_1130": lists,
        "BDC_1131": lists,
        "BDC_1144": not anyone,
        "BDC_1145": bool(operation.roles),
        "BDC_1322": not anyone and not spend,
        "BDC_1361": limited,
    }
    codes = {code for code, is_expected in expected.items() if is_expected} | named
    return [each for code, each in _known_codes().items() if code in codes]


def _has_required(parameters: Collection[Query]) -> bool:
    return any(each.field.required for each in parameters)

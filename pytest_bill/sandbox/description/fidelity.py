"""How true the sandbox is to BILL, operation by operation: the text of docs/fidelity.md.

``python -m pytest_bill.sandbox.description.fidelity`` prints it. ``reference_index.tsv`` has BILL's
reference index (https://developer.bill.com/reference) as of November 2026: area, method, path,
operationId, page.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from pytest_bill.sandbox import api
from pytest_bill.sandbox.core.errors import V2_PREFIX
from pytest_bill.sandbox.core.fields import Field, Text
from pytest_bill.sandbox.core.operations import Operation
from pytest_bill.sandbox.description import v2_index

Key = tuple[str, str]
"""A method, and a path without the names of its parameters: BILL's pages disagree about them."""

_AREAS = {
    "ap-ar": "AP & AR",
    "partner": "Partner",
    "spend": "Spend & Expense",
    "webhook": "Webhooks",
}
_HEAD = """\
# How true the local sandbox is to BILL

The local sandbox emulates what BILL's documentation says. It has never been compared with BILL's
own answers: whatever stands here comes from the linked pages. One row for each operation of BILL's
reference. *Emulated* says what the sandbox does; *not emulated* what it leaves out; *unsure* what
BILL's pages do not say, or say in two ways, and what the sandbox does then.

This file is generated from the sandbox itself: `make docs`.

What holds for all operations: refusals have BILL's shape and codes
([common API error codes](https://developer.bill.com/docs/common-api-error-codes),
[list of codes](https://developersupport.bill.com/hc/en-us/articles/208762056-Error-codes-list)),
but BILL documents the HTTP status of few codes. Lists follow
[search operations with lists](https://developer.bill.com/docs/search-op-with-lists) and
[filterable fields](https://developer.bill.com/docs/filterable-fields). Unknown fields of a body are
dropped without a word; what BILL does with them is not documented.
"""
_V2_HEAD = """
## v2

Operations of BILL's older API, which [BILL's v2 reference](https://developer.bill.com/v2/reference)
describes: each of its operations, as of {day}, and those that public clients alone call.
Emulated so far: {emulated} of {all}.

"""
_COLUMNS = """\
| Operation | Page | Emulated | Not emulated | Unsure |
| --- | --- | --- | --- | --- |
"""


@dataclass(frozen=True)
class Indexed:
    """One row of BILL's reference index."""

    area: str
    method: str
    path: str
    name: str
    page_url: str

    @property
    def key(self) -> Key:
        """The row's method and path."""
        return key(self.method, self.path)


def key(method: str, path: str) -> Key:
    """What an operation of the sandbox and a row of the index have in common."""
    return method, re.sub(r"\{\w+\}", "{}", path.removeprefix("/connect/").lstrip("/"))


def reference_index() -> list[Indexed]:
    """BILL's reference index."""
    content = (Path(__file__).parent / "reference_index.tsv").read_text(encoding="utf-8")
    return [Indexed(*line.split("\t")) for line in content.splitlines()]


def fidelity_text(operations: Sequence[Operation]) -> str:
    """The whole file, in Markdown: a row for each operation of the index."""
    known = {key(each.method, each.path): each for each in operations}
    rows = sorted(reference_index(), key=lambda each: (each.area, each.path, each.method))
    emulated = sum(each.key in known for each in rows)
    parts = [_HEAD, f"\nEmulated so far: {emulated} of {len(rows)} operations.\n"]
    for area, members in groupby(rows, key=lambda each: each.area):
        parts.append(f"\n## {_AREAS.get(area, area.capitalize())}\n\n")
        parts.append(_COLUMNS)
        parts.extend(_row(each, known.get(each.key)) for each in members)
    v2 = [Indexed(*row) for row in v2_index.listed(operations)]
    emulated = sum(each.key in known for each in v2)
    parts += [_V2_HEAD.format(day=v2_index.as_of(), emulated=emulated, all=len(v2)), _COLUMNS]
    for each in sorted(v2, key=lambda each: each.path):
        parts.append(_row(each, known.get(each.key)))
    return "".join(parts)


def v2_operations(operations: Iterable[Operation]) -> list[Operation]:
    """Those of BILL's v2 API, which are not in the index."""
    return [each for each in operations if each.path.startswith(V2_PREFIX)]


def _row(indexed: Indexed, operation: Operation | None) -> str:
    if operation is not None:
        content = (_emulated(operation), operation.missing, operation.unsure)
    else:
        content = ("", "All of it: the sandbox answers BDC_1121.", "")
    page = f"[{indexed.name}]({indexed.page_url})"
    cells = (f"`{indexed.method} {indexed.path}`", page, *content)
    return "| " + " | ".join(_cell(each) for each in cells) + " |\n"


def _emulated(operation: Operation) -> str:
    notes = [operation.summary.rstrip(".")]
    if operation.filterable:
        notes.append("filters on " + ", ".join(f"`{name}`" for name in operation.filterable))
    fields = operation.form or operation.body
    if fields and not operation.partial:
        required = [_required(name, each) for name, each in fields.items() if each.required]
        if required:
            notes.append("required: " + ", ".join(required))
    if operation.trusted:
        notes.append("needs an MFA-trusted session where MFA is required")
    if operation.roles:
        notes.append(
            "refused to other roles than " + ", ".join(f"`{each}`" for each in operation.roles)
        )
    if not operation.sync:
        notes.append("refused to a sync token")
    return "; ".join(notes)


def _required(name: str, field: Field) -> str:
    replaced = isinstance(field, Text) and field.unless
    return f"`{name}` or `{replaced}`" if replaced else f"`{name}`"


def _cell(content: str) -> str:
    return " ".join(content.split()).replace("|", "\\|")


def current() -> str:
    """The text for the sandbox as it is."""
    return fidelity_text(api.OPERATIONS)


if __name__ == "__main__":
    sys.stdout.write(current())

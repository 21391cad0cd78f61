"""How true the sandbox is to BILL, operation by operation: the text of docs/fidelity.md.

`python -m pytest_bill.sandbox.fidelity` prints it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import groupby

from pytest_bill.sandbox.operations import Operation

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


def text(operations: Sequence[Operation]) -> str:
    """The whole file, in Markdown."""
    parts = [_HEAD]
    in_order = sorted(operations, key=lambda each: (each.area, each.path, each.method))
    for area, members in groupby(in_order, key=lambda each: each.area):
        parts.append(f"\n## {area}\n\n")
        parts.append("| Operation | Page | Emulated | Not emulated | Unsure |\n")
        parts.append("| --- | --- | --- | --- | --- |\n")
        parts.extend(_row(operation) for operation in members)
    return "".join(parts)


def _row(operation: Operation) -> str:
    cells = (
        f"`{operation.method} {operation.path}`",
        f"[{operation.name}]({operation.page_url})",
        _emulated(operation),
        operation.missing,
        operation.unsure,
    )
    return "| " + " | ".join(_cell(each) for each in cells) + " |\n"


def _emulated(operation: Operation) -> str:
    told = [operation.summary.rstrip(".")]
    if operation.filterable:
        told.append("filters on " + ", ".join(f"`{name}`" for name in operation.filterable))
    if operation.body:
        required = [name for name, each in operation.body.items() if each.required]
        if required and not operation.partial:
            told.append("required: " + ", ".join(f"`{name}`" for name in required))
    if operation.trusted:
        told.append("needs an MFA-trusted session")
    if not operation.sync:
        told.append("refused to a sync token")
    return "; ".join(told)


def _cell(content: str) -> str:
    return " ".join(content.split()).replace("|", "\\|")


if __name__ == "__main__":
    from pytest_bill.sandbox import api

    sys.stdout.write(text(api.OPERATIONS))

"""SearchEntity of BILL's v2 API: vendors and customers by a part of their name.

That it takes ``entity`` and ``term`` and answers a list with the best match first, each with its
``id``, is what public clients report.
"""

from __future__ import annotations

from typing import Any

from pytest_bill.sandbox.api.v2.operations import operation
from pytest_bill.sandbox.api.v2.payables import VENDOR
from pytest_bill.sandbox.api.v2.receivables import CUSTOMER
from pytest_bill.sandbox.core.fields import Either, Many, Text
from pytest_bill.sandbox.core.operations import Call, Operation

_ENTITIES = {each.name: each for each in (VENDOR, CUSTOMER)}


def _search(call: Call) -> list[Any]:
    """Those whose name has the term in it, those whose name begins with it first."""
    given = call.form["data"]
    entity, term = _ENTITIES[given["entity"]], given["term"].casefold()
    found = [
        record
        for record in entity.all_records(call).values()
        if term in record["name"].casefold() and not record["archived"]
    ]
    found.sort(key=lambda record: not record["name"].casefold().startswith(term))
    return [entity.as_answered(call, record) for record in found]


OPERATIONS: tuple[Operation, ...] = (
    operation(
        "SearchEntity",
        "v2SearchEntity",
        "Find active vendors or customers by a part of their name",
        _search,
        page="search-searchentity",
        data={
            "entity": Text(required=True, choices=tuple(_ENTITIES)),
            "term": Text(required=True),
        },
        answer=Many(Either(tuple(each.answer for each in _ENTITIES.values()))),
        missing="Only names are searched, for any part of them; BILL has an index of words, with "
        "those of the address.",
        unsure="The page supports vendors only; public clients search customers, too. The order is "
        "not documented; here those whose name begins with the term come first. BILL's page calls "
        "mergedIntoId mergeIntoId.",
    ),
)

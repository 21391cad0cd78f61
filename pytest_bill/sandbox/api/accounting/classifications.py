"""Classifications: chart of accounts, departments, accounting classes, locations, jobs, employees
and items.

Pages: https://developer.bill.com/docs/classifications and, for each kind, the reference pages named
in its operations. All kinds are read and written alike: list, get, create, update, archive,
restore, and each of these but the list and the get in bulk. ``parentId`` puts a record below
another one of its kind. The prefixes of the ids stand in
https://developer.bill.com/docs/classification-of-bill-generated-ids. What bulk operations call
their records in an answer, that they take 50 of them, and an item's ``percentage`` are shown by
BILL's Postman collection (https://developer.bill.com/docs/bill-v3-api-in-postman).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.fields import Boolean, Field, Number, Object, Text
from pytest_bill.sandbox.core.filters import FLAG, IDS, TIMES, Filterable
from pytest_bill.sandbox.core.operations import Call, Operation
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.resources import Resource

_FILTERABLE = {
    "id": IDS,
    "archived": FLAG,
    "name": Filterable(("eq", "sw")),
    "createdTime": TIMES,
    "updatedTime": TIMES,
}
_MOST_IN_BULK = 50
_UNSURE = "The refusal of an unknown parentId is not documented; here BDC_1119."
_BULK = "That as many are updated as created at once is assumed."

_NAMED: Mapping[str, Field] = {
    "name": Text(),
    "shortName": Text(),
    "description": Text(),
    "parentId": Text(),
}


_SORTABLE = ("name", "description", "firstName", "lastName")


def _kind(path: str, prefix: str, plural: str, fields: Mapping[str, Field]) -> Resource:
    table = path.replace("-", "_")

    def complete(call: Call, body: Record) -> Record:
        _require_parent(call, body, "")
        return body

    def change(call: Call, record: Record, body: Record) -> None:
        _require_parent(call, body, record["id"])
        record.update(body)

    def _require_parent(call: Call, body: Record, own_id: str) -> None:
        parent = body.get("parentId")
        if parent is not None and (parent == own_id or parent not in call.table(table)):
            raise errors.bad_request(errors.invalid_value("parentId", parent))

    return Resource(
        "Classifications",
        f"/classifications/{path}",
        "id",
        table,
        prefix,
        fields,
        filterable=_FILTERABLE,
        sortable=[name for name in _SORTABLE if name in fields],
        complete=complete,
        change=change,
        plural=plural,
    )


@dataclass(frozen=True)
class _Names:
    """What a kind is called: in BILL's operationIds, and in the words of a summary."""

    one: str
    many: str
    article: str
    noun: str
    nouns: str


def _operations(resource: Resource, names: _Names) -> tuple[Operation, ...]:
    """The ten operations of a kind."""
    one, many = f"Classification{names.one}", f"Classification{names.many}"
    a_record, records = f"{names.article} {names.noun}", names.nouns
    return (
        resource.operations.list(f"list{many}", f"Get list of {records}"),
        resource.operations.create(f"create{one}", f"Create {a_record}", unsure=_UNSURE),
        resource.operations.bulk_create(
            f"bulkCreate{one}", f"Create several {records}", many=_MOST_IN_BULK, unsure=_UNSURE
        ),
        resource.operations.bulk_update(
            f"bulkUpdate{one}",
            f"Update several {records}",
            many=_MOST_IN_BULK,
            unsure=f"{_UNSURE} {_BULK}",
        ),
        resource.operations.bulk_archive(f"bulkArchive{one}", f"Archive several {records}"),
        resource.operations.bulk_restore(
            f"bulkRestore{one}", f"Restore several archived {records}"
        ),
        resource.operations.get(f"get{one}", f"Get {names.noun} details"),
        resource.operations.update(f"update{one}", f"Update {a_record}", unsure=_UNSURE),
        resource.operations.archive(f"archive{one}", f"Archive {a_record}"),
        resource.operations.restore(f"restore{one}", f"Restore an archived {names.noun}"),
    )


_WITH_NAME: Mapping[str, Field] = {**_NAMED, "name": Text(required=True)}
_ACCOUNT: Mapping[str, Field] = {
    "name": Text(required=True),
    "description": Text(),
    "parentId": Text(),
    "account": Object({"type": Text(), "number": Text()}),
}
_EMPLOYEE: Mapping[str, Field] = {
    "firstName": Text(),
    "lastName": Text(),
    "shortName": Text(),
    "parentId": Text(),
}
_ITEM: Mapping[str, Field] = {
    "type": Text(required=True),
    "shortName": Text(),
    "name": Text(required=True),
    "description": Text(),
    "parentId": Text(),
    "price": Number(),
    "expenseChartOfAccountId": Text(),
    "purchaseDescription": Text(),
    "purchaseCost": Number(),
    "chartOfAccountId": Text(),
    "taxable": Boolean(),
    "percentage": Number(),
}

ACCOUNTING_CLASSES = _kind("accounting-classes", "cls", "accountingClasses", _NAMED)
CHART_OF_ACCOUNTS = _kind("chart-of-accounts", "0ca", "chartOfAccounts", _ACCOUNT)
DEPARTMENTS = _kind("departments", "0de", "departments", _WITH_NAME)
EMPLOYEES = _kind("employees", "emp", "employees", _EMPLOYEE)
ITEMS = _kind("items", "0ii", "items", _ITEM)
JOBS = _kind("jobs", "job", "jobs", _NAMED)
LOCATIONS = _kind("locations", "loc", "locations", _NAMED)

OPERATIONS: tuple[Operation, ...] = (
    *_operations(
        ACCOUNTING_CLASSES,
        _Names(
            "AccountingClass", "AccountingClasses", "an", "accounting class", "accounting classes"
        ),
    ),
    *_operations(
        CHART_OF_ACCOUNTS,
        _Names(
            "ChartOfAccounts",
            "ChartOfAccounts",
            "a",
            "chart of accounts entry",
            "chart of accounts entries",
        ),
    ),
    *_operations(
        DEPARTMENTS, _Names("Department", "Departments", "a", "department", "departments")
    ),
    *_operations(EMPLOYEES, _Names("Employee", "Employees", "an", "employee", "employees")),
    *_operations(ITEMS, _Names("Item", "Items", "an", "item", "items")),
    *_operations(JOBS, _Names("Job", "Jobs", "a", "job", "jobs")),
    *_operations(LOCATIONS, _Names("Location", "Locations", "a", "location", "locations")),
)

"""Custom fields of Spend & Expense, their values, and what is selected of them.

Pages: https://developer.bill.com/docs/transaction-management,
https://developer.bill.com/reference/createcustomfield, /listcustomfields, /listcustomfieldvalues,
/createcustomfieldvalues, /deletecustomfieldvalue and /updatetransactioncustomfields beside it.

A custom field has ``name``, ``description``, ``type`` (CUSTOM_SELECTOR, whose values can be
selected, or NOTE, a text), ``multiSelect``, ``allowCustomValues``, ``minimumAmountForRequirement``,
``required``, ``global``, ``retired`` and ``createdTime``; a value has ``value`` and ``deleted``. A
field that is not ``global`` is for the budgets in ``selectedBudgetIds`` and ``requiredBudgetIds``,
which are also answered as uuids. So says BILL's Postman collection, as well as that a creation
answers HTTP 200, new values one value, and a deletion nothing. Public clients report how uuids
begin: those of fields with tty, those of values with tvl. Fields of the type NOTE are made in
BILL's web app only.

A deleted value stays where it was selected before, and cannot be selected any more. A transaction
or reimbursement shows each field that is for its budget, and what is selected, as ``customFields``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pytest_bill.sandbox.api.spend import lists
from pytest_bill.sandbox.api.spend.budgets import BUDGETS
from pytest_bill.sandbox.api.spend.resources import SpendResource
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.fields import Boolean, Field, Many, Number, Object, Text
from pytest_bill.sandbox.core.filters import Filterable
from pytest_bill.sandbox.core.operations import Call, Operation, many_of
from pytest_bill.sandbox.core.records import Record, Table

SELECTOR = "CUSTOM_SELECTOR"
NOTE = "NOTE"

_BUDGET_LISTS = {
    "selectedBudgetIds": "selectedBudgetUuids",
    "requiredBudgetIds": "requiredBudgetUuids",
}
"""The lists of budgets in a body, and beside which one an answer has each."""

_SETTABLE: Mapping[str, Field] = {
    "description": Text(),
    "multiSelect": Boolean(),
    "minimumAmountForRequirement": Number(minimum=0),
    "required": Boolean(),
    **{name: Many(Text()) for name in _BUDGET_LISTS},
}
_CREATE: Mapping[str, Field] = {
    "name": Text(required=True),
    "allowCustomValues": Boolean(required=True),
    "global": Boolean(required=True),
    "values": Many(Text()),
    **_SETTABLE,
}
# What public clients call `required` and `global` in an update.
_ALIASES = {"isRequired": "required", "isGlobal": "global"}
_UPDATE: Mapping[str, Field] = {
    "name": Text(required=True),
    "allowCustomValues": Boolean(),
    "global": Boolean(),
    **_SETTABLE,
    **{name: Boolean() for name in _ALIASES},
}
_DEFAULTS = {"multiSelect": False, "required": False, "minimumAmountForRequirement": 0}

VALUE = Object(
    {
        **{name: Text(required=True) for name in ("id", "uuid", "value")},
        "deleted": Boolean(required=True),
    }
)

SELECTIONS: Mapping[str, Field] = {
    "customFieldId": Text(required=True),
    "selectedValues": Many(Text()),
    "note": Text(),
}
"""What a body says of one custom field of a transaction or a reimbursement."""

SELECTED = Object({name: Text(required=True) for name in ("id", "uuid", "value")})
"""A value that is selected in a transaction or a reimbursement."""

APPLIED = Object(
    {
        **{name: Text(required=True) for name in ("id", "uuid", "name")},
        "isRequired": Boolean(required=True),
        "note": Text(),
        "selectedValues": Many(SELECTED, required=True),
    }
)
"""A custom field of a transaction or a reimbursement, with what is selected."""

CUSTOM_FIELDS = SpendResource(
    "Custom fields",
    "/spend/custom-fields",
    "customFieldId",
    "custom fields",
    "CustomField",
    "tty",
    answered={
        **{name: Text(required=True) for name in ("name", "type", "createdTime")},
        "description": Text(),
        "minimumAmountForRequirement": Number(),
        **{
            name: Boolean(required=True)
            for name in ("multiSelect", "allowCustomValues", "required", "global")
        },
        **{name: Many(Text(), required=True) for name in (*_BUDGET_LISTS, *_BUDGET_LISTS.values())},
    },
    fields=_CREATE,
    filterable={"name": lists.by_text("name", "eq", "sw"), **lists.RETIRED},
    sortable={
        "name": lambda record: record["name"],
        "createdTime": lambda record: record["createdTime"],
    },
)

_VALUE_FILTERS: Mapping[str, Filterable] = {
    "name": lists.by_text("value", "eq", "sw"),
    **lists.RETIRED,
}


def create_field(call: Call) -> Record:
    """A new custom field of the type CUSTOM_SELECTOR, with its first values."""
    return insert_field(call, SELECTOR, call.body)


def insert_field(call: Call, kind: str, body: Record) -> Record:
    """A new custom field of a checked body."""
    plain = {name: value for name, value in body.items() if name != "values"}
    settled = {
        **_DEFAULTS,
        **_with_budgets(call, {**{name: [] for name in _BUDGET_LISTS}, **plain}),
        "type": kind,
        "createdTime": call.state.timestamp(),
    }
    _require_budgets(settled)
    added = CUSTOM_FIELDS.insert_complete(call, settled)
    _add_values(call, added, body.get("values", ()))
    return added


def applied_fields(call: Call, record: Record) -> list[Record]:
    """The custom fields of a transaction or a reimbursement, with what is selected of each."""
    return [
        {
            "id": each["id"],
            "uuid": each["uuid"],
            "name": each["name"],
            "isRequired": _is_required(each, record),
            "note": record["selections"].get(each["uuid"], {}).get("note", ""),
            "selectedValues": selected_values(call, each, record),
        }
        for each in call.table(CUSTOM_FIELDS.table).values()
        if each["uuid"] in record["selections"]
        or (not each["retired"] and _is_for(each, record["budgetUuid"]))
    ]


def selected_values(call: Call, field: Record, record: Record) -> list[Record]:
    """The values of a custom field that are selected in a transaction or a reimbursement."""
    values = _values(call, field)
    chosen = record["selections"].get(field["uuid"], {}).get("selectedValues", ())
    return [{name: values[uuid][name] for name in SELECTED.fields} for uuid in chosen]


def value_of(call: Call, field: Record, text: str) -> Record:
    """The value of a custom field that has that text."""
    return next(each for each in _values(call, field).values() if each["value"] == text)


def is_complete(fields: Sequence[Record]) -> bool:
    """Whether each required one of these fields has a value or a note."""
    return all(each["note"] or each["selectedValues"] for each in fields if each["isRequired"])


def with_selections(call: Call, record: Record, items: Sequence[Record]) -> Record:
    """The selections of a record after those of a body; BDC_1119 for what cannot be selected."""
    selections = dict(record["selections"])
    for index, item in enumerate(items):
        path = f"customFields[{index}]."
        field = CUSTOM_FIELDS.active(call, item["customFieldId"])
        if field is None or not _is_for(field, record["budgetUuid"]):
            raise _refused(path + "customFieldId", item["customFieldId"])
        changed = {}
        if "note" in item:
            if field["type"] != NOTE:
                raise _refused(path + "note", item["note"])
            changed["note"] = item["note"]
        if "selectedValues" in item:
            changed["selectedValues"] = _chosen(call, field, item, path + "selectedValues")
        selections[field["uuid"]] = {**selections.get(field["uuid"], {}), **changed}
    return selections


def _chosen(call: Call, field: Record, item: Record, path: str) -> list[str]:
    chosen: list[str] = []
    for index, given in enumerate(item["selectedValues"]):
        value = _known_value(call, field, given)
        if value is None or value["deleted"]:
            raise _refused(f"{path}[{index}]", given)
        if value["uuid"] not in chosen:
            chosen.append(value["uuid"])
    if len(chosen) > 1 and not field["multiSelect"]:
        raise _refused(path, ",".join(item["selectedValues"]))
    return chosen


def _refused(name: str, value: object) -> errors.BillError:
    return errors.bad_request(errors.invalid_value(name, value))


def _with_budgets(call: Call, body: Record) -> Record:
    """A body whose lists of budgets have the old ids, and beside them those of the uuids."""
    settled = dict(body)
    for name, uuids in _BUDGET_LISTS.items():
        if name in body:
            budgets = [_budget(call, f"{name}[{i}]", each) for i, each in enumerate(body[name])]
            settled[name] = [each["id"] for each in budgets]
            settled[uuids] = [each["uuid"] for each in budgets]
    return settled


def _budget(call: Call, place: str, given: str) -> Record:
    budget = BUDGETS.active(call, given)
    if budget is None:
        raise _refused(place, given)
    return budget


def _require_budgets(field: Record) -> None:
    if not field["global"] and not any(field[name] for name in _BUDGET_LISTS):
        raise errors.bad_request(errors.missing_data("selectedBudgetIds"))


def _is_for(field: Record, budget_uuid: str) -> bool:
    return field["global"] or any(budget_uuid in field[name] for name in _BUDGET_LISTS.values())


def _is_required(field: Record, record: Record) -> bool:
    asked = field["required"] or record["budgetUuid"] in field["requiredBudgetUuids"]
    return bool(asked and abs(record["amount"]) >= field["minimumAmountForRequirement"])


def _update(call: Call) -> Record:
    field = CUSTOM_FIELDS.find(call)
    CUSTOM_FIELDS.require_active(field)
    body = {_ALIASES.get(name, name): value for name, value in call.body.items()}
    changes = _with_budgets(call, body)
    _require_budgets({**field, **changes})
    field.update(changes)
    return field


def _values(call: Call, field: Record) -> Table:
    return call.table(f"values of {field['uuid']}")


def _known_value(call: Call, field: Record, id_or_uuid: str) -> Record | None:
    values = _values(call, field)
    by_id = (each for each in values.values() if each["id"] == id_or_uuid)
    return values.get(id_or_uuid) or next(by_id, None)


def _add_values(call: Call, field: Record, texts: Sequence[str]) -> list[Record]:
    """New values; a text that the field has already is not added again."""
    values = _values(call, field)
    present = {each["value"]: each for each in values.values() if not each["deleted"]}
    for text in texts:
        if text not in present:
            value: Record = {
                "id": call.state.ids.new_numbered("CustomFieldValue"),
                "uuid": call.state.ids.new_uuid("tvl"),
                "value": text,
                "deleted": False,
            }
            values[value["uuid"]] = present[text] = value
    return [present[text] for text in dict.fromkeys(texts)]


def _list_values(call: Call) -> Record:
    values = _values(call, CUSTOM_FIELDS.find(call)).values()
    shown = ({**each, "retired": each["deleted"]} for each in values)
    page = lists.page(call, shown, _VALUE_FILTERS, unlisted=("retired", True))
    page["results"] = [
        {name: each[name] for name in each if name != "retired"} for each in page["results"]
    ]
    return page


def _get_value(call: Call) -> Record:
    field = CUSTOM_FIELDS.find(call)
    value = _known_value(call, field, call.parameter("customFieldValueId"))
    if value is None:
        raise errors.no_data_found()
    return value


def _create_values(call: Call) -> Record:
    field = CUSTOM_FIELDS.find(call)
    if field["retired"] or field["type"] == NOTE:
        raise _refused("customFieldId", call.parameter("customFieldId"))
    return _add_values(call, field, call.body["values"])[0]


def _delete_values(call: Call) -> None:
    field = CUSTOM_FIELDS.find(call)
    values: list[Record] = []
    for index, given in enumerate(call.body["customFieldValueIds"]):
        value = _known_value(call, field, given)
        if value is None:
            raise _refused(f"customFieldValueIds[{index}]", given)
        values.append(value)
    for value in values:
        value["deleted"] = True


_VALUES = f"{CUSTOM_FIELDS.operations.one}/values"

OPERATIONS: tuple[Operation, ...] = (
    CUSTOM_FIELDS.operations.list("listCustomFields", "Get list of custom fields"),
    CUSTOM_FIELDS.operations.operation(
        "POST",
        "",
        "createCustomField",
        "Create a custom field",
        create_field,
        body=_CREATE,
        unsure="BILL's reference says that required must be sent, and that it defaults to false; "
        "BILL's guide creates a field without it, and so can clients here. For a field that is not "
        "global either list of budgets will do.",
    ),
    CUSTOM_FIELDS.operations.get("getCustomField", "Get custom field details"),
    CUSTOM_FIELDS.operations.operation(
        "PATCH",
        CUSTOM_FIELDS.operations.one,
        "updateCustomField",
        "Update a custom field",
        _update,
        body=_UPDATE,
        partial=True,
        unsure="Public clients send isRequired and isGlobal where BILL's answers say required and "
        "global; both are taken.",
    ),
    CUSTOM_FIELDS.operations.delete(
        "deleteCustomField",
        "Delete a custom field",
        unsure="Transactions keep what was selected of it.",
    ),
    CUSTOM_FIELDS.operations.operation(
        "GET",
        _VALUES,
        "listCustomFieldValues",
        "Get list of custom field values",
        _list_values,
        query=lists.list_query(()),
        filterable=_VALUE_FILTERS,
        answer=many_of(VALUE),
    ),
    CUSTOM_FIELDS.operations.operation(
        "POST",
        _VALUES,
        "createCustomFieldValues",
        "Create a custom field value",
        _create_values,
        body={"values": Many(Text(), required=True)},
        answer=VALUE,
        unsure="BILL's sample sends several values and answers one; here the first of them. A "
        "value that the field has already is not added again.",
    ),
    CUSTOM_FIELDS.operations.operation(
        "DELETE",
        _VALUES,
        "deleteCustomFieldValue",
        "Delete a custom field value",
        _delete_values,
        body={"customFieldValueIds": Many(Text(), required=True)},
        answer=None,
    ),
    CUSTOM_FIELDS.operations.operation(
        "GET",
        f"{_VALUES}/{{customFieldValueId}}",
        "getCustomFieldValues",
        "Get custom field value details",
        _get_value,
        answer=VALUE,
        unsure="Whether a deleted value can still be got is not documented; here it can.",
    ),
)


def fill(call: Call) -> None:
    """Five custom fields: for all budgets or some, with values or a note, one of them retired."""
    budgets = [each["uuid"] for each in BUDGETS.all(call) if not each["retired"]]
    selector: Record = {"allowCustomValues": False, "global": True}
    category = {
        "name": "Expense category",
        "description": "The account that the expense is booked to",
        "required": True,
        "values": [
            *("Advertising", "Conferences", "Meals", "Office supplies"),
            *("Shipping", "Software", "Travel"),
        ],
    }
    project: Record = {
        "name": "Project",
        "allowCustomValues": True,
        "multiSelect": True,
        "global": False,
        "selectedBudgetIds": budgets[:10],
        "requiredBudgetIds": budgets[10:12],
        "minimumAmountForRequirement": 50,
        "values": ["Autumn tour", "Café opening", "Instrument loans", "Website"],
    }
    location = {"name": "Location", "values": ["San Jose", "Salt Lake City", "Houston"]}
    insert_field(call, SELECTOR, {**selector, **category})
    insert_field(call, SELECTOR, project)
    insert_field(call, SELECTOR, {**selector, **location})
    insert_field(call, NOTE, {**selector, "name": "Business purpose"})
    insert_field(call, SELECTOR, {**selector, "name": "Cost center", "values": ["100", "200"]})
    list(call.table(CUSTOM_FIELDS.table).values())[-1]["retired"] = True

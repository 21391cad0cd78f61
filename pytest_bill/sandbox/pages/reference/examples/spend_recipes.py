"""Recipes of Spend & Expense: see ``recipes``."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.pages.reference.examples.known import NONE_YET, Kind, Known, is_active
from pytest_bill.sandbox.pages.reference.examples.recipe import Fields, Recipe
from pytest_bill.sandbox.pages.reference.examples.values import Maker


def _members(known: Known, budget_id: str) -> set[str]:
    return set(known.table(f"members of {budget_id}"))


def _new_member(known: Known, _maker: Maker) -> Fields:
    """A budget, and a user who is no member of it."""
    budget_id = known.id_of("budgetId") or NONE_YET
    members = _members(known, budget_id)
    user = known.first(
        known.table("users"), lambda each: is_active(each) and each["uuid"] not in members
    )
    return {"budgetId": budget_id, "userId": user["uuid"] if user else known.none("createUser")}


def _new_members(known: Known, maker: Maker) -> Fields:
    return {"members": [{"userId": _new_member(known, maker)["userId"], "role": "MEMBER"}]}


def _leaving_member(known: Known, _maker: Maker) -> Fields:
    """A budget, and a member of it who is not its owner."""
    for budget in filter(is_active, known.table("budgets").values()):
        for user_id, member in known.table(f"members of {budget['uuid']}").items():
            if member["budgetRole"] == "MEMBER" and not member["retired"]:
                return {"budgetId": budget["uuid"], "userId": user_id}
    known.none("upsertBudgetMember")
    return {}


def _with_receipt(table: str, parameter: str) -> Callable[[Known, Maker], Fields]:
    def find(known: Known, _maker: Maker) -> Fields:
        for record in known.table(table).values():
            if record["receipts"]:
                return {parameter: record["uuid"], "receiptId": record["receipts"][0]["uuid"]}
        return {}

    return find


def _values(known: Known, _maker: Maker) -> Fields:
    field_id = known.chosen["customFieldId"]
    value = known.first(known.table(f"values of {field_id}"), lambda each: not each["deleted"])
    made = value["uuid"] if value else known.none("createCustomFieldValues")
    return {"customFieldValueIds": [made]}


def _card(known: Known, _maker: Maker) -> Fields:
    return {"budgetId": known.id_of("budgetId"), "userId": known.id_of("userId")}


def _custom_fields(known: Known, _maker: Maker) -> Fields:
    field = known.record("customFieldId") or {"uuid": NONE_YET}
    values = known.table(f"values of {field['uuid']}").values()
    return {
        "customFields": [
            {
                "customFieldId": field["uuid"],
                "selectedValues": [each["uuid"] for each in list(values)[:1]],
            }
        ]
    }


def _is_waiting(reimbursement: Record) -> bool:
    return bool(reimbursement["status"] == "AWAITING_APPROVAL") and is_active(reimbursement)


_WAITING = {
    "reimbursementId": Kind(
        "reimbursements", "createReimbursement", id_field="uuid", usable=_is_waiting
    )
}

SPEND: Mapping[str, Recipe] = {
    "upsertBulkBudgetUsers": Recipe(_new_members),
    "upsertBudgetMember": Recipe(path=_new_member),
    "deleteBudgetMember": Recipe(path=_leaving_member),
    "createBudget": Recipe(lambda known, _m: {"owners": [known.id_of("userId")]}),
    "createBudgetCard": Recipe(_card),
    "createCustomField": Recipe(
        lambda _k, maker: {"global": True, "values": [f"Value {maker.unique()}"]}
    ),
    "createCustomFieldValues": Recipe(lambda _k, maker: {"values": [f"Value {maker.unique()}"]}),
    "deleteCustomFieldValue": Recipe(_values),
    "updateReimbursement": Recipe(
        lambda _k, _m: {"userId": None, "note": "Sent from the sandbox's reference"},
        kinds=_WAITING,
    ),
    "approveOrDenyReimbursement": Recipe(kinds=_WAITING),
    "deleteReimbursementReceipt": Recipe(path=_with_receipt("reimbursements", "reimbursementId")),
    "deleteTransactionReceipt": Recipe(path=_with_receipt("transactions", "transactionId")),
    "updateTransactionCustomFields": Recipe(_custom_fields),
    "deleteUser": Recipe(
        path=lambda known, _m: {
            "userId": [key for key, each in known.table("users").items() if is_active(each)][-1]
        }
    ),
}

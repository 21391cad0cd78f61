"""Reimbursements of Spend & Expense: what users paid themselves, repaid from a budget.

Pages: https://developer.bill.com/docs/reimbursements,
https://developer.bill.com/docs/se-reimbursements-workflow,
https://developer.bill.com/reference/createreimbursement, /updatereimbursement,
/listreimbursements, /approveordenyreimbursement and /addreimbursementreceipt beside it, and
https://developer.bill.com/docs/spend-expense-reimbursement-notification-payload (the statuses).
The fields of an answer, the status 200 of a creation and that a deletion answers nothing are those
of BILL's Postman collection. How uuids of reimbursements begin is not reported.

A reimbursement begins as AWAITING_APPROVAL and is APPROVED or DENIED by the administrator whose
token it is; approved, it counts as cleared in its budget, and its ``fulfillmentType`` is ACH. It is
``retired`` and DELETED when it is deleted. ``statusHistory`` says who brought each status about,
when and with what note. BILL has further statuses for second approvals and for the payment itself,
which do not happen here. Amounts are US dollars, ``occurredDate`` is yyyy-MM-dd.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from pytest_bill.sandbox.api.spend import custom_fields, lists, receipts, uploads
from pytest_bill.sandbox.api.spend.budgets import BUDGETS
from pytest_bill.sandbox.api.spend.custom_fields import APPLIED, SELECTIONS
from pytest_bill.sandbox.api.spend.lists import by_ids
from pytest_bill.sandbox.api.spend.resources import SpendResource, reference_to
from pytest_bill.sandbox.api.spend.transaction_records import charge_budget
from pytest_bill.sandbox.api.spend.users import USERS, current_user
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.clock import timestamp
from pytest_bill.sandbox.core.fields import Date, Field, Many, Number, Object, Text
from pytest_bill.sandbox.core.filters import Filterable
from pytest_bill.sandbox.core.operations import Call, Operation, many_of
from pytest_bill.sandbox.core.records import Record

_WAITING = "AWAITING_APPROVAL"
_SUBMITTER = "SUBMITTER"
_ADMIN = "ADMIN"
_EVENT = "spend.reimbursement"

_UPDATE: Mapping[str, Field] = {
    "userId": Text(required=True),
    "budgetId": Text(required=True),
    "amount": Number(required=True, minimum=0.01),
    "note": Text(required=True),
    "merchantName": Text(required=True),
    "occurredDate": Date(required=True),
    "customFields": Many(Object(SELECTIONS)),
}
_CREATE: Mapping[str, Field] = {
    **_UPDATE,
    "receipts": Many(Object(receipts.FIELDS), required=True),
}
_FILTERABLE: Mapping[str, Filterable] = {
    "reimbursementIds": by_ids(),
    "budgetIds": by_ids("budget"),
    "userIds": by_ids("user"),
    "customFieldValueIds": Filterable(
        ("eq", "in"),
        values=lambda record: [
            value[name]
            for field in record["customFields"]
            for value in field["selectedValues"]
            for name in ("id", "uuid")
        ],
    ),
    "type": lists.by_text("type", choices=("PURCHASE", "MILEAGE")),
    "submittedTime": lists.by_text("submittedTime", "lte", "gte"),
    **lists.RETIRED,
}
# Reimbursements are not paid here, so none has a batch: to sort by one leaves the order alone.
_SORTABLE = {
    "submittedTime": lambda record: record["submittedTime"],
    "status": lambda record: record["status"],
    "amount": lambda record: record["amount"],
    "receiptAddedTime": lambda record: max(
        (each["createdTime"] for each in record["receipts"]), default=""
    ),
    "fulfillmentType": lambda record: record.get("fulfillmentType", ""),
    "batchId": lambda _: "",
    "batchAmount": lambda _: 0,
}
_TEXTS = (
    *("userId", "userUuid", "budgetId", "budgetUuid", "type", "note", "merchantName", "status"),
    *("occurredDate", "submittedTime"),
)
_HISTORY: Mapping[str, Field] = {
    **{name: Text(required=True) for name in ("actorId", "actorRole", "occurredTime", "status")},
    "note": Text(),
}

_MISSING = (
    "Payment: an approved reimbursement stays APPROVED, and there are neither batches (batchId, "
    "batchAmount) nor requests for funds (fundRequestAmount, fundRequestBudgetAmount)."
)
_HISTORY_UNSURE = (
    "Of the roles in the history BILL's collection has SUBMITTER, BUDGET_OWNER and MANAGER; the "
    "administrator whose token decides is ADMIN here, and actorId a uuid."
)

REIMBURSEMENTS = SpendResource(
    "Reimbursements",
    "/spend/reimbursements",
    "reimbursementId",
    "reimbursements",
    "Reimbursement",
    "rmb",
    answered={
        **{name: Text(required=True) for name in _TEXTS},
        "fulfillmentType": Text(),
        "amount": Number(required=True),
        "statusHistory": Many(Object(_HISTORY), required=True),
        "customFields": Many(APPLIED, required=True),
        "receipts": receipts.ANSWERS,
    },
    missing=_MISSING,
    unsure=_HISTORY_UNSURE,
)


def with_kept_receipts(call: Call, kept: Record) -> Record:
    """A reimbursement as it is answered, its receipts as they are kept."""
    answer = {name: value for name, value in kept.items() if name != "selections"}
    return {
        **answer,
        "statusHistory": [dict(each) for each in kept["statusHistory"]],
        "customFields": custom_fields.applied_fields(call, kept),
    }


def _published(call: Call, kept: Record, what: str) -> Record:
    """The answer of an operation that has changed a reimbursement."""
    answer = receipts.with_answered_receipts(call, with_kept_receipts(call, kept))
    call.state.publish(call.owner, f"{_EVENT}.{what}", answer)
    return answer


def _list(call: Call) -> Record:
    newest_first = reversed(call.table(REIMBURSEMENTS.table).values())
    answers: Iterable[Record] = (with_kept_receipts(call, each) for each in newest_first)
    page = lists.page(call, answers, _FILTERABLE, _SORTABLE, unlisted=("retired", True))
    page["results"] = [receipts.with_answered_receipts(call, each) for each in page["results"]]
    return page


def _get(call: Call) -> Record:
    return receipts.with_answered_receipts(
        call, with_kept_receipts(call, REIMBURSEMENTS.find(call))
    )


def _create(call: Call) -> Record:
    return _published(call, _add(call, call.body), "created")


def _add(call: Call, body: Record) -> Record:
    content = _settled(call, body, {"selections": {}})
    content["receipts"] = receipts.receipts_of(call, body["receipts"])
    return _put(call, content, call.state.timestamp())


def _put(call: Call, content: Record, submitted: str) -> Record:
    made = {**content, "type": "PURCHASE", "submittedTime": submitted, "statusHistory": []}
    _set_status(made, _WAITING, content["userUuid"], _SUBMITTER, submitted)
    return REIMBURSEMENTS.insert_complete(call, made)


def _set_status(
    reimbursement: Record, status: str, actor: str, role: str, time: str, note: str = ""
) -> None:
    """Let a reimbursement have a status from then on; ``actor`` is the uuid of who gave it."""
    reimbursement["status"] = status
    reimbursement["statusHistory"].append(
        {
            "actorId": actor,
            "actorRole": role,
            "occurredTime": time,
            "note": note,
            "status": status,
        }
    )


def _settled(call: Call, body: Record, record: Record) -> Record:
    """A body's fields in place of a record's; BDC_1119 for a user, budget or value unknown."""
    plain = ("amount", "note", "merchantName", "occurredDate")
    settled = {**record, **{name: body[name] for name in plain if name in body}}
    for name, resource in (("user", USERS), ("budget", BUDGETS)):
        given = body.get(f"{name}Id")
        if given is not None:
            known = resource.active(call, given)
            if known is None:
                raise errors.bad_request(errors.invalid_value(f"{name}Id", given))
            settled.update(reference_to(name, known))
    settled["selections"] = custom_fields.with_selections(
        call, settled, body.get("customFields", ())
    )
    return settled


def _update(call: Call) -> Record:
    reimbursement = _waiting(call, "status")
    reimbursement.update(_settled(call, call.body, reimbursement))
    return _published(call, reimbursement, "updated")


def _waiting(call: Call, refused: str) -> Record:
    """The reimbursement that the path names; BDC_1119 if it is decided, or deleted."""
    reimbursement = REIMBURSEMENTS.find(call)
    if reimbursement["status"] != _WAITING:
        raise errors.bad_request(errors.invalid_value(refused, reimbursement["status"]))
    return reimbursement


def _delete(call: Call) -> None:
    reimbursement = REIMBURSEMENTS.find(call)
    if reimbursement["retired"]:
        return
    _charge(call, reimbursement, -1)
    reimbursement["retired"] = True
    _enter_by_admin(call, reimbursement, "DELETED")
    _published(call, reimbursement, "deleted")


def _decide(call: Call) -> Record:
    reimbursement = _waiting(call, "action")
    _review(call, reimbursement, call.body["action"] == "APPROVE", call.body.get("note", ""))
    return _published(call, reimbursement, "updated")


def _review(call: Call, reimbursement: Record, approved: bool, note: str) -> None:
    _enter_by_admin(call, reimbursement, "APPROVED" if approved else "DENIED", note)
    if approved:
        reimbursement["fulfillmentType"] = "ACH"
        _charge(call, reimbursement, 1)


def _enter_by_admin(call: Call, reimbursement: Record, status: str, note: str = "") -> None:
    actor = current_user(call)["uuid"]
    _set_status(reimbursement, status, actor, _ADMIN, call.state.timestamp(), note)


def _charge(call: Call, reimbursement: Record, sign: int) -> None:
    """Count an approved reimbursement in its budget (1), or no more (-1)."""
    if reimbursement["status"] == "APPROVED":
        approved = reimbursement["statusHistory"][-1]["occurredTime"]
        amount = sign * reimbursement["amount"]
        charge_budget(call, reimbursement["budgetUuid"], "cleared", amount, approved)


def _add_receipt(call: Call) -> Record:
    reimbursement = REIMBURSEMENTS.find(call)
    REIMBURSEMENTS.require_active(reimbursement)
    (receipt,) = receipts.receipts_of(call, [call.body])
    reimbursement["receipts"].append(receipt)
    _published(call, reimbursement, "updated")
    return receipts.as_answered(call, receipt)


def _delete_receipt(call: Call) -> None:
    reimbursement = REIMBURSEMENTS.find(call)
    REIMBURSEMENTS.require_active(reimbursement)
    receipts.remove_receipt(call, reimbursement["receipts"])
    _published(call, reimbursement, "updated")


_ONE = REIMBURSEMENTS.operations.one
_REFUSALS = (
    "The refusal of an unknown or retired user or budget, and of an url without an image, is not "
    "documented; here BDC_1119. Whether the user must be a member of the budget is not documented; "
    "here not."
)

OPERATIONS: tuple[Operation, ...] = (
    REIMBURSEMENTS.operations.operation(
        "GET",
        "",
        "listReimbursements",
        "Get list of reimbursements",
        _list,
        query=lists.list_query(_SORTABLE),
        filterable=_FILTERABLE,
        answer=many_of(REIMBURSEMENTS.answer),
        missing="Mileage.",
        unsure="The order without sort is not documented; here the newest first. "
        "Deleted ones are listed only with a filter on retired, as in the other lists.",
    ),
    REIMBURSEMENTS.operations.operation(
        "POST",
        "",
        "createReimbursement",
        "Create a reimbursement",
        _create,
        body=_CREATE,
        unsure=_REFUSALS,
    ),
    REIMBURSEMENTS.operations.operation(
        "POST",
        "/image-upload-url",
        "createImageUploadUrl",
        "Create a reimbursement upload URL",
        uploads.create_upload_url,
        answer=uploads.ANSWER,
        unsure="BILL's guide has the path /upload-image-url, its reference this one, and so the "
        "sandbox. How long BILL's URL lives is not documented; here 15 minutes.",
    ),
    REIMBURSEMENTS.operations.operation(
        "GET", _ONE, "getReimbursement", "Get reimbursement details", _get
    ),
    REIMBURSEMENTS.operations.operation(
        "PATCH",
        _ONE,
        "updateReimbursement",
        "Update a reimbursement",
        _update,
        body=_UPDATE,
        partial=True,
        unsure=f"{_REFUSALS} An update after the decision is refused with BDC_1119 here.",
    ),
    REIMBURSEMENTS.operations.operation(
        "DELETE",
        _ONE,
        "deleteReimbursement",
        "Delete a reimbursement",
        _delete,
        answer=None,
        unsure="An approved one can be deleted here, and its amount leaves the budget.",
    ),
    REIMBURSEMENTS.operations.operation(
        "POST",
        f"{_ONE}/action",
        "approveOrDenyReimbursement",
        "Approve or deny a reimbursement",
        _decide,
        body={"action": Text(required=True, choices=("APPROVE", "DENY")), "note": Text()},
        missing="Second approvals.",
        unsure="The refusal of a second decision is not documented; here BDC_1119. That the amount "
        "counts as cleared in the budget from the approval on is not documented either.",
    ),
    REIMBURSEMENTS.operations.operation(
        "POST",
        f"{_ONE}/receipts",
        "addReimbursementReceipt",
        "Add a reimbursement receipt",
        _add_receipt,
        body=receipts.FIELDS,
        answer=receipts.ANSWER,
        unsure="The filename of a receipt that was added without one is not documented; here there "
        "is none.",
    ),
    REIMBURSEMENTS.operations.operation(
        "DELETE",
        f"{_ONE}/receipts/{{receiptId}}",
        "deleteReimbursementReceipt",
        "Delete a reimbursement receipt",
        _delete_receipt,
        answer=None,
        unsure="The last receipt can be deleted here.",
    ),
)

_EXPENSES = (
    ("Yellow Cab Co.", 41.5, "Cab to the airport", "APPROVE"),
    ("Café Zoë", 18.25, "Lunch with a customer", "DENY"),
    ("Strings & Things", 129.5, "Strings for the loan instruments", "APPROVE"),
    ("City Parking", 24.0, "Parking at the trade fair", ""),
    ("Hudson News", 12.75, "Adapter for the projector", ""),
    ("Print & Go", 66.0, "Posters for the open day", ""),
)


def fill(call: Call) -> None:
    """Six reimbursements of the last weeks: approved, denied, and waiting."""
    users = [each for each in USERS.all(call) if not each["retired"]]
    budgets = [each for each in BUDGETS.all(call) if not each["retired"]]
    for number, (merchant, amount, note, decision) in enumerate(_EXPENSES):
        submitted = call.state.clock.now() - timedelta(days=3 * (len(_EXPENSES) - number))
        image = uploads.keep_sample_image(call)
        content: Record = {
            **reference_to("user", users[3 + number]),
            **reference_to("budget", budgets[number % 3]),
            "amount": amount,
            "note": note,
            "merchantName": merchant,
            "occurredDate": (submitted - timedelta(days=1)).date().isoformat(),
            "selections": {},
            "receipts": [receipts.new_receipt(call, image, f"receipt-{number + 1}.png")],
        }
        reimbursement = _put(call, content, timestamp(submitted))
        if decision:
            _review(call, reimbursement, decision == "APPROVE", "")

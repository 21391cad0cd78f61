"""Members of budgets of Spend & Expense: list, get, add or update (one or several), delete.

Pages: https://developer.bill.com/hc/reference/listbudgetmembers,
https://developer.bill.com/hc/reference/getbudgetmember,
https://developer.bill.com/hc/reference/upsertbudgetmember,
https://developer.bill.com/hc/reference/upsertbulkbudgetusers,
https://developer.bill.com/hc/reference/deletebudgetmember,
https://developer.bill.com/changelog/2024-06-28-spend-expense-redesign.

A member has ``userId``, ``userUuid``, ``name``, ``budgetRole`` (OWNER, MEMBER or OBSERVER),
``limit`` and ``recurringLimit`` (funds of this period and of all later ones, in US dollars),
``recurring``, ``shareBudgetFunds``, ``spent`` and ``retired``. BILL's pages list the fields of
requests; those of the records are those of BILL's Postman collection, as are amounts in strings,
the ``status`` that an update of several answers, and that a deletion answers nothing. ``limit`` and
``recurringLimit`` are required where ``shareBudgetFunds`` is false. BILL's page wants none where it
is true, while a sample in BILL's collection has them: they are taken and have no effect. A budget
has at least one owner.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from pytest_bill.sandbox.api.spend import lists, memberships
from pytest_bill.sandbox.api.spend.budgets import BUDGETS
from pytest_bill.sandbox.api.spend.users import USERS
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.errors import BillError, Problem
from pytest_bill.sandbox.core.fields import Boolean, Field, Many, Number, Object, Text
from pytest_bill.sandbox.core.operations import Call, Operation, many_of
from pytest_bill.sandbox.core.records import Record

_FUNDS = ("limit", "recurringLimit")
_MEMBERS = BUDGETS.operations.one + "/members"
_MEMBER = _MEMBERS + USERS.operations.one
_RETIRED = ("retired", True)
_DONE = "SUCCESS"

_FIELDS: dict[str, Field] = {
    **{name: Number(minimum=0, text=True) for name in _FUNDS},
    "role": Text(choices=(memberships.MEMBER, memberships.OWNER, memberships.OBSERVER)),
    "shareBudgetFunds": Boolean(),
}
_ANSWER = Object(
    {
        **{name: Text(required=True) for name in ("userId", "userUuid", "name", "budgetRole")},
        **{name: Number(required=True) for name in ("limit", "spent")},
        "recurringLimit": Number(),
        **{name: Boolean(required=True) for name in ("recurring", "shareBudgetFunds", "retired")},
    }
)
_SORTABLE = {"name": lambda member: member["name"], "spent": lambda member: member["spent"]}


def _list(call: Call) -> Record:
    members = memberships.members_of(call, BUDGETS.find(call))
    return lists.page(call, members.values(), lists.RETIRED, _SORTABLE, unlisted=_RETIRED)


def _get(call: Call) -> Record:
    return _find(call, BUDGETS.find(call))


def _upsert(call: Call) -> Record:
    budget = _budget(call)
    user = USERS.find(call)
    USERS.require_active(user)
    member = _settle(call, budget, user, call.body)
    _assign(call, budget)
    return member


def _upsert_many(call: Call) -> Record:
    budget = _budget(call)
    members = memberships.members_of(call, budget)
    before = copy.deepcopy(members)
    try:
        for index, body in enumerate(call.body["members"]):
            _settle(call, budget, _user(call, index, body), body, f"members[{index}].")
    except BillError:
        members.clear()
        members.update(before)
        raise
    _assign(call, budget)
    return {"status": _DONE}


def _delete(call: Call) -> None:
    budget = _budget(call)
    member = _find(call, budget)
    if not member["retired"]:
        _require_another_owner(call, budget, member, "userId", member["userUuid"])
        member["retired"] = True
        _assign(call, budget)


def _budget(call: Call) -> Record:
    budget = BUDGETS.find(call)
    BUDGETS.require_active(budget)
    return budget


def _find(call: Call, budget: Record) -> Record:
    member = memberships.members_of(call, budget).get(USERS.find(call)["uuid"])
    if member is None:
        raise errors.no_data_found()
    return member


def _user(call: Call, index: int, body: Record) -> Record:
    user = USERS.active(call, body["userId"])
    if user is None:
        raise errors.bad_request(errors.invalid_value(f"members[{index}].userId", body["userId"]))
    return user


def _settle(call: Call, budget: Record, user: Record, body: Record, place: str = "") -> Record:
    """The user as a member of the budget, as the body at ``place`` of the call says."""
    problems = list(_problems(body, place))
    if problems:
        raise errors.bad_request(*problems)
    member = memberships.members_of(call, budget).get(user["uuid"])
    role = str(body.get("role", memberships.MEMBER if member is None else member["budgetRole"]))
    if member is not None and role != memberships.OWNER:
        _require_another_owner(call, budget, member, f"{place}role", role)
    if member is None or member["retired"]:
        member = memberships.join_budget(call, budget, user, role)
    member["budgetRole"] = role
    if body.get("shareBudgetFunds"):
        member |= {"shareBudgetFunds": True, "limit": 0}
        member.pop("recurringLimit", None)
    elif given := {name: body[name] for name in _FUNDS if name in body}:
        member |= {"shareBudgetFunds": False, **given}
    return member


def _problems(body: Record, place: str) -> Iterator[Problem]:
    if body.get("shareBudgetFunds") is False:
        yield from (errors.missing_data(place + name) for name in _FUNDS if name not in body)


def _require_another_owner(
    call: Call, budget: Record, member: Record, field: str, value: object
) -> None:
    if memberships.is_only_owner(call, budget, member):
        raise errors.bad_request(errors.invalid_value(field, value))


def _assign(call: Call, budget: Record) -> None:
    memberships.assign_funds(
        budget, memberships.members_of(call, budget), memberships.cards_of(call, budget)
    )


_UNSURE = (
    "Not documented: the refusal of missing funds and of the loss of the only owner, here BDC_1117 "
    "and BDC_1119; the role of a new member without one, here MEMBER; whether more may be assigned "
    "than the budget's limit, here it may. Funds beside a true shareBudgetFunds, which BILL's page "
    "excludes and BILL's own sample has, are without effect here."
)


def _operation(
    method: str, path: str, name: str, summary: str, handler: Any, **more: Any
) -> Operation:
    return BUDGETS.operations.operation(
        method, path, name, summary, handler, **{"answer": _ANSWER, **more}
    )


OPERATIONS: tuple[Operation, ...] = (
    _operation(
        "GET",
        _MEMBERS,
        "listBudgetMembers",
        "Get list of budget members",
        _list,
        query=lists.list_query(_SORTABLE),
        filterable=lists.RETIRED,
        answer=many_of(_ANSWER),
    ),
    _operation(
        "PUT",
        f"{_MEMBERS}/bulk",
        "upsertBulkBudgetUsers",
        "Add or update several budget members, all or none",
        _upsert_many,
        body={
            "members": Many(
                Object({"userId": Text(required=True), **_FIELDS}, required=True), required=True
            )
        },
        answer=Object({"status": Text(required=True)}),
        missing="More than five are not worked on in the background, as BILL does: the answer "
        "comes when all are done.",
        unsure=f"The values of the answered status are not documented; here {_DONE}. {_UNSURE}",
    ),
    _operation("GET", _MEMBER, "getBudgetMember", "Get budget member details", _get),
    _operation(
        "PUT",
        _MEMBER,
        "upsertBudgetMember",
        "Add or update a budget member",
        _upsert,
        body=_FIELDS,
        unsure=_UNSURE,
    ),
    _operation(
        "DELETE",
        _MEMBER,
        "deleteBudgetMember",
        "Delete a budget member",
        _delete,
        answer=None,
        unsure="What becomes of the member's cards is not documented; here they stay. The only "
        "owner cannot be deleted here.",
    ),
)

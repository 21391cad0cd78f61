"""What ties users, budgets and cards of Spend & Expense together: memberships, and assigned funds.

It knows their records, not their operations, so that users, budgets, members and cards can each
have a module of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

from pytest_bill.sandbox.core.operations import Call
from pytest_bill.sandbox.core.records import Record, Table

BUDGETS = "budgets"
CARDS = "cards"

OWNER = "OWNER"
MEMBER = "MEMBER"
OBSERVER = "OBSERVER"

DO_NOT_SHARE = "DO_NOT_SHARE"
_SHARING = {
    DO_NOT_SHARE: (),
    "SHARE_MANUALLY": (),
    "SHARE_ALL_OWNERS_BUT_MEMBERS_MANUALLY": (OWNER,),
    "SHARE_WITH_ALL_MEMBERS": (OWNER, MEMBER, OBSERVER),
}
SHARE_FUNDS = tuple(_SHARING)
"""How a budget shares its funds: with nobody at first, with its owners, or with everybody."""

DELETED = "DELETED"
"""The status of a deleted card."""


def members_of(call: Call, budget: Record) -> Table:
    """The budget's members by the uuid of their user, former ones too."""
    return call.table(f"members of {budget['uuid']}")


def cards_of(call: Call, budget: Record) -> Table:
    """The budget's cards by their uuid, deleted ones too."""
    return call.table(f"cards of {budget['uuid']}")


def join_budget(call: Call, budget: Record, user: Record, role: str) -> Record:
    """Make the user a member of the budget, without funds of their own.

    Who is new shares all of the budget's funds if it shares them with that role.
    """
    member: Record = {
        "userId": user["id"],
        "userUuid": user["uuid"],
        "name": f"{user['firstName']} {user['lastName']}",
        "budgetRole": role,
        "limit": 0,
        "recurring": budget["recurringInterval"] != "NONE",
        "shareBudgetFunds": role in _SHARING[budget["shareFunds"]],
        "spent": 0,
        "retired": False,
    }
    members_of(call, budget)[user["uuid"]] = member
    return member


def join_budgets_of_new_users(call: Call, user: Record) -> None:
    """Make a new user a member of each budget that adds new users."""
    for budget in call.table(BUDGETS).values():
        if budget["autoAddUsers"] and not budget["retired"]:
            join_budget(call, budget, user, MEMBER)


def rename_memberships(call: Call, user: Record) -> None:
    """Let the user's memberships have the user's name."""
    for _, member in _memberships(call, user):
        member["name"] = f"{user['firstName']} {user['lastName']}"


def end_memberships_of_user(call: Call, user: Record) -> None:
    """End all memberships of the user, and close the user's cards."""
    left = [budget for budget, member in _memberships(call, user) if not member["retired"]]
    for budget in left:
        members_of(call, budget)[user["uuid"]]["retired"] = True
    for card in call.table(CARDS).values():
        if card["userUuid"] == user["uuid"]:
            delete_card(call, card)
    for budget in left:
        assign_funds(budget, members_of(call, budget), cards_of(call, budget))


def end_memberships_of_budget(call: Call, budget: Record) -> None:
    """End all memberships of the budget, and close its cards."""
    for member in members_of(call, budget).values():
        member["retired"] = True
    for card in cards_of(call, budget).values():
        delete_card(call, card)
    assign_funds(budget, {}, {})


def delete_card(call: Call, card: Record) -> None:
    """Delete a card."""
    if card["status"] != DELETED:
        card["status"] = DELETED
        card["updatedTime"] = call.state.timestamp()


def is_only_owner(call: Call, budget: Record, member: Record) -> bool:
    """Whether the budget has no other owner than this member."""
    owners = [
        each
        for each in members_of(call, budget).values()
        if each["budgetRole"] == OWNER and not each["retired"]
    ]
    return owners == [member]


def assign_funds(budget: Record, budget_members: Table, budget_cards: Table) -> None:
    """Add up what the budget has given to its members and cards for this period."""
    given = [each["limit"] for each in budget_members.values() if not each["retired"]]
    given += [
        card["currentPeriod"]["limit"]
        for card in budget_cards.values()
        if card["status"] != DELETED
    ]
    budget["currentPeriod"]["assigned"] = round(sum(given), 2)


def _memberships(call: Call, user: Record) -> Iterator[tuple[Record, Record]]:
    for budget in call.table(BUDGETS).values():
        member = members_of(call, budget).get(user["uuid"])
        if member is not None:
            yield budget, member

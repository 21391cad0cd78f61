"""Who may pay with a bank or card account: the users of funding accounts.

Pages: https://developer.bill.com/reference/listbankaccountusers,
https://developer.bill.com/reference/listcardaccountusers,
https://developer.bill.com/reference/nominatebankaccountuser,
https://developer.bill.com/reference/archivebankaccountuser.

A user of an account has the ``verificationStatus`` NOMINATED until the identity is verified, which
BILL does in its web app, then VERIFIED, and UNVERIFIED once archived. Only a VERIFIED user may pay
with the account. Here the identity is verified without the web app; see ``background`` for when.

The fields are those of the samples of BILL's Postman collection
(https://developer.bill.com/docs/bill-v3-api-in-postman): a user of a bank account has ``id``,
``bankAccountId``, ``userId``, ``archived``, ``verificationStatus``, ``createdTime`` and
``updatedTime``, one of a card account ``cardAccountId``, ``userId``, ``archived`` and
``verificationStatus`` only. Not documented, and chosen here: how an id begins, and the fields to
filter by, but for the ``id`` of the samples.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from pytest_bill.sandbox.core import background, errors
from pytest_bill.sandbox.core.fields import Boolean, Object, Text
from pytest_bill.sandbox.core.filters import FLAG, IDS, TIMES, Filterable, one_of
from pytest_bill.sandbox.core.operations import V3, Call, Operation, Query, listing, many_of
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.resources import LIST_QUERY, Resource
from pytest_bill.sandbox.core.sessions import Kind

AREA = "Funding accounts"

_UNSURE = (
    "The fields to filter by are not documented. A NOMINATED user becomes VERIFIED at the second "
    "look, or two minutes later by the clock, since there is no web app to verify an identity in."
)


@dataclass(frozen=True)
class AccountUsers:
    """The users of one kind of account; ``account`` is the field with the account's id,
    ``answer`` what of a user is answered.
    """

    users: Resource
    account: str
    answer: Object

    def insert(self, call: Call, account_id: str, user_id: str, status: str) -> Record:
        """A user of the account."""
        user = self.users.insert(
            call, {"userId": user_id, self.account: account_id, "verificationStatus": status}
        )
        if status == "NOMINATED":
            background.start_work(call, user["id"])
        return user

    def find(self, call: Call, account_id: str, user_id: str) -> Record | None:
        """The user of the account who is that user of the organization, archived or not."""
        for user in call.table(self.users.table).values():
            if (user[self.account], user["userId"]) == (account_id, user_id):
                self._settle(call, user, look=False)
                return user
        return None

    def may_pay(self, call: Call, account_id: str) -> bool:
        """Whether the signed-in user may pay with the account."""
        user = self.find(call, account_id, call.who.user_id)
        return user is not None and user["verificationStatus"] == "VERIFIED"

    def list(self, name: str, summary: str) -> Operation:
        """GET: a page of users of accounts."""

        def answer(call: Call) -> Record:
            only_own = _boolean(call, "currentUser")
            users = call.table(self.users.table).values()
            found = [user for user in users if not only_own or user["userId"] == call.who.user_id]
            for user in found:
                self._settle(call, user, look=True)
            page = listing(call, found, self.users.filterable)
            page["results"] = [self.users.as_answered(call, user) for user in page["results"]]
            return page

        return Operation(
            "GET",
            V3 + self.users.path,
            name,
            summary,
            answer,
            area=AREA,
            query=(*LIST_QUERY, Query("currentUser", Boolean())),
            filterable=self.users.filterable,
            answer=many_of(self.answer),
            unsure=_UNSURE,
        )

    def _settle(self, call: Call, user: Record, *, look: bool) -> None:
        if user["verificationStatus"] == "NOMINATED" and background.is_done(
            call, user["id"], look=look
        ):
            self.users.patch(call, user, {"verificationStatus": "VERIFIED"})


def _resource(path: str, parameter: str, table: str, prefix: str, account: str) -> Resource:
    return Resource(
        AREA,
        path,
        parameter,
        table,
        prefix,
        {"userId": Text(required=True), account: Text(required=True)},
        answered={"verificationStatus": Text(required=True)},
        filterable={
            "id": IDS,
            "archived": FLAG,
            "userId": Filterable(("eq", "in")),
            account: Filterable(("eq", "in")),
            "verificationStatus": one_of("NOMINATED", "VERIFIED", "UNVERIFIED"),
            "createdTime": TIMES,
            "updatedTime": TIMES,
        },
    )


_OF_CARD = ("cardAccountId", "userId", "archived", "verificationStatus")
_BANK_USERS = _resource(
    "/funding-accounts/banks/users", "bankAccountUserId", "bankAccountUsers", "bau", "bankAccountId"
)
_CARD_USERS = replace(
    _resource(
        "/funding-accounts/cards/users",
        "cardAccountUserId",
        "cardAccountUsers",
        "cau",
        "cardAccountId",
    ),
    present=lambda _, user: {name: user[name] for name in _OF_CARD},
)

BANK_USERS = AccountUsers(_BANK_USERS, "bankAccountId", _BANK_USERS.answer)
CARD_USERS = AccountUsers(
    _CARD_USERS,
    "cardAccountId",
    Object({name: _CARD_USERS.answer.fields[name] for name in _OF_CARD}),
)


def _boolean(call: Call, name: str) -> bool:
    text = call.request.query.get(name, "false")
    if text not in {"true", "false"}:
        raise errors.bad_request(errors.invalid_parameter(name, text))
    return text == "true"


def is_member(call: Call, user_id: str) -> bool:
    """Whether the organization has that user."""
    of_the_sandbox = (call.state.user_ids[kind] for kind in (Kind.DEVELOPER_KEY, Kind.SYNC_TOKEN))
    return user_id in {call.who.user_id, *of_the_sandbox} or user_id in call.table("users")

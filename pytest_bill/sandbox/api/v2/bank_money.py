"""The organization's money in BILL's v2 API: GetBankBalance, SetBankBalance, MoneyMovement,
CardAccount.

Pages: https://developer.bill.com/v2/reference/org-basic-getbankbalance, /org-basic-setbankbalance,
/org-basic-readmoneymovement, /org-basic-listmoneymovement and /org-basic-listcardaccount beside it.

The balance is what an accounting software tells BILL; it is kept, and answered, only where the
organization's default bank account belongs to a chart of accounts. A money movement is a payment
that BILL made or took: its amount is negative where money leaves the bank account.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pytest_bill.sandbox.api.funding.banks import BANKS
from pytest_bill.sandbox.api.funding.cards import CARDS
from pytest_bill.sandbox.api.payables.payment_fields import PAYMENTS
from pytest_bill.sandbox.api.receivables.receivable_payments import RECEIVABLE_PAYMENTS
from pytest_bill.sandbox.api.v2.columns import (
    Codec,
    Column,
    an_id,
    code,
    day,
    fixed,
    flag,
    text,
)
from pytest_bill.sandbox.api.v2.entities import Children, Entity
from pytest_bill.sandbox.api.v2.entity_operations import entity_operations
from pytest_bill.sandbox.api.v2.operations import operation
from pytest_bill.sandbox.api.v2.shared_columns import BANK_STATUSES
from pytest_bill.sandbox.core.fields import Date, Field, Many, Object, Text
from pytest_bill.sandbox.core.operations import Call, Operation
from pytest_bill.sandbox.core.records import Record

_BALANCE = "v2_bank_balance"
_MOVED = {"PAID": "1", "VOID": "2"}
"""How a payment's money moved, by its status: confirmed or voided."""
_CARD_TYPES = {"1": "Visa", "2": "MasterCard", "3": "DiscoverNetwork", "4": "AmericanExpress"}


def _balance(call: Call) -> Record:
    return {**call.table(_BALANCE).get(call.owner, {})} if _is_charted(call) else {}


def _set_balance(call: Call) -> Record:
    given = call.form["data"]
    if _is_charted(call):
        kept = {name: str(given[name]) for name in ("bankBalance", "bankBalanceDate")}
        call.table(_BALANCE)[call.owner] = kept
    return {}


def _is_charted(call: Call) -> bool:
    """Whether the default bank account belongs to a chart of accounts."""
    return any(
        account["default"]["payables"] and account.get("chartOfAccountId")
        for account in call.table(BANKS.table).values()
    )


def _movements(call: Call) -> Mapping[str, Record]:
    return {each["id"]: each for each in (*_paid(call), *_received(call))}


def _paid(call: Call) -> list[Record]:
    return [
        _movement(
            payment,
            kind="1",
            name=payment["confirmationNumber"],
            account_id=payment.get("fundingAccount", {}).get("id"),
            parts=[
                {"name": payment["vendorName"], "amount": -part["amount"]}
                for part in payment["billPayments"]
            ],
        )
        for payment in call.table(PAYMENTS.table).values()
        if payment["onlinePayment"] and payment["status"] in _MOVED
    ]


def _received(call: Call) -> list[Record]:
    return [
        _movement(
            payment,
            kind="2",
            name=payment.get("referenceNumber"),
            account_id=payment.get("payToBankAccountId"),
            parts=[{"name": None, "amount": each["amount"]} for each in payment["invoicePayments"]],
        )
        for payment in call.table(RECEIVABLE_PAYMENTS.table).values()
        if payment["onlinePayment"] and payment["status"] in _MOVED
    ]


def _movement(
    payment: Record,
    *,
    kind: str,
    name: str | None,
    account_id: str | None,
    parts: Sequence[Record],
) -> Record:
    return {
        "id": f"mmt{payment['id'][3:]}",
        "name": name,
        "type": kind,
        "amount": round(sum(part["amount"] for part in parts), 2),
        "processDate": payment.get("processDate") or payment.get("paymentDate"),
        "status": _MOVED[payment["status"]],
        "bankAccountId": account_id,
        "description": payment.get("description"),
        "items": [
            {"id": f"mmi{payment['id'][3:-2]}{number:02}", **part}
            for number, part in enumerate(parts)
        ],
        **{each: payment[each] for each in ("createdTime", "updatedTime")},
    }


def _text_of_amount() -> Column:
    return Column(Text(), "amount", codec=Codec(lambda amount: f"{amount:.2f}", float))


MONEY_MOVEMENT = Entity(
    "MoneyMovement",
    "org-basic",
    {
        "name": text("name"),
        "type": text("type"),
        "amount": _text_of_amount(),
        "processDate": day("processDate"),
        "status": text("status"),
        "bankAccountId": an_id("bankAccountId"),
        "description": text("description"),
    },
    records=_movements,
    children=(
        Children(
            "moneyMovementItems",
            "MoneyMovementItem",
            "items",
            {"id": text("id"), "amount": _text_of_amount(), "name": text("name")},
            parent="moneyMovementId",
        ),
    ),
    archivable=False,
    missing="Money that moves between BILL's accounts: a movement is a whole payment, once it is "
    "paid; of the Wallet there is none.",
    unsure="The form of an amount, and the name and the description of a movement, are not "
    "documented.",
)
CARD_ACCOUNT = Entity(
    "CardAccount",
    "org-basic",
    {
        "usersId": an_id("createdBy"),
        "chartOfAccountId": an_id("chartOfAccountId"),
        "issuingBankName": text("issuingBankName"),
        "nameOnAcct": text("nameOnAccount"),
        "fingerprint": fixed(None),
        "cardBrand": text("brand"),
        "cardType": code("brand", _CARD_TYPES, absent="1"),
        "status": code("status", BANK_STATUSES, absent="0"),
        "last4": text("last4"),
        "canFund": flag("default.funding"),
        "canDisburse": flag("default.disbursement"),
        "expYear": text("expiration.year"),
        "expMonth": text("expiration.month"),
        "primaryAP": flag("default.payables"),
        "primaryAR": flag("default.receivables"),
        "vgsCardToken": fixed(None),
    },
    CARDS,
    sets_active=False,
    missing="fingerprint and vgsCardToken are null.",
    unsure="That canFund, canDisburse, primaryAP and primaryAR are what v3 has under default is "
    "assumed.",
)

_BALANCES: Mapping[str, Field] = {
    "bankBalance": Text(required=True),
    "bankBalanceDate": Date(required=True),
    "bankBalances": Many(Object({"chartOfAccountId": Text(), "chartOfAccountBalance": Text()})),
}

OPERATIONS: tuple[Operation, ...] = (
    operation(
        "GetBankBalance",
        "v2GetBankBalance",
        "The balance of the default bank account, as it was set",
        _balance,
        page="org-basic-getbankbalance",
        answer=Object({"bankBalance": Text(), "bankBalanceDate": Text()}),
        unsure="What is answered before one is set is not documented; here an empty object.",
    ),
    operation(
        "SetBankBalance",
        "v2SetBankBalance",
        "Set the balance of the default bank account",
        _set_balance,
        page="org-basic-setbankbalance",
        data=_BALANCES,
        answer=Object({}),
        missing="bankBalances, of single charts of accounts, are taken and not kept.",
    ),
    *entity_operations(MONEY_MOVEMENT, ("Read", "List")),
    *entity_operations(CARD_ACCOUNT, ("List",)),
)
"""The organization's money in v2."""

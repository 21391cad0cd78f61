"""Payments of bills in BILL's v2 API: PayBills, RecordAPPayment, CancelAPPayment, VoidAPPayment,
SentPay, BillPay, BillCredit.

Pages: https://developer.bill.com/v2/docs/paying-vendors-with-bill,
https://developersupport.bill.com/hc/en-us/articles/215407343-RecordAPPayment,
https://developersupport.bill.com/hc/en-us/articles/215572723-SentPay,
https://developer.bill.com/v2/reference/ap-vendortransactions-cancelappayment and
https://developer.bill.com/v2/docs/bill-approval-workflows.

A SentPay is a payment of v3; its ``billPays`` say which bills it pays, and its ``billCredits``
which vendor credits it uses. PayBills needs an MFA-trusted session and takes 200 bills of one
vendor; the bank account is the organization's default one if none is named. An administrator pays
bills that are not approved, too. A recorded payment is paid at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pytest_bill.sandbox.api.funding.banks import BANKS
from pytest_bill.sandbox.api.payables import payments
from pytest_bill.sandbox.api.payables.bills import BILLS
from pytest_bill.sandbox.api.payables.payment_creation import pay_bills, record_payment
from pytest_bill.sandbox.api.payables.payment_fields import PAYMENTS
from pytest_bill.sandbox.api.people.roles import ADMINISTRATOR
from pytest_bill.sandbox.api.v2.columns import (
    NO_ID,
    TIME,
    Column,
    an_id,
    code,
    computed,
    day,
    fixed,
    flag,
    number,
    text,
)
from pytest_bill.sandbox.api.v2.entities import Children, Entity
from pytest_bill.sandbox.api.v2.entity_operations import entity_operations
from pytest_bill.sandbox.api.v2.operations import operation
from pytest_bill.sandbox.core import access, errors
from pytest_bill.sandbox.core.fields import (
    Boolean,
    Date,
    Field,
    Integer,
    Many,
    Number,
    Object,
    Text,
)
from pytest_bill.sandbox.core.operations import Call, Operation
from pytest_bill.sandbox.core.records import Record

_MOST_BILLS = 200
_STATUSES = {
    "0": "APPROVING",
    "1": "SCHEDULED",
    "2": "PAID",
    "3": "CANCELLED",
    "4": "VOID",
    "5": "ESCHEATED",
}
_TYPES = {"0": "CHECK", "1": "ACH", "2": "RPPS", "4": "OFFLINE", "5": "INTERNATIONAL"}
"""How a payment reaches the vendor."""
FUNDING_TYPES = {**_TYPES, "1": "RPPS", "2": "ACH"}
"""The same, as fundingType and GetDisbursementData have it: two codes the other way round."""
_DELIVERIES = {
    "0": "STANDARD",
    "1": "USPS_PRIORITY",
    "10": "UPS_1DAY",
    "11": "UPS_2DAY",
    "12": "UPS_3DAY",
    "13": "RTP",
}
_VOIDS = {
    "0": "VOID_AND_CREDIT",
    "1": "VOID_AND_REISSUE",
    "2": "VOID_ONLY",
    "3": "VOID_AND_REISSUE_VCARD",
}
_VOID_STATUSES = {
    "0": "TO_BE_PROCESSED",
    "1": "ACCEPTED",
    "2": "REJECTED",
    "3": "NO_OP",
    "4": "ARCHIVED",
}

_BILL_PAY: Mapping[str, Column] = {
    "id": text("id"),
    "billId": an_id("billId"),
    "name": text("confirmationNumber"),
    "paymentStatus": code("status", _STATUSES, absent="1"),
    "amount": number("amount"),
    "description": text("description"),
    "processDate": day("processDate"),
    "syncReference": text("syncReference"),
    "toPrintCheck": flag("toPrintCheck"),
    "chartOfAccountId": an_id("classifications.chartOfAccountId"),
    "paymentType": computed(Text(), lambda _call, part: "0" if part["onlinePayment"] else "1"),
    "sentPayId": an_id("sentPayId"),
    "allowExport": fixed(True, Boolean()),
}
_BILL_CREDIT: Mapping[str, Column] = {
    "id": text("id"),
    "billId": an_id("billId"),
    "sentPayId": an_id("sentPayId"),
    "vendorCreditId": an_id("vendorCreditId"),
    "amount": number("amount"),
}
_INHERITED = (
    *("confirmationNumber", "status", "description", "processDate", "syncReference"),
    *("toPrintCheck", "classifications", "onlinePayment"),
)


def _bill_credits(payment: Record) -> Sequence[Record]:
    """What the payment uses of vendor credits, under ids that v3 has not."""
    return [
        {
            "id": f"bcr{part['id'][3:-1]}{number}",
            "billId": part["billId"],
            "sentPayId": payment["id"],
            "vendorCreditId": use["id"],
            "amount": use["amount"],
        }
        for part in payment["billPayments"]
        for number, use in enumerate(part.get("vendorCredits", ()))
    ]


def _bill_pays(payment: Record) -> Sequence[Record]:
    return [{**part, "sentPayId": payment["id"]} for part in payment["billPayments"]]


def _void_requests(payment: Record) -> Sequence[Record]:
    return [
        {
            **{name: each[name] for name in ("type", "status", "reason")},
            "id": f"vrq{each['id'][3:]}",
            "userId": each["requestedBy"],
            "decisionDate": each["updatedTime"],
            "createdDate": each["createdTime"],
            "updatedDate": each["updatedTime"],
        }
        for each in payment.get("voidInfo", ())
    ]


_VOID_REQUEST: Mapping[str, Column] = {
    "id": text("id"),
    "type": code("type", _VOIDS, absent="2"),
    "status": code("status", _VOID_STATUSES, absent="1"),
    "reason": text("reason"),
    "userId": an_id("userId"),
    **{
        name: Column(Text(), name, codec=TIME)
        for name in ("decisionDate", "createdDate", "updatedDate")
    },
}
_BILL_PAYS = Children("billPays", "BillPay", "", _BILL_PAY, inherits=_INHERITED, found=_bill_pays)
_VOID_REQUESTS = Children(
    "voidRequests", "VoidRequestQueue", "", _VOID_REQUEST, found=_void_requests
)
_BILL_CREDITS = Children("billCredits", "BillCredit", "", _BILL_CREDIT, found=_bill_credits)


def _within(children: Children) -> Any:
    def records(call: Call) -> Mapping[str, Record]:
        return {
            each["id"]: each
            for payment in call.table(PAYMENTS.table).values()
            for each in children.of(payment)
        }

    return records


def _funded_by(kind: str) -> Column:
    """The id of the account that pays, if it is one of that kind."""

    def account_id(_call: Call, payment: Record) -> str:
        account: Record = payment.get("fundingAccount", {})
        return str(account.get("id", NO_ID)) if account.get("type") == kind else NO_ID

    return computed(Text(), account_id)


SENT_PAY = Entity(
    "SentPay",
    "ap-vendortransactions",
    {
        "processDate": day("processDate"),
        "amount": number("amount"),
        "status": code("status", _STATUSES, absent="1"),
        "description": text("description"),
        "txnNumber": text("transactionNumber"),
        "name": text("confirmationNumber"),
        "vendorId": an_id("vendorId"),
        "isOnline": flag("onlinePayment"),
        "useAltPmtType": fixed(False, Boolean()),
        "fasterPayment": fixed(False, Boolean()),
        "paymentType": code("disbursementType", _TYPES, absent="0"),
        "deliveryTypeRequested": fixed("0"),
        "chartOfAccountId": an_id("classifications.chartOfAccountId"),
        "syncReference": text("syncReference"),
        "toPrintCheck": flag("toPrintCheck"),
        "createdBy": an_id("createdBy"),
        "bankAccountId": _funded_by("BANK_ACCOUNT"),
        "pt14CardId": fixed(NO_ID),
        "needAttnReviewed": fixed(False, Boolean()),
        "simpleBasicAutoCancel": fixed(None),
        "source": fixed("0"),
        "allowExport": fixed(True, Boolean()),
        "localAmount": fixed(None),
        "exchangeRate": number("exchangeRate"),
        "paymentPurpose": fixed(None),
        "remittanceEmail": text("remittanceEmail"),
        "requestedDeliveryDate": fixed(None),
        "pmtCurrencyInfoId": fixed(NO_ID),
        "cardAccountId": _funded_by("CARD_ACCOUNT"),
        "creditAccountId": fixed(NO_ID),
        "fundsHeldDate": fixed(None),
        "fundingType": code("disbursementType", FUNDING_TYPES, absent="0"),
        "apConvFee": fixed(None, Object({})),
    },
    PAYMENTS,
    children=(_BILL_PAYS, _BILL_CREDITS, _VOID_REQUESTS),
    archivable=False,
    missing="Faster payments and other deliveries, localAmount, paymentPurpose and fees: their "
    "fields never change.",
    unsure="name has another format than BILL's confirmation numbers. Which value a field has that "
    "nothing was said of is not documented; here null, and an id of zeros.",
)
BILL_PAY = Entity(
    "BillPay",
    "ap-vendortransactions",
    {name: each for name, each in _BILL_PAY.items() if name != "id"},
    records=_within(_BILL_PAYS),
    archivable=False,
)
BILL_CREDIT = Entity(
    "BillCredit",
    "ap-vendortransactions",
    {name: each for name, each in _BILL_CREDIT.items() if name != "id"},
    records=_within(_BILL_CREDITS),
    sets_active=False,
)


def _pay(call: Call) -> Record:
    """Payments of bills of one vendor, all or none."""
    given = call.form["data"]
    body = {
        "vendorId": given["vendorId"],
        "fundingAccount": {"type": "BANK_ACCOUNT", "id": _bank_account(call, given)},
        "payments": list(_parts(given)),
        **{name: given[name] for name in ("processDate", "description") if given.get(name)},
        **({"exchangeRateBatchId": given["batchId"]} if given.get("batchId") else {}),
    }
    administers = access.has_role(call.who, call.state, (ADMINISTRATOR,))
    made = pay_bills(call, body, most=_MOST_BILLS, approved=not administers)
    return {"sentPays": [SENT_PAY.as_answered(call, each) for each in made]}


def _bank_account(call: Call, given: Record) -> str:
    """The id of the bank account that is named, or of the one that pays by default."""
    if account_id := str(given.get("bankAccountId") or ""):
        return account_id
    for account in call.table(BANKS.table).values():
        if account["default"]["payables"] and not account["archived"]:
            return str(account["id"])
    raise errors.bad_request(errors.missing_data("bankAccountId"))


def _parts(given: Record) -> Iterator[Record]:
    """What is paid of each bill, and with which vendor credits, as v3 is told."""
    parts: dict[str, Record] = {}
    for each in given.get("billPays", ()):
        part = parts.setdefault(each["billId"], {"billId": each["billId"], "amount": 0})
        part["amount"] = round(part["amount"] + each["amount"], 2)
    for each in given.get("billCredits", ()):
        part = parts.setdefault(each["billId"], {"billId": each["billId"], "amount": 0})
        use = {"id": each["vendorCreditId"], "amount": each["amount"]}
        part.setdefault("vendorCredits", []).append(use)
    yield from parts.values()


def _record(call: Call) -> Record:
    """A payment that was made outside BILL."""
    given = call.form["data"]
    parts = list(_parts(given))
    if not parts:
        raise errors.bad_request(errors.missing_data("billPays"))
    bill = call.table(BILLS.table).get(parts[0]["billId"], {})
    body = {
        "vendorId": given.get("vendorId") or bill.get("vendorId", ""),
        "processDate": given.get("processDate") or call.state.clock.now().date().isoformat(),
        "toPrintCheck": given.get("toPrintCheck", False),
        **{name: given[name] for name in ("description", "syncReference") if given.get(name)},
        "payments": parts,
    }
    if given.get("chartOfAccountId"):
        body["classifications"] = {"chartOfAccountId": given["chartOfAccountId"]}
    return SENT_PAY.as_answered(call, record_payment(replace(call, body=body)))


def _cancel(call: Call) -> Record:
    """Stop a payment before its process date."""
    payment_id = call.form["data"]["sentPayId"]
    return SENT_PAY.as_answered(call, payments.cancel_payment(call.at(paymentId=payment_id)))


def _void(call: Call) -> Record:
    """Stop a payment that cannot be canceled any more."""
    given = call.form["data"]
    at = call.at(paymentId=given["sentPayId"])
    payment = SENT_PAY.find_by_id(call, given["sentPayId"])
    absent = [name for name in ("voidRequestType", "reason") if not given.get(name)]
    if payment["onlinePayment"] and absent:
        raise errors.bad_request(*(errors.missing_data(name) for name in absent))
    body = {
        "type": _VOIDS[given.get("voidRequestType") or "2"],
        "reason": given.get("reason", ""),
    }
    return SENT_PAY.as_answered(call, payments.void_payment(replace(at, body=body)))


_AMOUNT = Number(required=True, minimum=0, text=True)
_PAYS: Mapping[str, Field] = {
    "billPays": Many(Object({"billId": Text(required=True), "amount": _AMOUNT})),
    "billCredits": Many(
        Object(
            {
                "billId": Text(required=True),
                "vendorCreditId": Text(required=True),
                "amount": Number(required=True, minimum=0.01, text=True),
            }
        )
    ),
}
_SENT_PAY_ID: Mapping[str, Field] = {"sentPayId": Text(required=True)}
_REFUSALS = (
    "The refusal of an unknown bill, bank account or vendor credit is BDC_1119, of more than is "
    "due BDC_1159, as in v3."
)

OPERATIONS: tuple[Operation, ...] = (
    *entity_operations(SENT_PAY, ("Read", "List")),
    *entity_operations(BILL_PAY, ("Read", "List")),
    *entity_operations(BILL_CREDIT, ("Read", "List")),
    operation(
        "PayBills",
        "v2PayBills",
        "Pay up to 200 bills of a vendor, all or none",
        _pay,
        page="ap-vendortransactions-paybills",
        data={
            "vendorId": Text(required=True),
            "processDate": Date(or_empty=True),
            "bankAccountId": Text(),
            "description": Text(longest=70),
            **{
                name: Boolean()
                for name in ("isVendorDirectPayment", "isFasterPayment", "allowExport")
            },
            "deliveryType": Text(choices=tuple(_DELIVERIES)),
            "batchId": Integer(),
            **_PAYS,
            "billPays": replace(_PAYS["billPays"], required=True),
        },
        answer=Object({"sentPays": Many(SENT_PAY.answer, required=True)}),
        trusted=True,
        sync=False,
        roles=(ADMINISTRATOR, "PAYER"),
        missing="A payment never fails: no account is ever empty. cardAccountId, deliveryType and "
        "the flags of faster and card payments make no difference. Bills of several vendors.",
        unsure=_REFUSALS,
    ),
    operation(
        "RecordAPPayment",
        "v2RecordAPPayment",
        "Record a payment of bills that was made outside BILL",
        _record,
        page="ap-vendortransactions-recordappayment",
        data={
            "vendorId": Text(),
            "processDate": Date(or_empty=True),
            "toPrintCheck": Boolean(),
            "chartOfAccountId": Text(),
            "description": Text(),
            "syncReference": Text(),
            "vendorEmail": Text(),
            "notifyVendorPaidWithCredits": Boolean(),
            "allowExport": Boolean(),
            **_PAYS,
        },
        answer=SENT_PAY.answer,
        missing="No vendor is notified, and allowExport makes no difference.",
        unsure="The page requires processDate, toPrintCheck and billPays; without the first two it "
        f"is today, and false. {_REFUSALS}",
    ),
    operation(
        "CancelAPPayment",
        "v2CancelAPPayment",
        "Cancel a payment before its process date",
        _cancel,
        page="ap-vendortransactions-cancelappayment",
        data=_SENT_PAY_ID,
        answer=SENT_PAY.answer,
        sync=False,
    ),
    operation(
        "VoidAPPayment",
        "v2VoidAPPayment",
        "Void a payment that is being processed or was recorded",
        _void,
        page="ap-vendortransactions-voidappayment",
        data={
            **_SENT_PAY_ID,
            "voidRequestType": Text(choices=tuple(_VOIDS)),
            "reason": Text(longest=4000),
        },
        answer=SENT_PAY.answer,
        sync=False,
        missing="A void takes effect at once. No payment is reissued.",
    ),
)

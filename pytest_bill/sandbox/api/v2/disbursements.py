"""How the money of payments reaches vendors, in BILL's v2 API: GetDisbursementData, ListPayments.

Pages: https://developer.bill.com/v2/reference/ap-vendortransactions-getdisbursementdata,
/ap-vendortransactions-listpayments beside it and
https://developersupport.bill.com/hc/en-us/articles/210138753-GetDisbursementData.
"""

from __future__ import annotations

from pytest_bill.sandbox.api.payables.payment_fields import PAYMENTS
from pytest_bill.sandbox.api.v2 import lists
from pytest_bill.sandbox.api.v2.operations import operation
from pytest_bill.sandbox.api.v2.payables import VENDOR
from pytest_bill.sandbox.api.v2.payments import FUNDING_TYPES, SENT_PAY
from pytest_bill.sandbox.core.fields import (
    Boolean,
    Date,
    Either,
    Integer,
    Many,
    Null,
    Number,
    Object,
    Text,
)
from pytest_bill.sandbox.core.operations import Call, Operation
from pytest_bill.sandbox.core.records import Record

_SCHEDULED, _DONE, _FAILED, _VOID = "0", "3", "4", "5"
_OF_V3 = {"IN_PROGRESS": _SCHEDULED, "DONE": _DONE, "FAILED": _FAILED}
_STATUSES = ("", _SCHEDULED, _DONE, _FAILED, _VOID, "6", "7")
"""The last two: on hold, and on hold for foreign currency trading."""
_COMBINED = {"APPROVING": 1, "SCHEDULED": 2, "CANCELLED": 3, "PAID": 4, "VOID": 6}
_ADDRESS = (
    *("address1", "address2", "address3", "address4"),
    *("addressCity", "addressState", "addressZip", "addressCountry"),
)


def _status(payment: Record) -> str:
    """Empty before a payment's process date."""
    if payment["status"] == "VOID":
        return _VOID
    return _OF_V3.get(payment.get("disbursementStatus", ""), "")


def _disbursement(call: Call) -> Record:
    """How the money of a payment reaches the vendor."""
    payment = SENT_PAY.find_by_id(call, call.form["data"]["sentPayId"])
    shown = SENT_PAY.as_answered(call, payment)
    vendor = VENDOR.as_answered(call, VENDOR.find_by_id(call, payment["vendorId"]))
    answer: Record = {
        "paymentType": shown["fundingType"],
        "disbursementStatus": _status(payment),
        "vcardReissueReason": None,
        "vendorName": vendor["name"],
        "orgName": vendor["companyName"],
        **{name: vendor[name] for name in _ADDRESS},
        "combinedStatus": _COMBINED.get(payment["status"], 0),
        "isVoidable": payment["disbursementInfo"]["isVoidable"],
        "isVoidableFromUI": False,
        "canReissue": False,
        "isVendorDirectVCard": False,
    }
    if payment["disbursementType"] == "CHECK":
        check = payment.get("disbursementInfo", {}).get("checkDisbursement", {})
        given = check.get("checkNumber")
        answer["checkData"] = {
            "checkNumber": None if given is None else int(given),
            "checkDate": payment["processDate"],
            "amount": payment["amount"],
            "memo": shown["description"],
            "errorCode": None,
        }
    return answer


def _list(call: Call) -> Record:
    asked = call.form["data"]
    wanted = asked["disbursementStatus"]
    payments = [each for each in call.table(PAYMENTS.table).values() if _status(each) == wanted]
    found = lists.search(
        payments,
        asked,
        {name: each.kind for name, each in SENT_PAY.all_columns.items()},
        lambda record, name: SENT_PAY.value(call, record, name),
    )
    nested = asked.get("nested", True)
    return {"payments": [SENT_PAY.as_answered(call, each, nested=nested) for each in found]}


OPERATIONS: tuple[Operation, ...] = (
    operation(
        "GetDisbursementData",
        "v2GetDisbursementData",
        "How the money of a payment reaches the vendor",
        _disbursement,
        page="ap-vendortransactions-getdisbursementdata",
        data={"sentPayId": Text(required=True)},
        answer=Object(
            {
                "paymentType": Text(required=True, choices=tuple(FUNDING_TYPES)),
                "disbursementStatus": Text(required=True, choices=_STATUSES),
                "vcardReissueReason": Null(required=True),
                "vendorName": Text(required=True),
                **dict.fromkeys(("orgName", *_ADDRESS), Either((Text(), Null()), required=True)),
                "combinedStatus": Integer(required=True),
                **{
                    name: Boolean(required=True)
                    for name in (
                        *("isVoidable", "isVoidableFromUI", "canReissue", "isVendorDirectVCard"),
                    )
                },
                "checkData": Object(
                    {
                        "checkNumber": Either((Integer(), Null())),
                        "checkDate": Date(),
                        "amount": Number(),
                        "memo": Either((Text(), Null())),
                        "errorCode": Null(),
                    }
                ),
            }
        ),
        missing="achData and the data of other ways of paying; arrival, clearing and expiry.",
        unsure="BILL's own sandbox answers no details: no money moves there. Money that is "
        "under way is taken to be scheduled. combinedStatus tells the "
        "status of the payment only.",
    ),
    operation(
        "ListPayments",
        "v2ListPayments",
        "List payments by how their money reaches the vendor",
        _list,
        page="ap-vendortransactions-listpayments",
        data={
            **lists.LIST,
            "disbursementStatus": Text(required=True, choices=_STATUSES[1:]),
        },
        answer=Object({"payments": Many(SENT_PAY.answer, required=True)}),
        missing="disbursement, extraData, vendorBankCountry and vendorAddressCountry. None fails "
        "or is on hold.",
        unsure="Money that is under way is taken to be scheduled.",
    ),
)
"""How money reaches vendors in v2."""

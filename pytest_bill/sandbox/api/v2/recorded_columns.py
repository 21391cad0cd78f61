"""What BILL answers in entities of v2 and v3 has no place for, as recorded answers show it.

BILL's pages of v2 list the fields of what is sent and answered
(https://developer.bill.com/v2/reference/ap-vendormgmt-createvendor,
/ap-vendortransactions-createbill and the like beside it); which value a field has that nothing was
said of, null, zero, false or an id of twenty zeros, is what answers that clients recorded show: of
2024 (vendors, bills, customers, invoices, bank accounts) and of 2025 (bills). They have some fields
more than the pages. What is sent of them (``useBillDesc`` and the like) is kept and answered, and
changes nothing; the others are always as they were recorded of a record that had nothing of the
kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_bill.sandbox.api.v2.columns import (
    NO_ID,
    Column,
    an_id,
    computed,
    day,
    fixed,
    flag,
    number,
    read_only,
    text,
)
from pytest_bill.sandbox.core.fields import (
    Anything,
    Boolean,
    Date,
    Integer,
    Many,
    Number,
    Object,
    Text,
)
from pytest_bill.sandbox.core.operations import Call
from pytest_bill.sandbox.core.records import Record

UNSURE = (
    "Fields that v3 does not have are kept as they were sent, and otherwise answered as recorded "
    "answers show them; they change nothing."
)
"""For ``fidelity``, of the entities below."""


def _always(value: Any, *names: str) -> dict[str, Column]:
    return {name: fixed(value) for name in names}


def _false(*names: str) -> dict[str, Column]:
    return {name: fixed(False, Boolean()) for name in names}


def _zero(*names: str) -> dict[str, Column]:
    return {name: fixed(0, Number()) for name in names}


def _null(*names: str) -> dict[str, Column]:
    return _always(None, *names)


def _sent(value: str | None, *names: str) -> dict[str, Column]:
    """Texts that are kept as they were sent; ``value`` is answered until then."""
    return {name: Column(Text(), absent=value) for name in names}


def _no_ids(*names: str) -> dict[str, Column]:
    return _always(NO_ID, *names)


def _empty(*names: str) -> dict[str, Column]:
    return {name: fixed([], Many(Anything())) for name in names}


def _lines(record: Record, *, of_items: bool) -> list[Record]:
    return [
        line
        for line in record["billLineItems"]
        if bool(line.get("classifications", {}).get("itemId")) == of_items
    ]


def _sum_of(record: Record, *, of_items: bool) -> Record:
    lines = _lines(record, of_items=of_items)
    total = round(sum(line.get("amount", 0) for line in lines), 2)
    return {"count": len(lines), "totalAmount": total}


def _items(_call: Call, record: Record) -> Record:
    return _sum_of(record, of_items=True)


def _expenses(_call: Call, record: Record) -> Record:
    """With the accounts that more than one line is about."""
    by_account: dict[str, list[float]] = {}
    for line in _lines(record, of_items=False):
        account = line.get("classifications", {}).get("chartOfAccountId")
        if account:
            by_account.setdefault(account, []).append(line.get("amount", 0))
    groups = [
        {
            "chartOfAccountId": account,
            "count": len(amounts),
            "totalAmount": round(sum(amounts), 2),
        }
        for account, amounts in by_account.items()
        if len(amounts) > 1
    ]
    return {**_sum_of(record, of_items=False), "chartOfAccountGroup": groups}


_SUM = {"count": Integer(required=True), "totalAmount": Number(required=True)}

_GROUP = Object({"chartOfAccountId": Text(required=True), **_SUM})

LINE_ORDER: Mapping[str, Column] = {"lineOrder": read_only(Column(Integer(), "position"))}
"""The number of a line among the others, from 0."""

BILL: Mapping[str, Column] = {
    **_null("localAmount"),
    "exchangeRate": Column(Number(), "exchangeRate", sent=False),
    "eBillCreated": flag(),
    "invoiceProductId": an_id(),
    "numApprPolicyEx": fixed(0, Integer()),
    "useBillDesc": flag(),
    "defaultInvoiceNumber": flag(),
    "isAutoSaved": flag(),
    "billTemplateId": an_id(),
    **_null("quickbooksId"),
    "lastPaymentDate": Column(Date(), sent=False),
    "fullPaymentDate": Column(Date(), sent=False),
    **_false("hasLinkedPurchaseOrders"),
    "multipleBillLineItems": computed(
        Boolean(), lambda _call, record: len(record["billLineItems"]) > 1
    ),
    "item": computed(Object(_SUM), _items),
    "expense": computed(Object({**_SUM, "chartOfAccountGroup": Many(_GROUP)}), _expenses),
    **_no_ids("acctEntityId", "apAccountId", "billLocationId"),
    **_null("discountAmount", "discountDueDate"),
    **_always("0", "discountStatus"),
    **_false("hasAmortizedLines", "is1099MissingBill", "isSppCreated", "isVcardStpCandidate"),
}

BILL_LINE: Mapping[str, Column] = {
    "jobBillable": flag(),
    **{name: an_id() for name in ("purchaseOrderBillLinkId", "unitOfMeasureId")},
    **LINE_ORDER,
    **_no_ids("acctEntityId", "amortizationScheduleId", "form1099CategoryId", "jobTaskId"),
    **_null("billedUnitPrice", "startDate", "endDate", "reportableAmount"),
    **_false("isReportable"),
}

CUSTOMER: Mapping[str, Column] = {
    **_zero("availCredit"),
    "taxId": text(),
    **_false("hasBankAccount", "hasNetBankAccount", "hasBankAccountAutoPay"),
    **_false("hasCreditCard", "hasCreditCardAutoPay"),
    "defaultDeliveryMethod": text(),
    **{name: flag() for name in ("isAutoChargeDismissed", "isTaxLiable")},
    **_sent("0", "creationSource"),
    "enabledInvoiceFinancing": flag(),
    **_false("hasCustomerCard", "enabledAutoInvoiceFinancing"),
}

INVOICE: Mapping[str, Column] = {
    **_null("localAmount"),
    **_always("0", "source"),
    **_sent("1", "emailDeliveryOption"),
    **_sent("0", "mailDeliveryOption"),
    **_null("quickbooksId"),
    "recInvoiceTemplateId": an_id(),
    **_always("0", "financingStatus"),
    **_no_ids("netBillId", "netOrgId"),
    **_null("stylingId", "stylingRevision", "financingModelStatus"),
    **_always("0", "financingErrorType"),
    **_empty("invoiceAdjustments", "invoiceCustomFields"),
}

INVOICE_LINE: Mapping[str, Column] = {
    "serviceDate": day(),
    "taxCode": computed(text().kind, lambda _call, line: "Tax" if line.get("taxable") else "Non"),
    **LINE_ORDER,
}

VENDOR: Mapping[str, Column] = {
    "sendNotifications": flag(absent=True),
    **_zero("balance", "availCredit"),
    **_null("lastBalanceUpdate"),
    **{name: number() for name in ("externalBillPayIn12m", "since", "payDaysBefore")},
    **_false("hasBankAccountAutoPay", "hasRecurringPayments"),
    **_sent("0", "billSyncPref"),
    **_null("paymentCurrency"),
    **_sent("1", "prefPmtMethod"),
    **_sent(None, "paymentPurpose", "bankCountry"),
    "vendorBankAccountStatus": fixed(-1, Integer()),
    "sendInviteForPrivateVendor": flag(absent=True),
    **_sent(None, "vendorVCardRemitEmail"),
    **_sent("-1", "vendorVCardStatus"),
    **_sent("1", "orgVCardStatus"),
    **_sent("0", "prefRemitEmail"),
    **_sent(None, "remitEmail", "processorVCardStatus", "vStatusUpdateSource"),
    **_false("allowConnectedVendorEditAddress", "informConnectedVendorAddressSyncModified"),
    **_always("0", "intlPaymentType"),
    **_null("vcardEnrollDate", "vcardDeclineDate"),
    **_false("isAccountNumberRequired"),
    **_no_ids("largeBillerId"),
    **_sent(None, "orgVCardOptOutCustReason"),
    "enableFundedInvite": flag(),
    "lastPaymentDate": day(),
    "numberOfInvitesSent": Column(Integer(), absent=0),
    "eligibleForEbills": flag(),
    "acknowledgedEbillBanner": flag(),
    "acknowledgedEbillError": flag(),
    "eBillEnablementFailed": flag(),
    **_sent(None, "PaymentusMerchantId"),
    "unmodifiedBillsCount": Column(Integer(), absent=0),
    "setupAutoPayPrompt": flag(),
    **_false("autoPayConflict", "nameOnCheckRemediation"),
    **_sent(None, "autoSave"),
    **_null("autoSaveStatus"),
    **_sent("0", "creationSource"),
    **_sent(None, "PaymentusPmtType", "PaymentusAcctToken", "PaymentusAcctToken2"),
    **_sent(None, "PaymentusAcctToken3"),
    **_sent("0", "stpProcessor", "eBillEnabledStatus"),
    **_null("orgVCardOptOutCustOther", "networkStatus"),
    **_always("1", "vcardProcessor"),
    **_false("isAddressValidated", "isSyncVendorCountryMapped", "optedOutOfVCardByOrg"),
    **_false("invalidCountryCurrencyAtNewVendorSync"),
    **_zero("acctBalance"),
    **_null("lastAcctBalanceUpdate", "paymentEmails"),
    **_false("eBillEligible"),
    **_empty("required"),
}

VENDOR_BANK_ACCOUNT: Mapping[str, Column] = {
    **_false("intlEPaymentAcct"),
    **_sent("0", "intlPaymentType"),
    **_sent(None, "paymentCurrency"),
    **_null("bankCountry"),
    **_sent(None, "vendorBankData"),
    **_sent("1", "bankAddSource"),
    **_sent(None, "intlTemplateKey", *(f"regulatory{number}" for number in range(1, 8))),
}

CUSTOMER_BANK_ACCOUNT: Mapping[str, Column] = {
    **{name: flag() for name in ("isLockedByOrg", "isPrivate")},
    "cpUserId": an_id(),
    **_null("rndDepExpireDate"),
}

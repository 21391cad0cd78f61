"""Recipes of v2: see ``recipes``. Those of an object are of what stands in ``obj``."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_bill.sandbox.api.payables.bills import waits_for
from pytest_bill.sandbox.api.payables.payment_quotes import is_abroad
from pytest_bill.sandbox.api.people import network_members
from pytest_bill.sandbox.api.v2.approvals import approvers
from pytest_bill.sandbox.api.v2.network import large_biller_id
from pytest_bill.sandbox.core.mfa import TOKEN
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.pages.reference.examples.known import Kind, Known, is_active, is_verified
from pytest_bill.sandbox.pages.reference.examples.recipe import Fields, Recipe, chargeable, funding
from pytest_bill.sandbox.pages.reference.examples.values import Maker


def _approvers(known: Known, _maker: Maker) -> Fields:
    return {"objectId": known.entity("Bill"), "approvers": [known.user_id]}


def _waiting(known: Known, _maker: Maker) -> Fields:
    found = [
        key
        for key, each in known.table("bills").items()
        if is_active(each) and waits_for(each) == known.user_id
    ]
    return {"objectId": found[0] if found else known.none("v2SetApprovers")}


def _bill(known: Known) -> Record:
    return known.record("billId") or {"id": known.id_of("billId"), "vendorId": ""}


def _bill_pays(known: Known, maker: Maker) -> Fields:
    bill = _bill(known)
    return {
        "vendorId": bill["vendorId"],
        "processDate": maker.day("processDate"),
        "billPays": [{"billId": bill["id"], "amount": 25}],
    }


def _paid_bill(known: Known, maker: Maker) -> Fields:
    return {**_bill_pays(known, maker), "bankAccountId": funding(known)["id"]}


def _invoice(known: Known) -> Record:
    return known.record("invoiceId") or {"id": known.id_of("invoiceId"), "customerId": ""}


def _received(known: Known, _maker: Maker) -> Fields:
    invoice = _invoice(known)
    return {
        "customerId": invoice["customerId"],
        "paymentType": "1",
        "invoicePays": [{"invoiceId": invoice["id"], "amount": 25}],
    }


def _challenge(known: Known, _maker: Maker) -> Fields:
    waiting = known.state.mfa.challenges.latest(known.user_id)
    return {
        "challengeId": waiting or known.none("v2MFAChallenge"),
        "token": TOKEN,
        "deviceId": "laptop",
    }


def _member(known: Known, _maker: Maker) -> Fields:
    found = network_members.search_members(known.state, "Quiet", {network_members.BILL}, "")
    return {"networkId": found[0].id, "id": known.id_of("vendorId")}


def _biller(known: Known) -> network_members.Member:
    return network_members.search_members(known.state, "com", {network_members.RPPS}, "")[0]


def _request(known: Known, _maker: Maker) -> Fields:
    waiting = known.first(
        known.table("network_invitations"), lambda each: each["status"] == "PENDING"
    )
    return {"id": waiting["id"] if waiting else known.none("v2SendInvite")}


def _connected(record_type: str, made_by: str) -> Kind:
    return Kind(
        "network_invitations",
        made_by,
        id_field="",
        usable=lambda each: each["type"] == record_type and each["status"] == "CONNECTED",
    )


def _policy_approver(known: Known, _maker: Maker) -> Fields:
    return {"approvalPolicyId": known.entity("ApprovalPolicy"), "usersId": known.user_id}


def _approver(known: Known, _maker: Maker) -> Fields:
    """The id that an approver of a bill has in v2."""
    for bill in known.table("bills").values():
        found = approvers(bill)
        if found:
            return {"id": found[0]["id"]}
    return {"id": known.none("v2SetApprovers")}


def _without_account(known: Known, _maker: Maker) -> Fields:
    """A customer who has no bank account: v2 has one for each."""
    for customer_id, customer in known.table("customers").items():
        if is_active(customer) and not known.table(f"customer_bank_accounts of {customer_id}"):
            return {"customerId": customer_id}
    return {"customerId": known.none("createCustomer")}


_ABROAD: Mapping[str, Kind] = {"vendorId": Kind("vendors", "createBulkVendor", usable=is_abroad)}


def _charge(known: Known, _maker: Maker) -> Fields:
    found = chargeable(known, "v2SetCustomerAuthorization")
    if found is None:
        return {}
    return {
        "customerId": found.customer_id,
        "invoicePays": [{"invoiceId": found.invoice_id, "amount": 25}],
    }


_BANK_ID: Mapping[str, Kind] = {"id": Kind("bankAccounts", "verifyBankAccount", usable=is_verified)}
_VENDOR_ID: Mapping[str, Kind] = {"id": Kind("vendors", "createVendor")}
_BILL_ID: Mapping[str, Kind] = {"id": Kind("bills", "createBill")}
_PAYMENT_ID: Mapping[str, Kind] = {"sentPayId": Kind("payments", "createPayment")}

V2: Mapping[str, Recipe] = {
    "v2SetApprovers": Recipe(_approvers),
    "v2Approve": Recipe(_waiting),
    "v2Deny": Recipe(_waiting),
    "v2ChargeCustomer": Recipe(_charge),
    "v2UpdateBankAccount": Recipe(kinds=_BANK_ID),
    "v2DeleteBankAccount": Recipe(kinds=_BANK_ID),
    "v2PayBills": Recipe(_paid_bill),
    "v2RecordAPPayment": Recipe(_bill_pays),
    "v2RecordARPayment": Recipe(_received),
    "v2MFAAuthenticate": Recipe(_challenge),
    "v2SendInvite": Recipe(_member),
    "v2GetNetworkStatus": Recipe(kinds=_VENDOR_ID),
    "v2UploadAttachment": Recipe(kinds=_BILL_ID),
    "v2GetDocumentPages": Recipe(kinds=_BILL_ID),
    "v2GetDocuments": Recipe(kinds=_BILL_ID),
    "v2GetDisbursementData": Recipe(kinds=_PAYMENT_ID),
    "v2CancelAPPayment": Recipe(kinds=_PAYMENT_ID),
    "v2GetLargeBillerPaymentAddress": Recipe(
        lambda known, _m: {"largeBillerId": large_biller_id(_biller(known))}
    ),
    "v2ConnectLargeBillerAsVendor": Recipe(
        lambda known, _m: {"largeBillerId": large_biller_id(_biller(known))}
    ),
    "v2CancelInvite": Recipe(_request),
    "v2DisconnectVendorFromNetwork": Recipe(
        kinds={"vendorId": _connected("VENDOR", "createVendorInvitation")}
    ),
    "v2DisconnectCustomerFromNetwork": Recipe(
        kinds={"customerId": _connected("CUSTOMER", "createCustomerInvitation")}
    ),
    "v2CreateApprovalPolicyApprover": Recipe(_policy_approver),
    "v2ReadBillApprover": Recipe(_approver),
    "v2GetDynamicExchangeRateQuote": Recipe(kinds=_ABROAD),
    "v2GetProfilePermissions": Recipe(lambda known, _m: {"id": known.entity("Profile")}),
    "v2VoidAPPayment": Recipe(
        lambda _k, _m: {"voidRequestType": "0", "reason": "Lost"}, kinds=_PAYMENT_ID
    ),
    "v2CreateCustomerBankAccount": Recipe(_without_account),
}

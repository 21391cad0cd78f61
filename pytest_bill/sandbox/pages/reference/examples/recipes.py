"""What the fields of an operation do not tell of a call that succeeds.

Those of Spend & Expense and of v2 stand in modules of their own.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from pytest_bill.sandbox.api.funding import banks
from pytest_bill.sandbox.api.payables.bills import waits_for
from pytest_bill.sandbox.api.payables.payment_quotes import is_abroad
from pytest_bill.sandbox.api.people import network_members
from pytest_bill.sandbox.core.fields import ADDRESS
from pytest_bill.sandbox.core.mfa import TOKEN
from pytest_bill.sandbox.core.operations import SPEND_OWNER
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.pages.reference.examples.known import NONE_YET, Kind, Known, is_active
from pytest_bill.sandbox.pages.reference.examples.recipe import Fields, Recipe, chargeable, funding
from pytest_bill.sandbox.pages.reference.examples.spend_recipes import SPEND
from pytest_bill.sandbox.pages.reference.examples.v2_recipes import V2
from pytest_bill.sandbox.pages.reference.examples.values import Maker
from pytest_bill.webhook_events import EVENTS


def _bill(known: Known) -> Record:
    return known.record("billId") or {"id": known.id_of("billId"), "vendorId": NONE_YET}


def _invoice(known: Known) -> Record:
    return known.record("invoiceId") or {"id": known.id_of("invoiceId"), "customerId": NONE_YET}


def _has_bank_account(vendor: Record) -> bool:
    return is_active(vendor) and "bankAccount" in vendor["paymentInformation"]


def _has_none(vendor: Record) -> bool:
    return is_active(vendor) and not _has_bank_account(vendor)


_WITH_ACCOUNT = Kind("vendors", "createVendorBankAccount", usable=_has_bank_account)
_WITHOUT_ACCOUNT = Kind("vendors", "createVendor", usable=_has_none)
_ABROAD = Kind("vendors", "createBulkVendor", usable=is_abroad)
_PENDING_BANK = Kind(
    "bankAccounts",
    "createBankAccount",
    usable=lambda each: is_active(each) and each["status"] == "PENDING",
)


def _waiting(known: Known, _maker: Maker) -> Fields:
    table = known.table("bills")
    bill = known.first(table, lambda each: waits_for(each) == known.user_id)
    return {"billId": bill["id"] if bill else known.none("v2SetApprovers")}


def _policy(known: Known, maker: Maker) -> Fields:
    return {
        "policyName": f"Above 10,000 ({maker.unique()})",
        "rules": [{"key": "BILL_AMOUNT", "op": "gte", "values": ["10000"]}],
        "approvers": [known.user_id],
    }


def _payment(known: Known, maker: Maker) -> Fields:
    bill = _bill(known)
    return {
        "vendorId": bill["vendorId"],
        "billId": bill["id"],
        "processDate": maker.day("processDate"),
        "fundingAccount": funding(known),
        "processingOptions": {"createBill": False},
    }


def _bulk_payment(known: Known, maker: Maker) -> Fields:
    bill = _bill(known)
    return {
        "vendorId": bill["vendorId"],
        "processDate": maker.day("processDate"),
        "fundingAccount": funding(known),
        "payments": [{"billId": bill["id"], "amount": 25}],
    }


def _recorded_payment(known: Known, _maker: Maker) -> Fields:
    bill = _bill(known)
    return {"vendorId": bill["vendorId"], "payments": [{"billId": bill["id"], "amount": 25}]}


def _canadian_vendor(_known: Known, maker: Maker) -> Fields:
    name = f"Musique Québec {maker.unique()}"
    return {
        "name": name,
        "accountType": "BUSINESS",
        "address": {
            "line1": "1 Rue du Test",
            "city": "Montréal",
            "stateOrProvince": "QC",
            "zipOrPostalCode": "H2Y 1C6",
            "country": "CA",
        },
        "paymentInformation": {
            "bankCountry": "CA",
            "paymentCurrency": "CAD",
            "bankAccount": {
                "nameOnAccount": name,
                "accountNumber": "1234567",
                "routingNumber": "026013356",
                "type": "CHECKING",
            },
        },
        "billCurrency": "CAD",
    }


def _charge(known: Known, _maker: Maker) -> Fields:
    found = chargeable(known, "authorizeToChargeCustomer")
    if found is None:
        return {}
    return {
        "customerId": found.customer_id,
        "fundingAccount": {"type": "BANK_ACCOUNT", "id": found.account_id},
        "invoicePayments": [{"invoiceId": found.invoice_id, "amount": 25}],
    }


def _of_customer(known: Known, _maker: Maker) -> Fields:
    return {"customer": {"id": known.id_of("customerId")}}


def _received(known: Known, _maker: Maker) -> Fields:
    invoice = _invoice(known)
    return {
        "customerId": invoice["customerId"],
        "paymentType": "CHECK",
        "invoices": [{"id": invoice["id"], "amount": 25}],
    }


def _nominee(known: Known, _maker: Maker) -> Fields:
    users = {each["userId"] for each in known.table("bankAccountUsers").values()}
    user = known.first(
        known.table("users"), lambda each: is_active(each) and each["id"] not in users
    )
    return {"userId": user["id"] if user else known.none("createOrganizationUser")}


def _asked(known: Known, maker: Maker) -> Fields:
    request = next(iter(known.table("network_requests").values()), None)
    if request is None:
        known.none("", "requests of the network")
        return {}
    return {
        "networkId": request["networkId"],
        "type": request["type"],
        "name": f"Northside {maker.unique()}",
    }


def _member(known: Known, _maker: Maker) -> Fields:
    """A business that is in the network of each sandbox."""
    found = network_members.search_members(known.state, "Alpine", {network_members.BILL}, "")
    return {"networkId": found[0].id, "networkType": network_members.BILL}


def _unpaid_vendor(known: Known, _maker: Maker) -> Fields:
    """A vendor that nobody is connected with, and to whom no payment is on its way."""
    paid = {each["vendorId"] for each in known.table("payments").values()}
    asked = known.table("network_invitations")
    vendor = known.first(
        known.table("vendors"),
        lambda each: is_active(each) and each["id"] not in paid and each["id"] not in asked,
    )
    return {"vendorId": vendor["id"] if vendor else known.none("createVendor")}


def _event(known: Known, _maker: Maker) -> Fields:
    for notification in known.table("webhook notifications").values():
        event = notification["event"]
        return {"subscriptionId": event["subscriptionId"], "eventId": event["id"]}
    known.none("sendTestEvent")
    return {}


def _invited(record_type: str, made_by: str) -> Kind:
    return Kind(
        "network_invitations", made_by, id_field="", usable=lambda each: each["type"] == record_type
    )


def _challenge(known: Known, _maker: Maker) -> Fields:
    waiting = known.state.mfa.challenges.latest(known.user_id)
    return {"challengeId": waiting or known.none("generateChallenge"), "token": TOKEN}


def _setup(known: Known, _maker: Maker) -> Fields:
    waiting = known.state.mfa.setups.latest(known.user_id)
    return {"setupId": waiting or known.none("setup"), "token": TOKEN}


def _upload(known: Known, _maker: Maker) -> Fields:
    uploads = known.table("documentUploads")
    return {"ids": next(iter(uploads), None) or known.none("createBillDocument")}


def _partner_organization(_known: Known, maker: Maker) -> Fields:
    return {"name": f"Café Vinyl {maker.unique()}"}


def _customer(_known: Known, maker: Maker) -> Fields:
    """With the address that a bank account of the customer's asks for."""
    return {"billingAddress": maker.object(ADDRESS)}


def _key(_known: Known, _maker: Maker) -> Fields:
    return {"X-Idempotent-Key": str(uuid.uuid4())}


def _subscription(known: Known, _maker: Maker) -> Fields:
    """Spend & Expense has events of its own."""
    is_spend = known.owner == SPEND_OWNER
    event = next(name for name, each in EVENTS.items() if each.is_spend == is_spend)
    return {"status": {"enabled": True}, "events": [{"type": event, "version": "1"}]}


def _signs_in(**variables: str) -> Recipe:
    """A sign-in: the names of variables stand for their values (see ``variables``)."""
    fields = {name: f"BILL_{variable}" for name, variable in variables.items()}
    return Recipe(lambda _k, _m: dict(fields))


_CONSOLE = {
    "devKey": "CONSOLE_DEV_KEY",
    "userName": "CONSOLE_ADMIN_EMAIL",
    "password": "CONSOLE_API_TOKEN",
}
_OAUTH_CLIENT = {
    "grant_type": "client_credentials",
    "client_id": "BILL_CLIENT_ID",
    "client_secret": "BILL_CLIENT_SECRET",
}

_V3: Mapping[str, Recipe] = {
    "login": _signs_in(
        devKey="DEV_KEY",
        username="USERNAME",
        password="PASSWORD",  # noqa: S106  (the name of a variable)
    ),
    "partnerLogin": _signs_in(
        appKey="PARTNER_APP_KEY",
        username="PARTNER_USERNAME",
        password="PARTNER_PASSWORD",  # noqa: S106  (the name of a variable)
    ),
    "createAccessToken": Recipe(lambda _k, _m: dict(_OAUTH_CLIENT)),
    "v2Login": _signs_in(**_CONSOLE, orgId="CONSOLE_ORGANIZATION_ID"),
    "v2ListOrgs": _signs_in(**_CONSOLE),
    "validateChallenge": Recipe(_challenge),
    "setup": Recipe(lambda _k, _m: {"phone": "4085550199"}, first=("validateChallenge",)),
    "validate": Recipe(_setup),
    "stepUpSession": Recipe(lambda _k, _m: {"rememberMeId": NONE_YET, "device": "laptop"}),
    "createBillApprovalPolicy": Recipe(_policy),
    "updateBillApprovalPolicy": Recipe(_policy),
    "billApproveDenyActions": Recipe(_waiting),
    "getExchangeRate": Recipe(kinds={"vendorId": _ABROAD}),
    "getExchangeRates": Recipe(kinds={"vendorId": _ABROAD}),
    "createBulkVendor": Recipe(_canadian_vendor),
    "createPayment": Recipe(_payment),
    "createBulkPayment": Recipe(_bulk_payment),
    "recordPayment": Recipe(_recorded_payment),
    "getVendorBankAccount": Recipe(kinds={"vendorId": _WITH_ACCOUNT}),
    "createVendorBankAccount": Recipe(
        lambda _k, _m: {"type": "CHECKING", "ownerType": "BUSINESS"},
        kinds={"vendorId": _WITHOUT_ACCOUNT},
    ),
    "deleteVendorBankAccount": Recipe(kinds={"vendorId": _WITH_ACCOUNT}),
    "chargeCustomer": Recipe(_charge),
    "createInvoice": Recipe(_of_customer),
    "replaceInvoice": Recipe(_of_customer),
    "createCustomer": Recipe(_customer),
    "recordInvoice": Recipe(_received),
    "nominateBankAccountUser": Recipe(_nominee),
    "verifyBankAccount": Recipe(
        lambda _k, _m: {"depositAmount": banks.TEST_DEPOSIT},
        kinds={"bankAccountId": _PENDING_BANK},
    ),
    "acceptInvitation": Recipe(_asked),
    "createVendorInvitation": Recipe(_member, path=_unpaid_vendor),
    "createCustomerInvitation": Recipe(_member),
    "deleteVendorInvitation": Recipe(
        kinds={"vendorId": _invited("VENDOR", "createVendorInvitation")}
    ),
    "deleteCustomerInvitation": Recipe(
        kinds={"customerId": _invited("CUSTOMER", "createCustomerInvitation")}
    ),
    "getRiskVerifications": Recipe(first=("initiateRiskVerifications",)),
    "initiateRiskVerifications": Recipe(first=("createRiskVerificationPhone",)),
    "uploadStatus": Recipe(query=_upload),
    "createOrganization": Recipe(_partner_organization),
    "createSubscription": Recipe(_subscription, headers=_key),
    "replaceSubscription": Recipe(_subscription),
    "resendEvent": Recipe(path=_event),
    "createNewSecurityKey": Recipe(headers=_key),
}

_NONE = Recipe()


def recipe_of(name: str) -> Recipe:
    """The recipe of an operation, by its operationId."""
    return {**_V3, **SPEND, **V2}.get(name, _NONE)

"""BILL's quick-start guides as steps, which any client can follow.

A guide is a list of steps. A step is a call: `method`, `path` (as BILL's reference writes it),
`headers`, a `json` or `form` body, and the `status` that BILL's page shows. `keep` names what a
later step needs of the answer: {"vendorId": "id"} keeps the answer's `id`, and "results.0.id"
reaches into it. A string "{vendorId}" stands for what was kept, or for a credential by the name of
its variable; within text that is JSON itself it is "<vendorId>". `expect` are parts of the answer
that the page promises.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

ORGANIZATION = {"devKey": "{BILL_DEV_KEY}", "sessionId": "{sessionId}"}
PARTNER = {"appKey": "{BILL_PARTNER_APP_KEY}", "sessionId": "{sessionId}"}
SPEND = {"apiToken": "{BILL_SPEND_API_TOKEN}"}

_LOGIN = {
    "username": "{BILL_USERNAME}",
    "password": "{BILL_PASSWORD}",
    "organizationId": "{BILL_ORGANIZATION_ID}",
    "devKey": "{BILL_DEV_KEY}",
}


@dataclass(frozen=True)
class Step:
    """One call of a guide."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    json: Any = None
    form: dict[str, str] | None = None
    status: int = 200
    keep: dict[str, str] = field(default_factory=dict)
    expect: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Guide:
    """A guide of BILL's: the page, and its steps in order."""

    name: str
    page: str
    steps: list[Step]


BEARER = {"Authorization": "Bearer {accessToken}"}
ACCESS_TOKEN = Step(
    "POST",
    "/authx/token",
    form={
        "grant_type": "client_credentials",
        "client_id": "{BILL_CLIENT_ID}",
        "client_secret": "{BILL_CLIENT_SECRET}",
    },
    keep={"accessToken": "access_token"},
)

SIGN_IN = Step("POST", "/v3/login", json=_LOGIN, keep={"sessionId": "sessionId"})
SIGN_OUT = Step("POST", "/v3/logout", ORGANIZATION)

_V2 = {"devKey": "{BILL_DEV_KEY}", "sessionId": "{sessionId}"}

_ADDRESS = {
    "line1": "123 Main Street",
    "city": "San Jose",
    "stateOrProvince": "CA",
    "zipOrPostalCode": "95002",
    "country": "US",
}

GUIDES = [
    Guide(
        "sandbox API sign in",
        "https://developer.bill.com/docs/api-sandbox-sign-in",
        [
            SIGN_IN,
            Step(
                "GET",
                "/v3/login/session",
                ORGANIZATION,
                expect={"organizationId": "{BILL_ORGANIZATION_ID}"},
            ),
            Step("GET", "/v3/vendors?max=2", ORGANIZATION, keep={"next": "nextPage"}),
            Step("GET", "/v3/vendors?max=2&page={next}", ORGANIZATION),
            SIGN_OUT,
            Step("GET", "/v3/vendors", ORGANIZATION, status=401, expect={"0.code": "BDC_1109"}),
        ],
    ),
    # The page says that one token opens all products; its own first requests were not visible.
    Guide(
        "OAuth: a first request to each product",
        "https://developer.bill.com/docs/oauth-client-credentials",
        [
            ACCESS_TOKEN,
            Step("GET", "/v3/vendors?max=2", BEARER, keep={"next": "nextPage"}),
            Step("GET", "/v3/vendors?max=2&page={next}", BEARER),
            Step("GET", "/v3/customers?max=1", BEARER),
            Step("GET", "/v3/spend/budgets?max=20", BEARER),
            # "not supported for … webhooks"
            Step("GET", "/connect-events/v3/subscriptions", BEARER, status=400),
        ],
    ),
    Guide(
        "OAuth: what full access allows",
        "https://developer.bill.com/docs/oauth-api-scope-capabilities",
        [
            ACCESS_TOKEN,
            Step(
                "POST",
                "/v3/vendors",
                BEARER,
                json={
                    "name": "Low Notes",
                    "accountType": "BUSINESS",
                    "email": "low-notes@example.com",
                    "address": _ADDRESS,
                },
                status=201,
                keep={"vendorId": "id"},
            ),
            Step(
                "POST",
                "/v3/bills",
                BEARER,
                json={
                    "vendorId": "{vendorId}",
                    "dueDate": "2030-12-31",
                    "billLineItems": [{"amount": 20.5, "description": "Strings"}],
                    "invoice": {"invoiceNumber": "202604", "invoiceDate": "2030-12-02"},
                },
                status=201,
                keep={"billId": "id", "amount": "amount"},
            ),
            Step(
                "GET",
                "/v3/funding-accounts/banks",
                BEARER,
                keep={"bankAccountId": "results.0.id"},
            ),
            Step(
                "POST",
                "/v3/payments",
                BEARER,
                json={
                    "vendorId": "{vendorId}",
                    "billId": "{billId}",
                    "fundingAccount": {"type": "BANK_ACCOUNT", "id": "{bankAccountId}"},
                    "amount": "{amount}",
                    "processingOptions": {"requestPayFaster": False, "createBill": False},
                },
                status=201,
                expect={"billId": "{billId}"},
            ),
        ],
    ),
    Guide(
        "AP workflow",
        "https://developer.bill.com/docs/recipe-bill-ap-workflow",
        [
            SIGN_IN,
            Step(
                "POST",
                "/v3/vendors",
                ORGANIZATION,
                json={
                    "name": "Happy Music Supplies",
                    "accountType": "BUSINESS",
                    "email": "happy-music@example.com",
                    "phone": "9876543210",
                    "address": _ADDRESS,
                },
                status=201,
                keep={"vendorId": "id"},
            ),
            Step(
                "POST",
                "/v3/bills",
                ORGANIZATION,
                json={
                    "vendorId": "{vendorId}",
                    "dueDate": "2030-12-31",
                    "billLineItems": [{"amount": 149.0, "description": "USB audio interface"}],
                    "invoice": {"invoiceNumber": "202601", "invoiceDate": "2030-12-01"},
                },
                status=201,
                keep={"billId": "id", "amount": "amount"},
                expect={"paymentStatus": "UNPAID"},
            ),
            Step(
                "GET",
                "/v3/funding-accounts/banks",
                ORGANIZATION,
                keep={"bankAccountId": "results.0.id"},
            ),
            Step(
                "POST",
                "/v3/payments",
                ORGANIZATION,
                json={
                    "vendorId": "{vendorId}",
                    "billId": "{billId}",
                    "fundingAccount": {"type": "BANK_ACCOUNT", "id": "{bankAccountId}"},
                    "amount": "{amount}",
                    "processingOptions": {"requestPayFaster": False, "createBill": False},
                },
                status=201,
                keep={"paymentId": "id"},
                expect={"billId": "{billId}"},
            ),
            Step("GET", "/v3/payments/{paymentId}", ORGANIZATION, expect={"amount": "{amount}"}),
            Step(
                "GET",
                "/v3/bills/{billId}",
                ORGANIZATION,
                expect={"paymentStatus": "SCHEDULED", "dueAmount": 0},
            ),
        ],
    ),
    Guide(
        "AP workflow, pay without a bill",
        "https://developer.bill.com/docs/recipe-domestic-ap-payments-workflow",
        [
            SIGN_IN,
            Step(
                "POST",
                "/v3/vendors",
                ORGANIZATION,
                json={
                    "name": "Electronic Strings",
                    "accountType": "BUSINESS",
                    "email": "strings@example.com",
                    "address": _ADDRESS,
                    "paymentInformation": {
                        "payeeName": "Electronic Strings",
                        "bankAccount": {
                            "nameOnAccount": "Electronic Strings",
                            "accountNumber": "1111111111",
                            "routingNumber": "322271627",
                            "type": "CHECKING",
                            "ownerType": "BUSINESS",
                        },
                    },
                },
                status=201,
                keep={"vendorId": "id"},
                expect={"paymentInformation.payByType": "ACH"},
            ),
            Step(
                "GET",
                "/v3/funding-accounts/banks",
                ORGANIZATION,
                keep={"bankAccountId": "results.0.id"},
            ),
            Step(
                "POST",
                "/v3/payments",
                ORGANIZATION,
                json={
                    "vendorId": "{vendorId}",
                    "fundingAccount": {"type": "BANK_ACCOUNT", "id": "{bankAccountId}"},
                    "amount": 49.5,
                    "processingOptions": {"requestPayFaster": False, "createBill": True},
                },
                status=201,
                keep={"billId": "billId"},
                expect={"disbursementType": "ACH"},
            ),
            Step("GET", "/v3/bills/{billId}", ORGANIZATION, expect={"amount": 49.5}),
        ],
    ),
    Guide(
        "AR workflow",
        "https://developer.bill.com/docs/recipe-bill-ar-workflow",
        [
            SIGN_IN,
            Step(
                "POST",
                "/v3/customers",
                ORGANIZATION,
                json={
                    "name": "Paperless Band",
                    "companyName": "Paperless Band LLC",
                    "contact": {"firstName": "Check", "lastName": "Mailworth"},
                    "email": "band@example.com",
                    "accountType": "BUSINESS",
                    "phone": "9998887654",
                    "billingAddress": {**_ADDRESS, "line1": "987 Side Street"},
                },
                status=201,
                keep={"customerId": "id"},
            ),
            Step(
                "POST",
                "/v3/customers/{customerId}/bank-accounts",
                ORGANIZATION,
                json={
                    "nameOnAccount": "Paperless Band LLC",
                    "accountNumber": "1111111111",
                    "routingNumber": "322271627",
                    "type": "CHECKING",
                    "ownerType": "BUSINESS",
                },
                status=201,
                keep={"customerBankAccountId": "id"},
            ),
            Step(
                "POST",
                "/v3/customers/{customerId}/charge-authorization",
                ORGANIZATION,
                json={"authorizedToCharge": True},
            ),
            Step(
                "POST",
                "/v3/invoices",
                ORGANIZATION,
                json={
                    "customer": {"id": "{customerId}"},
                    "invoiceNumber": "202602",
                    "invoiceDate": "2030-12-26",
                    "dueDate": "2030-12-31",
                    "invoiceLineItems": [
                        {"quantity": 1, "description": "Stickers pack", "price": 14.99}
                    ],
                    "processingOptions": {"sendEmail": False},
                },
                status=201,
                keep={"invoiceId": "id", "due": "dueAmount"},
                expect={"status": "OPEN"},
            ),
            Step(
                "POST",
                "/v3/receivable-payments",
                ORGANIZATION,
                json={
                    "customerId": "{customerId}",
                    "fundingAccount": {
                        "type": "BANK_ACCOUNT",
                        "id": "{customerBankAccountId}",
                    },
                    "invoicePayments": [{"invoiceId": "{invoiceId}", "amount": "{due}"}],
                },
                status=201,
                keep={"receivedPaymentId": "id"},
            ),
            Step("GET", "/v3/receivable-payments/{receivedPaymentId}", ORGANIZATION),
        ],
    ),
    Guide(
        "Spend & Expense: users, budgets and cards",
        "https://developer.bill.com/docs/recipe-expense-management-users-budgets-cards",
        [
            Step(
                "POST",
                "/v3/spend/users",
                SPEND,
                json={
                    "firstName": "Grace",
                    "lastName": "Note",
                    "email": "grace.note@example.com",
                    "role": "MEMBER",
                    "dateOfBirth": "1990-01-01",
                },
                keep={"userUuid": "uuid"},
            ),
            Step(
                "POST",
                "/v3/spend/budgets",
                SPEND,
                json={
                    "name": "Tour 2030",
                    "recurringInterval": "MONTHLY",
                    "limit": 1000,
                    "recurringLimit": 1000,
                    "owners": ["{userUuid}"],
                    "startDate": "2030-12-01",
                    "timezone": "US/Pacific",
                },
                keep={"budgetUuid": "uuid"},
            ),
            Step(
                "POST",
                "/v3/spend/cards",
                SPEND,
                json={
                    "name": "Strings and picks",
                    "userUuid": "{userUuid}",
                    "budgetUuid": "{budgetUuid}",
                    "limit": 100,
                },
                keep={"cardUuid": "uuid"},
            ),
            Step("GET", "/v3/spend/cards/{cardUuid}", SPEND),
        ],
    ),
    Guide(
        "partner operations",
        "https://developer.bill.com/docs/bill-partner-operations",
        [
            Step(
                "POST",
                "/v3/partner/login",
                json={
                    "username": "{BILL_PARTNER_USERNAME}",
                    "password": "{BILL_PARTNER_PASSWORD}",
                    "appKey": "{BILL_PARTNER_APP_KEY}",
                },
                keep={"sessionId": "sessionId"},
            ),
            Step(
                "POST",
                "/v3/partner/organizations",
                PARTNER,
                json={"name": "Happy Music Supplies", "phone": "9876543210", "address": _ADDRESS},
                status=201,
                keep={"organizationId": "id"},
            ),
            Step(
                "GET",
                "/v3/partner/roles",
                {**PARTNER, "organizationId": "{organizationId}"},
                keep={"roleId": "results.0.id"},
            ),
            Step(
                "POST",
                "/v3/partner/users",
                {**PARTNER, "organizationId": "{organizationId}"},
                json={
                    "firstName": "Ringing",
                    "lastName": "Strings",
                    "email": "strings@example.com",
                    "username": "ringing-strings",
                    "roleId": "{roleId}",
                    "acceptTermsOfService": True,
                },
                status=201,
                keep={"userId": "id"},
            ),
            Step(
                "GET",
                "/v3/partner/users/{userId}",
                {**PARTNER, "organizationId": "{organizationId}"},
                expect={"id": "{userId}"},
            ),
        ],
    ),
    Guide(
        "Accountant Console operations",
        "https://developer.bill.com/docs/bill-accountant-console-operations",
        [
            Step(
                "POST",
                "/v2/Login.json",
                form={
                    "userName": "{BILL_CONSOLE_ADMIN_EMAIL}",
                    "password": "{BILL_CONSOLE_API_TOKEN}",
                    "orgId": "{BILL_CONSOLE_ORGANIZATION_ID}",
                    "devKey": "{BILL_CONSOLE_DEV_KEY}",
                },
                keep={"sessionId": "response_data.sessionId"},
                expect={"response_status": 0, "response_message": "Success"},
            ),
            Step(
                "GET",
                "/v3/vendors",
                {"devKey": "{BILL_CONSOLE_DEV_KEY}", "sessionId": "{sessionId}"},
            ),
        ],
    ),
    Guide(
        "sync token sign-in",
        "https://developer.bill.com/docs/token-based-sign-in",
        [
            Step(
                "POST",
                "/v3/login",
                json={
                    "username": "{BILL_SYNC_TOKEN_NAME}",
                    "password": "{BILL_SYNC_TOKEN_VALUE}",
                    "organizationId": "{BILL_SYNC_ORGANIZATION_ID}",
                    "devKey": "{BILL_SYNC_DEV_KEY}",
                },
                keep={"sessionId": "sessionId"},
            ),
            Step(
                "GET",
                "/v3/bills?max=1",
                {"devKey": "{BILL_SYNC_DEV_KEY}", "sessionId": "{sessionId}"},
                keep={"billId": "results.0.id"},
            ),
            Step(
                "POST",
                "/v3/payments",
                {"devKey": "{BILL_SYNC_DEV_KEY}", "sessionId": "{sessionId}"},
                json={
                    "billId": "{billId}",
                    "fundingAccount": {"type": "WALLET"},
                    "amount": 1,
                    "processingOptions": {},
                },
                status=403,
                expect={"0.code": "BDC_1361"},
            ),
        ],
    ),
    Guide(
        "MFA setup",
        "https://developer.bill.com/docs/mfa-setup",
        [
            SIGN_IN,
            Step(
                "POST",
                "/v3/mfa/challenge",
                ORGANIZATION,
                json={"useBackup": False},
                keep={"challengeId": "challengeId"},
            ),
            Step(
                "POST",
                "/v3/mfa/challenge/validate",
                ORGANIZATION,
                json={
                    "challengeId": "{challengeId}",
                    "token": "123456",
                    "device": "laptop",
                    "rememberMe": True,
                },
                keep={"rememberMeId": "rememberMeId"},
            ),
            Step("GET", "/v3/login/session", ORGANIZATION, expect={"mfaStatus": "COMPLETE"}),
            Step(
                "POST",
                "/v3/login",
                json={**_LOGIN, "rememberMeId": "{rememberMeId}", "device": "laptop"},
                expect={"trusted": True},
            ),
        ],
    ),
    Guide(
        "webhooks",
        "https://developer.bill.com/docs/working-with-bill-webhooks",
        [
            SIGN_IN,
            Step("GET", "/connect-events/v3/events/catalog", ORGANIZATION),
            Step(
                "POST",
                "/connect-events/v3/subscriptions",
                {**ORGANIZATION, "X-Idempotent-Key": "6b0d1a53-2e1f-4d7a-9a51-0d1a5f6d2c11"},
                json={
                    "name": "Vendors",
                    "status": {"enabled": True},
                    "events": [{"type": "vendor.created", "version": "1"}],
                    "notificationUrl": "https://example.com/hooks",
                },
                keep={"subscriptionId": "id", "key": "securityKey"},
            ),
            Step(
                "GET",
                "/connect-events/v3/subscriptions/{subscriptionId}",
                ORGANIZATION,
                expect={"name": "Vendors"},
            ),
            Step("DELETE", "/connect-events/v3/subscriptions/{subscriptionId}", ORGANIZATION),
        ],
    ),
    Guide(
        "v2: pay vendors with BILL",
        "https://developer.bill.com/v2/docs/paying-vendors-with-bill",
        [
            Step(
                "POST",
                "/v2/Login.json",
                form={
                    "userName": "{BILL_USERNAME}",
                    "password": "{BILL_PASSWORD}",
                    "orgId": "{BILL_ORGANIZATION_ID}",
                    "devKey": "{BILL_DEV_KEY}",
                },
                keep={"sessionId": "response_data.sessionId"},
            ),
            Step(
                "POST",
                "/v2/Crud/Create/Vendor.json",
                form={
                    **_V2,
                    "data": '{"obj": {"entity": "Vendor", "name": "Happy Music Supplies", '
                    '"address1": "123 Main Street", "addressCity": "San Jose", '
                    '"addressState": "CA", "addressZip": "95002", "addressCountry": "USA"}}',
                },
                keep={"vendorId": "response_data.id"},
                expect={"response_status": 0},
            ),
            Step(
                "POST",
                "/v2/Crud/Create/Bill.json",
                form={
                    **_V2,
                    "data": '{"obj": {"entity": "Bill", "vendorId": "<vendorId>", '
                    '"invoiceNumber": "202603", "invoiceDate": "2030-12-01", '
                    '"dueDate": "2030-12-31", "billLineItems": '
                    '[{"entity": "BillLineItem", "amount": 100.0}]}}',
                },
                keep={"billId": "response_data.id"},
                expect={"response_data.paymentStatus": "1"},
            ),
            Step(
                "POST",
                "/v2/PayBills.json",
                form={
                    **_V2,
                    "data": '{"vendorId": "<vendorId>", '
                    '"billPays": [{"billId": "<billId>", "amount": 100}]}',
                },
                keep={"sentPayId": "response_data.sentPays.0.id"},
                expect={"response_message": "Success"},
            ),
            Step("POST", "/v2/Logout.json", form=_V2, expect={"response_status": 0}),
        ],
    ),
]

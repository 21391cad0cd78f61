"""Operations of BILL that move money or change people: what asking production for them needs.

One table, in BILL's words. An operation of a group is sent to production only with that group's
name on the command line; a plain one (records: vendors, bills, invoices, …) needs nothing more than
production itself; and an operation that writes and that this table does not know is the group
``unknown``: BILL adds operations, and a new one may pay.

Only method and path are looked at. What a body adds to a plain operation, such as the bank account
of a vendor that is created, is not.

Sources: the reference of each operation, https://developer.bill.com/reference/OPERATION in lower
case (``createpayment``); of v2, https://developer.bill.com/v2/reference and the guides
https://developer.bill.com/docs/v3-payments-changes,
https://developer.bill.com/v2/docs/bill-approvals-overview,
https://developer.bill.com/docs/v3-bill-network-changes and
https://developer.bill.com/v2/docs/api-structure. Recurring bills can pay by themselves
(https://developer.bill.com/docs/whats-different-in-v3).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from urllib.parse import parse_qsl, unquote, urlsplit

from pytest_bill.guards.production_groups import GROUPS, UNKNOWN
from pytest_bill.patterns import late_pattern

_READING = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
# A server may take these for the method; BILL's documentation is silent about them.
_METHOD_HEADERS = frozenset({"x-http-method-override", "x-http-method", "x-method-override"})
_METHOD_PARAMETERS = _METHOD_HEADERS | {"_method"}

_TABLE = {
    "payments": """
        POST /v3/payments createPayment
        POST /v3/payments/bulk createBulkPayment
        POST /v3/payments/{id}/cancel cancelPayment
        POST /v3/payments/{id}/void voidPayment
        POST /v3/recurringbills createRecurringBill
        PUT /v3/recurringbills/{id} replaceRecurringBill
        PATCH /v3/recurringbills/{id} updateRecurringBill
        POST /v3/recurringbills/{id}/archive archiveRecurringBill
        POST /v3/recurringbills/{id}/restore restoreRecurringBill
        POST /v3/receivable-payments chargeCustomer
        POST /v3/customers/{id}/charge-authorization authorizeToChargeCustomer
        POST /v2/PayBills.json PayBills
        POST /v2/CancelAPPayment.json CancelAPPayment
        POST /v2/VoidAPPayment.json VoidAPPayment
        POST /v2/ChargeCustomer.json ChargeCustomer
        POST /v2/SetCustomerAuthorization.json SetCustomerAuthorization
        POST /v2/Crud/{write}/RecurringBill.json {write}RecurringBill
        POST /v2/Bulk/Crud/{write}/RecurringBill.json Bulk{write}RecurringBill
    """,
    "approvals": """
        POST /v3/bill-approvals/actions billApproveDenyActions
        POST /v3/bill-approvals/policies createBillApprovalPolicy
        PUT /v3/bill-approvals/policies/{id} updateBillApprovalPolicy
        DELETE /v3/bill-approvals/policies/{id} deletePolicy
        POST /v2/Approve.json Approve
        POST /v2/Deny.json Deny
        POST /v2/SetApprovers.json SetApprovers
        POST /v2/ClearApprovers.json ClearApprovers
        POST /v2/Crud/{write}/ApprovalPolicy.json {write}ApprovalPolicy
        POST /v2/Crud/{write}/ApprovalPolicyApprover.json {write}ApprovalPolicyApprover
        POST /v2/Bulk/Crud/{write}/ApprovalPolicy.json Bulk{write}ApprovalPolicy
        POST /v2/Bulk/Crud/{write}/ApprovalPolicyApprover.json Bulk{write}ApprovalPolicyApprover
    """,
    "bank-accounts": """
        POST /v3/vendors/{id}/bank-account createVendorBankAccount
        DELETE /v3/vendors/{id}/bank-account deleteVendorBankAccount
        POST /v3/customers/{id}/bank-accounts createCustomerBankAccount
        PATCH /v3/customers/{id}/bank-accounts/{id} updateCustomerBankAccount
        POST /v3/customers/{id}/bank-accounts/{id}/archive archiveCustomerBankAccount
        POST /v3/funding-accounts/banks createBankAccount
        PATCH /v3/funding-accounts/banks/{id} updateBankAccount
        POST /v3/funding-accounts/banks/{id}/archive archiveBankAccount
        POST /v3/funding-accounts/banks/{id}/verify verifyBankAccount
        POST /v3/funding-accounts/banks/users/nominate nominateBankAccountUser
        POST /v3/funding-accounts/banks/users/{id}/archive archiveBankAccountUser
        POST /v2/Crud/{write}/BankAccount.json {write}BankAccount
        POST /v2/Crud/{write}/VendorBankAccount.json {write}VendorBankAccount
        POST /v2/Crud/{write}/CustomerBankAccount.json {write}CustomerBankAccount
        POST /v2/Bulk/Crud/{write}/VendorBankAccount.json Bulk{write}VendorBankAccount
    """,
    "cards": """
        POST /v3/spend/cards createBudgetCard
        DELETE /v3/spend/cards/{id} deleteCard
        PATCH /v3/spend/cards/{id} updateCard
        POST /v3/spend/cards/{id}/freeze freezeCard
        POST /v3/spend/cards/{id}/unfreeze unfreezeCard
        POST /v3/spend/transactions/{id}/3ds-challenge threeDsChallenge
        POST /v3/spend/budgets createBudget
        DELETE /v3/spend/budgets/{id} deleteBudget
        PATCH /v3/spend/budgets/{id} updateBudget
        PUT /v3/spend/budgets/{id}/members/bulk upsertBulkBudgetUsers
        PUT /v3/spend/budgets/{id}/members/{id} upsertBudgetMember
        DELETE /v3/spend/budgets/{id}/members/{id} deleteBudgetMember
    """,
    "reimbursements": """
        POST /v3/spend/reimbursements createReimbursement
        DELETE /v3/spend/reimbursements/{id} deleteReimbursement
        PATCH /v3/spend/reimbursements/{id} updateReimbursement
        POST /v3/spend/reimbursements/{id}/action approveOrDenyReimbursement
    """,
    "people": """
        POST /v3/users createOrganizationUser
        PATCH /v3/users/{id} updateOrganizationUser
        POST /v3/users/{id}/archive archiveOrganizationUser
        POST /v3/users/{id}/restore restoreOrganizationUser
        POST /v3/partner/users createPartnerUser
        PATCH /v3/partner/users/{id} updatePartnerUser
        POST /v3/partner/users/{id}/archive archivePartnerUser
        POST /v3/partner/users/{id}/restore restorePartnerUser
        POST /v3/partner/risk-verifications/{id}/phone createPhone
        POST /v3/risk-verifications initiateRiskVerifications
        POST /v3/risk-verifications/phone createRiskVerificationPhone
        POST /v3/mfa/setup setup
        POST /v3/mfa/setup/validate validate
        POST /v3/spend/users createUser
        DELETE /v3/spend/users/{id} deleteUser
        PATCH /v3/spend/users/{id} updateUser
        POST /v2/Crud/{write}/User.json {write}User
        POST /v2/Bulk/Crud/{write}/User.json Bulk{write}User
    """,
    "network": """
        POST /v3/network/invitation/accept acceptInvitation
        POST /v3/network/invitation/customer/{id} createCustomerInvitation
        DELETE /v3/network/invitation/customer/{id} deleteCustomerInvitation
        POST /v3/network/invitation/vendor/{id} createVendorInvitation
        DELETE /v3/network/invitation/vendor/{id} deleteVendorInvitation
        POST /v3/network/invitation/vendor/{id}/email inviteVendorNotInBillNetwork
        POST /v2/SendInvite.json SendInvite
        POST /v2/CancelInvite.json CancelInvite
        POST /v2/SendVendorInvite.json SendVendorInvite
        POST /v2/ConnectLargeBillerAsVendor.json ConnectLargeBillerAsVendor
        POST /v2/DisconnectCustomerFromNetwork.json DisconnectCustomerFromNetwork
        POST /v2/DisconnectVendorFromNetwork.json DisconnectVendorFromNetwork
    """,
    "messages": """
        POST /v3/invoices/{id}/email sendInvoice
        POST /v3/recurring-invoices createRecurringInvoice
        PUT /v3/recurring-invoices/{id} replaceRecurringInvoice
        PATCH /v3/recurring-invoices/{id} updateRecurringInvoice
        POST /v3/recurring-invoices/{id}/archive archiveRecurringInvoice
        POST /v3/recurring-invoices/{id}/restore restoreRecurringInvoice
        POST /v2/SendInvoice.json SendInvoice
        POST /v2/MailInvoice.json MailInvoice
        POST /v2/SendMessage.json SendMessage
        POST /v2/Crud/{write}/RecurringInvoice.json {write}RecurringInvoice
        POST /v2/Bulk/Crud/{write}/RecurringInvoice.json Bulk{write}RecurringInvoice
    """,
    "organizations": """
        PATCH /v3/organizations/{id} updateOrganization
        POST /v3/partner/organizations createOrganization
        PATCH /v3/partner/organizations/{id}/price-plan updateOrgPartnerPricePlan
    """,
}

# v2 has no method but POST: what its operations are called tells which of them read.
_READING_IN_V2 = r"""
    POST\ /v2/(List[A-Za-z]*|Get[A-Z][A-Za-z]*)\.json
    | POST\ /v2/(List|Crud/Read|Crud/List)/[A-Za-z]+\.json
    | POST\ /v2/(NetworkSearch|LargeBillerSearch|SearchEntity|CurrentTime|Errors|MFAStatus)\.json
    """

# Plain writes, as METHOD and path. What a path part with [^/]+ may be is decided by the method: an
# action that BILL adds (POST /v3/bills/{id}/pay) is not plain.
_PLAIN = r"""
    POST\ /v3/(log(in|out)|partner/login(-as-user)?|mfa/(challenge(/validate)?|step-up))
    | POST\ /authx/token
    | POST\ /v3/(bills|vendors|customers|invoices|vendor-credits|credit-memos)
      (/bulk|/[^/]+/(archive|restore))?
    | (PUT|PATCH)\ /v3/(bills|vendors|customers|invoices|vendor-credits|credit-memos)/[^/]+
    | POST\ /v3/(vendor-credits|credit-memos)/bulk/(archive|restore)
    | POST\ /v3/(bills|invoices)/record-payment
    | POST\ /v3/invoices/[^/]+/payment-link
    | POST\ /v3/payments/exchange-rate
    | POST\ /v3/customers/[^/]+/contacts(/[^/]+/(archive|restore))?
    | PATCH\ /v3/customers/[^/]+/contacts/[^/]+
    | POST\ /v3/classifications/[a-z-]+(/bulk)?(/(archive|restore))?
    | POST\ /v3/classifications/[a-z-]+/[^/]+/(archive|restore)
    | PATCH\ /v3/classifications/[a-z-]+/[^/]+
    | POST\ /v3/organizations/[^/]+/payment-terms
    | PATCH\ /v3/organizations/[^/]+/payment-terms/[^/]+
    | POST\ /v3/attachments/(customers|invoices|vendors)/[^/]+
    | DELETE\ /v3/attachments/[^/]+
    | POST\ /v3/documents/bills/[^/]+
    | POST\ /v3/spend/custom-fields(/[^/]+/values)?
    | PATCH\ /v3/spend/custom-fields/[^/]+
    | DELETE\ /v3/spend/custom-fields/[^/]+(/values)?
    | PUT\ /v3/spend/transactions/[^/]+(/custom-fields)?
    | POST\ /v3/spend/(transactions/receipt|reimbursements/image)-upload-url
    | POST\ /v3/spend/(transactions|reimbursements)/[^/]+/receipts
    | DELETE\ /v3/spend/(transactions|reimbursements)/[^/]+/receipts/[^/]+
    | POST\ /connect-events/v3/subscriptions(/[^/]+/(security_key|test))?
    | (PUT|PATCH|DELETE)\ /connect-events/v3/subscriptions/[^/]+
    | POST\ /connect-events/v3/events/subscription/[^/]+/event/[^/]+
    | POST\ /v2/(Login|Logout|MFAChallenge|MFAAuthenticate|UploadAttachment|SetBankBalance)\.json
    | POST\ /v2/Record(AP|AR)Payment\.json
    | POST\ /v2/(Bulk/)?Crud/(Create|Update|Delete|Undelete)/(Customer|CustomerContact|Invoice
      |CreditMemo|Vendor|VendorCredit|Bill|ChartOfAccount|ActgClass|Department|Employee|Item|Job
      |Location|PaymentTerm|PurchaseOrder)\.json
    """


_MOST_ENCODINGS = 4
# What servers drop, decode again, take for a slash or for the end of a path; and what is not ASCII.
_DOUBTFUL = late_pattern(r"[%;?#\\\s\x00-\x20\x7f-\U0010ffff]")


@dataclass(frozen=True)
class Change:
    """One operation that may not be done in production without its group's consent.

    ``method`` and ``path`` are as in BILL's reference (``/v3/payments/{id}/void``); of an unknown
    operation, the path is the one asked for and ``operation`` is empty.
    """

    group: str
    method: str
    path: str
    operation: str

    @property
    def effect(self) -> str:
        """What it would do, as a clause."""
        return GROUPS[self.group]


def change_by(method: str, url: str, header_names: frozenset[str] = frozenset()) -> Change | None:
    """What a request would change beyond plain records; None where it reads or is a plain one.

    Header names are lower case.
    """
    method = method.upper()
    path = _path_of(url)
    if _may_be_v2(url):
        method = "POST"  # v2 has no other, so a GET there proves nothing
    overridden = not _METHOD_HEADERS.isdisjoint(header_names) or _names_a_method(url)
    if method in _READING and not overridden:
        return None
    plain = _plainly(path)
    if plain is not None and not overridden:
        for known, pattern in _changes():
            found = pattern.fullmatch(plain) if known.method == method else None
            if found is not None:
                write = found.groupdict().get("write") or ""
                return Change(
                    known.group,
                    method,
                    known.path.replace("{write}", write),
                    known.operation.replace("{write}", write),
                )
        if re.fullmatch(f"{_PLAIN}|{_READING_IN_V2}", f"{method} {plain}", re.VERBOSE):
            return None
    return Change(UNKNOWN, method, path, "")


def is_reading(method: str, url: str, header_names: frozenset[str] = frozenset()) -> bool:
    """Whether a request is sure to change nothing: a GET or HEAD, or a form of v2 that reads.

    Header names are lower case.
    """
    if not _METHOD_HEADERS.isdisjoint(header_names) or _names_a_method(url):
        return False
    if not _may_be_v2(url):
        return method.upper() in _READING
    plain = _plainly(_path_of(url))
    asked = f"{method.upper()} {plain}"
    return plain is not None and re.fullmatch(_READING_IN_V2, asked, re.VERBOSE) is not None


def _path_of(url: str) -> str:
    """The path as BILL's reference writes it: without what lies above ``/v3`` and ``/v2``."""
    path = urlsplit(url).path
    for base in ("/connect/", "/api/"):
        if path.startswith(base):
            return path[len(base) - 1 :]
    return path


def _may_be_v2(url: str) -> bool:
    """Whether some server might read the path as one of the v2 API's, however it is written."""
    path = urlsplit(url).path
    for _ in range(_MOST_ENCODINGS):
        path = unquote(path)
    letters = unicodedata.normalize("NFKC", path).casefold()
    seen = "".join(each for each in letters if each.isprintable() and not each.isspace())
    parts = {part.strip(".") for part in re.split(r"[/\\;?#]", seen)}
    return "%" in seen or not parts.isdisjoint({"v2", "api"})


def _names_a_method(url: str) -> bool:
    query = urlsplit(url).query
    names = {name.lower() for name, _ in parse_qsl(query, keep_blank_values=True)}
    return not names.isdisjoint(_METHOD_PARAMETERS)


def _plainly(path: str) -> str | None:
    """The decoded path; None where a server might read another path than we do."""
    decoded = unquote(path)
    parts = decoded.split("/")[1:]
    if any(part.strip(".") == "" for part in parts) or _DOUBTFUL.search(decoded):
        return None
    return decoded if decoded.count("/") == path.count("/") else None


def _pattern_of(path: str) -> re.Pattern[str]:
    escaped = re.escape(path).replace(r"\{id\}", "[^/]+")
    return re.compile(escaped.replace(r"\{write\}", "(?P<write>Create|Update|Delete|Undelete)"))


@cache  # of use where production is asked, and nowhere else
def _changes() -> list[tuple[Change, re.Pattern[str]]]:
    found = []
    for group, lines in _TABLE.items():
        for line in lines.split("\n"):
            if line.strip():
                method, path, operation = line.split()
                found.append((Change(group, method, path, operation), _pattern_of(path)))
    return found

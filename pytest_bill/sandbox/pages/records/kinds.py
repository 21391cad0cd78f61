"""Which kinds of records the pages show, by area of BILL's API, and what is telling of each.

What the sandbox keeps beside them stays out of sight: which numbers are taken, what waits in a
queue, keys, phones, the bytes of files. Links to files are left out, too: they are made, and
signed, for who asks BILL for them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass

from pytest_bill.sandbox.api.accounting import classifications
from pytest_bill.sandbox.api.accounting.payment_terms import PAYMENT_TERMS
from pytest_bill.sandbox.api.funding import users as account_users
from pytest_bill.sandbox.api.funding.banks import BANKS
from pytest_bill.sandbox.api.funding.cards import AP_CARDS, CARDS
from pytest_bill.sandbox.api.payables.bills import BILLS
from pytest_bill.sandbox.api.payables.payment_fields import PAYMENTS
from pytest_bill.sandbox.api.payables.recurring_bills import RECURRING_BILLS
from pytest_bill.sandbox.api.payables.vendor_credits import VENDOR_CREDITS
from pytest_bill.sandbox.api.payables.vendors import VENDORS
from pytest_bill.sandbox.api.people import organizations
from pytest_bill.sandbox.api.people.roles import ROLES
from pytest_bill.sandbox.api.people.users import USERS
from pytest_bill.sandbox.api.receivables.credit_memos import CREDIT_MEMOS, with_usage
from pytest_bill.sandbox.api.receivables.customer_bank_accounts import CUSTOMER_BANK_ACCOUNTS
from pytest_bill.sandbox.api.receivables.customer_contacts import CUSTOMER_CONTACTS
from pytest_bill.sandbox.api.receivables.customers import CUSTOMERS
from pytest_bill.sandbox.api.receivables.invoices import INVOICES
from pytest_bill.sandbox.api.receivables.receivable_payments import RECEIVABLE_PAYMENTS
from pytest_bill.sandbox.api.receivables.recurring_invoices import RECURRING_INVOICES
from pytest_bill.sandbox.api.spend import cards as spend_cards
from pytest_bill.sandbox.api.spend import custom_fields, reimbursements, transaction_answers
from pytest_bill.sandbox.api.spend import users as spend_users
from pytest_bill.sandbox.api.spend.budgets import BUDGETS
from pytest_bill.sandbox.api.spend.resources import SpendResource
from pytest_bill.sandbox.api.spend.transaction_fields import TRANSACTIONS
from pytest_bill.sandbox.core.operations import SPEND_OWNER, Call
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.resources import Resource

Present = Callable[[Call, Record], Record]

ORGANIZATION = "organization"
"""The name here of the table that has an organization's own record."""

WITHIN = " of "
"""Of the name of a table that belongs to one record: what stands between its kind's and that id."""

_FILE = "Shown as the sandbox keeps it, without the link to the file: BILL makes that for who asks."
_V2 = "Of the v2 API alone; shown as the sandbox keeps it."


def _as_kept(_call: Call, record: Record) -> Record:
    return record


@dataclass(frozen=True, eq=False)
class KindOfRecord:
    """One kind of record."""

    area: str
    """The part of BILL's API."""
    name: str
    table: str
    """Where the records are; with ``within``, what the names of their tables begin with."""
    columns: tuple[str, ...]
    """The telling fields, dotted paths, the most telling one first; the id goes before them."""
    present: Present = _as_kept
    """Makes an answer of a record; the call has a request where the record is looked at alone."""
    _: KW_ONLY
    within: str = ""
    """The table of the records that have a table of this kind each; empty if it is one for all."""
    id: str = "id"
    """The field that the records are kept by."""
    note: str = ""
    """What is otherwise than BILL answers it."""


def _of(
    resource: Resource, name: str, columns: str, present: Present | None = None, within: str = ""
) -> KindOfRecord:
    return KindOfRecord(
        resource.area,
        name,
        resource.table,
        tuple(columns.split()),
        present or resource.as_answered,
        within=within,
    )


def _of_spend(
    resource: SpendResource, columns: str, present: Present = _as_kept, note: str = ""
) -> KindOfRecord:
    def as_of_today(call: Call, record: Record) -> Record:
        resource.refresh(call, record)
        return present(call, record)

    named = tuple(columns.split())
    return KindOfRecord(
        resource.area, resource.area, resource.table, named, as_of_today, id="uuid", note=note
    )


def _credit_memo(call: Call, memo: Record) -> Record:
    """With what has used it, where it is looked at alone: a list would look at all for each."""
    return memo if call.http is None else with_usage(call, memo)


def _without_links(present: Present) -> Present:
    """What has receipts, which are answered with signed links that are good for as long as this
    sandbox lives."""

    def answer(call: Call, record: Record) -> Record:
        shown = present(call, record)
        kept = ("image", "createdTime")
        receipts = [
            {name: value for name, value in each.items() if name not in kept}
            for each in shown["receipts"]
        ]
        return {**shown, "receipts": receipts}

    return answer


_CLASSIFIED = {
    "Accounting classes": classifications.ACCOUNTING_CLASSES,
    "Chart of accounts": classifications.CHART_OF_ACCOUNTS,
    "Departments": classifications.DEPARTMENTS,
    "Employees": classifications.EMPLOYEES,
    "Items": classifications.ITEMS,
    "Jobs": classifications.JOBS,
    "Locations": classifications.LOCATIONS,
}

OF_ORGANIZATIONS: tuple[KindOfRecord, ...] = (
    KindOfRecord(
        "Organizations",
        "Organization",
        ORGANIZATION,
        ("name", "industry", "accountType", "phone", "archived", "createdTime"),
        lambda _call, record: organizations.as_answered(record),
    ),
    KindOfRecord("Organizations", "Price plans", "price_plans", ("name", "monthlyPrice")),
    _of(USERS, "Users", "firstName lastName email role.type archived createdTime"),
    _of(ROLES, "Roles", "type description createdTime"),
    _of(VENDORS, "Vendors", "name email paymentInformation.payByType archived createdTime"),
    _of(
        BILLS,
        "Bills",
        "invoice.invoiceNumber vendorName amount dueAmount paymentStatus approvalStatus dueDate "
        "archived",
    ),
    _of(
        RECURRING_BILLS,
        "Recurring bills",
        "description vendorId amount schedule.nextDueDate archived createdTime",
    ),
    _of(
        VENDOR_CREDITS,
        "Vendor credits",
        "referenceNumber vendorId amount appliedAmount status creditDate archived",
    ),
    _of(
        PAYMENTS,
        "Payments",
        "vendorName amount status billId disbursementType processDate createdTime",
    ),
    KindOfRecord(
        "Bill approvals",
        "Bill approval policies",
        "bill_approval_policies",
        ("policyName", "status"),
    ),
    _of(CUSTOMERS, "Customers", "name email balance.amount archived createdTime"),
    _of(
        CUSTOMER_CONTACTS,
        "Customer contacts",
        "firstName lastName email phone archived",
        within=CUSTOMERS.table,
    ),
    _of(
        CUSTOMER_BANK_ACCOUNTS,
        "Customer bank accounts",
        "nameOnAccount accountNumber type archived createdTime",
        within=CUSTOMERS.table,
    ),
    _of(
        INVOICES,
        "Invoices",
        "invoiceNumber customerId totalAmount dueAmount status invoiceDate dueDate archived",
    ),
    _of(
        RECURRING_INVOICES,
        "Recurring invoices",
        "description customerId schedule.nextDueDate archived createdTime",
    ),
    _of(
        CREDIT_MEMOS,
        "Credit memos",
        "referenceNumber customerId amount appliedAmount status creditDate archived",
        _credit_memo,
    ),
    _of(
        RECEIVABLE_PAYMENTS,
        "Receivable payments",
        "description customerId amount unappliedAmount status receivablesType paymentDate",
    ),
    _of(
        BANKS,
        "Bank accounts",
        "bankName nameOnAccount accountNumber type status archived createdTime",
    ),
    _of(
        account_users.BANK_USERS.users,
        "Users of bank accounts",
        "bankAccountId userId verificationStatus archived",
    ),
    _of(CARDS, "Card accounts", "nameOnAccount brand last4 type status archived createdTime"),
    _of(
        account_users.CARD_USERS.users,
        "Users of card accounts",
        "cardAccountId userId verificationStatus archived",
    ),
    _of(AP_CARDS, "AP cards", "nameOnAccount status limit balance createdTime"),
    *(
        _of(resource, name, "name description archived createdTime")
        for name, resource in _CLASSIFIED.items()
    ),
    _of(PAYMENT_TERMS, "Payment terms", "name daysDue createdTime"),
    KindOfRecord(
        "Attachments", "Attachments", "attachments", ("name", "objectId", "createdTime"), note=_FILE
    ),
    KindOfRecord(
        "Documents", "Documents", "documents", ("name", "billId", "createdTime"), note=_FILE
    ),
    KindOfRecord(
        "Exports",
        "Exports",
        "exports",
        ("fileName", "recordType", "createdTime"),
        id="exportId",
        note=_FILE,
    ),
    KindOfRecord(
        "Billing statements",
        "Billing statements",
        "billing_statements",
        ("invoiceNumber", "amount", "invoiceDate"),
        note=_FILE,
    ),
    KindOfRecord(
        "Risk verifications",
        "Risk verifications",
        "riskVerifications",
        ("decision", "processingStatus"),
        id="",
    ),
    KindOfRecord(
        "v2",
        "Purchase orders",
        "v2_purchase_orders",
        ("poNumber", "vendorId", "poDate", "archived", "createdTime"),
        note=_V2,
    ),
    KindOfRecord(
        "v2",
        "Approval policies",
        "v2_approval_policies",
        ("nickname", "amountThreshold", "archived", "createdTime"),
        note=_V2,
    ),
    KindOfRecord(
        "v2",
        "Approvers of approval policies",
        "v2_approval_policy_approvers",
        ("approvalPolicyId", "usersId", "sortOrder", "archived"),
        note=_V2,
    ),
    KindOfRecord(
        "v2", "Notes", "v2_messages", ("message", "objectId", "usersId", "createdDate"), note=_V2
    ),
)
"""Those of an organization."""

OF_SPEND: tuple[KindOfRecord, ...] = (
    _of_spend(
        BUDGETS,
        "name currentPeriod.limit currentPeriod.assigned currentPeriod.spent.total "
        "recurringInterval retired startDate",
    ),
    KindOfRecord(
        "Budgets",
        "Members of budgets",
        "members",
        ("name", "budgetRole", "limit", "spent", "retired"),
        within=BUDGETS.table,
        id="userUuid",
    ),
    _of_spend(
        spend_cards.CARDS,
        "name lastFour type status currentPeriod.limit currentPeriod.spent budgetUuid userUuid",
    ),
    _of_spend(
        TRANSACTIONS,
        "merchantName amount transactionType budgetUuid userUuid cardUuid occurredTime",
        _without_links(transaction_answers.with_kept_receipts),
        "The links to receipts are left out.",
    ),
    _of_spend(
        reimbursements.REIMBURSEMENTS,
        "merchantName amount status type userUuid budgetUuid occurredDate",
        _without_links(reimbursements.with_kept_receipts),
        "The links to receipts are left out.",
    ),
    _of_spend(spend_users.USERS, "firstName lastName email role retired createdTime"),
    _of_spend(custom_fields.CUSTOM_FIELDS, "name type required global retired createdTime"),
    KindOfRecord(
        "Custom fields",
        "Values of custom fields",
        "values",
        ("value", "deleted"),
        within=custom_fields.CUSTOM_FIELDS.table,
        id="uuid",
    ),
)
"""Those of Spend & Expense."""


def kinds_of(owner: str) -> tuple[KindOfRecord, ...]:
    """The kinds of records that an owner may have."""
    return OF_SPEND if owner == SPEND_OWNER else OF_ORGANIZATIONS

"""The records that an example can name: their ids, by the names of the fields that stand for them.

Where the sandbox has none of a kind yet, an example needs an operation that makes one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pytest_bill.sandbox.api.v2.every_entity import ENTITIES
from pytest_bill.sandbox.core.operations import SPEND_OWNER, Call, Caller, Operation
from pytest_bill.sandbox.core.outbox import PARTNER_OWNER
from pytest_bill.sandbox.core.records import Record, Table
from pytest_bill.sandbox.core.sessions import Kind as UserKind
from pytest_bill.sandbox.core.state import SandboxState
from pytest_bill.sandbox.pages.credentials import BY_NAME
from pytest_bill.sandbox.pages.reference.callers import owner_of

NONE_YET = "NONE-YET"
"""Stands for the id of a record that there is not."""


def is_active(record: Record) -> bool:
    """Whether a record is neither archived nor, in Spend & Expense, retired."""
    return not record.get("archived") and not record.get("retired")


@dataclass(frozen=True)
class Kind:
    """Where records of a kind are, and which operation makes one. ``parent`` is the parameter
    of the record that they belong to: its id ends the name of their table."""

    table: str
    made_by: str
    parent: str = ""
    id_field: str = "id"
    usable: Callable[[Record], bool] = is_active


def _is_open_bill(bill: Record) -> bool:
    return is_active(bill) and bill.get("dueAmount", 0) > 0 and not bill.get("approvers")


def is_verified(account: Record) -> bool:
    """Whether a bank account is active, and verified."""
    return is_active(account) and account["status"] == "VERIFIED"


_ORGANIZATION: Mapping[str, Kind] = {
    "vendorId": Kind("vendors", "createVendor"),
    "billId": Kind("bills", "createBill", usable=_is_open_bill),
    "customerId": Kind("customers", "createCustomer"),
    "invoiceId": Kind("invoices", "createInvoice"),
    "userId": Kind("users", "createOrganizationUser"),
    "roleId": Kind("roles", ""),
    "recurringBillId": Kind("recurring_bills", "createRecurringBill"),
    "creditMemoId": Kind("credit_memos", "createCreditMemo"),
    "recurringInvoiceId": Kind("recurring_invoices", "createRecurringInvoice"),
    "paymentId": Kind("payments", "createPayment"),
    "vendorCreditId": Kind("vendor_credits", "createVendorCredit"),
    "contactId": Kind("customer_contacts of ", "createCustomerContact", "customerId"),
    "policyId": Kind("bill_approval_policies", "createBillApprovalPolicy"),
    "paymentTermId": Kind("payment_terms", "createPaymentTerm"),
    "attachmentId": Kind("attachments", "createVendorAttachment"),
    "receivedPaymentId": Kind("receivable_payments", "recordInvoice"),
    "bankAccountId": Kind("bankAccounts", "verifyBankAccount", usable=is_verified),
    "bankAccountUserId": Kind("bankAccountUsers", "createBankAccount"),
    "cardAccountId": Kind("cardAccounts", ""),
    "billingStatementId": Kind("billing_statements", "listBillingStatements"),
    "documentId": Kind("documents", "uploadStatus"),
    "exportId": Kind("exports", "listExports", id_field="exportId"),
}
"""Of an organization, by the name of the id."""

_CUSTOMERS_BANK_ACCOUNT = Kind(
    "customer_bank_accounts of ", "createCustomerBankAccount", "customerId"
)

_SPEND: Mapping[str, Kind] = {
    "userId": Kind("users", "createUser", id_field="uuid"),
    "budgetId": Kind("budgets", "createBudget", id_field="uuid"),
    "cardId": Kind("cards", "createBudgetCard", id_field="uuid"),
    "customFieldId": Kind("custom fields", "createCustomField", id_field="uuid"),
    "customFieldValueId": Kind(
        "values of ", "createCustomFieldValues", "customFieldId", id_field="uuid"
    ),
    "transactionId": Kind("transactions", "", id_field="uuid"),
    "reimbursementId": Kind("reimbursements", "createReimbursement", id_field="uuid"),
    "acsTransactionId": Kind("3D Secure challenges", "", id_field="uuid"),
}
_SPEND_MEMBER = Kind("members of ", "upsertBudgetMember", "budgetId", id_field="userUuid")

_CLASSIFICATIONS: Mapping[str, str] = {
    "accounting-classes": "AccountingClass",
    "chart-of-accounts": "ChartOfAccounts",
    "departments": "Department",
    "employees": "Employee",
    "items": "Item",
    "jobs": "Job",
    "locations": "Location",
}
"""What their operations are called, by the part of the path."""

_CALLED = {"Users": "User", "Object": "Bill"}
"""What an entity is called by the name of its id, where that is another one."""

_MADE_BY: Mapping[str, str] = {
    "SentPay": "createPayment",
    "BillPay": "createPayment",
    "ReceivedPay": "recordInvoice",
    **dict.fromkeys(("MoneyMovement", "InvoiceCredit", "RPConvFee", "BillCredit"), ""),
    **dict.fromkeys(("CardAccount", "Organization", "Profile"), ""),
}
"""Of entities that have no operation of their own for it; empty where none makes one."""

_OWN_ID = ("id", "ids")
_IN_BULK: Mapping[str, Kind] = {
    "vendor-credits": _ORGANIZATION["vendorCreditId"],
    "credit-memos": _ORGANIZATION["creditMemoId"],
}
_SUBSCRIPTION = Kind("webhook subscriptions", "createSubscription")

_NO_IDS = frozenset({"taxId", "parentId", "externalReferenceId"})


@dataclass(eq=False)
class Known:
    """What an example of an operation can name; what it ``needs`` is noted on the way."""

    state: SandboxState
    credential: str
    operation: Operation
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    """Which records this operation takes by a name, where it is not any of a kind."""
    chosen: dict[str, str] = field(default_factory=dict)
    """The ids of the path, by parameter: a body speaks of the same records."""
    lacks: list[str] = field(default_factory=list)
    """What there is none of, and no operation makes."""
    needs: list[str] = field(default_factory=list)

    def id_of(self, name: str) -> str | None:
        """The id for a field or parameter of that name; None if it is the name of no id."""
        if name in self.chosen:
            return self.chosen[name]
        if name == "organizationId":
            return self.organization_id()
        if name in _NO_IDS:
            return None
        kind = self.kind(name)
        if kind is not None:
            return self.of_kind(kind)
        if self.operation.form is not None:
            return self._of_entity(name)
        return None

    def _of_entity(self, name: str) -> str | None:
        """The id of an entity of v2: ``id`` is that of the operation's own kind."""
        if name == "id":
            called = self.operation.path.rpartition("/")[2].removesuffix(".json")
        else:
            called = name[:1].upper() + name.removesuffix("Id")[1:]
        called = _CALLED.get(called, called)
        return self.entity(called) if called in ENTITIES else None

    def kind(self, name: str) -> Kind | None:
        """The kind of record that an id of that name stands for."""
        if name in self.kinds:
            return self.kinds[name]
        if name == "subscriptionId":
            return _SUBSCRIPTION
        if self.owner == SPEND_OWNER:
            if name == "userId" and "budgetId" in self.operation.path_parameters:
                return _SPEND_MEMBER
            return _SPEND.get(name)
        path = self.operation.path
        if name in _OWN_ID and "/classifications/" in path:
            part = path.partition("/classifications/")[2].partition("/")[0]
            made_by = f"createClassification{_CLASSIFICATIONS[part]}"
            return Kind(part.replace("-", "_"), made_by)
        if name in _OWN_ID:
            return _IN_BULK.get(path.rpartition("/bulk")[0].rpartition("/")[2])
        if name == "bankAccountId" and "/customers/" in path:
            return _CUSTOMERS_BANK_ACCOUNT
        if name == "userId" and self.owner == PARTNER_OWNER:
            return Kind("users", "createPartnerUser")
        return _ORGANIZATION.get(name)

    def of_kind(self, kind: Kind) -> str:
        """The id of the first usable record of a kind; of one below the record of the path."""
        for key, record in self._table_of(kind).items():
            if kind.usable(record):
                found: str = record[kind.id_field] if kind.id_field else key
                return found
        return self.none(kind.made_by, kind.table)

    def none(self, made_by: str, what: str = "") -> str:
        """Note what makes such a record, or that nothing does; gives what stands for its id."""
        if not made_by:
            self.lacks.append(what)
        elif made_by not in self.needs and made_by != self.operation.name:
            self.needs.append(made_by)
        return NONE_YET

    def table(self, name: str) -> Table:
        """The records called so of whom the call is about."""
        is_partners = self.owner == PARTNER_OWNER and self.operation.caller is not Caller.SUBSCRIBER
        owner = self.organization_id() if is_partners else self.owner
        return self.state.table(owner, name)

    def first(
        self, records: Mapping[str, Record], usable: Callable[[Record], bool] = is_active
    ) -> Record | None:
        """The first usable record."""
        return next(filter(usable, records.values()), None)

    def organization_id(self) -> str:
        """The organization that the call is about: for a partner one that it created."""
        if self.owner != PARTNER_OWNER:
            return self.owner
        made = next(iter(self.state.table(PARTNER_OWNER, "organizations")), None)
        return made or self.none("createOrganization")

    @property
    def user_id(self) -> str:
        """The user who calls; a developer app has the one who made it."""
        ids = self.state.user_ids
        kind = BY_NAME[self.credential].kind if self.credential else None
        return ids[UserKind.DEVELOPER_KEY if kind not in ids or kind is None else kind]

    @property
    def owner(self) -> str:
        """Whose records the call is about: see ``owner_of``."""
        return owner_of(self.state, self.credential, self.operation)

    def record(self, name: str) -> Record | None:
        """The record that an id of that name stands for."""
        kind = self.kind(name)
        assert kind is not None, name
        return self.first(self._table_of(kind), kind.usable)

    def _table_of(self, kind: Kind) -> Table:
        return self.table(kind.table + (self.chosen[kind.parent] if kind.parent else ""))

    def choose_path(self) -> None:
        """Choose the records of the path: such as have one below them, where one is asked for."""
        names = self.operation.path_parameters
        for index, name in enumerate(names):
            below = [self.kind(each) for each in names[index + 1 :]]
            if name in self.chosen:
                continue
            self.chosen[name] = self._with_child(name, below) or self.id_of(name) or NONE_YET

    def _with_child(self, name: str, below: Sequence[Kind | None]) -> str | None:
        kind = self.kind(name)
        children = [each.table for each in below if each is not None and each.parent == name]
        if kind is None or not children:
            return None
        for record in self.table(kind.table).values():
            found: str = record[kind.id_field]
            if kind.usable(record) and self.first(self.table(children[0] + found)) is not None:
                return found
        return None

    def entity(self, name: str, usable: Callable[[Record], bool] = is_active) -> str:
        """The id of the first entity of v2 of that kind that is usable."""
        for key, record in ENTITIES[name].all_records(self.call).items():
            if usable(record):
                return key
        return self.none(_MADE_BY.get(name, f"v2Create{name}"), name)

    @property
    def call(self) -> Call:
        """A call that nobody makes, to look at records."""
        return Call.of(self.state, self.organization_id())

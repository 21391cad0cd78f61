"""The records that an example can name: their ids, by the names of the fields that stand for them.

Where the sandbox has none of a kind yet, an example needs an operation that makes one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pytest_bill.sandbox.api.v2.every_entity import ENTITIES
from pytest_bill.sandbox.core.operations import SPEND_OWNER, Call, Caller, Operation
from pytest_bill.sandbox.core.records import Record, Table
from pytest_bill.sandbox.core.state import SandboxState
from pytest_bill.sandbox.pages.callers import PARTNER_OWNER

NONE_YET = "NONE-YET"
"""Stands for the id of a record that there is not."""


def _is_active(record: Record) -> bool:
    return not record.get("archived") and not record.get("retired")


@dataclass(frozen=True)
class Kind:
    """Where records of a kind are, and which operation makes one. ``parent`` is the parameter
    of the record that they belong to: its id ends the name of their table."""

    table: str
    made_by: str
    parent: str = ""
    id_field: str = "id"
    usable: Callable[[Record], bool] = _is_active


def _is_open_bill(bill: Record) -> bool:
    return _is_active(bill) and bill.get("dueAmount", 0) > 0 and not bill.get("approvers")


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
    "bankAccountId": Kind("bankAccounts", "createBankAccount"),
    "bankAccountUserId": Kind("bankAccountUsers", "createBankAccount"),
    "cardAccountId": Kind("cardAccounts", ""),
    "billingStatementId": Kind("billing_statements", "listBillingStatements"),
    "documentId": Kind("documents", "createBillDocument"),
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

_NO_IDS = frozenset({"taxId", "parentId", "externalReferenceId"})


@dataclass(eq=False)
class Known:
    """What an example of an operation can name; what it ``needs`` is noted on the way."""

    state: SandboxState
    owner: str
    operation: Operation
    chosen: dict[str, str] = field(default_factory=dict)
    """The ids of the path, by parameter: a body speaks of the same records."""
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
        return None

    def kind(self, name: str) -> Kind | None:
        """The kind of record that an id of that name stands for."""
        if self.owner == SPEND_OWNER:
            if name == "userId" and "budgetId" in self.operation.path_parameters:
                return _SPEND_MEMBER
            return _SPEND.get(name)
        path = self.operation.path
        if name == "id" and "/classifications/" in path:
            part = path.partition("/classifications/")[2].partition("/")[0]
            made_by = f"createClassification{_CLASSIFICATIONS[part]}"
            return Kind(part.replace("-", "_"), made_by)
        if name == "bankAccountId" and "/customers/" in path:
            return _CUSTOMERS_BANK_ACCOUNT
        if name == "userId" and self.operation.caller is Caller.PARTNER_IN_ORGANIZATION:
            return Kind("users", "createPartnerUser")
        return _ORGANIZATION.get(name)

    def of_kind(self, kind: Kind) -> str:
        """The id of the first usable record of a kind; of one below the record of the path."""
        table = kind.table + (self.chosen[kind.parent] if kind.parent else "")
        found = self.first(self.table(table), kind.usable)
        if found is None:
            return self.none(kind.made_by)
        made: str = found[kind.id_field]
        return made

    def none(self, made_by: str) -> str:
        """Note what makes such a record; gives what stands for its id."""
        if made_by and made_by not in self.needs and made_by != self.operation.name:
            self.needs.append(made_by)
        return NONE_YET

    def table(self, name: str) -> Table:
        """The records called so of whom the call is about."""
        owner = self.organization_id() if self.owner == PARTNER_OWNER else self.owner
        return self.state.table(owner, name)

    def first(
        self, records: Mapping[str, Record], usable: Callable[[Record], bool] = _is_active
    ) -> Record | None:
        """The first usable record."""
        return next(filter(usable, records.values()), None)

    def organization_id(self) -> str:
        """The organization that the call is about: for a partner one that it created."""
        if self.owner != PARTNER_OWNER:
            return self.owner
        made = next(iter(self.state.table(PARTNER_OWNER, "organizations")), None)
        return made or self.none("createOrganization")

    def choose_path(self) -> None:
        """Choose the records of the path: such as have one below them, where one is asked for."""
        names = self.operation.path_parameters
        for index, name in enumerate(names):
            below = [self.kind(each) for each in names[index + 1 :]]
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

    def entity(self, name: str) -> Record | None:
        """The first entity of v2 of that kind, active if it can be."""
        entity = ENTITIES[name]
        records = list(entity.all_records(self.call).values())
        return next(filter(_is_active, records), next(iter(records), None))

    @property
    def call(self) -> Call:
        """A call that nobody makes, to look at records."""
        return Call.of(self.state, self.organization_id())


def is_entity(name: str) -> bool:
    """Whether v2 has such a kind of entity."""
    return name in ENTITIES


def value_of(record: Record | None, name: str) -> Any:
    """A field of a record; None without a record."""
    return None if record is None else record.get(name)

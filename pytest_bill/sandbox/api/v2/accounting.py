"""What bills and invoices are classified by, in BILL's v2 API: ChartOfAccount, Department,
ActgClass, Location, Item, Employee, Job.

Pages: https://developersupport.bill.com/hc/en-us/articles/209685093-ChartOfAccount,
https://developersupport.bill.com/hc/en-us/articles/208196666-Item and
https://developer.bill.com/v2/reference/org-accounts-listchartofaccount.

The names of the codes of ``accountType`` are what public clients report; v3's names for them are
taken to be the same words. The codes of an item's ``type`` are those of
https://developer.bill.com/v2/reference/org-accounts-readitem.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pytest_bill.sandbox.api.accounting import classifications
from pytest_bill.sandbox.api.v2.columns import NO_ID, Column, an_id, code, fixed, flag, number, text
from pytest_bill.sandbox.api.v2.entities import Entity
from pytest_bill.sandbox.api.v2.entity_operations import bulk_operations, entity_operations
from pytest_bill.sandbox.core.fields import Text
from pytest_bill.sandbox.core.operations import Operation
from pytest_bill.sandbox.core.resources import Resource

_GROUP = "org-accounts"

_ACCOUNT_TYPES = {
    str(number): name
    for number, name in enumerate(
        (
            *("UNSPECIFIED", "ACCOUNTS_PAYABLE", "ACCOUNTS_RECEIVABLE", "BANK"),
            *("COST_OF_GOODS_SOLD", "CREDIT_CARD", "EQUITY", "EXPENSE", "FIXED_ASSET", "INCOME"),
            *("LONG_TERM_LIABILITY", "OTHER_ASSET", "OTHER_CURRENT_ASSET"),
            *("OTHER_CURRENT_LIABILITY", "OTHER_EXPENSE", "OTHER_INCOME", "NON_POSTING"),
        )
    )
}
_ITEM_TYPES = {
    str(number): name
    for number, name in enumerate(
        (
            *("SERVICE", "UNSPECIFIED", "INVENTORY_PART", "NON_INVENTORY_PART", "PAYMENT"),
            *("DISCOUNT", "SALES_TAX", "SUBTOTAL", "OTHER_CHARGE", "INVENTORY_ASSEMBLY"),
            *("GROUP", "SALES_TAX_GROUP", "FIXED_ASSET", "CATEGORY"),
        )
    )
}


def _named(name: str, resource: Resource) -> Entity:
    """A kind of entity that has not much more than a name."""
    columns: Mapping[str, Column] = {
        "name": text("name", required=True),
        "shortName": text("shortName"),
        "description": text("description"),
        f"parent{name}Id": an_id("parentId"),
        "mergedIntoId": fixed(NO_ID),
    }
    return Entity(name, _GROUP, columns, resource)


CHART_OF_ACCOUNT = Entity(
    "ChartOfAccount",
    _GROUP,
    {
        "name": text("name", required=True),
        "accountNumber": text("account.number"),
        "accountType": code("account.type", _ACCOUNT_TYPES, absent="0"),
        "description": text("description"),
        "parentChartOfAccountId": an_id("parentId"),
        "ca1099FormType": Column(Text(), absent="0"),
        "ca1099Type": Column(Text(), absent="0"),
        "mergedIntoId": fixed(NO_ID),
    },
    classifications.CHART_OF_ACCOUNTS,
    unsure="That v3 calls the types by the words of v2's codes is assumed.",
)
DEPARTMENT = _named("Department", classifications.DEPARTMENTS)
ACTG_CLASS = _named("ActgClass", classifications.ACCOUNTING_CLASSES)
LOCATION = replace(
    _named("Location", classifications.LOCATIONS),
    unsure="BILL's pages answer parentActgClassId, told as the parent location; here it is "
    "parentLocationId, as it is sent.",
)
JOB = _named("Job", classifications.JOBS)
ITEM = Entity(
    "Item",
    _GROUP,
    {
        "name": text("name", required=True),
        "type": code("type", _ITEM_TYPES, absent="1", required=True),
        "description": text("description"),
        "price": number("price"),
        "percentage": number(),
        "parentItemId": an_id("parentId"),
        "hasPurInfo": flag(),
        "expenseAccount": an_id("expenseChartOfAccountId"),
        "purDescription": text("purchaseDescription"),
        "purCost": number("purchaseCost"),
        "chartOfAccountId": an_id("chartOfAccountId"),
        "taxable": flag("taxable"),
        "shortName": text("shortName"),
        "mergedIntoId": fixed(NO_ID),
    },
    classifications.ITEMS,
    unsure="That v3 calls the types by these words is assumed. A type that v3 has and v2 has no "
    "code for is answered as it is.",
)
EMPLOYEE = Entity(
    "Employee",
    _GROUP,
    {
        "shortName": text("shortName"),
        "firstName": text("firstName"),
        "lastName": text("lastName"),
        "parentEmployeeId": an_id("parentId"),
        "mergedIntoId": fixed(NO_ID),
    },
    classifications.EMPLOYEES,
)

_ALL = (CHART_OF_ACCOUNT, DEPARTMENT, ACTG_CLASS, LOCATION, ITEM, EMPLOYEE, JOB)

OPERATIONS: tuple[Operation, ...] = tuple(
    operation
    for entity in _ALL
    for operation in (*entity_operations(entity), *bulk_operations(entity))
)

"""BILL's tables of the fields that lists are filtered by."""

from __future__ import annotations

import pytest

from tools.drift import filters
from tools.drift.comparing import differences, sandbox
from tools.drift.described import Material
from tools.drift.filters import Filter, kinds_in
from tools.drift.reading import read

PAGE = """\
# Filterable fields

## Vendors and Customers

<Table align={["left","left"]}>
  <thead>
    <tr>
      <th>
        Fields you can filter with
      </th>
      <th>
        Available operators
      </th>
    </tr>
  </thead>
  <tbody>
    <tr>
      <td>
        `name`
      </td>
      <td>
        `eq` (Equal)\\
        `sw` (Starts with)
      </td>
    </tr>
    <tr>
      <td>
        `billCurrency` (Vendors)\\
        `invoiceCurrency` (Customers)
      </td>
      <td>
        `eq` (Equal)
      </td>
    </tr>
  </tbody>
</Table>

## Bills

| Fields | Available operators |
| :--- | :--- |
| `dueDate` | `gt` (Greater than)<br>`lt` (Less than) |
| `aura` | `eq` (Equal) |
| `id` | `sw` (Starts with) |
| `other` | no operator |
"""


def test_fields_with_the_records_that_have_them(tmp_path):
    (tmp_path / "a.md").write_text(PAGE, encoding="utf-8")
    (material,) = read(str(tmp_path / "a.md"))
    assert material.title == "Filterable fields (filters)"
    assert material.filters == (
        Filter("Vendors and Customers", "name", frozenset({"eq", "sw"})),
        Filter("Vendors", "billCurrency", frozenset({"eq"})),
        Filter("Customers", "invoiceCurrency", frozenset({"eq"})),
        Filter("Bills", "dueDate", frozenset({"gt", "lt"})),
        Filter("Bills", "aura", frozenset({"eq"})),
        Filter("Bills", "id", frozenset({"sw"})),
    )


def test_fields_and_operators_that_lists_lack():
    material = Material(
        "BILL", filters=filters.read(PAGE + "\n# Wallets\n| `id` | `eq` (Equal) |\n")
    )
    assert [f"{each.operation}: {each}" for each in differences(material, sandbox())] == [
        " filters: filter Wallets: no list of this name here",
        "GET /v3/bills: filter aura: not here",
        "GET /v3/bills: filter id: not here: sw",
    ]


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("Vendors and Customers", ["Customers", "Vendors"]),
        ("Filtering bills and invoices", ["Bills", "Invoices"]),
        ("Recurring bills", ["Recurring bills"]),
        ("Wallets", []),
    ],
)
def test_kinds_of_records_are_named_in_bills_words(words, kinds):
    known = {"Bills", "Invoices", "Recurring bills", "Vendors", "Customers"}
    assert kinds_in(words, known) == kinds

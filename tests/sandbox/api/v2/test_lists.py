"""Filters, sorting and paging of v2's lists."""

import pytest

from pytest_bill.sandbox.api.v2 import lists
from pytest_bill.sandbox.core.errors import BillError
from pytest_bill.sandbox.core.fields import Boolean, Date, Number, Text

KINDS = {
    "name": Text(),
    "amount": Number(),
    "due": Date(),
    "paid": Boolean(),
    "createdTime": Text(),
}
RECORDS = [
    {"name": "a", "amount": 9, "due": "2026-01-02", "paid": True},
    {"name": "b", "amount": 10, "due": "2026-01-10", "paid": False},
    {"name": "ba", "amount": None, "due": None, "paid": False},
]
for _hour, _record in enumerate(RECORDS):
    _record["createdTime"] = f"2026-01-01T0{_hour}:00:00.000+0000"


def found(**asked):
    records = lists.search(RECORDS, asked, KINDS, lambda record, name: record[name])
    return " ".join(each["name"] for each in records)


@pytest.mark.parametrize(
    ("field", "operator", "value", "names"),
    [
        ("name", "=", "b", "b"),
        ("name", "!=", "b", "a ba"),
        ("name", "sw", "b", "b ba"),
        ("name", "in", "a,ba", "a ba"),
        ("name", "nin", ["a", "ba"], "b"),
        ("name", "in", None, ""),
        ("amount", "<", 10, "a"),
        ("amount", "<=", "10", "a b"),
        ("amount", ">", "9", "b"),
        ("amount", ">=", 9.0, "a b"),
        ("amount", "=", None, "ba"),
        ("amount", "!=", "", "a b"),
        ("amount", "in", "9,10", "a b"),
        ("due", ">=", "2026-01-03", "b"),
        ("due", "<", "2026-01-10T00:00:00.000+0000", "a"),
        ("paid", "=", "true", "a"),
        ("paid", "=", False, "b ba"),
        ("createdTime", ">", "2026-01-01T00:30:00.000+0000", "b ba"),
        ("createdTime", "<=", "2026-01-01T02:00:00.000+0100", "a b"),
        ("createdTime", "<", "2026-01-01", ""),
    ],
)
def test_filters(field, operator, value, names):
    assert found(filters=[{"field": field, "op": operator, "value": value}]) == names


def test_all_filters_hold():
    terms = [
        {"field": "paid", "op": "=", "value": "false"},
        {"field": "amount", "op": ">", "value": 1},
    ]
    assert found(filters=terms) == "b"


@pytest.mark.parametrize(
    ("field", "operator", "value", "code"),
    [
        ("nothing", "=", "x", "BDC_1130"),
        ("name", "eq", "x", "BDC_1131"),
        ("amount", "<", "much", "BDC_1129"),
        ("amount", "in", "1,much", "BDC_1129"),
        ("due", ">", "soon", "BDC_1129"),
        ("paid", "=", "perhaps", "BDC_1129"),
        ("createdTime", "<", "yesterday", "BDC_1129"),
        ("amount", "=", {"not": "a number"}, "BDC_1129"),
    ],
)
def test_refused_filters(field, operator, value, code):
    with pytest.raises(BillError) as refused:
        found(filters=[{"field": field, "op": operator, "value": value}])
    assert refused.value.problems[0].code == code


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ([{"field": "amount", "asc": True}], "ba a b"),
        ([{"field": "amount", "asc": "false"}], "b a ba"),
        ([{"field": "name", "asc": 0}], "ba b a"),
        ([{"field": "paid", "asc": "1"}, {"field": "name", "asc": "0"}], "ba b a"),
        ([{"field": "due"}], "ba a b"),
    ],
)
def test_sorting(sort, names):
    assert found(sort=sort) == names


@pytest.mark.parametrize("sort", [{"field": "nothing"}, {"field": "name", "asc": "up"}])
def test_refused_sorting(sort):
    with pytest.raises(BillError) as refused:
        found(sort=[sort])
    assert refused.value.problems[0].code == "BDC_1129"


def test_pages():
    assert found(start=0, max=2) == "a b"
    assert found(start=2, max=2) == "ba"
    assert found(start=7) == ""

"""Which records meet a filter, and which filters are refused, whatever records there are."""

import pytest

from pytest_bill.sandbox.core.errors import BillError
from pytest_bill.sandbox.core.filters import FLAG, IDS, TIMES, Filterable, conditions_of

FILTERABLE = {
    "id": IDS,
    "archived": FLAG,
    "createdTime": TIMES,
    "owner": Filterable(("eq", "ne"), values=lambda record: record["owners"]),
}


@pytest.mark.parametrize(
    ("filters", "met"),
    [
        ('id:in:"a,b"', True),
        ("archived:eq:false", True),
        ("archived:ne:false", False),
        ("createdTime:gte:2026-01-01", True),
        ("createdTime:lt:2026-01-01", False),
        ("owner:eq:two", True),
        ("owner:ne:two", False),
        ("owner:ne:three", True),
    ],
)
def test_a_record_meets_a_filter(filters, met):
    record = {
        "id": "b",
        "archived": False,
        "createdTime": "2026-02-01T00:00:00.000+00:00",
        "owners": ["one", "two"],
    }
    (condition,) = conditions_of(filters, FILTERABLE)
    assert condition(record) is met


def test_an_absent_field_equals_nothing():
    equal, unequal = conditions_of("id:eq:a,id:ne:a", FILTERABLE)
    assert not equal({})
    assert unequal({})


@pytest.mark.parametrize(
    "filters", ["archived:eq:maybe", "createdTime:gt:soon", "name:eq:a", "id:in:a,b"]
)
def test_what_no_record_can_meet_is_refused_at_once(filters):
    with pytest.raises(BillError):
        conditions_of(filters, FILTERABLE)

"""The names of countries in addresses."""

import pytest

from pytest_bill.sandbox.core import countries
from pytest_bill.sandbox.core.fields import ADDRESS, Object


@pytest.mark.parametrize(
    ("code", "name"),
    [("AD", "Andorra"), ("ZW", "Zimbabwe"), ("GB", "United Kingdom"), ("AX", "Åland Islands")],
)
def test_the_name_is_beside_the_code(code, name):
    record = {"id": "1", "address": {"country": code}, "other": {"country": code}}
    named = countries.with_country_names(record, "address")
    assert named == {**record, "address": {"country": code, "countryName": name}}
    assert record["address"] == {"country": code}


@pytest.mark.parametrize("record", [{}, {"address": {}}, {"address": {"country": "XX"}}])
def test_what_has_no_name(record):
    assert countries.with_country_names(record, "address") == record


def test_an_answered_address_needs_nothing():
    described = countries.address_as_answered(Object(ADDRESS)).fields
    assert set(described) == {*ADDRESS, "countryName"}
    assert not any(field.required for field in described.values())

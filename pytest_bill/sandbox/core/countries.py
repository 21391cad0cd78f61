"""Addresses as BILL answers them: with the country's name beside its code."""

from __future__ import annotations

from pytest_bill.sandbox.core.country_names import NAMES
from pytest_bill.sandbox.core.fields import Field, Object, Text, optional
from pytest_bill.sandbox.core.records import Record


def address_as_answered(address: Object) -> Object:
    """An address as it is answered, of one as it is given."""
    fields: dict[str, Field] = {**optional(address.fields), "countryName": Text()}
    return Object(fields)


def with_country_names(record: Record, *addresses: str) -> Record:
    """The record with the country's name in the addresses of these fields; unknown ones have none.

    The record itself stays as it is.
    """
    answered = dict(record)
    for field in addresses:
        name = NAMES.get(record.get(field, {}).get("country", ""))
        if name is not None:
            answered[field] = {**record[field], "countryName": name}
    return answered

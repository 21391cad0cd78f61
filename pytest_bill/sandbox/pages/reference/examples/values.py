"""The value that an example has for a field, by the field's name, kind, choices and limits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from pytest_bill.sandbox.core.business_days import following_business_day
from pytest_bill.sandbox.core.fields import (
    Boolean,
    Date,
    Field,
    Integer,
    Many,
    Number,
    Object,
    Text,
)

Values = Mapping[str, Any]

_TEXTS: Values = {
    "accNumber": "20010077",
    "accountNumber": "1000123456789",
    "addressCity": "San Jose",
    "addressZip": "95002",
    "bankName": "Bank of Example",
    "brand": "VISA",
    "city": "San Jose",
    "comment": "Sent from the sandbox's reference",
    "companyName": "Example Company",
    "country": "US",
    "description": "Sent from the sandbox's reference",
    "entity": "Bill",
    "field": "isActive",
    "fileName": "example.pdf",
    "filename": "example.pdf",
    "firstName": "Ada",
    "lastName": "Example",
    "line1": "123 Main Street",
    "max": "10",
    "merchantName": "Blue Door Coffee",
    "message": "Sent from the sandbox's reference",
    "name": "Example {number}",
    "nameOnAccount": "Example Company",
    "nameOnAcct": "Example Company",
    "note": "Sent from the sandbox's reference",
    "notificationUrl": "http://127.0.0.1:9/notifications/{number}",
    "op": "eq",
    "phone": "9876543210",
    "phoneNumber": "4085551234",
    "phoneType": "MOBILE",
    "reason": "Sent from the sandbox's reference",
    "routingNumber": "322271627",
    "stateOrProvince": "CA",
    "zipOrPostalCode": "95002",
    "billCurrency": "USD",
    "version": "1",
}
"""By the name of the field; {number} is another one in each example."""

_NUMBERS: Values = {"amount": 25, "price": 25, "unitPrice": 25, "quantity": 1, "limit": 100}
_AMOUNT = 25

_DAYS: Mapping[str, int] = {
    "dueDate": 30,
    "endDate": 365,
    "expirationDate": 365,
    "nextDueDate": 30,
}
"""How many days from now; the others are today."""

_OPTIONAL = frozenset(
    {
        *("amount", "comment", "companyName", "description", "email", "filename", "firstName"),
        *("lastName", "limit", "name", "phone", "price", "quantity", "role"),
        *("stateOrProvince", "invoiceNumber", "invoiceDate", "dueDate", "nameOnAccount"),
        *("unitPrice", "max"),
    }
)
"""What an example has though it need not: it tells what a record is like."""

_FALSE = frozenset({"toPrintCheck", "global", "limitlessOverspend"})


class Maker:
    """Makes values of one example.

    ``number`` is another one in each, ``today`` the day of the sandbox's clock. ``id_of`` gives the
    id that a field of that name may have; None for a field that names no record.
    """

    def __init__(self, number: int, today: date, id_of: Callable[[str], str | None]) -> None:
        self._number = number
        self._today = today
        self._id_of = id_of

    def object(self, fields: Mapping[str, Field], *, partial: bool = False) -> dict[str, Any]:
        """What is required of these fields, and what tells something; of a change one field."""
        if partial:
            return self._change(fields)
        return {
            name: self.value(field, name)
            for name, field in fields.items()
            if field.required or (name in _OPTIONAL and not isinstance(field, Object | Many))
        }

    def value(self, field: Field, name: str) -> Any:
        """A value that the field takes."""
        match field:
            case Object():
                return self.object(field.fields)
            case Many():
                return [self.value(field.item, name)]
            case Number():
                return max(_NUMBERS.get(name, _AMOUNT), field.minimum or 0)
            case Integer():
                return max(1, field.minimum or 0)
            case Boolean():
                return name not in _FALSE
            case Date():
                return self.day(name)
            case Text():
                return self._text(field, name)
            case _:
                return None

    def day(self, name: str) -> str:
        """A date by the sandbox's clock, as yyyy-MM-dd."""
        if name == "processDate":
            return following_business_day(self._today, 2).isoformat()
        if name == "dateOfBirth":
            return "1990-01-31"
        return (self._today + timedelta(days=_DAYS.get(name, 0))).isoformat()

    def unique(self, what: str = "EX") -> str:
        """A number that no record has."""
        return f"{what}-{self._number}"

    def _change(self, fields: Mapping[str, Field]) -> dict[str, Any]:
        first = next(
            (
                name
                for name in ("description", "name", "nickname", *fields)
                if name in fields and isinstance(fields[name], Text)
            ),
            next(iter(fields)),
        )
        return {first: self.value(fields[first], first)}

    def _text(self, field: Text, name: str) -> str:
        if field.choices:
            return _chosen(field.choices, str(_TEXTS.get(name, "")))
        found = self._id_of(name)
        if found is not None:
            return found
        text = _TEXTS.get(name)
        if text is None:
            text = self._by_end_of(name)
        made = str(text).replace("{number}", str(self._number))
        return made if field.longest is None else made[: field.longest]

    def _by_end_of(self, name: str) -> str:
        lower = name.lower()
        if lower.endswith("email"):
            return "someone-{number}@example.com"
        if lower.endswith("username"):
            return "someone-{number}"
        if lower.endswith("phone"):
            return "9876543210"
        if lower.endswith("url"):
            return "https://example.com/"
        if lower.endswith(("amount", "balance")):
            return str(_AMOUNT)
        if lower.endswith(("number", "no")):
            return "EX-{number}"
        return "Example {number}"


def _chosen(choices: Iterable[str], usual: str) -> str:
    known = list(choices) if isinstance(choices, list | tuple) else sorted(choices)
    return usual if usual in known else known[0]

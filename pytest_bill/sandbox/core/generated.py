"""Made-up businesses, people and amounts, the same for the same seed."""

from __future__ import annotations

import random
from datetime import date, timedelta

from pytest_bill.sandbox.core import made_up
from pytest_bill.sandbox.core.records import Record


class Generated:
    """Bodies as BILL's operations take them."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311  (data, not a secret)
        self._number = 0

    def vendor(self) -> Record:
        """A vendor in the United States, with a mail address that cannot exist."""
        self._number += 1
        choice = self._random.choice
        city, state = choice(made_up.CITIES)
        return {
            "name": f"{self._business()} {self._number:06}",
            "accountType": choice(("BUSINESS", "BUSINESS", "BUSINESS", "PERSON")),
            "email": f"vendor{self._number}@example.com",
            # 555-0100 to 555-0199 belong to nobody.
            "phone": f"{self._random.randint(201, 989)}55501{self._random.randint(0, 99):02}",
            "address": {
                "line1": self._street(),
                "city": city,
                "stateOrProvince": state,
                "zipOrPostalCode": f"{self._random.randint(501, 99950):05}",
                "country": "US",
            },
        }

    def bill(self, vendor_id: str, number: int, today: date) -> Record:
        """A bill of one to three line items, due within 60 days."""
        return {
            "vendorId": vendor_id,
            "dueDate": (today + timedelta(days=self._random.randint(1, 60))).isoformat(),
            "billLineItems": [
                {
                    "amount": self._random.randint(500, 500_000) / 100,
                    "description": self._item(),
                }
                for _ in range(self._random.randint(1, 3))
            ],
            "invoice": {"invoiceNumber": f"G-{number:06}", "invoiceDate": today.isoformat()},
        }

    def _business(self) -> str:
        choice = self._random.choice
        if self._random.random() < 1 / 2:
            return f"{choice(made_up.SURNAMES)}, {choice(made_up.SURNAMES)} and Partners"
        return f"{choice(made_up.SURNAMES)} {choice(made_up.FORMS)}"

    def _street(self) -> str:
        choice = self._random.choice
        number = self._random.randint(1, 9_999)
        return f"{number} {choice(made_up.STREETS)} {choice(made_up.STREET_KINDS)}"

    def _item(self) -> str:
        """What a line of a bill is for."""
        choice = self._random.choice
        return f"{choice(made_up.DEEDS)} {choice(made_up.QUALITIES)} {choice(made_up.GOODS)}"

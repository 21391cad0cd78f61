"""Made-up businesses, people and amounts, the same for the same seed."""

from __future__ import annotations

import random
from datetime import date, timedelta

from faker import Faker

from pytest_bill.sandbox.core.records import Record

# Faker is thorough, not fast: 100,000 vendors draw from this many of its answers.
_POOL = 1_000


class Generated:
    """Bodies as BILL's operations take them. Names, streets and mails are Faker's."""

    def __init__(self, seed: int) -> None:
        faker = Faker("en_US")
        faker.seed_instance(seed)
        self._random = random.Random(seed)  # noqa: S311  (data, not a secret)
        self._companies = [faker.company() for _ in range(_POOL)]
        self._streets = [faker.street_address() for _ in range(_POOL)]
        self._places = [
            (faker.city(), faker.state_abbr(include_territories=False)) for _ in range(_POOL)
        ]
        self._items = [faker.bs().capitalize() for _ in range(_POOL)]
        self._number = 0

    def vendor(self) -> Record:
        """A vendor in the United States, with a mail address that cannot exist."""
        self._number += 1
        choice = self._random.choice
        city, state = choice(self._places)
        return {
            "name": f"{choice(self._companies)} {self._number:06}",
            "accountType": choice(("BUSINESS", "BUSINESS", "BUSINESS", "PERSON")),
            "email": f"vendor{self._number}@example.com",
            # 555-0100 to 555-0199 belong to nobody.
            "phone": f"{self._random.randint(201, 989)}55501{self._random.randint(0, 99):02}",
            "address": {
                "line1": choice(self._streets),
                "city": city,
                "stateOrProvince": state,
                "zipOrPostalCode": f"{self._random.randint(501, 99950):05}",
                "country": "US",
            },
        }

    def bill(self, vendor_id: str, number: int, today: date) -> Record:
        """A bill of one to three line items, due within 60 days."""
        choice = self._random.choice
        return {
            "vendorId": vendor_id,
            "dueDate": (today + timedelta(days=self._random.randint(1, 60))).isoformat(),
            "billLineItems": [
                {
                    "amount": self._random.randint(500, 500_000) / 100,
                    "description": choice(self._items),
                }
                for _ in range(self._random.randint(1, 3))
            ],
            "invoice": {"invoiceNumber": f"G-{number:06}", "invoiceDate": today.isoformat()},
        }

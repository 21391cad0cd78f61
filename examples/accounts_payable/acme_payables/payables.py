"""Suppliers, what Acme owes them, and paying it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import requests

Record = dict[str, Any]


class Payables:
    """Acme's payables in BILL, through a session that is signed in."""

    def __init__(self, session: requests.Session, base_url: str) -> None:
        self._session = session
        self._base_url = base_url

    def onboard(self, name: str, email: str, address: Record) -> Record:
        """The vendor with that name; created if there is none yet."""
        for vendor in self._all("/v3/vendors", filters=f'name:eq:"{name}"'):
            return vendor
        vendor = {"name": name, "accountType": "BUSINESS", "email": email, "address": address}
        return self._post("/v3/vendors", vendor)

    def enter_bill(self, vendor_id: str, number: str, due: date, amount: float) -> Record:
        """A new bill, due on the date of its invoice."""
        return self._post(
            "/v3/bills",
            {
                "vendorId": vendor_id,
                "dueDate": due.isoformat(),
                "billLineItems": [{"amount": amount, "description": "As ordered"}],
                "invoice": {"invoiceNumber": number, "invoiceDate": due.isoformat()},
            },
        )

    def overdue(self, today: date) -> list[Record]:
        """Bills due before today of which something is left to pay, the oldest first."""
        unpaid = self._all(
            "/v3/bills",
            filters=f'dueDate:lt:"{today}",paymentStatus:in:"UNPAID,PARTIAL"',
            sort="dueDate:asc",
        )
        return list(unpaid)

    def pay(self, bill: Record, funding_account_id: str, amount: float | None = None) -> Record:
        """A payment of the whole bill, or of a part of it, from a bank account."""
        return self._post(
            "/v3/payments",
            {
                "vendorId": bill["vendorId"],
                "billId": bill["id"],
                "amount": bill["dueAmount"] if amount is None else amount,
                "fundingAccount": {"type": "BANK_ACCOUNT", "id": funding_account_id},
                "processingOptions": {"createBill": False},
            },
        )

    def _all(self, path: str, **params: str) -> Iterator[Record]:
        while True:
            response = self._session.get(self._base_url + path, params=params)
            response.raise_for_status()
            page = response.json()
            yield from page["results"]
            if not page.get("nextPage"):
                return
            params["page"] = page["nextPage"]

    def _post(self, path: str, body: Record) -> Record:
        response = self._session.post(self._base_url + path, json=body)
        response.raise_for_status()
        created: Record = response.json()
        return created

"""The records that a fresh sandbox starts with: a small music shop's vendors, bills, payments.

Ids follow from the sandbox's seed; dates count back from the clock's time at the start, one day
between a record and the next, so that lists have an order.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from pytest_bill.sandbox.api import bills, payments, spend, vendors
from pytest_bill.sandbox.clock import timestamp
from pytest_bill.sandbox.operations import Call
from pytest_bill.sandbox.records import Record
from pytest_bill.sandbox.sessions import Kind, Session
from pytest_bill.sandbox.state import SandboxState

_VENDORS = (
    "Happy Music Supplies",
    "Ringing Strings Workshop",
    "Blue Note Print House",
    "Quiet Room Acoustics",
    "Encore Stage Rental",
)
_CLIENT_VENDORS = ("Harbor Tea Importers", "Copper Kettle Repair")
_BILLS_PER_VENDOR = 5


def fill(state: SandboxState) -> None:
    """Put the starting records in place."""
    credentials = state.credentials
    shop = _author(state, Kind.DEVELOPER_KEY, credentials.organization_id)
    client = _author(state, Kind.CONSOLE_TOKEN, credentials.console_organization_id)
    shop_vendors = _fill_organization(state, shop, _VENDORS)
    _fill_organization(state, client, _CLIENT_VENDORS)
    shop_vendors[-1]["archived"] = True
    for bill in list(bills.table(state, shop.organization_id).values())[:2]:
        payments.add(state, shop, _payment(bill))
    spend.fill(state)


def _author(state: SandboxState, kind: Kind, organization_id: str) -> Session:
    """A session to write records with; it is not among the open ones."""
    return Session("", kind, "", state.user_ids[kind], organization_id)


def _fill_organization(
    state: SandboxState, author: Session, vendor_names: Sequence[str]
) -> list[Record]:
    made = [vendors.VENDORS.add(Call(state, author), _vendor(name)) for name in vendor_names]
    _spread_in_time(state, made)
    _spread_in_time(
        state,
        [
            bills.add(state, author, _bill(state, vendor, number))
            for vendor in made
            for number in range(1, _BILLS_PER_VENDOR + 1)
        ],
    )
    return made


def _spread_in_time(state: SandboxState, records: Sequence[Record]) -> None:
    for days, record in enumerate(reversed(records), start=1):
        record["createdTime"] = timestamp(state.clock.now() - timedelta(days=days))
        record["updatedTime"] = record["createdTime"]


def _vendor(name: str) -> Record:
    return {
        "name": name,
        "accountType": "BUSINESS",
        "email": f"billing@{name.lower().replace(' ', '-')}.example.com",
        "phone": "9876543210",
        "address": {
            "line1": "123 Main Street",
            "city": "San Jose",
            "stateOrProvince": "CA",
            "zipOrPostalCode": "95002",
            "country": "US",
        },
    }


def _bill(state: SandboxState, vendor: Record, number: int) -> Record:
    today = state.clock.now().date()
    return {
        "vendorId": vendor["id"],
        "dueDate": (today + timedelta(days=7 * number)).isoformat(),
        "billLineItems": [
            {"amount": 149.0 * number, "description": "Delivery"},
            {"amount": 79.99, "description": "Service fee"},
        ],
        "invoice": {
            "invoiceNumber": f"{vendor['name'].split()[0].upper()}-{number:03}",
            "invoiceDate": today.isoformat(),
        },
    }


def _payment(bill: Record) -> Record:
    return {
        "billId": bill["id"],
        "amount": bill["dueAmount"],
        "fundingAccount": {"type": "BANK_ACCOUNT", "id": "bac" + "0" * 17},
        "processingOptions": {"createBill": False},
    }

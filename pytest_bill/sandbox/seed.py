"""The records that a sandbox starts with, and those that a test asks for.

A fresh sandbox has a small music shop's vendors, bills and payments. Ids follow from the sandbox's
seed; dates count back from the clock's time at the start, one day between a record and the next,
so that lists have an order. More vendors and bills can be asked for (``Size``): they are generated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from pytest_bill.sandbox.api.accounting import payment_terms
from pytest_bill.sandbox.api.files import attachments, documents
from pytest_bill.sandbox.api.funding import accounts, banks
from pytest_bill.sandbox.api.payables import bills, vendor_credits, vendors
from pytest_bill.sandbox.api.payables.payment_creation import insert_payment
from pytest_bill.sandbox.api.people import network, organizations, users
from pytest_bill.sandbox.api.receivables import (
    credit_memos,
    customer_bank_accounts,
    customer_contacts,
    customers,
    invoices,
    receivable_payments,
    recurring_invoices,
)
from pytest_bill.sandbox.api.sign_in import login, mfa
from pytest_bill.sandbox.api.spend import budgets, cards, custom_fields, purchases, reimbursements
from pytest_bill.sandbox.api.spend import users as spend_users
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.bodies import check_many
from pytest_bill.sandbox.core.clock import timestamp
from pytest_bill.sandbox.core.errors import BillError
from pytest_bill.sandbox.core.generated import Generated
from pytest_bill.sandbox.core.http import Request
from pytest_bill.sandbox.core.operations import Call, Caller, Operation
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.sessions import Kind, Session
from pytest_bill.sandbox.core.state import SandboxState

_VENDORS = (
    "Happy Music Supplies",
    "Ringing Strings Workshop",
    "Blue Note Print House",
    "Quiet Room Acoustics",
    "Encore Stage Rental",
)
_CLIENT_VENDORS = ("Harbor Tea Importers", "Copper Kettle Repair")
_FURTHER_VENDORS = (
    ("Millstone Flour", "Oven and Sons"),
    ("Selvedge Fabrics", "Needle Row"),
)
"""Those of the Console's further clients."""
_BILLS_PER_VENDOR = 5
_CREATED = 201

_ORGANIZATION_FILLERS: Sequence[Callable[[Call], None]] = (
    organizations.fill,
    users.fill,
    payment_terms.fill,
)
"""What every organization that someone signs in to starts with, in this order."""

_SHOP_FILLERS: Sequence[Callable[[Call], None]] = (
    customers.fill,
    customer_bank_accounts.fill,
    customer_contacts.fill,
    credit_memos.fill,
    invoices.fill,
    receivable_payments.fill,
    recurring_invoices.fill,
    attachments.fill,
    documents.fill,
    vendor_credits.fill,
    network.fill,
    mfa.fill,
    login.fill,
)
"""What further parts of the API add to the music shop, in this order."""

_SPEND_FILLERS: Sequence[Callable[[Call], None]] = (
    spend_users.fill,
    budgets.fill,
    cards.fill,
    custom_fields.fill,
    purchases.fill,
    reimbursements.fill,
)
"""What the parts of Spend & Expense start with, in this order."""


def fill_state(state: SandboxState) -> None:
    """Put the starting records in place."""
    credentials = state.credentials
    shop = _author(state, Kind.DEVELOPER_KEY, credentials.organization_id)
    client = _author(state, Kind.CONSOLE_TOKEN, credentials.console_organization_id)
    sync = _author(state, Kind.SYNC_TOKEN, credentials.sync_organization_id)
    for author in {each.organization_id: each for each in (sync, client, shop)}.values():
        for add_to_organization in _ORGANIZATION_FILLERS:
            add_to_organization(Call(state, author))
    shop_vendors = _fill_organization(state, shop, _VENDORS)
    _fill_organization(state, client, _CLIENT_VENDORS)
    shop_vendors[-1]["archived"] = True
    accounts.fill(Call(state, shop))
    for bill in list(bills.bills_of(state, shop.organization_id).values())[:2]:
        insert_payment(Call(state, shop), _payment(bill))
    for add_to_shop in _SHOP_FILLERS:
        add_to_shop(Call(state, shop))
    for add_to_spend in _SPEND_FILLERS:
        add_to_spend(Call(state))
    _fill_further_clients(state)
    _generate(state, shop)


def _fill_further_clients(state: SandboxState) -> None:
    """After all others, so that ids and records of these are as without them."""
    for client_id, vendor_names in zip(state.client_ids[1:], _FURTHER_VENDORS, strict=True):
        author = _author(state, Kind.CONSOLE_TOKEN, client_id)
        for add_to_organization in _ORGANIZATION_FILLERS:
            add_to_organization(Call(state, author))
        _fill_organization(state, author, vendor_names)


def _generate(state: SandboxState, author: Session) -> None:
    """Vendors and bills with made-up names and amounts, the same for the same seed."""
    size = state.size
    if not size.vendors and not size.bills:
        return
    people = Generated(state.seed)
    call = Call(state, author)
    made = [vendors.VENDORS.insert(call, people.vendor()) for _ in range(size.vendors)]
    payees = made or list(vendors.vendors_of(state, author.organization_id).values())
    today = state.clock.now().date()
    for number in range(size.bills):
        payee = payees[number % len(payees)]
        bills.insert_bill(state, author, people.bill(payee["id"], number, today))


def create_records(
    state: SandboxState,
    operations: Iterable[Operation],
    lists: Mapping[str, Any],
    http: Request,
) -> dict[str, list[Any]]:
    """Create records in the developer key's organization (Spend & Expense: in its own).

    ``lists`` has, by the path of an operation that creates ("/v3/vendors"), bodies as the operation
    takes them. A string "$/v3/vendors/0/id" stands for that field of what was made before. Gives
    what was made, by path; raises BillError, with nothing made, for what BILL would refuse.
    ``http`` is the request that asked for it: links in answers lead to its host.
    """
    author = _author(state, Kind.DEVELOPER_KEY, state.credentials.organization_id)
    creating = {each.path.removeprefix("/connect"): each for each in operations if _creates(each)}
    before = state.snapshot()
    try:
        with state.publishing_at_the_end():
            made = _create_all(state, creating, author, lists, http)
    except BillError:
        state.restore(before)
        raise
    finally:
        state.drop_snapshot(before)
    state.changed()
    return made


def _create_all(
    state: SandboxState,
    creating: Mapping[str, Operation],
    author: Session,
    lists: Mapping[str, Any],
    http: Request,
) -> dict[str, list[Any]]:
    made: dict[str, list[Any]] = {}
    for path, bodies in lists.items():
        operation = creating.get(path)
        if operation is None:
            raise errors.bad_request(errors.invalid_value("path", path))
        if not isinstance(bodies, list):
            raise errors.bad_request(errors.invalid_type(path))
        session = None if operation.caller is Caller.SPEND else author
        made[path] = []
        for body in bodies:
            checked = check_many([_resolved(body, made)], operation.body or {}, 1)[0]
            made[path].append(operation.handler(Call(state, session, checked, http=http)))
    return made


def _creates(operation: Operation) -> bool:
    takes_one = operation.body is not None and not operation.many and not operation.path_parameters
    ours = operation.caller in {Caller.ORGANIZATION, Caller.SPEND}
    # Not all of them answer HTTP 201: those of Spend & Expense answer 200.
    creates = operation.status == _CREATED or operation.name.startswith("create")
    return ours and takes_one and operation.method == "POST" and creates


def _resolved(value: Any, made: Mapping[str, list[Any]]) -> Any:
    """``value`` with what was made in the place of its references."""
    if isinstance(value, dict):
        return {name: _resolved(each, made) for name, each in value.items()}
    if isinstance(value, list):
        return [_resolved(each, made) for each in value]
    if not (isinstance(value, str) and value.startswith("$/")):
        return value
    path, _, rest = value[1:].rpartition("/")
    path, _, index = path.rpartition("/")
    try:
        return made[path][int(index)][rest]
    except (KeyError, ValueError, IndexError):
        raise errors.bad_request(errors.invalid_value("reference", value)) from None


def _author(state: SandboxState, kind: Kind, organization_id: str) -> Session:
    """A session to write records with; it is not among the open ones."""
    return Session("", kind, "", state.user_ids[kind], organization_id)


def _fill_organization(
    state: SandboxState, author: Session, vendor_names: Sequence[str]
) -> list[Record]:
    made = [vendors.VENDORS.insert(Call(state, author), _vendor(name)) for name in vendor_names]
    _spread_in_time(state, made)
    _spread_in_time(
        state,
        [
            bills.insert_bill(state, author, _bill(state, vendor, number))
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
        "fundingAccount": {"type": "BANK_ACCOUNT", "id": banks.CHECKING_ID},
        "processingOptions": {"createBill": False},
    }

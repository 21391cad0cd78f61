"""Who is in the BILL Network and in the network of verified national vendors, and the search there.

Pages: https://developer.bill.com/docs/bill-network, https://developer.bill.com/reference/search,
https://developer.bill.com/docs/v3-bill-network-changes,
https://developer.bill.com/docs/accepting-a-network-invitation and the samples of BILL's Postman
collection (https://developer.bill.com/docs/bill-v3-api-in-postman).

BILL's own sandbox begins with an empty network, in which a developer signs up vendors by mail
(https://developer.bill.com/docs/bill-network-sandbox-setup). Here it begins with the vendor of
BILL's guide, with further businesses, and with every organization of the sandbox itself. The id of
a member is its payment network id (PNI); that of a verified national vendor begins with 0rv.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from pytest_bill.sandbox.api.people import organizations
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.state import SandboxState

BILL = "BILL"
RPPS = "RPPS"
_SHORTEST_NAME = 3


@dataclass(frozen=True)
class Member:
    """One business. Members with auto-connections are connected with whoever asks, at once.

    ``organization_id`` is set for an organization of the sandbox, which answers for itself.
    """

    key: str
    name: str
    address: Record = field(hash=False)
    network: str = BILL
    manager: str = ""
    email: str = ""
    auto_connects: bool = True
    organization_id: str = ""

    @property
    def id(self) -> str:
        """The payment network id; it depends on ``key`` alone."""
        digest = hashlib.sha256(f"network:{self.key}".encode()).digest()
        if self.network == RPPS:
            return "0rv" + base64.b32encode(digest).decode()[:17]
        return f"0{int.from_bytes(digest, 'big') % 10**15:015}"

    @property
    def address_id(self) -> str:
        """The id of the address to which a verified national vendor's bills are paid."""
        digest = hashlib.sha256(f"address:{self.key}".encode()).digest()
        return "0ra" + base64.b32encode(digest).decode()[:17]

    def answer(self) -> Record:
        """The member as a search finds it: its manager's address is masked, as v2 does."""
        answer: Record = {"id": self.id, "name": self.name, "type": self.network}
        if self.network == RPPS:
            return {**answer, "addresses": [{"id": self.address_id, **self.address}]}
        answer["addresses"] = [self.address]
        local, _, domain = self.email.partition("@")
        if domain:
            masked = f"{local[:1]}***{local[-1:]}@{domain}"
            answer["managedBy"] = {"name": self.manager, "email": masked, "emailDomain": domain}
        return answer


def _address(line1: str, city: str, state: str, zip_code: str) -> Record:
    return {
        "line1": line1,
        "city": city,
        "stateOrProvince": state,
        "zipOrPostalCode": zip_code,
        "country": "US",
    }


_BUSINESSES = (
    Member(
        "happy",
        "Happy Music Supplies",
        _address("123 Main Street", "San Jose", "CA", "95002"),
        manager="Harriet Appleby",
        email="harriet@happymusicsupplies.example.com",
    ),
    Member(
        "alpine",
        "Alpine Piano Movers",
        _address("7 Summit Road", "Denver", "CO", "80202"),
        manager="Alan Peak",
        email="alan@alpinepianomovers.example.com",
    ),
    Member(
        "quiet",
        "Quiet Harbor Studios",
        _address("2 Pier Lane", "Portland", "ME", "04101"),
        manager="Quinn Harbor",
        email="quinn@quietharbor.example.com",
        auto_connects=False,
    ),
)
ASKING_CUSTOMER = Member(
    "conservatory",
    "Northside Conservatory",
    _address("88 Aria Avenue", "Chicago", "IL", "60614"),
    manager="Nora Sidey",
    email="nora@northsideconservatory.example.com",
    auto_connects=False,
)
"""A business that has asked the music shop to be its vendor."""

ASKING_VENDOR = Member(
    "brass",
    "Brass and Bow Repairs",
    _address("19 Valve Street", "Austin", "TX", "78701"),
    manager="Bram Bow",
    email="bram@brassandbow.example.com",
    auto_connects=False,
)
"""A business that has asked the music shop to be its customer."""

_NATIONAL = (
    Member("comcast", "Comcast", _address("PO Box 1", "Philadelphia", "PA", "19101"), RPPS),
    Member("geico", "GEICO", _address("PO Box 2", "Bethesda", "MD", "20810"), RPPS),
    Member("pge", "PG&E", _address("PO Box 3", "Sacramento", "CA", "95899"), RPPS),
    Member("verizon", "Verizon", _address("PO Box 4", "Albany", "NY", "12212"), RPPS),
)


def of_organization(state: SandboxState, organization_id: str) -> Member:
    """An organization of the sandbox: it accepts requests itself, and is not connected at once."""
    organization = organizations.all_organizations(state)[organization_id]
    users = state.table(organization_id, "users").values()
    manager: Record = next(iter(users), {})
    return Member(
        organization_id,
        organization["name"],
        organization["address"],
        manager=f"{manager.get('firstName', '')} {manager.get('lastName', '')}".strip(),
        email=manager.get("email", ""),
        auto_connects=False,
        organization_id=organization_id,
    )


def of_id(state: SandboxState, network_id: str) -> Member | None:
    """The member with that payment network id."""
    return next((each for each in _all(state) if each.id == network_id), None)


def search_members(
    state: SandboxState, name: str, networks: set[str], zip_code: str
) -> list[Member]:
    """Who is found under a name: whole words in the BILL Network, parts of it in the other one."""
    return [
        each for each in _all(state) if each.network in networks and _fits(each, name, zip_code)
    ]


def _all(state: SandboxState) -> Iterator[Member]:
    yield from _BUSINESSES
    yield from (ASKING_CUSTOMER, ASKING_VENDOR)
    for organization_id in organizations.all_organizations(state):
        yield of_organization(state, organization_id)
    yield from _NATIONAL


def _fits(member: Member, name: str, zip_code: str) -> bool:
    its_zip_code: str = member.address["zipOrPostalCode"]
    if member.network == RPPS:
        return name.casefold() in member.name.casefold() and its_zip_code.startswith(zip_code)
    words = set(member.name.casefold().split())
    return (
        len(name) >= _SHORTEST_NAME
        and words.issuperset(name.casefold().split())
        and zip_code in ("", its_zip_code)
    )

"""The organization itself: its details, the industries to choose from and its price plan.

Pages: https://developer.bill.com/docs/organizations-users, the reference pages of the operations
and the samples of BILL's Postman collection
(https://developer.bill.com/docs/bill-v3-api-in-postman).

An organization has ``id`` (begins with 008), ``archived``, ``name``, ``address``,
``mailingAddress``, ``phone``, ``companyOwner``, ``taxId``, ``taxIdType``, ``industry``,
``businessCategory``, ``accountType``, ``processingOptions``, ``createdTime`` and ``updatedTime``.
All organizations of the sandbox, those of partners too, are in one table, ``all_organizations``. A
session reads and changes its own only.

BILL's pages name some values of ``taxIdType`` (EIN, SSN), ``businessCategory`` (LLC, INDIVIDUAL)
and ``accountType`` (BUSINESS, EMPLOYEE_OR_INDIVIDUAL), but not all; any text is taken. Of the
industries they name two. What a price plan is called and costs is made up, and so is the prefix of
its id.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pytest_bill.sandbox.api.people import roles
from pytest_bill.sandbox.api.people.roles import ADMINISTRATOR
from pytest_bill.sandbox.core import countries
from pytest_bill.sandbox.core.bodies import check_body
from pytest_bill.sandbox.core.clock import timestamp
from pytest_bill.sandbox.core.fields import (
    ADDRESS,
    Boolean,
    Date,
    Field,
    Many,
    Number,
    Object,
    Text,
    optional,
)
from pytest_bill.sandbox.core.operations import V3, Call, Operation
from pytest_bill.sandbox.core.records import Record, Table
from pytest_bill.sandbox.core.state import SandboxState

_AREA = "Organizations"
_OWNER = "bill"
_SAME_ADDRESS = "mailingAddressSameAsPhysical"
_INDUSTRIES = (
    "Accounting or Bookkeeping",
    "Construction",
    "Education",
    "Health Care",
    "Manufacturing",
    "Nonprofit",
    "Professional Services",
    "Restaurant Caterer or Bar",
    "Retail",
    "Technology",
)

_PROCESSING_OPTIONS: dict[str, Field] = {
    # BILL's own sample sends this boolean as a string.
    _SAME_ADDRESS: Boolean(as_text=True),
    "individualTransferOut": Boolean(),
    "individualTransferIn": Boolean(),
}
FIELDS: dict[str, Field] = {
    "name": Text(required=True, longest=100),
    "address": Object(ADDRESS, required=True),
    "mailingAddress": Object(ADDRESS),
    "phone": Text(),
    "companyOwner": Object({"name": Text(), "dateOfBirth": Date()}),
    "taxId": Text(),
    "taxIdType": Text(),
    "industry": Text(longest=500),
    "businessCategory": Text(),
    "accountType": Text(),
    "processingOptions": Object(_PROCESSING_OPTIONS),
}
"""What is given to create an organization."""

# BILL's sample of an update sends an address with nothing but its zip code.
_PART_OF_ADDRESS = Object({name: Text() for name in ADDRESS})
_ADDRESSES = ("address", "mailingAddress")
_CHANGES: dict[str, Field] = {**FIELDS, **dict.fromkeys(_ADDRESSES, _PART_OF_ADDRESS)}
ANSWER = Object(
    {
        "id": Text(required=True),
        "archived": Boolean(required=True),
        **optional(FIELDS),
        **dict.fromkeys(_ADDRESSES, countries.address_as_answered(_PART_OF_ADDRESS)),
        "createdTime": Text(required=True),
        "updatedTime": Text(required=True),
    },
    missing="`partnerName`, which only select partners get.",
)
"""An organization as it is answered."""

_PLAN_TERM: Mapping[str, Field] = {
    "type": Text(),
    "name": Text(),
    "tier": Number(),
    "quantity": Number(),
    "price": Number(),
}
_PRICE_PLAN = Object(
    {
        "id": Text(required=True),
        "name": Text(required=True),
        "monthlyPrice": Number(),
        "allowTrial": Boolean(),
        "priceVariesPerUser": Boolean(),
        "planTerms": Many(Object(_PLAN_TERM)),
    }
)
PARTNER_PLANS = {f"PricePlan{number}": 29.0 + 10 * number for number in range(1, 6)}
"""What each user costs in a month, in dollars, by the name of a partner's price plan."""

_PLANS = {"Corporate": 79.0, **PARTNER_PLANS}
_FIRST_USERS = 5
_REBATE = 0.8


def all_organizations(state: SandboxState) -> Table:
    """All organizations that the sandbox knows, by id."""
    return state.table(_OWNER, "organizations")


def name_of(state: SandboxState, organization_id: str) -> str:
    """What an organization is called."""
    name: str = all_organizations(state)[organization_id]["name"]
    return name


def insert_organization(call: Call, organization_id: str, body: Record, plan: str) -> Record:
    """A new organization of a checked body, with BILL's default roles and a price plan."""
    now = call.state.timestamp()
    organization = {"id": organization_id, "archived": False}
    _settle(organization, body)
    organization |= {"createdTime": now, "updatedTime": now}
    all_organizations(call.state)[organization_id] = organization
    within = call.within(organization_id)
    roles.add_defaults(within)
    set_price_plan(within, plan)
    return organization


def set_price_plan(call: Call, name: str) -> None:
    """Give the caller's organization another price plan."""
    plans = call.table("price_plans")
    plans.clear()
    plan_id = call.state.ids.new("0pp")
    plans[plan_id] = {
        "id": plan_id,
        "name": name,
        "monthlyPrice": _PLANS[name],
        "allowTrial": False,
        "priceVariesPerUser": True,
        "planTerms": [
            {"type": "USER", "name": "userCount", "tier": 1, "quantity": _FIRST_USERS}
            | {"price": _PLANS[name]},
            {"type": "USER", "name": "userCount", "tier": 2, "price": _PLANS[name] * _REBATE},
        ],
    }


def price_plan(call: Call) -> Record:
    """The price plan of the caller's organization."""
    return next(iter(call.table("price_plans").values()))


def _industries(_call: Call) -> Record:
    return {"results": list(_INDUSTRIES)}


def as_answered(organization: Record) -> Record:
    """The organization as it is answered."""
    return countries.with_country_names(organization, *_ADDRESSES)


def _get(call: Call) -> Record:
    return as_answered(all_organizations(call.state)[call.owner])


def _update(call: Call) -> Record:
    organization = all_organizations(call.state)[call.owner]
    changes = dict(call.body)
    for name in _ADDRESSES:
        if name in changes:
            changes[name] = {**organization.get(name, {}), **changes[name]}
    # Parts of addresses must add up to whole ones.
    check_body(changes, FIELDS, partial=True)
    for name in ("companyOwner", "processingOptions"):
        if name in changes:
            changes[name] = {**organization.get(name, {}), **changes[name]}
    _settle(organization, changes)
    organization["updatedTime"] = call.state.timestamp()
    return as_answered(organization)


def _settle(organization: Record, changes: Record) -> None:
    """Set the changes; the mailing address is the physical one for as long as that is chosen."""
    organization.update(changes)
    options: Record = organization.setdefault("processingOptions", {})
    if "mailingAddress" in changes and _SAME_ADDRESS not in changes.get("processingOptions", {}):
        options[_SAME_ADDRESS] = False
    if options.setdefault(_SAME_ADDRESS, False):
        organization["mailingAddress"] = dict(organization["address"])


def _operation(method: str, path: str, name: str, summary: str, **more: Any) -> Operation:
    return Operation(
        method, f"{V3}/organizations{path}", name, summary, area=_AREA, **{"answer": ANSWER, **more}
    )


_ONLY = (ADMINISTRATOR,)
_REFUSAL = (
    "The refusal of a user without the administrator's role is not documented; here HTTP 403 with "
    "BDC_1361. That of another organization than the session's is not either; here BDC_1123."
)

OPERATIONS: tuple[Operation, ...] = (
    _operation(
        "GET",
        "/industries",
        "listIndustries",
        "Get list of organization industries",
        handler=_industries,
        answer=Object({"results": Many(Text(), required=True)}),
        unsure="BILL's pages name two of the industries; the sandbox's others are made up.",
    ),
    _operation(
        "GET",
        "/{organizationId}",
        "getOrganization",
        "Get organization details",
        handler=_get,
        roles=_ONLY,
        unsure=_REFUSAL,
    ),
    _operation(
        "PATCH",
        "/{organizationId}",
        "updateOrganization",
        "Update an organization",
        handler=_update,
        body=_CHANGES,
        partial=True,
        roles=_ONLY,
        unsure="As BILL's sample does, an address may be given in part; the rest stays. Which "
        "values taxIdType, businessCategory and accountType take is not documented; here any. "
        + _REFUSAL,
    ),
    _operation(
        "GET",
        "/{organizationId}/price-plan",
        "getPricePlan",
        "Get organization price plan details",
        handler=price_plan,
        roles=_ONLY,
        answer=_PRICE_PLAN,
        unsure="Names and prices are made up. " + _REFUSAL,
    ),
)

_FOUNDED = timedelta(days=100)
_CLIENTS = ("Copper Kettle Tea Room", "Pewter Pot Bakery", "Brass Button Tailors")


def fill(call: Call) -> None:
    """The organization that the caller signs in to, founded a little more than three months ago."""
    credentials = call.state.credentials
    names = {
        **dict(zip(call.state.client_ids, _CLIENTS, strict=True)),
        credentials.sync_organization_id: "Crescendo Sync",
        credentials.organization_id: "Crescendo Music Shop",
    }
    body = {
        "name": names[call.owner],
        "address": {
            "line1": "500 Market Street",
            "city": "San Jose",
            "stateOrProvince": "CA",
            "zipOrPostalCode": "95113",
            "country": "US",
        },
        "phone": "4085550100",
        "companyOwner": {"name": "Dana Keyes", "dateOfBirth": "1985-01-01"},
        "taxId": "999888777",
        "taxIdType": "EIN",
        "industry": "Retail",
        "businessCategory": "LLC",
        "accountType": "BUSINESS",
        "processingOptions": {_SAME_ADDRESS: True},
    }
    organization = insert_organization(call, call.owner, body, "Corporate")
    organization["createdTime"] = timestamp(call.state.clock.now() - _FOUNDED)

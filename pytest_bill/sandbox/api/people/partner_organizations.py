"""Organizations that a partner created: list, create, price plan.

Pages: https://developer.bill.com/docs/bill-partner-operations,
https://developer.bill.com/docs/partner-organizations,
https://developer.bill.com/reference-link/createorganization, the reference pages of the other
operations and the samples of BILL's Postman collection
(https://developer.bill.com/docs/bill-v3-api-in-postman).

Every call takes the headers ``sessionId`` (of POST /v3/partner/login) and ``appKey``. A created
organization has no user yet, and BILL's six default roles; it is answered as in ``organizations``.

BILL's guides and reference disagree on what is required: the guides add ``phone``. The reference is
followed.
"""

from __future__ import annotations

from pytest_bill.sandbox.api.people import organizations
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.fields import Object, Text
from pytest_bill.sandbox.core.filters import FLAG, IDS, TIMES, Filterable
from pytest_bill.sandbox.core.operations import V3, Call, Caller, Operation, listing, many_of
from pytest_bill.sandbox.core.records import Record, Table
from pytest_bill.sandbox.core.resources import LIST_QUERY
from pytest_bill.sandbox.core.state import SandboxState

OWNER = "partner"
"""Whose tables hold what a partner knows beyond its organizations' own records."""

_AREA = "Partner organizations"
_PATH = f"{V3}/partner/organizations"
_FIRST_PLAN = "PricePlan1"
_FILTERABLE = {
    "id": IDS,
    "archived": FLAG,
    "name": Filterable(("eq", "sw")),
    "createdTime": TIMES,
    "updatedTime": TIMES,
}


def created_organizations(state: SandboxState) -> Table:
    """The organizations that the partner created: their ids, each with a record that names it."""
    return state.table(OWNER, "organizations")


def _create(call: Call) -> Record:
    organization_id = call.state.ids.new("008")
    created_organizations(call.state)[organization_id] = {"id": organization_id}
    return organizations.as_answered(
        organizations.insert_organization(call, organization_id, call.body, _FIRST_PLAN)
    )


def _list(call: Call) -> Record:
    known = organizations.all_organizations(call.state)
    found = listing(call, [known[each] for each in created_organizations(call.state)], _FILTERABLE)
    found["results"] = [organizations.as_answered(each) for each in found["results"]]
    return found


def _set_price_plan(call: Call) -> Record:
    organization_id = call.parameter("organizationId")
    if organization_id not in created_organizations(call.state):
        raise errors.invalid_organization()
    organizations.set_price_plan(call.within(organization_id), call.body["pricePlanType"])
    return {"status": "SUCCESS"}


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "GET",
        _PATH,
        "listPartnerOrganizations",
        "Get list of organizations",
        _list,
        Caller.PARTNER,
        area=_AREA,
        query=LIST_QUERY,
        filterable=_FILTERABLE,
        answer=many_of(organizations.ANSWER),
        unsure="BILL's page of filterable fields does not name this list's; its sample filters on "
        "id and sorts by createdTime.",
    ),
    Operation(
        "POST",
        _PATH,
        "createOrganization",
        "Create an organization",
        _create,
        Caller.PARTNER,
        area=_AREA,
        body=organizations.FIELDS,
        answer=organizations.ANSWER,
        status=201,
        unsure="The guides require `phone` too, the reference does not; it may be absent. Which "
        "values taxIdType, businessCategory and accountType take is not documented; here any. The "
        "refusal of a value that is too long is not documented; here BDC_1119.",
    ),
    Operation(
        "PATCH",
        f"{_PATH}/{{organizationId}}/price-plan",
        "updateOrgPartnerPricePlan",
        "Update an organization price plan",
        _set_price_plan,
        Caller.PARTNER,
        area=_AREA,
        body={"pricePlanType": Text(required=True, choices=tuple(organizations.PARTNER_PLANS))},
        answer=Object({"status": Text(required=True)}),
        unsure="The refusal of an organization that the partner did not create is not documented; "
        "here BDC_1123. A created organization begins with PricePlan1.",
    ),
)

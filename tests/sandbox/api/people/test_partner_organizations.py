"""Organizations that a partner created: list, create, price plan."""

import re
from datetime import timedelta

import pytest

ORGANIZATIONS = "/v3/partner/organizations"
ADDRESS = {
    "line1": "12 Orchard Lane",
    "city": "Sacramento",
    "stateOrProvince": "CA",
    "zipOrPostalCode": "95814",
    "country": "US",
}
ANSWERED = {**ADDRESS, "countryName": "United States"}
ORGANIZATION = {"name": "Quince and Sons", "address": ADDRESS}


def create_organization(partner, **changes):
    answer = partner.post(ORGANIZATIONS, {**ORGANIZATION, **changes})
    assert answer.status_code == 201, answer.text
    return answer.json()


def refused(answer, status, codes):
    assert (answer.status_code, [each["code"] or each["category"] for each in answer.json()]) == (
        status,
        codes,
    )


def test_organization_is_created_and_listed(partner):
    assert partner.get(ORGANIZATIONS).json() == {"results": []}
    created = create_organization(partner, phone="9165550100", industry="Farming")
    assert re.fullmatch(r"008\w{17}", created["id"])
    assert created["archived"] is False
    assert created["createdTime"] == created["updatedTime"]
    given = {**ORGANIZATION, "phone": "9165550100", "industry": "Farming", "address": ANSWERED}
    assert {name: created[name] for name in given} == given
    assert partner.get(ORGANIZATIONS).json() == {"results": [created]}


@pytest.mark.parametrize("flag", [True, "true"])
def test_mailing_address_can_be_the_physical_one(partner, flag):
    options = {"mailingAddressSameAsPhysical": flag}
    created = create_organization(partner, processingOptions=options)
    assert created["mailingAddress"] == ANSWERED
    assert created["processingOptions"] == {"mailingAddressSameAsPhysical": True}


@pytest.mark.parametrize("flag", [False, "false"])
def test_mailing_address_can_be_another(partner, flag):
    options = {"mailingAddressSameAsPhysical": flag}
    assert "mailingAddress" not in create_organization(partner, processingOptions=options)
    other = {**ADDRESS, "line1": "PO Box 1"}
    created = create_organization(partner, mailingAddress=other)
    assert created["mailingAddress"] == {**ANSWERED, "line1": "PO Box 1"}


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"name": None}, ["REQUEST"]),
        ({"name": ""}, ["REQUEST"]),
        ({"name": 5}, ["BDC_1124"]),
        ({"name": "x" * 101}, ["BDC_1143"]),
        ({"address": None}, ["REQUEST"]),
        ({"address": "12 Orchard Lane"}, ["BDC_1124"]),
        ({"address": {}}, ["REQUEST"] * 4),
        ({"industry": "x" * 501}, ["BDC_1143"]),
        ({"phone": []}, ["BDC_1124"]),
        ({"companyOwner": {"dateOfBirth": "1985-02-30"}}, ["BDC_1119"]),
        ({"processingOptions": {"mailingAddressSameAsPhysical": "yes"}}, ["BDC_1119"]),
        ({"processingOptions": {"mailingAddressSameAsPhysical": 1}}, ["BDC_1124"]),
        ({"processingOptions": "none"}, ["BDC_1124"]),
    ],
)
def test_refused_organization(partner, changes, codes):
    refused(partner.post(ORGANIZATIONS, {**ORGANIZATION, **changes}), 400, codes)
    assert partner.get(ORGANIZATIONS).json() == {"results": []}


def test_organizations_have_pages_and_filters(partner):
    created = [create_organization(partner, name=f"Quince {n}") for n in range(5)]
    first = partner.get(ORGANIZATIONS, params={"max": 3}).json()
    second = partner.get(ORGANIZATIONS, params={"max": 3, "page": first["nextPage"]}).json()
    assert first["results"] + second["results"] == created
    assert "nextPage" not in second
    named = partner.get(ORGANIZATIONS, params={"filters": "name:eq:Quince 4"}).json()
    assert named["results"] == [created[4]]
    refused(partner.get(ORGANIZATIONS, params={"max": 101}), 400, ["BDC_1129"])


PRICE_PLAN = {"pricePlanType": "PricePlan3"}


def test_a_price_plan_is_changed(partner):
    path = f"{ORGANIZATIONS}/{create_organization(partner)['id']}/price-plan"
    changed = partner.patch(path, PRICE_PLAN)
    assert (changed.status_code, changed.json()) == (200, {"status": "SUCCESS"})


@pytest.mark.parametrize(
    ("plan", "code"),
    [(None, "REQUEST"), ("PricePlan6", "BDC_1119"), ("Corporate", "BDC_1119"), (3, "BDC_1124")],
)
def test_a_refused_price_plan(partner, plan, code):
    path = f"{ORGANIZATIONS}/{create_organization(partner)['id']}/price-plan"
    refused(partner.patch(path, {"pricePlanType": plan}), 400, [code])


def test_a_partner_changes_the_price_plans_of_its_own_organizations_only(partner, sandbox):
    for other in ("008unknown", sandbox.variables["BILL_ORGANIZATION_ID"]):
        refused(partner.patch(f"{ORGANIZATIONS}/{other}/price-plan", PRICE_PLAN), 400, ["BDC_1123"])


CALLS = [
    ("POST", ORGANIZATIONS),
    ("GET", ORGANIZATIONS),
    ("PATCH", f"{ORGANIZATIONS}/008x/price-plan"),
]


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_no_partner_session_no_answer(anonymous, developer, spend, partner, method, path):
    app_key = partner.headers["appKey"]
    refused(anonymous.call(method, path), 400, ["BDC_1102"])
    refused(developer.call(method, path), 400, ["BDC_1102"])
    refused(spend.call(method, path), 400, ["BDC_1102"])
    as_app_key = {"appKey": developer.headers["devKey"]}
    refused(developer.call(method, path, headers=as_app_key), 400, ["BDC_1102"])
    refused(developer.call(method, path, headers={"appKey": app_key}), 401, ["BDC_1109"])
    refused(anonymous.call(method, path, headers={"appKey": app_key}), 401, ["BDC_1109"])


def test_partner_session_opens_no_organization(partner, developer, sandbox):
    details = "/v3/login/session"
    dev_key = developer.headers["devKey"]
    refused(partner.get(details), 400, ["BDC_1102"])
    refused(partner.get(details, headers={"devKey": dev_key}), 401, ["BDC_1109"])
    as_dev_key = {"devKey": partner.headers["appKey"]}
    refused(partner.get(details, headers=as_dev_key), 400, ["BDC_1102"])


def test_session_expires_after_35_idle_minutes(partner, sandbox):
    sandbox.advance(timedelta(minutes=34))
    assert partner.get(ORGANIZATIONS).status_code == 200
    sandbox.advance(timedelta(minutes=35))
    refused(partner.get(ORGANIZATIONS), 401, ["BDC_1109"])


def test_calls_count_against_the_hourly_limit(partner, monkeypatch):
    monkeypatch.setattr("pytest_bill.sandbox.core.operations.CALLS_AN_HOUR", 2)
    statuses = [partner.get(ORGANIZATIONS).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


def test_the_organizations_of_the_developer_are_not_the_partners(partner, developer, sandbox):
    created = create_organization(partner)
    path = f"/v3/organizations/{sandbox.variables['BILL_ORGANIZATION_ID']}"
    assert developer.get(path).status_code == 200
    refused(developer.get(f"/v3/organizations/{created['id']}"), 400, ["BDC_1123"])

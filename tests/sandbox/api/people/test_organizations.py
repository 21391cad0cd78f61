"""The organization itself: details, industries, price plan."""

from datetime import timedelta

import pytest


@pytest.fixture
def path(sandbox):
    return f"/v3/organizations/{sandbox.variables['BILL_ORGANIZATION_ID']}"


@pytest.fixture
def organization(developer, path):
    return developer.get(path).json()


@pytest.fixture
def clerk(developer):
    """The developer, who has become a clerk."""
    roles = developer.get("/v3/roles", params={"filters": "type:eq:CLERK"}).json()["results"]
    own = developer.get("/v3/login/session").json()["userId"]
    assert developer.patch(f"/v3/users/{own}", {"roleId": roles[0]["id"]}).status_code == 200
    return developer


def test_every_session_sees_its_own_organization(developer, sync, console, sandbox):
    v = sandbox.variables
    seen = [
        developer.get(f"/v3/organizations/{v['BILL_ORGANIZATION_ID']}").json(),
        sync.get(f"/v3/organizations/{v['BILL_SYNC_ORGANIZATION_ID']}").json(),
        console.get(f"/v3/organizations/{v['BILL_CONSOLE_ORGANIZATION_ID']}").json(),
    ]
    assert seen[0] == seen[1]
    assert [each["name"] for each in seen[1:]] == ["Crescendo Music Shop", "Copper Kettle Tea Room"]
    assert seen[0]["mailingAddress"] == seen[0]["address"]


def test_the_zip_code_alone_is_updated(developer, path, organization, sandbox):
    sandbox.advance(timedelta(minutes=1))
    updated = developer.patch(path, {"address": {"zipOrPostalCode": "95002"}}).json()
    address = {**organization["address"], "zipOrPostalCode": "95002"}
    assert updated["address"] == updated["mailingAddress"] == address
    assert updated["updatedTime"] > organization["updatedTime"]
    assert developer.get(path).json() == updated


def test_another_mailing_address(developer, path, organization):
    changed = developer.patch(path, {"mailingAddress": {"line1": "PO Box 7"}}).json()
    assert changed["mailingAddress"] == {**organization["address"], "line1": "PO Box 7"}
    assert changed["address"] == organization["address"]
    assert changed["processingOptions"] == {"mailingAddressSameAsPhysical": False}
    options = {"processingOptions": {"mailingAddressSameAsPhysical": "true"}}
    assert developer.patch(path, options).json()["mailingAddress"] == organization["address"]


def test_other_details_are_updated(developer, path, organization):
    changes = {"name": "Größer & Söhne", "companyOwner": {"name": "Ada"}, "taxIdType": "SSN"}
    updated = developer.patch(path, changes).json()
    owner = {**organization["companyOwner"], "name": "Ada"}
    assert updated == {
        **organization,
        **changes,
        "companyOwner": owner,
        "updatedTime": updated["updatedTime"],
    }


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": ""}, ["REQUEST"]),
        ({"name": "x" * 101}, ["BDC_1143"]),
        ({"industry": "x" * 501}, ["BDC_1143"]),
        ({"address": {"line1": ""}, "phone": "1"}, ["REQUEST"]),
        ({"address": {"zipOrPostalCode": 95002}}, ["BDC_1124"]),
        ({"address": []}, ["BDC_1124"]),
        ({"companyOwner": {"dateOfBirth": "1.1.1985"}}, ["BDC_1119"]),
        ({"processingOptions": {"mailingAddressSameAsPhysical": "yes"}}, ["BDC_1119"]),
        ({"processingOptions": {"mailingAddressSameAsPhysical": 1}}, ["BDC_1124"]),
    ],
)
def test_a_refused_update_changes_nothing(developer, codes, path, organization, changes, expected):
    answer = developer.patch(path, changes)
    assert (answer.status_code, codes(answer)) == (400, expected)
    assert developer.get(path).json() == organization


def test_industries(developer):
    answer = developer.get("/v3/organizations/industries")
    assert "Restaurant Caterer or Bar" in answer.json()["results"]


def test_the_price_plan(developer, path):
    plan = developer.get(f"{path}/price-plan").json()
    assert plan["name"] == "Corporate"
    assert plan["monthlyPrice"] == plan["planTerms"][0]["price"]
    assert [term["tier"] for term in plan["planTerms"]] == [1, 2]


CALLS = [("GET", ""), ("PATCH", ""), ("GET", "/price-plan")]


@pytest.mark.parametrize(("method", "rest"), CALLS)
def test_administrators_only(clerk, codes, path, method, rest):
    answer = clerk.call(method, path + rest, json={})
    assert (answer.status_code, codes(answer)) == (403, ["BDC_1145"])


@pytest.mark.parametrize(("method", "rest"), [*CALLS, ("GET", "/billing-statements")])
def test_other_organizations(developer, codes, sandbox, method, rest):
    for other in ("008x", sandbox.variables["BILL_CONSOLE_ORGANIZATION_ID"]):
        answer = developer.call(method, f"/v3/organizations/{other}{rest}", json={})
        assert (answer.status_code, codes(answer)) == (400, ["BDC_1123"])

"""User roles: list, get."""

import re

import pytest

ROLES = "/v3/roles"


@pytest.mark.parametrize("who", ["developer", "sync", "console"])
def test_every_organization_has_the_default_roles(who, request):
    caller = request.getfixturevalue(who)
    roles = caller.get(ROLES).json()["results"]
    assert [role["type"] for role in roles] == [
        *("ADMINISTRATOR", "ACCOUNTANT", "APPROVER"),
        *("PAYER", "CLERK", "AUDITOR"),
    ]
    for role in roles:
        assert re.fullmatch(r"0po\w{17}", role["id"])
        assert set(role) == {"id", "type", "description", "createdTime", "updatedTime"}
        assert caller.get(f"{ROLES}/{role['id']}").json() == role


def test_roles_have_pages_and_filters(developer, codes):
    first = developer.get(ROLES, params={"max": 4}).json()
    second = developer.get(ROLES, params={"max": 4, "page": first["nextPage"]}).json()
    assert [len(page["results"]) for page in (first, second)] == [4, 2]
    found = developer.get(ROLES, params={"filters": 'type:in:"CLERK,PAYER"'}).json()["results"]
    assert {role["type"] for role in found} == {"CLERK", "PAYER"}
    assert codes(developer.get(ROLES, params={"filters": "type:eq:KING"})) == ["BDC_1129"]


def test_unknown_roles(developer, console, codes):
    theirs = console.get(ROLES).json()["results"][0]["id"]
    for role_id in ("0po00", theirs, "ë"):
        answer = developer.get(f"{ROLES}/{role_id}")
        assert (answer.status_code, codes(answer)) == (404, ["BDC_1120"])

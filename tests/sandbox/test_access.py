"""Which headers each part of BILL asks for, and what a wrong or missing one is refused with."""

import pytest

UNKNOWN = "of-no-such-credential"


@pytest.mark.parametrize("who", ["developer", "sync", "console"])
def test_organization_sessions_may_call(who, request):
    assert request.getfixturevalue(who).get("/v3/vendors").status_code == 200


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"sessionId": None}, 401, "BDC_1109"),
        ({"sessionId": UNKNOWN}, 401, "BDC_1109"),
        ({"devKey": None}, 400, "BDC_1102"),
        ({"devKey": UNKNOWN}, 400, "BDC_1102"),
    ],
)
def test_wrong_and_missing_headers(developer, codes, headers, status, code):
    answer = developer.get("/v3/vendors", headers=headers)
    assert (answer.status_code, codes(answer)) == (status, [code])


@pytest.mark.parametrize("variable", ["BILL_SYNC_DEV_KEY", "BILL_CONSOLE_DEV_KEY"])
def test_a_session_under_another_developer_key(developer, sandbox, codes, variable):
    headers = {"devKey": sandbox.variables[variable]}
    answer = developer.get("/v3/vendors", headers=headers)
    assert (answer.status_code, codes(answer)) == (401, ["BDC_1109"])


def test_the_wrong_key_leaves_the_session_open(developer, sandbox):
    developer.get("/v3/vendors", headers={"devKey": sandbox.variables["BILL_SYNC_DEV_KEY"]})
    assert developer.get("/v3/vendors").status_code == 200


def test_a_partner_session_is_no_organization_session(partner, sandbox, codes):
    headers = {"devKey": sandbox.variables["BILL_DEV_KEY"]}
    assert codes(partner.get("/v3/vendors", headers=headers)) == ["BDC_1109"]


def test_organizations_see_their_own_records_only(developer, console):
    theirs = console.get("/v3/vendors").json()["results"]
    ours = developer.get("/v3/vendors").json()["results"]
    assert theirs
    assert not {vendor["id"] for vendor in theirs} & {vendor["id"] for vendor in ours}
    assert developer.get(f"/v3/vendors/{theirs[0]['id']}").status_code == 404

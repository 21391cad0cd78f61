import pytest


def test_session_details(developer, sandbox):
    answer = developer.get("/v3/login/session")
    assert answer.status_code == 200
    assert answer.json()["organizationId"] == sandbox.variables["BILL_ORGANIZATION_ID"]


@pytest.mark.parametrize("who", ["developer", "sync", "console", "partner"])
def test_every_session_signs_out(who, request, codes):
    caller = request.getfixturevalue(who)
    assert caller.post("/v3/logout").status_code == 200
    again = caller.post("/v3/logout")
    assert (again.status_code, codes(again)) == (401, ["BDC_1109"])

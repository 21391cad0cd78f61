"""Which headers each part of BILL asks for, what a wrong or missing one is refused with, and what a
session may not do.
"""

import pytest

from pytest_bill.sandbox import LocalSandbox, api
from pytest_bill.sandbox.core.operations import V3, Operation

UNKNOWN = "of-no-such-credential"


def _operation(name, **needs):
    return Operation(
        "POST", f"{V3}/{name}", name, "Answers nothing", lambda _call: None, area="Test", **needs
    )


GUARDED = (
    _operation("for-trusted", trusted=True),
    _operation("not-for-sync", sync=False),
    _operation("for-administrators", roles=("ADMINISTRATOR",)),
    _operation("for-clerks", roles=("CLERK", "PAYER")),
)


@pytest.fixture
def sandbox(monkeypatch, stopping):
    """A sandbox with a few more operations, each of which asks for something."""
    monkeypatch.setattr(api, "OPERATIONS", (*api.OPERATIONS, *GUARDED))
    running = LocalSandbox().start()
    yield running
    stopping.submit(running.stop)


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


def test_a_session_of_an_organization_is_no_partners(developer, sandbox, codes):
    answer = developer.get("/v3/partner/organizations")
    assert (answer.status_code, codes(answer)) == (400, ["BDC_1102"])
    headers = {"appKey": sandbox.variables["BILL_PARTNER_APP_KEY"]}
    answer = developer.get("/v3/partner/organizations", headers=headers)
    assert (answer.status_code, codes(answer)) == (401, ["BDC_1109"])


def test_an_app_key_is_no_developer_key(partner, codes):
    answer = partner.get("/v3/vendors")
    assert (answer.status_code, codes(answer)) == (400, ["BDC_1102"])
    headers = {"devKey": partner.headers["appKey"]}
    assert codes(partner.get("/v3/vendors", headers=headers)) == ["BDC_1102"]


def test_the_session_of_a_created_user_is_for_the_developers_key(
    created_user, as_user, sandbox, codes
):
    caller = created_user.signed_in(as_user().json())
    assert caller.get("/v3/vendors").status_code == 200
    headers = {"devKey": sandbox.variables["BILL_SYNC_DEV_KEY"]}
    assert codes(caller.get("/v3/vendors", headers=headers)) == ["BDC_1109"]


@pytest.mark.parametrize("who", ["developer", "console"])
def test_trust_is_needed_only_where_mfa_is_required(who, request, sandbox, codes):
    caller = request.getfixturevalue(who)
    assert caller.post("/v3/for-trusted").status_code == 200
    sandbox.require_mfa()
    answer = caller.post("/v3/for-trusted")
    assert (answer.status_code, codes(answer)) == (403, ["BDC_1361"])
    assert caller.post("/v3/not-for-sync").status_code == 200
    challenge = caller.post("/v3/mfa/challenge", {}).json()["challengeId"]
    caller.post("/v3/mfa/challenge/validate", {"challengeId": challenge, "token": "123456"})
    assert caller.post("/v3/for-trusted").status_code == 200
    sandbox.expire_sessions()
    sandbox.require_mfa(False)
    assert codes(caller.post("/v3/for-trusted")) == ["BDC_1109"]


@pytest.mark.parametrize("path", ["/v3/for-trusted", "/v3/not-for-sync"])
def test_what_a_sync_token_may_not_do(sync, codes, path):
    answer = sync.post(path)
    assert (answer.status_code, codes(answer)) == (403, ["BDC_1361"])


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v3/payments"),
        ("GET", "/v3/vendors/009/bank-account"),
        ("POST", "/v3/vendors/009/bank-account"),
        ("DELETE", "/v3/vendors/009/bank-account"),
        ("GET", "/v3/customers/0cu/bank-accounts"),
        ("POST", "/v3/customers/0cu/charge-authorization"),
        ("POST", "/v3/invoices/00e/email"),
        ("POST", "/v3/receivable-payments"),
        ("POST", "/v3/users"),
        ("PATCH", "/v3/users/006"),
        ("POST", "/v3/users/006/archive"),
        ("POST", "/v3/users/006/restore"),
        ("POST", "/v3/bill-approvals/actions"),
        ("POST", "/v3/bill-approvals/policies"),
    ],
)
def test_what_needs_full_access(sync, codes, method, path):
    answer = sync.call(method, path)
    assert (answer.status_code, codes(answer)) == (403, ["BDC_1361"])


@pytest.mark.parametrize(
    "path", ["users", "bills", "vendor-credits", "invoices", "payments", "classifications/items"]
)
def test_what_a_sync_token_may_look_at(sync, path):
    assert sync.get(f"/v3/{path}").status_code == 200


def test_a_clerk_may_not_do_what_is_for_administrators(
    developer, partner, created_user, as_user, codes
):
    clerk = created_user.signed_in(as_user().json())
    assert clerk.post("/v3/for-clerks").status_code == 200
    answer = clerk.post("/v3/for-administrators")
    assert (answer.status_code, codes(answer)) == (403, ["BDC_1145"])
    assert developer.post("/v3/for-administrators").status_code == 200
    assert codes(developer.post("/v3/for-clerks")) == ["BDC_1145"]


def test_a_new_role_counts_at_once(partner, created_user, as_user):
    clerk = created_user.signed_in(as_user().json())
    headers = {"organizationId": created_user.organization_id}
    roles = partner.get("/v3/partner/roles", headers=headers).json()["results"]
    administrator = next(each["id"] for each in roles if each["type"] == "ADMINISTRATOR")
    path = f"/v3/partner/users/{created_user.user_id}"
    partner.patch(path, {"roleId": administrator}, headers=headers)
    assert clerk.post("/v3/for-administrators").status_code == 200

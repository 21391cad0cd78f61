"""OAuth: access tokens for client credentials, what they open, and what they do not."""

from datetime import timedelta

import pytest
import requests

BANKS = "/v3/funding-accounts/banks"


@pytest.fixture
def ask(sandbox):
    """Asks for a token; a change to None leaves the field out."""

    def ask(**changes):
        v = sandbox.variables
        form = {
            "grant_type": "client_credentials",
            "client_id": v["BILL_CLIENT_ID"],
            "client_secret": v["BILL_CLIENT_SECRET"],
            **changes,
        }
        form = {name: value for name, value in form.items() if value is not None}
        return requests.post(f"{sandbox.origin}/authx/token", data=form, timeout=5)

    return ask


def test_a_token_is_handed_out_for_client_credentials(ask):
    answer = ask()
    assert answer.status_code == 200
    token = answer.json()
    assert set(token) == {"access_token", "token_type", "expires_in"}
    assert (token["token_type"], token["expires_in"]) == ("Bearer", 3600)
    assert ask().json()["access_token"] != token["access_token"]


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "würong"}, 401, "invalid_client"),
        ({"client_id": None}, 400, "invalid_request"),
        ({"client_secret": ""}, 400, "invalid_request"),
        ({"grant_type": None}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ],
)
def test_what_gets_no_token(ask, changes, status, error):
    answer = ask(**changes)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_a_json_body_is_no_form(sandbox):
    answer = requests.post(f"{sandbox.origin}/authx/token", json={"grant_type": "x"}, timeout=5)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_one_token_opens_ap_ar_and_spend(oauth, developer, spend):
    mine = oauth.get("/v3/vendors").json()
    assert mine == developer.get("/v3/vendors").json()
    assert oauth.get("/v3/invoices").json() == developer.get("/v3/invoices").json()
    assert oauth.get("/v3/spend/budgets").json() == spend.get("/v3/spend/budgets").json()
    created = oauth.post("/v3/customers", {"name": "Solo", "email": "s@example.com"})
    assert created.status_code == 201


def test_the_token_is_the_users_who_made_the_app(oauth, developer):
    mine, theirs = (each.get("/v3/login/session").json() for each in (oauth, developer))
    assert (mine["userId"], mine["organizationId"]) == (theirs["userId"], theirs["organizationId"])


def test_a_scheme_is_written_in_any_case(oauth):
    oauth.headers = {"authorization": oauth.headers["Authorization"].replace("Bearer", "bearer")}
    assert oauth.get("/v3/vendors").status_code == 200


@pytest.mark.parametrize("header", ["Bearer unknown", "Bearer ", "Bearer", "bearer é"])
@pytest.mark.parametrize("path", ["/v3/vendors", "/v3/spend/budgets"])
def test_an_unknown_token_opens_nothing(anonymous, codes, header, path):
    answer = anonymous.get(path, headers={"Authorization": header.encode()})
    assert (answer.status_code, codes(answer)) == (401, ["BDC_1109"])


def test_another_scheme_is_no_token(oauth, codes):
    oauth.headers = {"Authorization": oauth.headers["Authorization"].replace("Bearer", "Basic")}
    assert codes(oauth.get("/v3/vendors")) == ["BDC_1102"]


def test_tokens_expire_by_the_clock(sandbox, oauth, access_token, codes):
    sandbox.advance(timedelta(minutes=59))
    assert oauth.get("/v3/vendors").status_code == 200
    sandbox.advance(timedelta(minutes=1))
    assert codes(oauth.get("/v3/vendors")) == ["BDC_1109"]
    oauth.headers = {"Authorization": f"Bearer {access_token()}"}
    assert oauth.get("/v3/vendors").status_code == 200


def test_their_lifetime_can_be_set(sandbox, ask, codes, anonymous):
    sandbox.set_developer_app(lifetime=timedelta(seconds=90))
    token = ask().json()
    assert token["expires_in"] == 90
    headers = {"Authorization": f"Bearer {token['access_token']}"}
    sandbox.advance(timedelta(seconds=91))
    assert codes(anonymous.get("/v3/vendors", headers=headers)) == ["BDC_1109"]


def test_they_end_with_the_sessions(sandbox, oauth, codes):
    sandbox.expire_sessions()
    assert codes(oauth.get("/v3/vendors")) == ["BDC_1109"]


def test_full_access_counts_as_trusted(sandbox, oauth, developer, codes):
    sandbox.require_mfa()
    assert codes(developer.post(BANKS, {})) == ["BDC_1361"]
    assert "BDC_1361" not in codes(oauth.post(BANKS, {}))


def test_accounting_data_access_neither_pays_nor_changes_funding_accounts(
    sandbox, access_token, oauth, codes
):
    sandbox.set_developer_app(scope="accounting")
    limited = {"Authorization": f"Bearer {access_token()}"}
    assert oauth.get("/v3/bills", headers=limited).status_code == 200
    assert codes(oauth.post("/v3/payments", {}, headers=limited)) == ["BDC_1361"]
    assert codes(oauth.post(BANKS, {}, headers=limited)) == ["BDC_1361"]
    permissions = oauth.get("/v3/funding-accounts/permissions", headers=limited)
    assert permissions.status_code == 200
    # A token keeps the scope that its app had.
    assert "BDC_1361" not in codes(oauth.post("/v3/payments", {}))


@pytest.mark.parametrize("scope", ["full", "accounting"])
def test_what_else_a_scope_leaves_out_can_be_told(sandbox, access_token, oauth, codes, scope):
    sandbox.set_developer_app(scope=scope, refused=["archiveBill", "listBudgets"])
    limited = {"Authorization": f"Bearer {access_token()}"}
    bill = oauth.get("/v3/bills", headers=limited).json()["results"][0]["id"]
    for refused in (
        oauth.post(f"/v3/bills/{bill}/archive", headers=limited),
        oauth.get("/v3/spend/budgets", headers=limited),
    ):
        assert (refused.status_code, codes(refused)) == (403, ["BDC_1361"])
    # A token keeps what its app could do.
    assert oauth.post(f"/v3/bills/{bill}/archive").status_code == 200
    sandbox.set_developer_app(refused=())
    assert oauth.get("/v3/spend/budgets").status_code == 200


def test_an_operation_that_does_not_exist_is_told(sandbox):
    with pytest.raises(RuntimeError, match="archiveBill"):
        sandbox.set_developer_app(refused=["archiveBills"])


@pytest.mark.parametrize("given", [{"scope": "everything"}, {"lifetime_seconds": 0}])
def test_settings_that_are_none(sandbox, given):
    headers = {"X-Pytest-Bill-Sandbox": "1"}
    url = f"{sandbox.origin}/__sandbox__/oauth"
    assert requests.post(url, json=given, headers=headers, timeout=5).status_code == 400


def test_it_is_not_for_partners_webhooks_and_v2(sandbox, oauth, codes):
    assert codes(oauth.get("/v3/partner/organizations")) == ["BDC_1102"]
    url = f"{sandbox.origin}/connect-events/v3/subscriptions"
    assert requests.get(url, headers=oauth.headers, timeout=5).status_code == 400
    v2 = requests.post(
        f"{sandbox.origin}/api/v2/List/Vendor.json",
        data={"data": '{"start": 0, "max": 1}'},
        headers=oauth.headers,
        timeout=5,
    )
    assert v2.json()["response_data"]["error_code"] == "BDC_1102"


def test_secrets_are_hidden_in_what_was_received(sandbox, oauth, ask):
    oauth.get("/v3/vendors")
    shown = str(sandbox.received_requests())
    token = oauth.headers["Authorization"].removeprefix("Bearer ")
    assert token not in shown
    assert sandbox.variables["BILL_CLIENT_SECRET"] not in shown


def test_tokens_count_as_calls_of_their_own(sandbox, oauth, spend, codes):
    for _ in range(60):
        assert oauth.get("/v3/spend/budgets", params={"max": 1}).status_code == 200
    assert codes(oauth.get("/v3/spend/budgets", params={"max": 1})) == ["BDC_1144"]
    assert spend.get("/v3/spend/budgets", params={"max": 1}).status_code == 200


def test_signing_out_ends_no_token(oauth):
    oauth.post("/v3/logout")
    assert oauth.get("/v3/vendors").status_code == 200

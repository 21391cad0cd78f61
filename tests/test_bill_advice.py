"""What a ``BillError`` says to do next."""

import json

import pytest
import requests

from pytest_bill.bill_errors import BillResponse, error_of
from pytest_bill.credentials import kinds
from pytest_bill.sandbox import LocalSandbox

GATEWAY, API = "https://gateway.stage.bill.com/connect", "https://api-stage.bill.com/api"
EVENTS = "https://gateway.stage.bill.com/connect-events"
DEVELOPER_BY_OAUTH = kinds.signed_in_by(kinds.DEVELOPER_KEY, "oauth")
SPEND_BY_OAUTH = kinds.signed_in_by(kinds.SPEND_API_TOKEN, "oauth")


def error(url, *codes, status=400, asked_with=None, method="GET", **request):
    response = BillResponse()
    response.status_code = status
    response._content = json.dumps([{"code": code, "message": "m"} for code in codes]).encode()
    response.url = url
    response.asked_with = asked_with
    response.request = requests.Request(method, url, **request).prepare()
    return str(error_of(response))


@pytest.mark.parametrize(
    ("url", "status", "code", "asked_with", "expected"),
    [
        (f"{GATEWAY}/connect/v3/vendors", 404, "BDC_1121", None, "without /connect or /api"),
        (f"{GATEWAY}/api/v2/List/Bill.json", 404, "BDC_1121", None, "without /connect or /api"),
        (f"{GATEWAY}/vendors", 404, "BDC_1121", None, "begin with /v3"),
        (f"{GATEWAY}/v3/spend/cards", 401, "BDC_1109", kinds.DEVELOPER_KEY, "bill_spend_client"),
        (f"{GATEWAY}/v3/spend/cards", 400, "", kinds.PARTNER_APP_KEY, "not bill_partner_session"),
        (f"{GATEWAY}/v3/partner/users", 400, "BDC_1102", kinds.SYNC_TOKEN, "bill_partner_session"),
        (f"{GATEWAY}/v3/vendors", 400, "BDC_1102", kinds.SPEND_API_TOKEN, "bill_dev_session"),
        (f"{GATEWAY}/v3/vendors", 400, "BDC_1102", kinds.PARTNER_APP_KEY, "bill_dev_session"),
        (
            f"{GATEWAY}/v3/partner/users",
            401,
            "BDC_1109",
            kinds.OAUTH_CLIENT,
            "bill_partner_session",
        ),
        (f"{EVENTS}/v3/subscriptions", 401, "", kinds.OAUTH_CLIENT, "not bill_oauth_session"),
        (f"{EVENTS}/v3/subscriptions", 401, "", DEVELOPER_BY_OAUTH, "--bill-sign-in=developer=v3"),
        (f"{EVENTS}/v3/subscriptions", 401, "", SPEND_BY_OAUTH, "not bill_spend_client"),
        (f"{GATEWAY}/v3/bills", 400, "BDC_1102", DEVELOPER_BY_OAUTH, "BILL_CLIENT_SECRET"),
        (f"{GATEWAY}/v3/payments", 403, "BDC_1361", kinds.SYNC_TOKEN, "neither pays"),
        (
            f"{GATEWAY}/v3/payments",
            403,
            "BDC_1361",
            DEVELOPER_BY_OAUTH,
            "make one with Full access",
        ),
        (f"{GATEWAY}/v3/payments", 403, "BDC_1361", kinds.DEVELOPER_KEY, "/v3/mfa/challenge"),
        (f"{GATEWAY}/v3/payments", 403, "BDC_1361", None, "/v3/mfa/challenge"),
        (f"{GATEWAY}/v3/bills", 429, "BDC_1322", None, "semaphore of three"),
        (f"{GATEWAY}/v3/bills", 429, "BDC_1144", None, "next hour"),
        (f"{GATEWAY}/v3/bills", 400, "BDC_1102", kinds.CONSOLE_API_TOKEN, "BILL_CONSOLE_DEV_KEY"),
        (f"{GATEWAY}/v3/login", 400, "BDC_1102", None, "the key"),
        (f"{GATEWAY}/v3/login", 400, "BDC_1123", None, "GET /v3/login/organizations"),
        (f"{GATEWAY}/v3/login", 401, "BDC_1101", None, "share no users"),
        (f"{GATEWAY}/v3/payments", 422, "BDC_1152", None, "leave it out"),
        (f"{GATEWAY}/v3/payments", 400, "BDC_1402", kinds.DEVELOPER_KEY, "second from now"),
    ],
)
def test_it_tells_what_to_do(url, status, code, asked_with, expected):
    first, *lines = error(url, code, status=status, asked_with=asked_with).splitlines()
    assert code in first
    assert expected in " ".join(lines)
    assert 1 <= len(lines) <= 2


def test_v2_takes_a_form():
    url = f"{API}/v2/List/Vendor.json"
    told = error(url, "BDC_1108", status=200, method="POST", json={"start": 0})
    assert "BDC_1108" not in told  # a v3 body, with HTTP 200: no error
    response = BillResponse()
    response.status_code, response.url = 200, url
    details = {"error_code": "BDC_1108", "error_message": "m"}
    envelope = {"response_status": 1, "response_message": "Error", "response_data": details}
    response._content = json.dumps(envelope).encode()
    response.request = requests.Request("POST", url, json={"start": 0}).prepare()
    assert 'data={"data": json.dumps({…})}' in str(error_of(response))
    response.request = requests.Request("POST", url, data={"data": "{}"}).prepare()
    assert "\n" not in str(error_of(response))


@pytest.mark.parametrize(
    ("asked_with", "code", "expected"),
    [
        (kinds.SPEND_API_TOKEN, "BDC_1102", "ask with bill_dev_session, not bill_spend_client"),
        (kinds.PARTNER_APP_KEY, "BDC_1109", "ask with bill_dev_session, not bill_partner_session"),
        (DEVELOPER_BY_OAUTH, "BDC_1102", "--bill-sign-in=developer=v3"),
        (kinds.OAUTH_CLIENT, "BDC_1109", "not documented"),
        (kinds.DEVELOPER_KEY, "BDC_1102", "BILL_DEV_KEY"),
    ],
)
def test_v2_takes_a_session_of_an_organization(asked_with, code, expected):
    """Its errors come with HTTP 200."""
    response = BillResponse()
    response.status_code, response.url = 200, f"{API}/v2/List/Vendor.json"
    response.asked_with = asked_with
    details = {"error_code": code, "error_message": "m"}
    envelope = {"response_status": 1, "response_message": "Error", "response_data": details}
    response._content = json.dumps(envelope).encode()
    response.request = requests.Request("POST", response.url, data={"data": "{}"}).prepare()
    assert expected in str(error_of(response))


@pytest.mark.parametrize(
    ("url", "status", "code", "asked_with"),
    [
        (f"{GATEWAY}/v3/vendors/009", 404, "BDC_1120", kinds.DEVELOPER_KEY),
        (f"{GATEWAY}/v3/vendors", 400, "BDC_1117", kinds.DEVELOPER_KEY),
        (f"{GATEWAY}/v3/spend/cards", 401, "", kinds.SPEND_API_TOKEN),
        (f"{GATEWAY}/v3/spend/cards", 500, "", kinds.DEVELOPER_KEY),
        (f"{GATEWAY}/v3/spend/cards", 401, "", kinds.OAUTH_CLIENT),
        (f"{GATEWAY}/v3/spend/cards", 401, "", DEVELOPER_BY_OAUTH),
        (f"{GATEWAY}/v3/vendors", 401, "BDC_1109", SPEND_BY_OAUTH),
        (f"{EVENTS}/v3/subscriptions", 401, "", kinds.DEVELOPER_KEY),
        (f"{GATEWAY}/v3/logout", 401, "BDC_1109", kinds.PARTNER_APP_KEY),
        (f"{EVENTS}/v3/events", 404, "", kinds.PARTNER_APP_KEY),
    ],
)
def test_there_may_be_nothing_to_say(url, status, code, asked_with):
    assert "\n" not in error(url, code, status=status, asked_with=asked_with)


def test_an_error_of_a_real_session_tells_it(pytester, monkeypatch):
    pytester.makepyfile(
        """
        import pytest
        from pytest_bill import BillError

        @pytest.mark.parametrize(
            ("path", "expected"),
            [
                ("/connect/v3/vendors", "without /connect"),
                ("/vendors", "begin with /v3"),
                ("/v3/spend/budgets", "bill_spend_client"),
                ("/v3/partner/organizations", "bill_partner_session"),
            ],
        )
        def test_path(bill_dev_session, path, expected):
            with pytest.raises(BillError, match=expected):
                bill_dev_session.call("GET", path)
        """
    )
    with LocalSandbox() as sandbox:
        for name, value in sandbox.variables.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("BILL_BASE_URL", sandbox.origin)
        pytester.runpytest("--bill-live").assert_outcomes(passed=4)

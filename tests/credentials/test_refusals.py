"""What is said where BILL gave no session: by its cause, for each credential."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pytest_bill.credentials.kinds import (
    CONSOLE_API_TOKEN,
    DEVELOPER_KEY,
    KINDS,
    OAUTH_CLIENT,
    PARTNER_APP_KEY,
    SPEND_API_TOKEN,
    SYNC_TOKEN,
    Credential,
    signed_in_by,
)
from pytest_bill.credentials.refusals import refusal, refused_token, times
from pytest_bill.credentials.sign_in import sign_in_request
from pytest_bill.environments import PRODUCTION, SANDBOX, at_origin
from pytest_bill.secret import SecretStr

NOW = datetime(2026, 12, 1, 14, 20, 5, tzinfo=UTC)
SIGN_INS = [kind for kind in KINDS if kind.signs_in]


def answered(kind, status, body=b"", headers=None, environment=SANDBOX):
    values = {variable.role: SecretStr(f"the {variable.role}") for variable in kind.variables}
    request = sign_in_request(Credential(kind, values), environment)
    named = {name: [value] for name, value in (headers or {}).items()}
    return replace(request, status=status, answer_body=body, answer_headers=named)


def problem(kind, code, message=""):
    """BILL's refusal in the shape of the API that the credential signs in by."""
    if kind is CONSOLE_API_TOKEN:
        details = {"error_code": code, "error_message": message}
        return json.dumps({"response_status": 1, "response_data": details}).encode()
    return json.dumps([{"code": code, "message": message}]).encode()


def said(kind, status, body=b"", headers=None, environment=SANDBOX):
    answer = answered(kind, status, body, headers, environment)
    first, second = refusal(answer, kind, environment, NOW).split("\n")
    assert first.startswith(f"{kind.fixture}: ")
    return first.removeprefix(f"{kind.fixture}: "), second


def names(kind, *roles):
    return [variable.name for variable in kind.variables if variable.role in roles]


def of_all(kind):
    return [variable.name for variable in kind.variables]


@pytest.mark.parametrize(
    ("kind", "code", "roles"),
    [
        (kind, code, roles)
        for kind in SIGN_INS
        for code, roles in [
            ("BDC_1101", ("username", "password")),
            ("BDC_1102", ("key",)),
            ("BDC_1123", ("organization_id",)),
        ]
        if names(kind, *roles)
    ],
    ids=lambda value: getattr(value, "key", None),
)
def test_a_refusal_names_the_variables_of_its_code(kind, code, roles):
    status = 200 if kind is CONSOLE_API_TOKEN else 401
    first, second = said(kind, status, problem(kind, code, "Not so."))
    assert first == (
        f"BILL refused the sign-in with the {kind.title} (HTTP {status}: {code} Not so)."
    )
    assert second.startswith("Check ")
    assert [name for name in of_all(kind) if name in second.split(", and that")[0]] == [
        *names(kind, *roles)
    ]
    assert "of this environment (BILL_ENVIRONMENT=sandbox)" in second


@pytest.mark.parametrize("kind", SIGN_INS, ids=lambda kind: kind.key)
@pytest.mark.parametrize(
    ("status", "code", "message"),
    [(401, "BDC_1110", "Login is locked."), (403, "", "Account locked"), (423, "", "")],
)
def test_a_locked_user_is_not_to_try_again(kind, status, code, message):
    status = 200 if kind is CONSOLE_API_TOKEN and code else status
    first, second = said(kind, status, problem(kind, code, message))
    assert first.startswith(f"BILL has locked the user name of the {kind.title} (HTTP {status}")
    assert second.startswith("Do not try again")
    assert ("set a new password" in second) == (kind in (DEVELOPER_KEY, PARTNER_APP_KEY))
    user, secret = of_all(kind)[:2]
    assert user in second
    assert secret in second


@pytest.mark.parametrize("kind", SIGN_INS, ids=lambda kind: kind.key)
@pytest.mark.parametrize(
    ("status", "code", "headers", "when"),
    [
        (429, "", {"Retry-After": "90"}, "BILL asks to wait 90 s: run again after 14:21:35 UTC."),
        (
            429,
            "BDC_1144",
            {"retry-after": "Tue, 01 Dec 2026 14:30:05 GMT"},
            "BILL asks to wait 600 s: run again after 14:30:05 UTC.",
        ),
        (429, "BDC_1144", {}, "run again after 15:00:00 UTC, when the next hour begins."),
        (429, "BDC_1322", {}, "BILL takes 3 calls at once"),
        (429, "", {}, "It does not say for how long (no Retry-After)"),
        (429, "", {"Retry-After": "soon"}, "It does not say for how long (no Retry-After)"),
    ],
)
def test_a_limit_says_when_again(kind, status, code, headers, when):
    if code and kind is CONSOLE_API_TOKEN:
        status = 200  # v2's, whatever happened
    first, second = said(kind, status, problem(kind, code) if code else b"", headers)
    assert first.startswith(f"BILL takes no sign-in for now with the {kind.title} (HTTP {status}")
    assert second.startswith("The credential is not the cause. ")
    assert when in second
    assert "Check" not in second


HTML = b"<html><title>Sign in to\n the guests' network</title></html>"
IS_NOT_BILL = {
    "redirect": (302, b"", {"Location": "https://u:p@login.example.com/x?y=z"}),
    "redirect to a path": (307, b"", {"Location": "/elsewhere"}),
    "nowhere": (301, b"", {}),
    "html": (200, HTML, {"Content-Type": "text/html; charset=utf-8"}),
    "forbidden by something else": (403, HTML, {"Content-Type": "text/html"}),
    "empty": (200, b"", {}),
    "no content": (204, b"", {}),
    "cut off": (200, b'{"sessionId": "the-ses', {}),
    "text": (200, b"OK", {}),
    "no session": (200, b'{"status": "ok"}', {}),
    "no object": (200, b"[1]", {}),
    "another service": (404, b'{"detail": "Not Found"}', {}),
    "bill's own 404": (404, b'[{"code": "BDC_1121", "message": "API not supported."}]', {}),
}


@pytest.mark.parametrize("case", IS_NOT_BILL)
def test_what_is_not_bill_is_told_with_its_address(case):
    status, body, headers = IS_NOT_BILL[case]
    environment = at_origin("https://bill.example.com:8443", "custom")
    first, second = said(DEVELOPER_KEY, status, body, headers, environment)
    assert first.startswith("https://bill.example.com:8443 is not BILL, or something stands before")
    assert f"(HTTP {status})" in first
    assert second.startswith("The credential is not the cause: check the address (BILL_BASE_URL)")
    told = {
        "redirect": "a redirect to https://login.example.com (",
        "redirect to a path": "a redirect to https://bill.example.com:8443 (",
        "nowhere": "a redirect to nowhere",
        "html": 'text/html "Sign in to the guests\' network", 59 bytes',
        "empty": "an empty body",
        "no content": "an empty body",
        "cut off": "JSON that is cut off or broken, 22 bytes",
        "no session": "JSON without a sessionId",
        "another service": "that it has no sign-in there",
    }
    assert told.get(case, "") in first


@pytest.mark.parametrize("kind", SIGN_INS, ids=lambda kind: kind.key)
@pytest.mark.parametrize("status", [500, 502, 503, 504, 599])
@pytest.mark.parametrize("body", [b"", HTML, b'[{"code": "BDC_1001", "message": "System error."}]'])
def test_a_fault_of_bills_is_no_fault_of_the_credential(kind, status, body):
    first, second = said(kind, status, body, {"Content-Type": "text/html"})
    assert first.startswith(f"BILL has a fault of its own and did not look at the {kind.title}")
    assert second.startswith("The credential is not the cause: run again later")


def test_a_fault_of_bills_in_v2_comes_with_200():
    first, _ = said(CONSOLE_API_TOKEN, 200, problem(CONSOLE_API_TOKEN, "BDC_1001", "System error."))
    assert first.startswith("BILL has a fault of its own")


@pytest.mark.parametrize("code", ["BDC_1354", "BDC_1358", "BDC_1361", "BDC_1374", "BDC_5324"])
def test_mfa_is_for_a_person(code):
    first, second = said(DEVELOPER_KEY, 403, problem(DEVELOPER_KEY, code, "Untrusted session."))
    assert first.startswith("BILL asks for multi-factor authentication (MFA) for the developer key")
    assert second.startswith("A person has to answer BILL's challenge")
    assert "pytest-bill trust" in second
    assert "trust" not in said(SYNC_TOKEN, 403, problem(SYNC_TOKEN, code, "Untrusted session."))[1]


def test_another_code_is_told_as_bill_says_it():
    message = "Something\nelse. " + "x" * 500
    first, second = said(DEVELOPER_KEY, 400, problem(DEVELOPER_KEY, "BDC_9999", message))
    assert "(HTTP 400: BDC_9999 Something else. xxx" in first
    assert len(first) < 350
    assert second.startswith("BILL's message says why")
    assert "BILL_PASSWORD" not in second


def test_a_refusal_without_a_code():
    first, second = said(DEVELOPER_KEY, 401)
    assert first.endswith("(HTTP 401, no code of BILL's).")
    assert "Check BILL_USERNAME, BILL_PASSWORD, BILL_ORGANIZATION_ID and BILL_DEV_KEY" in second
    first, second = said(DEVELOPER_KEY, 403)
    assert first.endswith("(HTTP 403, no code of BILL's).")
    assert second.startswith("It does not say why: ask BILL")
    assert "BILL_PASSWORD" not in second


def test_a_variable_that_defaults_to_another_is_named_with_it():
    _, second = said(SYNC_TOKEN, 401, problem(SYNC_TOKEN, "BDC_1102"))
    assert second.startswith("Check BILL_SYNC_DEV_KEY (or BILL_DEV_KEY), and that it is of this")


def test_a_refused_token_names_its_variable():
    answer = replace(
        answered(DEVELOPER_KEY, 401), answer_body=b"", url="https://x/v3/spend/budgets"
    )
    first, second = refused_token(answer, SPEND_API_TOKEN, PRODUCTION).split("\n")
    assert first == (
        "bill_spend_client: BILL refused the Spend & Expense API token "
        "(HTTP 401, no code of BILL's)."
    )
    assert second.startswith("Check BILL_SPEND_API_TOKEN, and that it is of this environment (")
    assert "BILL_ENVIRONMENT=production" in second


@pytest.mark.parametrize("case", IS_NOT_BILL)
def test_no_message_holds_what_was_sent(case):
    status, body, headers = IS_NOT_BILL[case]
    for kind in SIGN_INS:
        told = refusal(answered(kind, status, body, headers), kind, SANDBOX, NOW)
        assert [v.role for v in kind.variables if f"the {v.role}" in told] == []
        assert "u:p" not in told


def test_how_often():
    assert [times(count) for count in (1, 2, 3)] == ["once", "twice", "3 times"]


# --- OAuth -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [OAUTH_CLIENT, signed_in_by(SPEND_API_TOKEN, "oauth")])
@pytest.mark.parametrize("error", ["invalid_client", "unauthorized_client"])
@pytest.mark.parametrize("status", [400, 401])
def test_a_client_that_is_not_known_is_to_be_checked(kind, error, status):
    body = json.dumps({"error": error, "error_description": "No\nsuch client."}).encode()
    first, second = said(kind, status, body)
    what = f"HTTP {status}: {error} No such client"
    assert first == f"BILL refused the sign-in with the OAuth client credentials ({what})."
    assert second.startswith("Check BILL_CLIENT_ID and BILL_CLIENT_SECRET, and that they are of")


@pytest.mark.parametrize("error", ["invalid_request", "unsupported_grant_type", "invalid_scope"])
def test_a_request_that_it_does_not_take_is_told_as_that(error):
    first, second = said(OAUTH_CLIENT, 400, json.dumps({"error": error}).encode())
    assert error in first
    assert "BILL_OAUTH_URL" in second
    assert "Check BILL_CLIENT" not in second


@pytest.mark.parametrize("error", ["server_error", "temporarily_unavailable"])
def test_an_address_of_tokens_that_is_down_is_told_as_that(error):
    first, second = said(OAUTH_CLIENT, 400, json.dumps({"error": error}).encode())
    assert "has a fault of its own" in first
    assert second.startswith("The credential is not the cause")


@pytest.mark.parametrize(
    "body",
    [{"error": {"code": 7}}, {"error": None}, {"error_description": ["a"]}, {}, [], "text"],
)
def test_a_refusal_of_another_shape_is_one_all_the_same(body):
    first, second = said(OAUTH_CLIENT, 401, json.dumps(body).encode())
    assert "(HTTP 401" in first
    assert "BILL_CLIENT_ID and BILL_CLIENT_SECRET" in second


@pytest.mark.parametrize("body", [{}, {"access_token": 7}, {"sessionId": ""}])
def test_an_answer_without_a_token_is_somebody_elses(body):
    first, second = said(OAUTH_CLIENT, 200, json.dumps(body).encode())
    assert first.startswith("https://auth.stage.bill.com is not BILL, or something stands before")
    assert "JSON without an access_token (HTTP 200)" in first
    assert "BILL_ENVIRONMENT=sandbox, or BILL_OAUTH_URL" in second


@pytest.mark.parametrize("kind", SIGN_INS, ids=lambda kind: kind.key)
@pytest.mark.parametrize("code", ["BDC_1101", "BDC_1102", "BDC_1123"])
def test_where_it_has_no_variable_of_what_is_wrong_all_are_named(kind, code):
    status = 200 if kind is CONSOLE_API_TOKEN else 401
    _, second = said(kind, status, problem(kind, code, "No."))
    assert second.startswith("Check BILL_")

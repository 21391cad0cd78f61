"""A running sandbox per test, and sessions signed in to it, over real sockets."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

import pytest
import requests

from pytest_bill.sandbox import LocalSandbox
from tests.helpers.signing_in import developer_login


@dataclass
class Caller:
    """Calls the sandbox with fixed headers; `path` is BILL's, below /connect."""

    origin: str
    headers: dict[str, str]

    def call(self, method, path, **kwargs):
        headers = {**self.headers, **kwargs.pop("headers", {})}
        return requests.request(
            method, f"{self.origin}/connect{path}", headers=headers, timeout=5, **kwargs
        )

    def get(self, path, **kwargs):
        return self.call("GET", path, **kwargs)

    def post(self, path, json=None, **kwargs):
        return self.call("POST", path, json=json, **kwargs)

    def patch(self, path, json=None, **kwargs):
        return self.call("PATCH", path, json=json, **kwargs)

    def put(self, path, json=None, **kwargs):
        return self.call("PUT", path, json=json, **kwargs)

    def delete(self, path, **kwargs):
        return self.call("DELETE", path, **kwargs)


@pytest.fixture(scope="session")
def stopping():
    """Stops sandboxes while the next test runs: uvicorn takes 0.2 s for it."""
    with ThreadPoolExecutor() as pool:
        yield pool


@pytest.fixture
def sandbox(stopping):
    """A sandbox of its own for each test."""
    running = LocalSandbox().start()
    yield running
    stopping.submit(running.stop)


@pytest.fixture
def anonymous(sandbox):
    """Calls with no credential at all."""
    return Caller(sandbox.origin, {})


@pytest.fixture
def login_body(sandbox):
    """The body of a developer's sign-in; a change to None leaves the field out."""
    body = developer_login(sandbox)

    def with_changes(**changes):
        return {name: value for name, value in {**body, **changes}.items() if value is not None}

    return with_changes


def _signed_in(sandbox, path, body, key):
    answer = Caller(sandbox.origin, {}).post(path, body)
    assert answer.status_code == 200, answer.text
    return Caller(sandbox.origin, {"sessionId": answer.json()["sessionId"], key: body[key]})


@pytest.fixture
def developer(sandbox, login_body):
    """Signed in with the developer key."""
    return _signed_in(sandbox, "/v3/login", login_body(), "devKey")


@pytest.fixture
def pass_days(sandbox, developer, login_body):
    """Moves the clock on; the developer, whose session expires by it, signs in anew."""

    def advance(days):
        sandbox.advance(timedelta(days=days))
        developer.headers = _signed_in(sandbox, "/v3/login", login_body(), "devKey").headers

    return advance


@pytest.fixture
def sync(sandbox):
    """Signed in with the AP & AR sync token."""
    v = sandbox.variables
    body = {
        "username": v["BILL_SYNC_TOKEN_NAME"],
        "password": v["BILL_SYNC_TOKEN_VALUE"],
        "organizationId": v["BILL_SYNC_ORGANIZATION_ID"],
        "devKey": v["BILL_SYNC_DEV_KEY"],
    }
    return _signed_in(sandbox, "/v3/login", body, "devKey")


@pytest.fixture
def console(sandbox):
    """Signed in with the Accountant Console API token, through v2."""
    v = sandbox.variables
    form = {
        "userName": v["BILL_CONSOLE_ADMIN_EMAIL"],
        "password": v["BILL_CONSOLE_API_TOKEN"],
        "orgId": v["BILL_CONSOLE_ORGANIZATION_ID"],
        "devKey": v["BILL_CONSOLE_DEV_KEY"],
    }
    answer = requests.post(f"{sandbox.origin}/api/v2/Login.json", data=form, timeout=5)
    session_id = answer.json()["response_data"]["sessionId"]
    return Caller(sandbox.origin, {"sessionId": session_id, "devKey": form["devKey"]})


@pytest.fixture
def partner(sandbox):
    """Signed in with the partner app key."""
    v = sandbox.variables
    body = {
        "username": v["BILL_PARTNER_USERNAME"],
        "password": v["BILL_PARTNER_PASSWORD"],
        "appKey": v["BILL_PARTNER_APP_KEY"],
    }
    return _signed_in(sandbox, "/v3/partner/login", body, "appKey")


@pytest.fixture
def access_token(sandbox):
    """Gets an OAuth access token."""

    def get():
        v = sandbox.variables
        form = {"grant_type": "client_credentials", "client_id": v["BILL_CLIENT_ID"]}
        form["client_secret"] = v["BILL_CLIENT_SECRET"]
        answer = requests.post(f"{sandbox.origin}/authx/token", data=form, timeout=5)
        assert answer.status_code == 200, answer.text
        return answer.json()["access_token"]

    return get


@pytest.fixture
def oauth(sandbox, access_token):
    """Calls with an OAuth access token alone."""
    return Caller(sandbox.origin, {"Authorization": f"Bearer {access_token()}"})


@pytest.fixture
def spend(sandbox):
    """Calls with the Spend & Expense API token."""
    return Caller(sandbox.origin, {"apiToken": sandbox.variables["BILL_SPEND_API_TOKEN"]})


@pytest.fixture
def remembered(developer):
    """The MFA id and the device that sign the developer's user in as trusted."""
    challenge = developer.post("/v3/mfa/challenge", {}).json()["challengeId"]
    answer = developer.post(
        "/v3/mfa/challenge/validate",
        {"challengeId": challenge, "token": "123456", "rememberMe": True, "device": "laptop"},
    )
    return {"rememberMeId": answer.json()["rememberMeId"], "device": "laptop"}


@dataclass
class CreatedUser:
    """A user of an organization that the partner created."""

    origin: str
    dev_key: str
    organization_id: str
    user_id: str

    def signed_in(self, session):
        """Calls in the session that a partner's sign-in as this user answered."""
        headers = {"sessionId": session["sessionId"], "devKey": self.dev_key}
        return Caller(self.origin, headers)


@pytest.fixture
def created_user(partner, sandbox):
    """A clerk of an organization called Café Vinyl, both created by the partner."""
    address = {"line1": "1 Main", "city": "Reno", "zipOrPostalCode": "89501", "country": "US"}
    organization = {"name": "Café Vinyl", "address": address}
    organization_id = partner.post("/v3/partner/organizations", organization).json()["id"]
    headers = {"organizationId": organization_id}
    roles = partner.get("/v3/partner/roles", headers=headers).json()["results"]
    user = {
        "firstName": "Ada",
        "lastName": "Clerk",
        "email": "ada@example.com",
        "username": "ada-clerk",
        "acceptTermsOfService": True,
        "roleId": next(each["id"] for each in roles if each["type"] == "CLERK"),
    }
    answer = partner.post("/v3/partner/users", user, headers=headers)
    assert answer.status_code == 201, answer.text
    dev_key = sandbox.variables["BILL_DEV_KEY"]
    return CreatedUser(sandbox.origin, dev_key, organization_id, answer.json()["id"])


@pytest.fixture
def as_user(partner, created_user):
    """Signs in as the created user; a change to None leaves the field out."""

    def sign_in(**changes):
        body = {
            "organizationId": created_user.organization_id,
            "userId": created_user.user_id,
            **changes,
        }
        given = {name: value for name, value in body.items() if value is not None}
        return partner.post("/v3/partner/login-as-user", given)

    return sign_in


@pytest.fixture
def codes():
    """The BDC_ codes of a v3 refusal, in order; REQUEST for a body without what it has to have."""
    return lambda response: [each["code"] or each["category"] for each in response.json()]

"""What a suite with type hints writes: type checkers accept it, and pytest runs it."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any, assert_type

import httpx
import pytest
import requests

import pytest_bill
from pytest_bill import (
    BillConsoleSession,
    BillEnviron,
    BillError,
    BillPartnerSession,
    BillSecrets,
    BillSession,
    BillSpendClient,
    BillWarning,
    BillWebhook,
    CassetteError,
    LateRequest,
    MissingCredentials,
    NetworkRefused,
    Notification,
    NotInCassette,
    PlaceholderSent,
    PytestBillError,
    SecretFound,
    SessionRefused,
    SettingsError,
    SignInFailed,
    StandInSent,
    UnknownEvent,
    verify_signature,
)
from pytest_bill.sandbox import AttachedSandbox, BillSandbox, Clock, LocalSandbox


@pytest.fixture(scope="session")
def bill_config() -> dict[str, Any]:
    return {
        "match_on": ["method", "path", "query", "organizationId", "session", "body"],
        "scrub_headers": ["X-Acme-Key"],
        "environ": {"ACME_BILL_URL": "v3_url"},
        "secrets": {"VAULT_TOKEN": os.environ.get("VAULT_TOKEN")},
    }


@pytest.fixture
def vendor_id(bill_dev_session: BillSession) -> Iterator[str]:
    address = {"line1": "1 Way", "city": "Houston", "zipOrPostalCode": "77002", "country": "US"}
    vendor = bill_dev_session.call("POST", "/v3/vendors", json={"name": "A", "address": address})
    yield vendor["id"]
    bill_dev_session.post(f"/v3/vendors/{vendor['id']}/archive").raise_for_status()


def test_a_developer_key(bill_dev_session: BillSession, vendor_id: str) -> None:
    assert_type(bill_dev_session.get(f"/v3/vendors/{vendor_id}"), requests.Response)
    assert_type(bill_dev_session.call("GET", "/v3/vendors", params={"max": 2}), Any)
    vendors = bill_dev_session.paginate("/v3/vendors", {"max": 2})
    assert_type(vendors, Iterator[dict[str, Any]])
    assert len([vendor["id"] for vendor in vendors]) > 2
    assert_type(bill_dev_session.base_url, str)
    assert_type(bill_dev_session.v2_url, str)
    assert_type(bill_dev_session.webhooks_url, str)
    assert_type(bill_dev_session.organization_id, str)
    bill_dev_session.timeout = 5


def test_a_client_of_ones_own(bill_sync_session: BillSession) -> None:
    url, auth = bill_sync_session.base_url, bill_sync_session.auth
    with httpx.Client(base_url=url, auth=auth) as client:
        assert client.get("/v3/bills", params={"max": 1}).is_success
    headers: Mapping[str, str] = bill_sync_session.credential_headers()
    assert requests.get(f"{url}/v3/bills", headers=headers, timeout=5).ok


def test_the_console(bill_console_session: BillSession) -> None:
    form = {"data": '{"start": 0, "max": 1}'}
    answer = bill_console_session.post("/v2/List/Vendor.json", data=form)
    assert answer.json()["response_status"] == 0


def test_spend(bill_spend_client: BillSpendClient) -> None:
    session: BillSession = bill_spend_client
    assert list(session.paginate("/v3/spend/budgets"))


def test_oauth(bill_oauth_session: BillSession) -> None:
    assert_type(bill_oauth_session, BillSession)
    assert list(bill_oauth_session.paginate("/v3/vendors"))
    assert list(bill_oauth_session.paginate("/v3/spend/budgets", {"max": 20}))


def test_a_console(bill_console_session: BillConsoleSession) -> None:
    session: BillSession = bill_console_session
    assert session.get("/v3/vendors").ok
    books: Callable[[str], BillConsoleSession] = bill_console_session.for_organization
    assert callable(books)


def test_a_partner(bill_partner_session: BillPartnerSession) -> None:
    assert_type(bill_partner_session.for_organization("008"), BillPartnerSession)


@pytest.mark.bill_cassette
def test_a_sign_in_of_ones_own(bill_environ: BillEnviron) -> None:
    values: Mapping[str, str] = bill_environ
    login = {"username": values["username"], "password": values["password"]}
    login |= {"organizationId": values["organization_id"], "devKey": values["dev_key"]}
    assert requests.post(f"{bill_environ['v3_url']}/v3/login", json=login, timeout=5).ok
    assert bill_environ.get("no_such_name") is None


@pytest.mark.bill_cassette("lists/vendors", record_mode="once", match_on=["method", "path"])
def test_with_the_marker(bill_dev_session: BillSession, bill_secrets: BillSecrets) -> None:
    value: str = bill_secrets.add("a value of the vault's", "VAULT_VALUE")
    bill_dev_session.get("/v3/vendors", headers={"X-Acme-Key": value})


class TestsWithTheMarker:
    pytestmark = pytest.mark.bill_cassette("lists/bills")

    def test_it(self, bill_dev_session: BillSession) -> None:
        assert bill_dev_session.call("GET", "/v3/bills")["results"]


def test_a_webhook(bill_webhook: BillWebhook) -> None:
    sent = bill_webhook.event("bill.updated", {"id": "00n01"}, event_id="1")
    assert_type(sent, Notification)
    assert_type(sent.body, bytes)
    assert_type(sent.json(), Any)
    signature = sent.headers["x-bill-sha-signature"]
    assert_type(verify_signature(sent.body, signature, bill_webhook.security_key), bool)
    with pytest.raises(NetworkRefused):
        assert_type(bill_webhook.deliver("https://acme.example", sent), requests.Response)
    with pytest.raises(UnknownEvent):
        bill_webhook.send("http://127.0.0.1:9", "bill.eaten", {}, timeout=0.1)


def test_any_sandbox(bill_sandbox: BillSandbox, bill_dev_session: BillSession) -> None:
    assert_type(bill_sandbox.origin, str)
    assert_type(bill_sandbox.variables, dict[str, str])
    assert_type(bill_sandbox.deliver(), list[dict[str, Any]])
    bill_sandbox.advance(timedelta(minutes=1))
    bill_sandbox.clear_faults("listVendors")
    assert_type(bill_sandbox.faults_to_come(), list[dict[str, Any]])
    bill_sandbox.fail("listVendors", times=1, status=503)
    assert bill_dev_session.get("/v3/vendors").status_code == 503
    bill_sandbox.restore(bill_sandbox.snapshot())
    if isinstance(bill_sandbox, LocalSandbox):
        assert_type(bill_sandbox.clock, Clock)
    else:
        assert isinstance(bill_sandbox, AttachedSandbox)


def test_a_sandbox_of_ones_own() -> None:
    with LocalSandbox(vendors=1) as sandbox:
        assert_type(sandbox, LocalSandbox)
        attached: BillSandbox = LocalSandbox.attach(sandbox.origin, sandbox.variables)
        assert attached.request_counts() == {}


def test_errors_of_bill(bill_dev_session: BillSession) -> None:
    with pytest.raises(BillError) as refused:
        bill_dev_session.call("GET", "/v3/vendors/00901UNKNOWNVENDOR00")
    assert_type(refused.value.status, int)
    assert_type(refused.value.codes, list[str])
    assert_type(refused.value.message, str)
    assert_type(refused.value.path, str)
    assert_type(refused.value.problems[0].code, str)
    of_requests: requests.HTTPError = refused.value
    assert of_requests.response is not None


def test_errors_by_kind(bill_dev_session: BillSession) -> None:
    try:
        bill_dev_session.call("GET", "/v3/vendors/00901UNKNOWNVENDOR00")
    except SessionRefused as error:
        pytest.fail(error.message)
    except (SignInFailed, MissingCredentials, NotInCassette, LateRequest) as error:
        assert_type(error, SignInFailed | MissingCredentials | NotInCassette | LateRequest)
    except BillError as error:
        assert_type(error, BillError)
    error_classes: list[type[PytestBillError]] = [CassetteError, PlaceholderSent, SettingsError]
    error_classes.append(StandInSent)
    cassette_error: type[CassetteError] = SecretFound
    assert cassette_error not in error_classes


def test_warnings() -> None:
    with pytest.warns(BillWarning, match="look"):
        warnings.warn("look", BillWarning, stacklevel=1)


def test_names() -> None:
    assert_type(pytest_bill.__version__, str)
    assert pytest_bill.BillSession is BillSession

"""What may leave, and where to: asked before anything is sent."""

from __future__ import annotations

import base64
import gzip
from contextlib import nullcontext
from dataclasses import replace
from urllib.parse import quote

import pytest

from pytest_bill.environments import PRODUCTION, SANDBOX, at_origin
from pytest_bill.exceptions import NetworkRefused, PlaceholderSent
from pytest_bill.guards.leaving import Leaving
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.registry import SecretRegistry

URL = "https://gateway.stage.bill.com/connect/v3/vendors"
PROD = "https://gateway.prod.bill.com/connect/v3"
LOCAL = at_origin("http://127.0.0.1:8080", "local")
SECRETS = {
    "BILL_USERNAME": "ada.lovelace@example.com",
    "BILL_PASSWORD": "Correct-Horse/Battery+Staple",
    "BILL_ORGANIZATION_ID": "00801ABCDEFGHIJKLMNO",
    "BILL_DEV_KEY": "01DEVELOPERKEY0123456789",
    "BILL_DEVELOPER_KEY_SESSION_ID": "session-0123456789-abcdef",
    "BILL_SYNC_TOKEN_NAME": "sync-token-of-ours",
    "BILL_SYNC_TOKEN_VALUE": "sync-value-0123456789",
    "BILL_CONSOLE_ADMIN_EMAIL": "console@example.com",
    "BILL_CLIENT_SECRET": "client-secret-0123456789",
}
NO_CREDENTIALS = (
    "BILL_USERNAME",
    "BILL_ORGANIZATION_ID",
    "BILL_SYNC_TOKEN_NAME",
    "BILL_CONSOLE_ADMIN_EMAIL",
)
CREDENTIALS = tuple(name for name in SECRETS if name not in NO_CREDENTIALS)


def request(url: str = URL, method: str = "GET", **changes) -> Interaction:
    return replace(Interaction(method, url, {}, b""), **changes)


def leaving(environment=SANDBOX, **options) -> Leaving:
    registry = SecretRegistry((f"PLACEHOLDER_{name}", value) for name, value in SECRETS.items())
    return Leaving(
        environment, registry, lambda it: f"{it.method} {registry.hide(it.url)}", **options
    )


def test_what_goes_to_bills_sandbox_leaves_with_its_credentials():
    headers = {"devKey": SECRETS["BILL_DEV_KEY"], "Connection": "keep-alive"}
    leaving().check_sendable(request(headers=headers, body=SECRETS["BILL_PASSWORD"].encode()))


# --- production ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        f"{PROD}/vendors",
        "https://api.bill.com/api/v2/Login.json",
        "https://app02.us.bill.com/",
        "https://GATEWAY.PROD.BILL.COM./connect/v3/vendors",
    ],
)
@pytest.mark.parametrize("environment", [SANDBOX, PRODUCTION], ids=["sandbox", "production"])
def test_production_is_refused_unless_that_was_typed(environment, url):
    with pytest.raises(NetworkRefused, match="--bill-allow-production"):
        leaving(environment).check_sendable(request(url))
    leaving(environment, allow_production=True).check_sendable(request(url))


CHANGES = [
    ("POST", "/payments", "payments", "POST /v3/payments (createPayment)"),
    ("POST", "/bill-approvals/actions", "approvals", "(billApproveDenyActions)"),
    ("DELETE", "/vendors/00901/bank-account", "bank-accounts", "/v3/vendors/{id}/bank-account"),
    ("POST", "/of-next-year", "unknown", "POST /v3/of-next-year"),
]


@pytest.mark.parametrize(("method", "path", "group", "shown"), CHANGES)
def test_what_changes_more_than_records_needs_its_groups_name(method, path, group, shown):
    asked = request(PROD + path, method)
    allowed = leaving(PRODUCTION, allow_production=True, test_now=lambda: "test_a.py::test_b")
    with pytest.raises(NetworkRefused) as refused:
        allowed.check_sendable(asked)
    message = str(refused.value)
    assert shown in message
    assert "Asked for by test_a.py::test_b.\n" in message
    assert message.endswith(f"--bill-allow-production-changes={group} on the command line.")
    another = frozenset({"cards"})
    with pytest.raises(NetworkRefused):
        leaving(PRODUCTION, allow_production=True, allowed_changes=another).check_sendable(asked)
    its_own = another | {group}
    leaving(PRODUCTION, allow_production=True, allowed_changes=its_own).check_sendable(asked)


def test_a_group_alone_allows_no_production():
    allowed = leaving(PRODUCTION, allowed_changes=frozenset({"payments"}))
    with pytest.raises(NetworkRefused, match=r"--bill-allow-production\."):
        allowed.check_sendable(request(f"{PROD}/payments", "POST"))


def test_records_need_nothing_more_than_production():
    allowed = leaving(PRODUCTION, allow_production=True)
    allowed.check_sendable(request(f"{PROD}/vendors", "POST"))
    allowed.check_sendable(request(f"{PROD}/payments"))


def test_a_header_that_may_stand_for_the_method_makes_it_unknown():
    allowed = leaving(PRODUCTION, allow_production=True)
    asked = request(f"{PROD}/payments", headers={"X-HTTP-Method-Override": "POST"})
    with pytest.raises(NetworkRefused, match="changes=unknown"):
        allowed.check_sendable(asked)


def test_the_sandbox_may_be_paid_at():
    leaving().check_sendable(request("https://gateway.stage.bill.com/connect/v3/payments", "POST"))


# --- the local sandbox -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "instead"),
    [
        (URL, "http://127.0.0.1:8080/connect/v3/vendors"),
        (f"{URL}?max=1&devKey={SECRETS['BILL_DEV_KEY']}", "127.0.0.1:8080/connect/v3/vendors"),
        ("https://api-stage.bill.com/api/v2/Login.json", "127.0.0.1:8080/api/v2/Login.json"),
        ("https://auth.stage.bill.com/authx/token", "http://127.0.0.1:8080/authx/token"),
        ("https://auth.stage.bill.com/authx/other", "http://127.0.0.1:8080/connect"),
    ],
)
def test_a_run_of_the_local_sandbox_names_its_address_in_place_of_bills(asked, instead):
    with pytest.raises(NetworkRefused) as refused:
        leaving(LOCAL).check_sendable(request(asked))
    message = str(refused.value)
    assert f"{instead}: take the address from session.base_url" in message
    assert "bill_environ" in message
    assert SECRETS["BILL_DEV_KEY"] not in message


def test_a_run_of_the_local_sandbox_may_be_allowed_production_and_still_asks_none():
    allowed = leaving(LOCAL, allow_production=True)
    with pytest.raises(NetworkRefused, match=r"127\.0\.0\.1:8080/connect/v3/vendors: take"):
        allowed.check_sendable(request(f"{PROD}/vendors"))


def test_the_local_sandbox_is_asked_without_encryption():
    leaving(LOCAL).check_sendable(request("http://127.0.0.1:8080/connect/v3/vendors"))


# --- how -------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", [URL.replace("https", "http"), "http://bill.com/"])
def test_bill_is_not_asked_unencrypted(url):
    with pytest.raises(NetworkRefused, match=r"unencrypted\.\nWrite the address with https\."):
        leaving(allow_production=True).check_sendable(request(url))


@pytest.mark.parametrize("name", ["Upgrade", "upgrade"])
def test_another_protocol_than_http_is_not_asked_for(name):
    with pytest.raises(NetworkRefused, match=r"Leave out the header Upgrade\."):
        leaving().check_sendable(request(headers={name: "websocket"}))


@pytest.mark.parametrize(
    ("place", "changes"),
    [
        ("URL", {"url": URL + "?sessionId=PLACEHOLDER_BILL_DEV_KEY"}),
        ("header sessionId", {"headers": {"sessionId": "PLACEHOLDER_BILL_DEV_KEY"}}),
        ("body", {"body": b'{"devKey": "PLACEHOLDER_BILL_DEV_KEY"}'}),
        ("body", {"body": b"\xff\xfePLACEHOLDER_BILL_DEV_KEY"}),
    ],
)
def test_a_placeholder_is_not_sent_and_its_place_is_named(place, changes):
    message = f"its {place} holds PLACEHOLDER_BILL_DEV_KEY, which stands for a secret"
    with pytest.raises(PlaceholderSent, match=message):
        leaving().check_sendable(request(**changes))


def test_an_encoded_placeholder_is_not_sent():
    encoded = base64.b64encode(b"user:PLACEHOLDER_BILL_PASSWORD").decode()
    with pytest.raises(PlaceholderSent, match="its header Authorization holds PLACEHOLDER_"):
        leaving().check_sendable(request(headers={"Authorization": f"Basic {encoded}"}))


# --- elsewhere -------------------------------------------------------------------------------


PUT = {
    "URL": lambda secret: {"url": f"https://example.com/?q={secret}"},
    "header X-Trace": lambda secret: {"headers": {"X-Trace": f"about {secret}"}},
    "body": lambda secret: {"body": f'{{"told": "{secret}"}}'.encode()},
}


@pytest.mark.parametrize("place", PUT)
@pytest.mark.parametrize("name", CREDENTIALS)
def test_a_credential_goes_to_no_other_host(name, place):
    asked = replace(request("https://example.com/"), **PUT[place](SECRETS[name]))
    with pytest.raises(NetworkRefused) as refused:
        leaving().check_elsewhere(asked)
    message = str(refused.value)
    assert message.startswith(
        f"A request to example.com was not sent: its {place} holds the secret of PLACEHOLDER_{name}"
    )
    assert SANDBOX.gateway in message
    assert SECRETS[name] not in message


@pytest.mark.parametrize("place", PUT)
@pytest.mark.parametrize("name", NO_CREDENTIALS)
def test_a_name_is_no_credential(name, place):
    asked = replace(request("https://example.com/"), **PUT[place](SECRETS[name]))
    leaving().check_elsewhere(asked)
    sent = f"POST /?{SECRETS[name]} HTTP/1.1\r\nX: {SECRETS[name]}\r\n\r\n{SECRETS[name]}"
    leaving().check_bytes("example.com", sent.encode())


ENCODED = {
    "plain": str.encode,
    "base64": lambda text: base64.b64encode(text.encode()),
    "percent": lambda text: quote(text, safe="").encode(),
    "gzip": lambda text: gzip.compress(text.encode()),
    "latin-1": lambda text: f"\u00fc {text}".encode("latin-1"),
    "utf-16": lambda text: text.encode("utf-16"),
}


@pytest.mark.parametrize("encoded", ENCODED)
@pytest.mark.parametrize("pair", ["{username}:{password}", "{password}", "{username}/{username}"])
def test_a_credential_is_seen_however_it_is_encoded_beside_what_is_none(encoded, pair):
    text = pair.format(username=SECRETS["BILL_USERNAME"], password=SECRETS["BILL_PASSWORD"])
    told = ENCODED[encoded](text)
    expected = pytest.raises(NetworkRefused, match="holds the secret of PLACEHOLDER_BILL_PASSWORD")
    with expected if "password" in pair else nullcontext():
        leaving().check_elsewhere(request("https://example.com/", body=told))
    with expected if "password" in pair else nullcontext():
        leaving().check_bytes("example.com", b"POST / HTTP/1.1\r\n\r\n" + told)


def test_basic_authentication_with_bills_password_goes_to_no_other_host():
    pair = f"{SECRETS['BILL_USERNAME']}:{SECRETS['BILL_PASSWORD']}"
    header = "Basic " + base64.b64encode(pair.encode()).decode()
    with pytest.raises(NetworkRefused, match="its header Authorization holds the secret of"):
        leaving().check_elsewhere(
            request("https://example.com/", headers={"Authorization": header})
        )
    sent = f"GET / HTTP/1.1\r\nAuthorization: {header}\r\n\r\n".encode()
    with pytest.raises(NetworkRefused, match="its header Authorization holds the secret of"):
        leaving().check_bytes("example.com", sent)


def test_a_secret_that_comes_to_be_known_is_looked_for_from_then_on():
    registry = SecretRegistry([("PLACEHOLDER_BILL_USERNAME", SECRETS["BILL_USERNAME"])])
    it = Leaving(SANDBOX, registry, str)
    late = request("https://example.com/", body=b"ada.lovelace@example.com a-session-of-later")
    it.check_elsewhere(late)
    registry.add("a-session-of-later", "PLACEHOLDER_BILL_SESSION_ID")
    with pytest.raises(NetworkRefused, match="PLACEHOLDER_BILL_SESSION_ID"):
        it.check_elsewhere(late)


def test_a_credential_that_everyone_can_see_is_none_beside_another_secret():
    user = SECRETS["BILL_USERNAME"]
    registry = SecretRegistry([("PLACEHOLDER_BILL_USERNAME", user)])
    registry.add("a-word-of-the-page", "PLACEHOLDER_BILL_PASSWORD")
    it = Leaving(SANDBOX, registry, str)
    text = f"{user} a-word-of-the-page".encode()
    with pytest.raises(NetworkRefused):
        it.check_elsewhere(request("https://example.com/", body=text))
    registry.make_public("https://a-word-of-the-page.example/")
    it.check_elsewhere(request("https://example.com/", body=text))


def test_a_placeholder_may_be_told_to_others():
    leaving().check_elsewhere(request("https://example.com/?PLACEHOLDER_BILL_PASSWORD"))
    leaving().check_bytes("example.com", b"GET /?PLACEHOLDER_BILL_PASSWORD HTTP/1.1\r\n\r\n")


@pytest.mark.parametrize("name", CREDENTIALS)
@pytest.mark.parametrize(
    ("place", "sent"),
    [
        ("header or URL", "GET /?q={} HTTP/1.1\r\nHost: example.com\r\n\r\n"),
        ("header or URL", "GET / HTTP/1.1\r\nX-Trace: {}\r\n\r\nbody"),
        ("body", "a=1&b={}&c=2"),
        ("body", '{{"of": "several\\r\\n lines", "b": "{}"}}'),
    ],
)
def test_the_bytes_that_a_client_sends_elsewhere_are_looked_at(name, place, sent):
    with pytest.raises(NetworkRefused) as refused:
        leaving().check_bytes("example.com", sent.format(SECRETS[name]).encode())
    assert f"PLACEHOLDER_{name}" in str(refused.value)
    assert SECRETS[name] not in str(refused.value)


def test_the_bytes_that_a_client_sends_are_looked_at_each_time():
    it, line = leaving(), b"X-Trace: "
    for _ in range(2):
        it.check_bytes("example.com", b"GET / HTTP/1.1\r\n" + line + b"1\r\n\r\n")
        with pytest.raises(NetworkRefused):
            it.check_bytes("example.com", line + SECRETS["BILL_PASSWORD"].encode() + b"\r\n\r\n")


def test_a_host_that_holds_a_secret_is_not_shown():
    host = "session-0123456789-abcdef.example.com"
    with pytest.raises(NetworkRefused) as refused:
        leaving().check_bytes(host, f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    assert "session-0123456789-abcdef" not in str(refused.value)

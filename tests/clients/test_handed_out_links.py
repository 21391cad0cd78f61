"""Links that BILL handed out are followed by any client: recorded, live, and replayed."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from urllib.parse import quote

import pytest
import requests

from pytest_bill.cassettes import store
from pytest_bill.exceptions import NetworkRefused
from pytest_bill.scrubbing.registry import SecretRegistry
from tests.clients.test_secrets_elsewhere import CLIENTS, SECRETS, Sent, causes

SIGNED = {
    "S3 v2": "/b/e.csv?AWSAccessKeyId=AKIAEXAMPLE012345678"
    "&Signature=vjbyPxybdZaNmGa%2ByT272YEAiv4%3D&Expires=1893456000",
    "S3 v4": "/b/e%20x.csv?X-Amz-Algorithm=AWS4-HMAC-SHA256"
    "&X-Amz-Credential=AKIAEXAMPLE012345678%2F20260101%2Fus-east-1%2Fs3%2Faws4_request"
    "&X-Amz-Date=20260101T000000Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host"
    "&X-Amz-Security-Token=IQoJb3JpZ2luX2VjEXAMPLE%2F%2F%2Ftoken0123456789%3D"
    "&X-Amz-Signature=0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0",
    "GCS v2": "/b/o?GoogleAccessId=robot%40project.example.com&Expires=1893456000"
    "&Signature=ZmFrZS1zaWduYXR1cmUtb2YtYS1saW5r%2F0123",
    "GCS v4": "/b/o?X-Goog-Algorithm=GOOG4-RSA-SHA256"
    "&X-Goog-Credential=robot%40project.example.com%2F20260101%2Fauto%2Fstorage%2Fgoog4_request"
    "&X-Goog-Date=20260101T000000Z&X-Goog-Expires=900&X-Goog-SignedHeaders=host"
    "&X-Goog-Signature=00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
    "Azure": "/c/b.pdf?sv=2024-11-04&se=2030-01-01T00%3A00%3A00Z&sr=b&sp=r"
    "&sig=c2lnbmF0dXJlLW9mLWF6dXJlLTAxMjM0NTY3ODk%2B%3D",
    "token": "/files/7?token=0a1b2c3d4e5f60718293a4b5c6d7e8f9",
    "access token": "/files/7?access_token=eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.c2ln-natur_e",
    "path": "/d/0a1b2c3d4e5f60718293a4b5c6d7e8f9/export.zip",
}
TOLD: dict[str, Callable[[str], tuple[bytes, bytes]]] = {
    "JSON": lambda link: (json.dumps({"url": link}).encode(), b""),
    "escaped JSON": lambda link: (
        json.dumps({"url": link}).replace("/", "\\/").replace("&", "\\u0026").encode(),
        b"",
    ),
    "JSON in JSON": lambda link: (json.dumps({"a": json.dumps({"url": link})}).encode(), b""),
    "HTML": lambda link: (f"<a href='{html.escape(link)}'>here</a>".encode(), b""),
    "Location": lambda link: (b"", f"Location: {link}\r\n".encode()),
}
NO_CLIENTS = ("requests with files", "a stream of httpcore")  # as others


def answer(body: bytes, headers: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n%b\r\n%b" % (len(body), headers, body)


@pytest.fixture
def followed(local, elsewhere, use):
    """Ask BILL for a link, and follow it: gives what came there, and the cassette's text."""

    def followed(client: str, signed: str, told: str, sent: Sent, mode: str = "once") -> None:
        link = elsewhere.origin + SIGNED[signed]
        body, headers = TOLD[told](link)
        local.bill.answers = [answer(body, headers)]
        registry = SecretRegistry((f"PLACEHOLDER_{name}", value) for name, value in SECRETS.items())
        if signed == "path":
            registry.add(SIGNED["path"].split("/")[2], "PLACEHOLDER_URL_TOKEN")
        with local.run(registry).using(use(mode)):
            found = requests.get(local.url, allow_redirects=False, timeout=5)
            if mode == "none":
                if told == "Location":
                    link = found.headers["Location"]
                elif told == "HTML":
                    link = html.unescape(found.text).split("'")[1]
                else:
                    link = found.json().get("url") or json.loads(found.json()["a"])["url"]
            sent.target = link.removeprefix(elsewhere.origin)
            CLIENTS[client](link, sent)

    return followed


@pytest.mark.parametrize("client", [name for name in CLIENTS if name not in NO_CLIENTS])
@pytest.mark.parametrize("signed", SIGNED)
@pytest.mark.parametrize("told", TOLD)
@pytest.mark.parametrize("body", [b"", b"the file"], ids=["download", "upload"])
@pytest.mark.sampled(101)
def test_a_link_is_followed_recorded_and_replayed(
    followed, elsewhere, local, use, client, signed, told, body
):
    followed(client, signed, told, Sent(body=body))
    ((_, came),) = elsewhere.requests
    assert came == body
    text = use().path.read_text()
    for each in SIGNED[signed].replace("?", "&").split("&"):
        value = each.partition("=")[2]
        if each.partition("=")[0].lower().endswith(("signature", "token", "credential", "sig")):
            assert value not in text
            assert quote(value, safe="") not in text
    assert len(store.load(use().path).interactions) == 2
    followed(client, signed, told, Sent(body=body), "none")
    assert len(elsewhere.requests) == 1


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.sampled(19)
def test_nothing_else_goes_along(followed, elsewhere, client, name):
    told = SECRETS[name].encode().decode("latin-1")
    for sent in (Sent(headers={"sessionId": told}), Sent(body=SECRETS[name].encode())):
        with pytest.raises(Exception) as raised:  # noqa: PT011 - each client wraps it
            followed(client, "S3 v4", "JSON", sent)
        assert [each for each in causes(raised.value) if isinstance(each, NetworkRefused)]
    assert elsewhere.came == b""


# --- through a BILL session, live, and further on ------------------------------------------------

S3 = SIGNED["S3 v4"]
SIGNATURE = S3.rpartition("=")[2]


def told_of(local, link: str) -> None:
    local.bill.answers = [answer(json.dumps({"url": link}).encode(), b"")]
    requests.get(local.url, timeout=5)


def refused(ask: Callable[[], object]) -> str:
    with pytest.raises(NetworkRefused) as raised:
        ask()
    return str(raised.value)


def test_a_link_is_followed_live(local, elsewhere):
    run = local.run()
    run.live = True
    with run.watching():
        told_of(local, elsewhere.origin + S3)
        assert requests.get(elsewhere.origin + S3, timeout=5).content == b"rows"


def test_a_link_leads_to_the_host_that_it_names_only(local, elsewhere, use):
    with local.run().using(use("once")):
        told_of(local, "https://storage.example.com" + S3)
        told = refused(lambda: requests.get(elsewhere.origin + S3, timeout=5))
        assert "its URL holds the secret of PLACEHOLDER_URL_" in told
        assert SIGNATURE not in told
        for more in ({"data": SIGNATURE}, {"headers": {"X-Trace": SIGNATURE}}):
            refused(lambda more=more: requests.post(elsewhere.origin, timeout=5, **more))
    assert elsewhere.came == b""


def test_what_a_link_holds_goes_nowhere_but_into_an_url_of_that_host(local, elsewhere, use):
    with local.run().using(use("once")):
        told_of(local, elsewhere.origin + S3)
        refused(lambda: requests.post(elsewhere.origin + S3, data=SIGNATURE, timeout=5))
        assert requests.get(f"{elsewhere.origin}/b/other?s={SIGNATURE}", timeout=5).ok
    assert len(elsewhere.requests) == 1


def test_a_session_id_in_a_link_goes_to_no_other_host(local, elsewhere, use):
    registry = SecretRegistry([("PLACEHOLDER_BILL_SESSION_ID", SECRETS["BILL_SESSION_ID"])])
    link = f"{elsewhere.origin}/x?a={quote(SECRETS['BILL_SESSION_ID'], safe='')}"
    with local.run(registry).using(use("once")):
        told_of(local, link)
        refused(lambda: requests.get(link, timeout=5))
    assert elsewhere.came == b""


def test_a_host_that_a_link_names_may_lead_on(local, elsewhere, server, use):
    storage = server()
    storage.answers = [(307, {"Location": elsewhere.origin + S3}, b"")]
    link = storage.origin + "/b" + S3
    with local.run().using(use("once")):
        told_of(local, link)
        assert requests.put(link, data=b"the file", timeout=5).content == b"rows"
    assert len(store.load(use().path).interactions) == 3


def test_addresses_in_a_file_are_no_links(local, elsewhere, server, use):
    storage = server()
    storage.default = (200, {}, f"see {elsewhere.origin}/other".encode())
    with local.run().using(use("once")):
        told_of(local, storage.origin + S3)
        requests.get(storage.origin + S3, timeout=5)
        requests.get(f"{elsewhere.origin}/other", timeout=5)
    assert len(store.load(use().path).interactions) == 2


# --- cookies -------------------------------------------------------------------------------------

COOKIE = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"


def with_cookies(local, *cookies: str) -> None:
    headers = "".join(f"Set-Cookie: {cookie}; Path=/\r\n" for cookie in cookies).encode()
    local.bill.answers = [answer(b"{}", headers)]
    requests.get(local.url, timeout=5)


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize(
    "sent",
    [
        Sent(headers={"Cookie": f"a=1; JSESSIONID={COOKIE}"}),
        Sent(f"/x?a={COOKIE}"),
        Sent(headers={"X-Trace": COOKIE}),
        Sent(body=COOKIE.encode("utf-16")),
        Sent(headers={"Cookie": "a=1; region=us-west-2"}),
        Sent(headers={"cookie": 'region="us-west-2"'}),
    ],
    ids=["cookie", "URL", "header", "body", "short", "quoted"],
)
@pytest.mark.sampled(23)
def test_a_cookie_of_bill_goes_to_no_other_host(local, elsewhere, use, client, sent):
    with local.run().using(use("once")):
        with_cookies(local, f"JSESSIONID={COOKIE}", "region=us-west-2")
        with pytest.raises(Exception) as raised:  # noqa: PT011 - each client wraps it
            CLIENTS[client](elsewhere.origin + sent.target, sent)
    told = [str(each) for each in causes(raised.value) if isinstance(each, NetworkRefused)]
    assert "PLACEHOLDER_COOKIE" in told[0]
    assert elsewhere.came == b""


def test_what_others_have_in_common_with_a_cookie_of_bill_is_theirs(local, elsewhere, use):
    with local.run().using(use("once")):
        with_cookies(local, "region=us-west-2", "mode=somewhat")
        requests.post(elsewhere.origin, data=b"us-west-2", timeout=5)
        requests.get(elsewhere.origin, cookies={"area": "us-west-2"}, timeout=5)
    assert len(elsewhere.requests) == 2


def test_a_cookie_that_a_client_brought_is_its_own(local, elsewhere, use):
    own = {"own": COOKIE}
    with local.run().using(use("once")):
        requests.get(local.url, cookies=own, timeout=5)
        requests.get(elsewhere.origin, cookies=own, timeout=5)
    assert len(elsewhere.requests) == 1


def test_a_cookie_that_the_host_of_a_link_set_goes_back_there(local, server, elsewhere, use):
    storage = server()
    storage.default = (200, {"Set-Cookie": f"AWSALB={COOKIE}; Path=/"}, b"rows")
    with local.run().using(use("once")), requests.Session() as client:
        told_of(local, storage.origin + S3)
        for _ in range(2):
            assert client.get(storage.origin + S3, timeout=5).ok
    assert storage.received[1][2]["cookie"] == f"AWSALB={COOKIE}"

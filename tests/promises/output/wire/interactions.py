"""A secret in each part of what goes to BILL, to another host, and comes from BILL."""

import json
from contextlib import suppress
from urllib.parse import quote

import pytest
from clients import CLIENTS
from kinds import KINDS, LINES

from pytest_bill import BillSession


def ask(client, kind, origin, value):
    more, headers, body = KINDS[kind](value)
    method = "GET" if kind in LINES else "POST"
    return CLIENTS[client](method, f"{origin}/v3/take{more}", headers, body)


def refused():
    """Each client has an error of its own around it."""
    return pytest.raises(Exception, match=r"\S")


def test_to_bill(bill_dev_session, kind, client, shape, value):
    assert ask(client, kind, bill_dev_session.base_url, value)[0] == 200


def test_to_bill_by_the_session(bill_dev_session: BillSession, kind, shape, value):
    more, headers, body = KINDS[kind](value)
    method = "GET" if kind in LINES else "POST"
    assert bill_dev_session.request(method, f"/v3/take{more}", headers=headers, data=body).ok


def test_elsewhere(bill_dev_session, elsewhere, kind, client, shape, value):
    with refused():
        ask(client, kind, elsewhere + "/connect", value)


def test_elsewhere_by_the_session(bill_dev_session, elsewhere, kind, shape, value):
    more, headers, body = KINDS[kind](value)
    method = "GET" if kind in LINES else "POST"
    url = f"{elsewhere}/connect/v3/take{more}"
    with refused():
        bill_dev_session.request(method, url, headers=headers, data=body)


def test_own_credentials_elsewhere(bill_dev_session, elsewhere, kind, client):
    own = bill_dev_session.credential_headers()
    value = {"sessionId": own["sessionId"], "devKey": own["devKey"]}[client.partition("/")[2]]
    with refused():
        ask(client.partition("/")[0], kind, elsewhere + "/connect", str.__str__(value))


def test_innocent_elsewhere(bill_dev_session, elsewhere, kind, client):
    assert ask(client, kind, elsewhere + "/connect", "An innocent note, with äöü")[0] == 200


def test_from_bill(bill_dev_session, kind, client):
    url = f"{bill_dev_session.base_url}/v3/hand-out/{quote(kind)}"
    assert CLIENTS[client]("GET", url, {}, b"")[0] in (200, 201)


def test_from_bill_by_the_session(bill_dev_session, kind):
    assert bill_dev_session.get(f"/v3/hand-out/{quote(kind)}").ok


def test_redirected(bill_dev_session, kind, client):
    own = {
        name: str.__str__(value) for name, value in bill_dev_session.credential_headers().items()
    }
    url = f"{bill_dev_session.base_url}/v3/redirect/{kind}"
    with suppress(Exception):
        CLIENTS[client]("GET" if kind < "307" else "POST", url, own, b"")


def test_followed(bill_dev_session, kind, client):
    url = f"{bill_dev_session.base_url}/v3/link/{quote(kind)}"
    status, body = CLIENTS[client]("GET", url, {}, b"")
    assert status == 200
    assert CLIENTS[client]("GET", json.loads(body)["href"], {}, b"") == (200, b'{"results": []}')


def test_followed_with_a_credential(bill_dev_session, kind, client):
    url = f"{bill_dev_session.base_url}/v3/link/{quote(kind)}"
    href = json.loads(CLIENTS[client]("GET", url, {}, b"")[1])["href"]
    own = {
        name: str.__str__(value) for name, value in bill_dev_session.credential_headers().items()
    }
    with refused():
        CLIENTS[client]("GET", href, own, b"")

"""Where download links point to, and who may follow them."""

from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests


@pytest.fixture
def link(developer):
    vendor = developer.get("/v3/vendors").json()["results"][0]["id"]
    listed = developer.get(f"/v3/attachments/vendors/{vendor}").json()["results"]
    return listed[0]["downloadLink"]


@pytest.fixture
def signed(developer):
    export_id = developer.get("/v3/exports").json()["results"][0]["exportId"]
    return developer.get(f"/v3/exports/{export_id}/download-link").json()["downloadLink"]


@pytest.mark.parametrize("headers", [{}, {"sessionId": ""}, {"sessionId": "wrong"}])
def test_a_link_needs_a_session(link, codes, headers):
    answer = requests.get(link, headers=headers, timeout=5)
    assert (answer.status_code, codes(answer)) == (401, ["BDC_1109"])


def test_a_link_needs_a_session_of_its_organization(link, console, partner, codes):
    other = requests.get(link, headers=console.headers, timeout=5)
    assert (other.status_code, codes(other)) == (404, ["BDC_1120"])
    assert requests.get(link, headers=partner.headers, timeout=5).status_code == 401


def test_a_link_works_with_a_dev_key_as_well(link, developer):
    assert requests.get(link, headers=developer.headers, timeout=5).status_code == 200


@pytest.mark.parametrize("query", ["", "?id=", "?id=attnone"])
def test_a_link_to_nothing(sandbox, developer, codes, query):
    url = f"{sandbox.origin}/AttachDownload{query}"
    answer = requests.get(url, headers=developer.headers, timeout=5)
    assert (answer.status_code, codes(answer)) == (404, ["BDC_1120"])


def test_a_signed_link_needs_no_header_until_it_expires(sandbox, signed, codes):
    assert requests.get(signed, timeout=5).status_code == 200
    sandbox.advance(timedelta(minutes=14))
    assert requests.get(signed, timeout=5).status_code == 200
    sandbox.advance(timedelta(minutes=1))
    expired = requests.get(signed, timeout=5)
    assert (expired.status_code, codes(expired)) == (403, ["BDC_1109"])


@pytest.mark.parametrize(
    "change",
    [
        {"expires": "99999999999"},
        {"expires": "soon"},
        {"id": "exp-other"},
        {"organizationId": "008other"},
        {"signature": ""},
        {"signature": "é"},
        {"organizationId": "", "id": "", "expires": "", "signature": ""},
    ],
)
def test_a_signed_link_cannot_be_changed(signed, codes, change):
    address = urlsplit(signed)
    query = {**{name: each[0] for name, each in parse_qs(address.query).items()}, **change}
    answer = requests.get(address._replace(query=urlencode(query)).geturl(), timeout=5)
    assert (answer.status_code, codes(answer)) == (403, ["BDC_1109"])


def test_a_signed_link_without_a_query(signed):
    assert requests.get(signed.partition("?")[0], timeout=5).status_code == 403

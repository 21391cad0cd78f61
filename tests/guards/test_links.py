"""Addresses that stood in answers: requests to them belong to the recording."""

from __future__ import annotations

import html
import json

import pytest

from pytest_bill.guards.links import Links

LINK = "https://files.example.com/exports/1.zip?signature=a&expires=2"


def links(*bodies: str | bytes) -> Links:
    known = Links()
    for body in bodies:
        known.look_in(body.encode() if isinstance(body, str) else body)
    return known


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"downloadUrl": LINK}),
        json.dumps({"downloadUrl": LINK}).replace("/", "\\/"),
        json.dumps({"downloadUrl": LINK}).replace("&", "\\u0026"),
        json.dumps({"downloadUrl": LINK}).replace("=", "\\u003d").replace("/", "\\u002f"),
        json.dumps({"data": json.dumps({"downloadUrl": LINK})}),
        json.dumps({"data": json.dumps({"downloadUrl": LINK}).replace("&", "\\u0026")}),
        json.dumps({"text": f'<a href="{html.escape(LINK)}">the export</a>'}),
        f'<a href="{html.escape(LINK)}">the export</a>',
        f"<a href='{LINK.replace('&', '&#38;')}'>the export</a>",
        f"<url>{html.escape(LINK)}</url>",
        LINK.replace("/", "&#x2F;"),
        f"See ({LINK}).",
        f"`{LINK}`, [the export]({LINK})",
        f'<a href="{LINK}">the export</a>',
        f"Fetch it at {LINK} today",
        LINK,
        f"{LINK}\n",
        f'"{LINK}#page=2"',
    ],
)
def test_an_address_in_an_answer_is_known_however_it_is_written(body):
    known = links(body)
    assert LINK in known
    assert LINK + "#page=3" in known  # which is never sent
    assert known.lead_to(LINK)


@pytest.mark.parametrize(
    "asked",
    [
        LINK.replace("files.", "FILES."),
        LINK.replace("example.com", "example.com:443"),
        LINK.replace("exports", "%65xports"),
        LINK.replace("=a", "=%61"),
    ],
)
def test_it_is_the_same_address_however_a_client_writes_it(asked):
    assert asked in links(LINK)
    assert LINK in links(asked)


def test_what_stands_in_a_link_is_known_by_the_origin_that_it_leads_to():
    known = links("https://files.example.com/a%2Fb/c?signature=a%2Bb%3D")
    for secret in ("a+b=", "a%2Bb%3D", "a/b"):
        assert known.hold(secret, "https://files.example.com/elsewhere")
        assert not known.hold(secret, "https://other.example.com/a/b?signature=a%2Bb%3D")
        assert not known.hold(secret, "http://files.example.com/")
    assert not known.hold("c+b=", "https://files.example.com/")


@pytest.mark.parametrize(
    "other",
    [
        "https://files.example.com/exports/2.zip",
        LINK + "0",
        LINK.partition("?")[0],
        LINK.replace("https", "http"),
        LINK.replace("files", "other"),
    ],
)
def test_another_address_is_not_known(other):
    assert other not in links(LINK)


@pytest.mark.parametrize(
    ("url", "leads"),
    [
        ("https://files.example.com/", True),
        ("https://FILES.example.com/another", True),
        ("https://files.example.com", True),
        ("https://files.example.com:8443/", False),
        ("http://files.example.com/", False),
        ("https://example.com/", False),
    ],
)
def test_it_is_known_where_addresses_lead(url, leads):
    assert links(LINK).lead_to(url) is leads
    assert not links().lead_to(url)


def test_it_is_known_to_which_hosts_addresses_lead():
    known = links(LINK, "http://[broken")
    assert known.lead_to_host("files.example.com")
    assert not known.lead_to_host("example.com")
    assert not known.lead_to_host("")


def test_it_is_told_when_an_address_leads_somewhere_new():
    known = Links()
    assert not known.look_in(b'{"results": []}')
    assert known.look_in(LINK.encode())
    assert not known.look_in(LINK.encode())
    assert not known.look_in((LINK + "0").encode())
    assert known.look_in(b"https://another.example.com/1")
    assert known.look_in(b"http://127.0.0.1:8080/1 and http://127.0.0.1:8081/1")


@pytest.mark.parametrize(
    "body", [b"", b"http", b"https://", b"\xff\xfehttp://\xff", b"ftp://a.b/c"]
)
def test_what_is_no_address_is_no_error(body):
    assert "https://" not in links(body)


def test_addresses_with_other_letters_are_known():
    assert "https://example.com/ü" in links("https://example.com/ü")


def test_the_latest_addresses_are_known_of_very_many():
    known = links(*(f"https://example.com/{number}" for number in range(10_001)))
    assert "https://example.com/0" not in known
    assert "https://example.com/1" in known
    assert "https://example.com/10000" in known


# --- as the recorder uses them ---------------------------------------------------------------


def test_a_file_that_bill_leads_to_is_recorded_and_replayed(pytester, monkeypatch, server):
    files = server()
    files.default = (200, {}, b"the file")
    monkeypatch.setenv("FILES", files.origin)
    pytester.makepyfile(
        test_bill="""
        import os
        import urllib.request

        import pytest

        def fetched(url):
            with urllib.request.urlopen(url) as answer:
                return answer.read()

        def test_link(bill_dev_session):
            address = {"line1": "1 Way", "city": "Houston", "stateOrProvince": "TX",
                       "zipOrPostalCode": "77002", "country": "US"}
            link = os.environ["FILES"] + "/export.zip?a=1&b=2"
            vendor = {"name": f"See {link}", "accountType": "BUSINESS", "address": address}
            answer = bill_dev_session.call("POST", "/v3/vendors", json=vendor)
            assert fetched(answer["name"].removeprefix("See ")) == b"the file"
            assert fetched(os.environ["FILES"] + "/other") == b"the file"
        """
    )
    local = ("-p", "no:cacheprovider", "--bill-environment=local")
    pytester.runpytest_inprocess(*local, "--bill-record-mode=once").assert_outcomes(passed=1)
    text = (pytester.path / "cassettes/test_bill/test_link.yaml").read_text()
    assert "/export.zip?a=1&b=2\n" in text
    assert "/other" not in text
    files.received.clear()
    pytester.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)
    assert [path for _, path, _, _ in files.received] == ["/other"]

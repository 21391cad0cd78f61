"""Which URLs are BILL's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_bill.cassettes.bills_urls import BillsUrls, shown_path
from pytest_bill.environments import SANDBOX, at_origin
from pytest_bill.interaction import Interaction

URL = "https://gateway.stage.bill.com/connect/v3/vendors"
LINK = "https://files.example.com/export.zip?token=0a1b2c3d4e5f6071"


def answer(url: str = URL, body: str = "", **headers: str) -> Interaction:
    told = {name: [value] for name, value in headers.items()}
    asked = Interaction("GET", url, {}, b"")
    return replace(asked, status=200, answer_headers=told, answer_body=body.encode())


@pytest.mark.parametrize(
    "url", [URL, "https://gateway.prod.bill.com/connect/v3/vendors", "https://api.bill.com/api/v2/"]
)
def test_bills_own_hosts_are(url):
    urls = BillsUrls(SANDBOX)
    assert url in urls
    assert urls.have_origin_of(url)


def test_another_host_is_not():
    urls = BillsUrls(SANDBOX)
    assert "https://example.com/connect/v3/vendors" not in urls
    assert not urls.have_origin_of("https://example.com/")


def test_of_the_configured_address_only_bills_paths_are():
    urls = BillsUrls(at_origin("http://127.0.0.1:8080", "local"))
    assert "http://127.0.0.1:8080/connect/v3/vendors" in urls
    assert "http://127.0.0.1:8080/elsewhere" not in urls
    assert urls.have_origin_of("http://127.0.0.1:8080/elsewhere")
    assert not urls.have_origin_of("http://127.0.0.1:8081/connect/v3/vendors")


def test_a_link_that_bill_handed_out_is():
    urls = BillsUrls(SANDBOX)
    assert LINK not in urls
    urls.add_links_in(answer(body=f'{{"url": "{LINK}"}}'))
    assert LINK in urls
    assert "https://files.example.com/other" not in urls
    assert urls.have_origin_of(LINK)


def test_of_what_a_link_leads_to_only_the_redirect_is():
    urls = BillsUrls(SANDBOX)
    there = "https://cdn.example.com/export.zip"
    urls.add_links_in(answer(LINK, f'{{"url": "{there}"}}'))
    assert there not in urls
    urls.add_links_in(answer(LINK, Location=there))
    assert there in urls


def test_of_very_many_origins_the_latest_are_known():
    urls = BillsUrls(SANDBOX)
    assert not any(f"https://{number}.example.com/" in urls for number in range(2500))
    assert URL in urls


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://gateway.stage.bill.com/connect/v3/bills?max=2", "/v3/bills?max=2"),
        ("https://gateway.prod.bill.com/connect/v3/spend/budgets", "/v3/spend/budgets"),
        ("https://api-stage.bill.com/api/v2/Login.json", "/v2/Login.json"),
        ("https://gateway.stage.bill.com/connect-events/v3/x", "/connect-events/v3/x"),
        ("https://gateway.stage.bill.com", "/"),
        ("https://api.example.com/connect/v3/bills", "https://api.example.com/connect/v3/bills"),
        ("https://[broken/v3/bills", "https://[broken/v3/bills"),
        ("", ""),
    ],
)
def test_a_url_is_shown_as_bills_documentation_writes_paths(url, shown):
    assert shown_path(url) == shown

"""Taking URLs apart."""

from urllib.parse import urlparse, urlsplit

import pytest

from pytest_bill.urls import split


@pytest.mark.parametrize(
    "url", ["https://user@host:1/a;b?c=d#e", "/only/a/path", "", "HTTPS://[::1]/", "a\tb"]
)
def test_it_splits_as_urlsplit_does(url):
    assert split(url) == urlsplit(url)


def test_a_broken_address_is_an_error():
    with pytest.raises(ValueError, match="IPv6"):
        split("https://[::1/")


def test_what_requests_took_apart_is_remembered():
    url = "https://gateway.stage.bill.com/connect/v3/taken-apart-by-requests"
    urlparse(url)
    before = urlsplit.cache_info().hits
    split(url)
    assert urlsplit.cache_info().hits == before + 1

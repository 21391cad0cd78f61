"""What clients show."""

import builtins
import io
import urllib.parse
from http import client

import httpx
import requests


def test_refused_by_httpx(secret):
    httpx.get("http://127.0.0.1:9/a", params={"q": secret})


def test_header_refused_by_requests(secret):
    requests.get("http://127.0.0.1:9/a", headers={"X-A": f"{secret}\n"})


def test_address_refused_by_requests(secret):
    requests.get(f"nothing://{secret}")


def test_address_refused_by_http_client(secret):
    client.HTTPConnection("127.0.0.1:9").request("GET", f"/ {secret}\x7f")


def test_error_of_httpx(secret):
    request = httpx.Request("GET", f"https://a.example/{urllib.parse.quote(secret)}")
    httpx.Response(500, request=request).raise_for_status()


def test_answer_of_httpx(secret):
    assert httpx.Response(200, json={"token": secret}).json() == {}


def test_shown_with_icons(secret):
    table = io.StringIO()
    # Not right before an @: the domain of an address alone is nobody's secret.
    builtins.print("│", secret[:16], "│\n│", secret[16:], "│", file=table)
    assert table.getvalue() == ""

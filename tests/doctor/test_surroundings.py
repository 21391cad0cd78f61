"""What the environment changes: proxies by the names of their variables, and CI."""

from __future__ import annotations

import pytest

from pytest_bill.doctor.surroundings import surroundings


def test_nothing():
    seen = surroundings({})
    assert seen == {"ci": False, "proxies": [], "certificates": [], "findings": []}


@pytest.mark.parametrize(("value", "ci"), [("true", True), ("1", True), ("false", False)])
def test_ci(value, ci):
    assert surroundings({"CI": value})["ci"] is ci


def test_a_proxy_for_this_machine():
    environ = {"HTTP_PROXY": "http://ada:s3cret@proxy.example.com:3128"}
    seen = surroundings(environ)
    assert seen["proxies"] == ["HTTP_PROXY"]
    (finding,) = seen["findings"]
    assert "NO_PROXY does not name 127.0.0.1" in finding["what"]
    assert "s3cret" not in str(seen)
    for excepted in ("127.0.0.1,example.com", "localhost", "*"):
        assert not surroundings(environ | {"no_proxy": excepted})["findings"]


def test_a_proxy_for_others_alone():
    seen = surroundings({"https_proxy": "http://proxy.example.com", "http_proxy": ""})
    assert seen["proxies"] == ["https_proxy"]
    assert not seen["findings"]


def test_certificates():
    seen = surroundings({"REQUESTS_CA_BUNDLE": "/etc/ours.pem", "CURL_CA_BUNDLE": ""})
    assert seen["certificates"] == ["REQUESTS_CA_BUNDLE"]

"""The forms of the v2 API, and the credential in them."""

import pytest

from pytest_bill.environments import PRODUCTION, SANDBOX, at_origin
from pytest_bill.v2_forms import form_in, takes_credential

API = "https://api-stage.bill.com/api"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
FILES = {"content-type": 'Multipart/Form-Data; charset=utf-8; Boundary="=_b"'}
CREDENTIAL = {"devKey": "a key", "sessionId": "s&s"}
ONE = b'--=_b\r\nContent-Disposition: form-data; name="data"\r\n\r\n{}\r\n--=_b--\r\n'


@pytest.mark.parametrize(
    ("method", "url", "environment"),
    [
        ("POST", f"{API}/v2/List/Vendor.json", SANDBOX),
        ("POST", f"{API}/v2/ListOrgs.json?x=/login", SANDBOX),
        ("POST", f"{API}/v2/Crud/Create/Login/x.json", SANDBOX),
        ("POST", "https://API-stage.bill.com:443/api/v2/Logout.json", SANDBOX),
        ("POST", "http://127.0.0.1:8080/api/v2/x", at_origin("http://127.0.0.1:8080", "local")),
        ("POST", "https://x.example/bill/api/v2/x", at_origin("https://x.example/bill", "custom")),
    ],
)
def test_requests_that_take_the_credential_in_a_form(method, url, environment):
    assert takes_credential(method, url, environment)


@pytest.mark.parametrize(
    ("method", "url", "environment"),
    [
        ("GET", f"{API}/v2/List/Vendor.json", SANDBOX),
        ("POST", f"{API}/v2/List/Vendor.json", PRODUCTION),
        ("POST", f"{API}/v2/Login.json", SANDBOX),
        ("POST", f"{API}/v2/login.json?x", SANDBOX),
        ("POST", f"{API}/v2", SANDBOX),
        ("POST", f"{API}/v2x/v2/x.json", SANDBOX),
        ("POST", f"{API}/v3/v2/x.json", SANDBOX),
        ("POST", f"{API}?/v2/", SANDBOX),
        ("POST", f"{API}/v2/../x.json", SANDBOX),
        ("POST", "http://api-stage.bill.com/api/v2/x.json", SANDBOX),
        ("POST", "https://api-stage.bill.com.evil.example/api/v2/x.json", SANDBOX),
        ("POST", "https://gateway.stage.bill.com/connect/v2/x.json", SANDBOX),
        ("POST", "https://gateway.stage.bill.com/connect-events/v2/x.json", SANDBOX),
        ("POST", "https://x.example/bill/api/v2/x", at_origin("https://x.example", "custom")),
    ],
)
def test_requests_that_do_not(method, url, environment):
    assert not takes_credential(method, url, environment)


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, b"data=1"),
        ({"Content-Type": "application/json"}, b""),
        ({"Content-Type": "text/x-www-form-urlencoded"}, b"data=1"),
        ({"Content-Type": "multipart/mixed; boundary=b"}, ONE),
        ({"Content-Type": "multipart/form-data"}, ONE),
        ({"Content-Type": "multipart/form-data; boundary=another"}, ONE),
        (FILES, ONE.replace(b"--=_b--", b"")),
        (FILES, b""),
        (FORM | {"content-encoding": "gzip"}, b"data=1"),
    ],
)
def test_what_is_no_form(headers, body):
    assert form_in(headers, body) is None


@pytest.mark.parametrize(
    ("headers", "body", "filled"),
    [
        ({}, b"", b"devKey=a+key&sessionId=s%26s"),
        (FORM, b"", b"devKey=a+key&sessionId=s%26s"),
        (FORM, b"data=%7B%7D&x", b"devKey=a+key&sessionId=s%26s&data=%7B%7D&x"),
        (FORM, b"&&a=\xff", b"devKey=a+key&sessionId=s%26s&&&a=\xff"),
        (
            FILES,
            ONE,
            b'--=_b\r\nContent-Disposition: form-data; name="devKey"\r\n\r\na key\r\n'
            b'--=_b\r\nContent-Disposition: form-data; name="sessionId"\r\n\r\ns&s\r\n' + ONE,
        ),
        (
            FILES,
            b"--=_b--",
            b'--=_b\r\nContent-Disposition: form-data; name="devKey"\r\n\r\na key\r\n'
            b'--=_b\r\nContent-Disposition: form-data; name="sessionId"\r\n\r\ns&s\r\n--=_b--',
        ),
    ],
)
def test_the_credential_goes_in_and_out_and_leaves_the_rest(headers, body, filled):
    form = form_in(headers, body)
    assert not form.has_credential
    assert form.without_credential() == body
    assert form.with_credential(CREDENTIAL) == filled
    again = form_in({"Content-Type": form.content_type}, filled)
    assert again.has_credential
    assert again.without_credential() == body


@pytest.mark.parametrize(
    ("headers", "body", "rest"),
    [
        (FORM, b"data=1&sessionId=", b"data=1"),
        (FORM, b"data=1&devKey", b"data=1"),
        (FORM, b"SESSIONID=x&data=1", b"data=1"),
        (FORM, b"data=1&%73essionId=x", b"data=1"),
        (FORM, b"sessionId=1&sessionId=2", b""),
        (FILES, ONE.replace(b'name="data"', b"name=devKey"), b"--=_b--\r\n"),
        (FILES, ONE.replace(b'name="data"', b'filename="f"; name="SessionID"'), b"--=_b--\r\n"),
    ],
)
def test_a_credential_that_is_there(headers, body, rest):
    form = form_in(headers, body)
    assert form.has_credential
    assert form.without_credential() == rest


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (FORM, b"data=devKey%3D1&xsessionId=1&sessionIdx=1"),
        (FILES, ONE.replace(b"{}", b'; name="devKey"')),
        (FILES, ONE.replace(b'name="data"', b'name="data"; filename="devKey"')),
        (FILES, ONE.replace(b'Content-Disposition: form-data; name="data"', b"X: 1")),
    ],
)
def test_names_elsewhere_are_no_credential(headers, body):
    form = form_in(headers, body)
    assert not form.has_credential
    assert form.without_credential() == body


def test_a_repr_shows_no_field():
    assert repr(form_in(FORM, b"sessionId=secret")) == "<Form of 1 fields>"

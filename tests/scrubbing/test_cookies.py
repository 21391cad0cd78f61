"""Cookies as their headers write them: each is a secret, in whatever way it is written."""

import pytest

from pytest_bill.scrubbing.cookies import in_header

HEADERS = {
    "sid=<abcdefgh>; Path=/; HttpOnly": "one with attributes",
    "sid=<abcdefgh>; theme=<dark>": "two that are sent",
    "<abcdef0123>; Path=/": "one without a name",
    "=<abcdef0123>; Secure": "one with an empty name",
    'sid="<ab;c,d>"; Path="/"; Version="1"; Max-Age="60"': "quoted, by Set-Cookie2",
    '$Version="1"; sid="<abc>"; $Path="/"': "quoted, by Cookie2",
    "a=<1>; Expires=Wed, 09 Jun 2021 10:18:14 GMT; Path=/, b=<2>; Secure, c=<3>": "three in one",
    'a=<1>; expires="Wednesday, 09-Jun-21 10:18:14 GMT", b=<2>': "a comma that joins nothing",
    "a=<x=y==>; Foo=<bar>; Flag": "signs of equality, and an attribute that nobody knows",
    'a=<"unclosed; Path=/>': "a quote that is not closed",
    "a=; Path=/": "an empty one",
    "": "none",
}


@pytest.mark.parametrize("header", HEADERS, ids=HEADERS.values())
def test_cookies_are_replaced_and_all_else_stays(header):
    written = header.replace("<", "").replace(">", "")
    assert in_header(written, "<{}>".format, str) == header


@pytest.mark.parametrize("piece", ['"', 'a="', "a=1,", ";", "Expires=Wed,", '\\"', "=,"])
def test_a_long_header_takes_one_pass(piece):
    in_header(piece * 100_000, "<{}>".format, str)

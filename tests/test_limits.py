"""Answers that say "come again", and how long to wait."""

import json
from datetime import UTC, datetime

import pytest

from pytest_bill.interaction import Interaction
from pytest_bill.limits import limit_codes, next_hour, says_come_again, seconds_to_wait

NOW = datetime(2026, 12, 1, 23, 20, 5, tzinfo=UTC)
URL = "https://gateway.stage.bill.com/connect/v3/vendors"


def answered(status, body=b"", **headers):
    named = {name.replace("_", "-"): [value] for name, value in headers.items()}
    return Interaction("GET", URL, {}, b"", status, "", named, body)


def v2(code):
    return json.dumps({"response_status": 1, "response_data": {"error_code": code}}).encode()


@pytest.mark.parametrize(
    ("answer", "again"),
    [
        (answered(429), True),
        (answered(503, b"<html>"), True),
        (answered(400, json.dumps([{"code": "BDC_1322"}]).encode()), True),
        (answered(200, v2("BDC_1322")), True),
        (answered(200, v2("BDC_1144")), True),
        (answered(200, v2("BDC_1109")), False),
        (answered(200, b'{"note": "BDC_1322"}'), False),
        (answered(500), False),
        (answered(502), False),
        (answered(401), False),
    ],
)
def test_what_says_come_again(answer, again):
    assert says_come_again(answer) is again


def test_the_limits_that_are_named():
    assert limit_codes(answered(200, v2("BDC_1144"))) == {"BDC_1144"}
    assert limit_codes(answered(429)) == set()


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("7", 7),
        (" 120 ", 120),
        ("0", 0),
        ("Tue, 01 Dec 2026 23:20:35 GMT", 30),
        ("Tue, 01 Dec 2026 23:20:35 -0000", 30),
        ("Tue, 01 Dec 2026 23:00:00 GMT", 0),
        ("-7", None),
        ("1e3", None),
        ("soon", None),
        ("", None),
        ("9" * 400, None),
    ],
)
def test_how_long_to_wait(text, seconds):
    assert seconds_to_wait(answered(429, Retry_After=text), NOW) == seconds


def test_no_header_says_nothing():
    assert seconds_to_wait(answered(429), NOW) is None


def test_the_next_hour_may_be_tomorrow():
    assert next_hour(NOW) == datetime(2026, 12, 2, tzinfo=UTC)

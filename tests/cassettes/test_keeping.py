"""What nobody should keep, by its answer; and what becomes of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_bill.cassettes.keeping import reason_against, take_out
from pytest_bill.environments import SANDBOX, at_origin
from pytest_bill.interaction import Interaction

URL = "https://gateway.stage.bill.com/connect/v3/vendors"
V2 = "https://api.sandbox.bill.com/api/v2/List/Vendor.json"
JSON = {"Content-Type": ["application/json;charset=UTF-8"]}
HTML = {"Content-Type": ["text/html"]}
V2_ERROR = b'{"response_status": 1, "response_data": {"error_code": "BDC_%d"}}'
GOOD = Interaction("GET", URL, {}, b"", 200, "OK", JSON, b"{}")


def answer(status=200, headers=JSON, body=b"{}", url=URL, **others) -> Interaction:
    return Interaction("GET", url, {}, b"", status, "", headers, body, **others)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (answer(429), (429,)),
        (answer(500), (500,)),
        (answer(503, HTML, b"<html>"), (503, "html")),
        (answer(408), (408,)),
        (answer(403, {"Retry-After": ["9"]}), (403,)),
        (answer(429, JSON, b'[{"code": "BDC_1322"}]'), ("BDC_1322", 429)),
        (answer(400, JSON, b'[{"code": "BDC_1144"}]'), ("BDC_1144",)),
        (answer(200, JSON, V2_ERROR % 1144, V2), ("BDC_1144",)),
        (answer(200, JSON, V2_ERROR % 1001, V2), ("BDC_1001",)),
        (answer(200, HTML, b"<html>"), ("html",)),
        (answer(403, HTML, b"<html>"), ("html",)),
        (answer(200, JSON, b'{"results": [{'), ("garbled",)),
        (answer(302, {"Location": ["http://portal.example/"]}), ("redirect", 302)),
        (answer(0, {}, b"", fault="timeout"), ("timeout",)),
        (answer(200, JSON, b"", fault="cut"), ("cut",)),
    ],
)
def test_what_nobody_should_keep_has_a_name(given, words):
    assert reason_against(given, SANDBOX).names == words


@pytest.mark.parametrize(
    "given",
    [
        GOOD,
        answer(404, JSON, b'[{"code": "BDC_1120"}]'),
        answer(401, JSON, b'[{"code": "BDC_1109"}]'),
        answer(200, JSON, V2_ERROR % 1109, V2),
        answer(204, {}, b""),
        answer(200, JSON, b""),
        answer(200, {"Content-Type": ["text/plain"]}, b"{"),
        answer(200, {"Content-Type": ["application/x-ndjson"]}, b"{}\n{}\n"),
        answer(200, JSON, '{"name": "Zürich"}'.encode("latin-1")),
        answer(302, {"Location": ["/connect/v3/bills"]}),
        answer(302, {"Location": ["https://api.sandbox.bill.com/is/PDFServlet"]}),
        answer(307, {"Location": ["https://s3.example/"]}, url="https://app02.us.bill.com/f"),
        answer(200, HTML, b"<p>", url="https://api.sandbox.bill.com/is/PDFServlet"),
        answer(202, {"Retry-After": ["9"]}),
    ],
)
def test_all_else_is_an_answer(given):
    assert reason_against(given, SANDBOX) is None


def test_at_another_address_bills_api_is_known():
    environment = at_origin("http://127.0.0.1:8765", "custom")
    html = answer(200, HTML, b"<html>", "http://127.0.0.1:8765/connect/v3/vendors")
    assert reason_against(html, environment).names == ("html",)


class Opened:
    """A cassette into which this was recorded."""

    def __init__(self, *recorded: Interaction, keep=()) -> None:
        self.cassette = self
        self.use = self
        self.recorded = list(recorded)
        self.keep = frozenset(keep)


def taken_out(opened, is_told=False):
    unkept = take_out(opened, SANDBOX, lambda: is_told)
    return [each.status for each, _ in unkept.refused], [each.status for each, _ in unkept.retried]


def test_what_is_named_is_kept():
    opened = Opened(answer(503), answer(0, {}, fault="timeout"), keep=[503, "timeout"])
    assert taken_out(opened) == ([], [])
    assert len(opened.recorded) == 2


def test_what_is_not_named_is_refused():
    opened = Opened(GOOD, answer(503), answer(0, {}, fault="timeout"), keep=[429, "cut"])
    assert taken_out(opened) == ([503, 0], [])


def test_what_a_retry_made_good_is_left_out():
    opened = Opened(answer(429), answer(0, {}, fault="closed"), GOOD, GOOD)
    assert taken_out(opened) == ([], [429, 0])
    assert opened.recorded == [GOOD, GOOD]


@pytest.mark.parametrize("between", [answer(url=URL + "?max=1"), replace(GOOD, body=b"1")])
def test_another_request_makes_nothing_good(between):
    assert taken_out(Opened(answer(429), between, GOOD)) == ([429], [])
    assert taken_out(Opened(answer(429), answer(429))) == ([429, 429], [])


def test_what_the_local_sandbox_was_told_is_kept():
    on_demand = JSON | {"X-Pytest-Bill-Fault": ["as asked for"]}
    fault = answer(0, {}, b"", fault="closed", answered_by="local")
    told = answer(503, on_demand, answered_by="local")
    assert taken_out(Opened(told, fault), is_told=True) == ([], [])
    assert taken_out(Opened(fault)) == ([0], [])
    assert taken_out(Opened(answer(503, answered_by="local")), is_told=True) == ([503], [])
    assert taken_out(Opened(replace(told, answered_by="sandbox"))) == ([503], [])

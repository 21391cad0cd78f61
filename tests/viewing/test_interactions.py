"""An interaction as a row, as lines and as data."""

from __future__ import annotations

from dataclasses import replace

from pytest_bill.cassettes.faults import Fault
from pytest_bill.viewing.interactions import as_data, lines_of, row_of
from pytest_bill.viewing.replaced import Replaced, StoodIn
from tests.helpers.recorded import recorded

ASKED = replace(
    recorded("GET", "/v3/bills?max=1", {"a": 1}), recorded_at="2026-11-02T10:00:00Z", reason="OK"
)
FAULT = replace(ASKED, status=0, reason="", fault=Fault.TIMEOUT, answer_headers={}, answer_body=b"")


def texts(interaction, *more) -> list[str]:
    return [each.text for each in lines_of(interaction, *more)]


def test_a_row():
    row = row_of(3, ASKED, ASKED.url, "local")
    assert row == (3, "GET", "/v3/bills?max=1", "200", 8, "local", "2026-11-02T10:00:00Z")
    assert row_of(1, FAULT, FAULT.url, "")[3:6] == ("timeout", 0, "-")


def test_another_host_is_shown_whole():
    other = replace(ASKED, url="https://api.example.com/v3/bills")
    assert row_of(1, other, other.url, "").path == "https://api.example.com/v3/bills"


def test_lines():
    assert texts(ASKED) == [
        "GET /v3/bills?max=1 → 200 OK",
        "  https://gateway.stage.bill.com/connect/v3/bills?max=1",
        "  recorded 2026-11-02T10:00:00Z",
        "  request headers:",
        "    devKey: PLACEHOLDER_BILL_DEV_KEY",
        "    sessionId: PLACEHOLDER_BILL_DEVELOPER_KEY_SESSION_ID",
        "  answer headers:",
        "    content-type: application/json",
        "  answer body (JSON, 8 bytes):",
        "    {",
        '      "a": 1',
        "    }",
    ]


def test_with_a_number_and_what_was_replaced():
    lines = texts(ASKED, Replaced(ASKED, StoodIn()), 7)
    assert lines[0] == "#7 GET /v3/bills?max=1 → 200 OK"
    assert "  replaced: 2 placeholders" in lines


def test_a_fault_and_how_it_was_sent():
    assert texts(FAULT)[0] == "GET /v3/bills?max=1 → timeout"
    packed = replace(ASKED, content_encoding="gzip", http_version="HTTP/2")
    assert texts(packed)[2].endswith("content_encoding gzip, http_version HTTP/2")


def test_data():
    data = as_data(row_of(1, FAULT, FAULT.url, ""), FAULT, Replaced(FAULT, StoodIn()))
    assert (data["status"], data["fault"], data["answered_by"]) == (None, "timeout", None)
    assert data["answer"] == {"reason": "", "headers": {}, "size": 0, "body": None}
    binary = replace(ASKED, answer_body=b"\xff\0", answer_headers={})
    data = as_data(row_of(1, binary, binary.url, "local"), binary)
    assert data["answer"]["body"].startswith("(2 bytes of ")

"""What stands for the file of a socket."""

from __future__ import annotations

import io
from http.client import HTTPResponse, IncompleteRead, RemoteDisconnected

import pytest

from pytest_bill.clients.socket_files import EndingFile, WatchedLines
from pytest_bill.clients.wire import Source
from pytest_bill.interaction import Interaction

HEADERS = {"Content-Length": ["90"], "X-Seen": ["yes"]}


def read(fault, status=200, headers=HEADERS):
    recorded = Interaction("GET", "/", {}, b"", status, "OK", headers, fault=fault)
    response = HTTPResponse(Source(io.BufferedReader(EndingFile(recorded))), method="GET")
    response.begin()
    assert (response.status, response.headers["X-Seen"]) == (200, "yes")
    return response.read()


@pytest.mark.parametrize(
    ("fault", "status", "headers", "error"),
    [
        ("closed", 0, {}, RemoteDisconnected),
        ("timeout", 0, {}, TimeoutError),
        ("reset", 0, {}, ConnectionResetError),
        ("cut", 200, HEADERS, IncompleteRead),
        ("cut", 200, {"Transfer-Encoding": ["chunked"], "X-Seen": ["yes"]}, IncompleteRead),
        ("timeout", 200, HEADERS, TimeoutError),
        ("reset", 200, HEADERS, ConnectionResetError),
    ],
)
def test_what_came_is_read_and_then_the_fault_comes(fault, status, headers, error):
    with pytest.raises(error):
        read(fault, status, headers)


def test_an_answer_that_was_cut_in_its_head_is_cut_there_again():
    assert read("cut in its head") == b""  # as http.client takes it


@pytest.mark.parametrize(("text", "is_cut"), [(b"a\r\n\r\n", False), (b"a\r\nb", True)])
def test_a_file_that_ends_where_a_line_is_asked_for_is_noticed(text, is_cut):
    file = WatchedLines(io.BytesIO(text))
    while file.readline().strip():
        pass
    assert file.has_ended is is_cut

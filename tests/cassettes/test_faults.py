"""Faults: which error is which, and how they stand in a file."""

from __future__ import annotations

import asyncio
import http.client
import socket
import ssl

import httpcore
import httpx
import pytest
import requests
import urllib3
from aiohttp import ClientPayloadError, ServerDisconnectedError, ServerTimeoutError

from pytest_bill.cassettes.faults import NAMES, Fault, as_fault, fault_of, while_connecting
from pytest_bill.exceptions import NetworkRefused
from pytest_bill.interaction import Interaction
from pytest_bill.options import KEEP_WORDS

URL = "https://gateway.stage.bill.com/connect/v3/vendors"
REQUEST = Interaction("POST", URL, {"X-Sent": "yes"}, b'{"a": 1}')
HEAD = Interaction("POST", URL, {"X-Sent": "yes"}, b'{"a": 1}', 200, "OK", {"X-Got": ["a", "b"]})


def caused(error: BaseException, cause: BaseException) -> BaseException:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (TimeoutError(), "timeout"),
        (socket.gaierror(-2, "no name"), "unresolved"),
        (ConnectionRefusedError(), "refused"),
        (OSError(101, "Network is unreachable"), "refused"),
        (ConnectionResetError(), "reset"),
        (BrokenPipeError(), "reset"),
        (ssl.SSLCertVerificationError(), "certificate"),
        (ssl.SSLError(), "tls"),
        (http.client.RemoteDisconnected(), "closed"),
        (http.client.IncompleteRead(b""), "cut"),
        (http.client.BadStatusLine("?"), "not HTTP"),
        (requests.ConnectTimeout(), "connect timeout"),
        (requests.ReadTimeout(), "timeout"),
        (requests.exceptions.ChunkedEncodingError(), "cut"),
        (requests.exceptions.SSLError(), "tls"),
        (requests.exceptions.SSLError(ssl.SSLCertVerificationError()), "certificate"),
        (requests.ConnectionError(urllib3.exceptions.NewConnectionError(None, "")), "refused"),
        (
            requests.ConnectionError(
                urllib3.exceptions.ProtocolError("", http.client.RemoteDisconnected())
            ),
            "closed",
        ),
        (httpx.ConnectTimeout(""), "connect timeout"),
        (httpcore.ReadTimeout(), "timeout"),
        (httpcore.ConnectError(), "refused"),
        (caused(httpcore.ConnectError(), socket.gaierror()), "unresolved"),
        (caused(httpcore.ConnectError(), ssl.SSLCertVerificationError()), "certificate"),
        (httpcore.RemoteProtocolError("Server disconnected without …"), "closed"),
        (httpcore.RemoteProtocolError("illegal status line"), "not HTTP"),
        (httpcore.ReadError(), "reset"),
        (ServerDisconnectedError(), "closed"),
        (ServerTimeoutError(), "timeout"),
        (ClientPayloadError(), "cut"),
        (asyncio.CancelledError(), "cancelled"),
    ],
)
def test_an_error_is_a_fault(error, fault):
    assert fault_of(error) == fault


@pytest.mark.parametrize(
    "error",
    [
        NetworkRefused("a guard"),
        caused(OSError(), NetworkRefused("a guard")),
        caused(httpcore.PoolTimeout(), TimeoutError()),
        KeyboardInterrupt(),
        ValueError(),
        requests.exceptions.ProxyError(ConnectionRefusedError()),
    ],
)
def test_what_is_not_bills_is_no_fault(error):
    assert fault_of(error) is None
    assert as_fault(REQUEST, error, None) is None


def test_what_came_before_says_where_it_broke_off():
    error = httpcore.RemoteProtocolError("peer closed connection")
    assert as_fault(REQUEST, error, HEAD) == Interaction(
        **vars(HEAD) | {"fault": "cut", "answer_body": b""}
    )
    assert as_fault(REQUEST, None, HEAD).fault == "cut in its head"
    assert as_fault(REQUEST, ConnectionRefusedError(), HEAD).status == 0
    assert as_fault(REQUEST, "ReadTimeout", None) is None  # another process has looked at it
    assert while_connecting(TimeoutError()) == "connect timeout"
    assert while_connecting(KeyError) is KeyError


def test_each_fault_has_a_name_that_keep_takes():
    assert set(NAMES) == set(Fault)
    assert set(NAMES.values()) < set(KEEP_WORDS)

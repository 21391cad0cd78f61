"""Requests that got no whole answer: why, in words that all clients share.

A fault is kept as an interaction of which ``fault`` says what happened; an answer that broke off
within its body has its status and headers, and none of the body. How it stands in a cassette's file
is in ``faults_in_file``.
"""

from __future__ import annotations

import errno
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import replace
from enum import StrEnum

from pytest_bill.exceptions import PytestBillError
from pytest_bill.interaction import Interaction

_DEEPEST = 12


class Fault(StrEnum):
    """Why a request got no whole answer; the value stands in cassettes."""

    UNRESOLVED = "unresolved"
    """The name of the host has no address."""
    REFUSED = "refused"
    """Nobody listens, or no way leads there."""
    CONNECT_TIMEOUT = "connect timeout"
    CERTIFICATE = "certificate"
    """The server's certificate is not accepted."""
    TLS = "tls"
    """TLS failed otherwise."""
    TIMEOUT = "timeout"
    """Nothing came for as long as the client waits for the next byte."""
    TOTAL_TIMEOUT = "total timeout"
    """The answer was not whole after as long as the client waits for all of it."""
    RESET = "reset"
    CLOSED = "closed"
    """The connection ended before an answer began."""
    HEAD = "cut in its head"
    CUT = "cut"
    """The connection ended within the body."""
    NO_HTTP = "not HTTP"
    CANCELLED = "cancelled"
    """The code itself stopped waiting: its task was cancelled."""


WHILE_CONNECTING = frozenset(
    {Fault.UNRESOLVED, Fault.REFUSED, Fault.CONNECT_TIMEOUT, Fault.CERTIFICATE, Fault.TLS}
)
"""Those that come before anything is sent."""

NAMES: Mapping[Fault, str] = {
    Fault.UNRESOLVED: "refused",
    Fault.REFUSED: "refused",
    Fault.CONNECT_TIMEOUT: "timeout",
    Fault.CERTIFICATE: "tls",
    Fault.TLS: "tls",
    Fault.TIMEOUT: "timeout",
    Fault.TOTAL_TIMEOUT: "timeout",
    Fault.RESET: "cut",
    Fault.CLOSED: "cut",
    Fault.HEAD: "cut",
    Fault.CUT: "cut",
    Fault.NO_HTTP: "garbled",
    Fault.CANCELLED: "cancelled",
}
"""How a test names them that means them: see ``options.KEEP_WORDS``."""

_BY_NAME: Mapping[str, Fault] = {
    # requests, urllib3, httpx, httpcore, aiohttp, curl_cffi: the first name of a class, or of one
    # that it derives from, that is here.
    "ConnectTimeout": Fault.CONNECT_TIMEOUT,
    "ConnectionTimeoutError": Fault.CONNECT_TIMEOUT,
    "NameResolutionError": Fault.UNRESOLVED,
    "ClientConnectorDNSError": Fault.UNRESOLVED,
    "gaierror": Fault.UNRESOLVED,
    "NewConnectionError": Fault.REFUSED,
    "ConnectTimeoutError": Fault.CONNECT_TIMEOUT,
    "SSLCertVerificationError": Fault.CERTIFICATE,
    "ClientConnectorCertificateError": Fault.CERTIFICATE,
    "ClientConnectorSSLError": Fault.TLS,
    "SSLError": Fault.TLS,
    "ConnectError": Fault.REFUSED,
    "ClientConnectorError": Fault.REFUSED,
    "ConnectionRefusedError": Fault.REFUSED,
    "ReadTimeout": Fault.TIMEOUT,
    "WriteTimeout": Fault.TIMEOUT,
    "ReadTimeoutError": Fault.TIMEOUT,
    "ServerTimeoutError": Fault.TIMEOUT,
    "TimeoutError": Fault.TIMEOUT,
    "HTTPTimeoutError": Fault.TIMEOUT,  # tornado's
    "HTTPStreamClosedError": Fault.CLOSED,
    "ServerDisconnectedError": Fault.CLOSED,
    "RemoteDisconnected": Fault.CLOSED,
    "ConnectionResetError": Fault.RESET,
    "ConnectionAbortedError": Fault.RESET,
    "BrokenPipeError": Fault.RESET,
    "ReadError": Fault.RESET,
    "WriteError": Fault.RESET,
    "IncompleteRead": Fault.CUT,
    "InvalidChunkLength": Fault.CUT,
    "ClientPayloadError": Fault.CUT,
    "ContentLengthError": Fault.CUT,
    "TransferEncodingError": Fault.CUT,
    "ChunkedEncodingError": Fault.CUT,
    "BadStatusLine": Fault.NO_HTTP,
    "BadHttpMessage": Fault.NO_HTTP,
    "LineTooLong": Fault.NO_HTTP,
    "UnknownProtocol": Fault.NO_HTTP,
    "CancelledError": Fault.CANCELLED,
    "Cancelled": Fault.CANCELLED,
}
_UNREACHABLE = frozenset({"ENETUNREACH", "EHOSTUNREACH", "ENETDOWN", "EADDRNOTAVAIL"})
_CLIENTS_OWN = frozenset({"PoolTimeout", "EmptyPoolError", "LocalProtocolError", "ProxyError"})
"""Those that are not BILL's: a pool that is full, a proxy."""


def fault_of(error: BaseException | None, head: Interaction | None = None) -> Fault | None:
    """What happened, by a client's error and what came before it; None where that is no fault.

    An error of the plugin's own, such as a guard's, is none; nor is one that nobody knows here.
    """
    found: Fault | None = None
    for each in causes_of(error):
        if isinstance(each, PytestBillError) or type(each).__name__ in _CLIENTS_OWN:
            return None
        here = _by_class(each)
        if here is not None and (found is None or _tells_more(found, here)):
            found = here
    has_head = head is not None and bool(head.status)
    if found is None and _is_protocols(error):
        return Fault.CUT if has_head else _protocol_fault(str(error))
    if has_head and found in (Fault.CLOSED, Fault.NO_HTTP):
        return Fault.CUT
    return found


def while_connecting(error: BaseException | Fault) -> BaseException | Fault:
    """An error that was met before there was a connection."""
    found = error if isinstance(error, Fault) else fault_of(error)
    return Fault.CONNECT_TIMEOUT if found is Fault.TIMEOUT else found or error


def as_fault(
    request: Interaction, error: BaseException | str | None, head: Interaction | None
) -> Interaction | None:
    """A request with what happened to it; None where that is no fault.

    Where another process tells of it, ``head`` is just that.
    """
    if head is not None and head.fault:
        return head
    found = error if isinstance(error, Fault) else None
    if found is None and not isinstance(error, str):
        found = fault_of(error, head) if error is not None else Fault.HEAD
    if found is None:
        return None
    fault = replace(head or request, fault=str(found), answer_body=b"")
    if found in WHILE_CONNECTING or found is Fault.CANCELLED:
        return replace(fault, status=0, reason="", answer_headers={})
    return fault


def _by_class(error: BaseException) -> Fault | None:
    if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLCertVerificationError):
        return Fault.TLS
    for kind in type(error).__mro__:
        if kind.__name__ in _BY_NAME:
            return _BY_NAME[kind.__name__]
    return Fault.REFUSED if _is_unreachable(error) else None


def _is_unreachable(error: BaseException) -> bool:
    number = getattr(error, "errno", None)
    return isinstance(error, OSError) and errno.errorcode.get(number or 0, "") in _UNREACHABLE


def _tells_more(found: Fault, cause: Fault) -> bool:
    """Whether the cause of an error says more exactly what it was."""
    if found in (Fault.REFUSED, Fault.TLS):
        return cause in (Fault.UNRESOLVED, Fault.CERTIFICATE, Fault.TLS) and cause is not found
    return False


def _is_protocols(error: BaseException | None) -> bool:
    names = {kind.__name__ for kind in type(error).__mro__}
    return not names.isdisjoint({"RemoteProtocolError", "ProtocolError", "HTTPException"})


def _protocol_fault(message: str) -> Fault:
    return Fault.CLOSED if "disconnected" in message else Fault.NO_HTTP


def causes_of(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what it came from, the outermost first: clients keep that in several places."""
    waiting = [error] if isinstance(error, BaseException) else []
    for _ in range(_DEEPEST):
        if not waiting:
            return
        each = waiting.pop(0)
        yield each
        named = (getattr(each, name, None) for name in ("reason", "os_error", "_os_error"))
        inner = (*each.args, *named, each.__cause__ or each.__context__)
        waiting += [cause for cause in inner if isinstance(cause, BaseException)]

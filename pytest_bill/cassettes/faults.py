"""Requests that got no whole answer: why, in words that all clients share.

A fault is kept as an interaction of which ``fault`` says what happened; an answer that broke off
within its body has its status and headers, and none of the body. In a cassette's file it stands in
the metadata, where plain vcrpy does not look.
"""

from __future__ import annotations

import errno
import ssl
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any

from pytest_bill.cassettes import times
from pytest_bill.cassettes.vcr_yaml import as_bytes, as_text, one_of_each
from pytest_bill.exceptions import PytestBillError
from pytest_bill.interaction import Interaction

_OWN = "pytest_bill"
_FAULTS = "faults"
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
    for each in _chain(error):
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


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what it came from, the outermost first."""
    waiting: list[Any] = [error]
    for _ in range(_DEEPEST):
        if not waiting:
            return
        each = waiting.pop(0)
        if not isinstance(each, BaseException):
            continue
        yield each
        causes = (getattr(each, name, None) for name in ("reason", "os_error", "_os_error"))
        waiting += [*each.args, *causes, each.__cause__ or each.__context__]


# --- in a file -----------------------------------------------------------------------------------


def parted(
    interactions: Iterable[Interaction], metadata: Mapping[str, Any]
) -> tuple[list[Interaction], dict[str, Any]]:
    """What is written as interactions, and the metadata with the faults among them."""
    answered: list[Interaction] = []
    faults: list[dict[str, Any]] = []
    for each in interactions:
        if each.fault:
            faults.append(_entry(each, len(answered)))
        else:
            answered.append(each)
    if not faults:
        return answered, dict(metadata)
    own = metadata.get(_OWN)
    about = {**(own if isinstance(own, dict) else {}), _FAULTS: faults}
    return answered, {**metadata, _OWN: about}


def joined(
    interactions: Sequence[Interaction], metadata: Mapping[str, Any]
) -> tuple[list[Interaction], dict[str, Any]]:
    """The interactions with the faults of the metadata where they came, and the rest of that.

    Raises:
        ValueError, TypeError, KeyError, AttributeError: the metadata's faults are none.
    """
    own = metadata.get(_OWN)
    own = own if isinstance(own, dict) else {}
    entries = own.get(_FAULTS)
    if not entries:
        return list(interactions), dict(metadata)
    together: list[Interaction] = []
    begun = 0
    for entry in sorted(entries, key=lambda each: int(each["before"])):
        until = max(begun, int(entry["before"]))
        together += interactions[begun:until]
        together.append(_fault_from(entry))
        begun = min(until, len(interactions))
    together += interactions[begun:]
    rest = {name: value for name, value in own.items() if name != _FAULTS}
    return together, {**metadata, _OWN: rest}


def _entry(fault: Interaction, before: int) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "before": before,
        "fault": str(fault.fault),
        "request": {
            "body": _written_body(fault.body),
            "headers": dict(fault.headers),
            "method": fault.method,
            "uri": fault.url,
        },
    }
    for name in ("answered_by", "recorded_at"):
        if getattr(fault, name):
            entry[name] = getattr(fault, name)
    if fault.status:
        entry["response"] = {
            "headers": {name: list(values) for name, values in fault.answer_headers.items()},
            "status": {"code": fault.status, "message": fault.reason},
        }
    return entry


def _written_body(body: bytes) -> str | bytes | None:
    if not body:
        return None
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body


def _fault_from(entry: Mapping[str, Any]) -> Interaction:
    request, response = entry["request"], entry.get("response")
    recorded_at = entry.get("recorded_at", "")
    sent = dict(request.get("headers") or {})
    fault = Interaction(
        str(request["method"]),
        str(request["uri"]),
        one_of_each((name, _first(each)) for name, each in sent.items()),
        as_bytes(request.get("body")),
        answered_by=str(entry.get("answered_by", "")),
        recorded_at=recorded_at if isinstance(recorded_at, str) else times.written(recorded_at),
        fault=Fault(entry["fault"]),
    )
    if not response:
        return fault
    status = response["status"]
    return replace(
        fault,
        status=int(status["code"]),
        reason=str(status.get("message") or ""),
        answer_headers={
            str(name): [as_text(value) for value in values]
            for name, values in (response.get("headers") or {}).items()
        },
    )


def _first(values: Any) -> Any:
    return values[0] if isinstance(values, list) else values

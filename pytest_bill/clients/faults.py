"""Recorded faults, as clients meet them: what their sockets would raise, or bytes that end.

The client makes its own error of that, with its own time-out in the message. Nothing waits, but for
who stops by itself.
"""

from __future__ import annotations

import errno
import os
import socket
import ssl
import sys
from types import ModuleType
from typing import Any

from pytest_bill.cassettes.faults import Fault
from pytest_bill.clients import wire
from pytest_bill.interaction import Interaction

_NO_BODY_YET = frozenset({"content-length", "transfer-encoding"})
_TIMEOUTS = frozenset({Fault.CONNECT_TIMEOUT, Fault.TIMEOUT, Fault.TOTAL_TIMEOUT, Fault.CANCELLED})
"""The last is what another client has recorded: here nobody can be told to stop."""
_REST = 1_000_000
"""Bytes of a body that never came, where the recording does not say how many."""
_ERRORS = {
    Fault.UNRESOLVED: "ConnectError",
    Fault.REFUSED: "ConnectError",
    Fault.CERTIFICATE: "ConnectError",
    Fault.TLS: "ConnectError",
    Fault.CONNECT_TIMEOUT: "ConnectTimeout",
    Fault.TIMEOUT: "ReadTimeout",
    Fault.TOTAL_TIMEOUT: "ReadTimeout",
    Fault.CANCELLED: "ReadTimeout",
    Fault.RESET: "ReadError",
}
"""httpcore's errors by what was recorded; the others are those of a protocol."""
_TEXTS = {
    Fault.REFUSED: "[Errno 111] Connection refused",
    Fault.RESET: "[Errno 104] Connection reset by peer",
    Fault.CLOSED: "Server disconnected without sending a response.",
    Fault.HEAD: "Server disconnected without sending a response.",
    Fault.CUT: "peer closed connection without sending complete message body",
    Fault.NO_HTTP: "illegal status line",
    Fault.TIMEOUT: "timed out",
    Fault.CONNECT_TIMEOUT: "timed out",
}


def low_level_error(fault: Fault) -> OSError | None:
    """What a socket raises; None where it just ends."""
    if fault is Fault.UNRESOLVED:
        return socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    if fault is Fault.REFUSED:
        return _os_error(errno.ECONNREFUSED)
    if fault is Fault.RESET:
        return _os_error(errno.ECONNRESET)
    if fault in _TIMEOUTS:
        return TimeoutError("timed out")
    if fault is Fault.CERTIFICATE:
        return ssl.SSLCertVerificationError(
            1, "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed"
        )
    if fault is Fault.TLS:
        return ssl.SSLError(1, "[SSL] the connection failed")
    return None


def _os_error(number: int) -> OSError:
    return OSError(number, os.strerror(number))  # Python makes the right class of it


def connecting_error(fault: Fault, connection: Any) -> BaseException:
    """What ``connect`` of a connection raises: urllib3 has errors of its own."""
    error = low_level_error(fault) or _os_error(errno.ECONNREFUSED)
    if not is_of_urllib3(connection):
        return error
    exceptions: Any = sys.modules["urllib3.exceptions"]
    host = connection.host
    made: BaseException = as_urllib3_has_it(error)
    if fault is Fault.CONNECT_TIMEOUT:
        seconds = f"(connect timeout={connection.timeout})"
        made = exceptions.ConnectTimeoutError(
            connection, f"Connection to {host} timed out. {seconds}"
        )
    elif fault is Fault.UNRESOLVED and hasattr(exceptions, "NameResolutionError"):
        made = exceptions.NameResolutionError(host, connection, error)
    elif fault in (Fault.UNRESOLVED, Fault.REFUSED):
        text = f"Failed to establish a new connection: {error}"
        made = exceptions.NewConnectionError(connection, text)
    if made is not error and fault not in (Fault.CERTIFICATE, Fault.TLS):
        made.__cause__ = error
    return made


def as_urllib3_has_it(error: Exception) -> Exception:
    """An error of connecting as urllib3 hands it on: from version 2 on it has one of its own."""
    exceptions: Any = sys.modules["urllib3.exceptions"]
    if not isinstance(error, ssl.SSLError) or not hasattr(exceptions, "NameResolutionError"):
        return error
    made: Exception = exceptions.SSLError(error)
    made.__context__ = error
    return made


def is_of_urllib3(connection: Any) -> bool:
    """Whether urllib3 made the class of a connection."""
    return any(each.__module__.partition(".")[0] == "urllib3" for each in type(connection).__mro__)


def received_bytes(recorded: Interaction) -> bytes:
    """What came before the fault, but for the body: that is not recorded."""
    fault = Fault(recorded.fault)
    if fault is Fault.NO_HTTP:
        return b"NOT HTTP\r\n\r\n"
    if not recorded.status and fault is not Fault.CUT:
        return b""
    head = b"HTTP/1.1 %d %s\r\n" % (recorded.status or 200, wire.as_header(recorded.reason))
    is_chunked = wire.is_chunked(recorded)
    for name, values in recorded.answer_headers.items():
        if name.lower() not in _NO_BODY_YET:
            for value in values:
                head += b"%s: %s\r\n" % (wire.as_header(name), wire.as_header(value))
    if fault is Fault.HEAD:
        return head
    if is_chunked:
        return head + b"Transfer-Encoding: chunked\r\n\r\n"
    return head + b"Content-Length: %d\r\n\r\n" % _length_of(recorded)


def _length_of(recorded: Interaction) -> int:
    for name, values in recorded.answer_headers.items():
        if name.lower() == "content-length" and values and values[0].isdecimal():
            return max(1, int(values[0]))
    return _REST


def httpcore_error(core: ModuleType, recorded: Interaction) -> Exception:
    """The error for a recorded fault of httpcore; of httpx, which has the same names."""
    fault = Fault(recorded.fault)
    kind: Any = getattr(core, _ERRORS.get(fault, "RemoteProtocolError"))
    error: Exception = kind(_TEXTS.get(fault, f"as recorded: {fault}"))
    return error


async def until_cancelled() -> None:
    """Wait, as for an answer that never came, for who stops that."""
    import anyio  # httpcore's own

    await anyio.sleep_forever()


def aiohttp_error(fault: Fault, key: Any) -> Exception | None:
    """The error of aiohttp for a recorded fault; None where its parser finds one by itself.

    ``key`` is that of a connection.
    """
    import aiohttp

    low = low_level_error(fault)
    if fault is Fault.CONNECT_TIMEOUT:
        kind = getattr(aiohttp, "ConnectionTimeoutError", aiohttp.ServerTimeoutError)
        return kind("Connection timeout to host, as recorded")
    if fault is Fault.TIMEOUT:
        kind = getattr(aiohttp, "SocketTimeoutError", aiohttp.ServerTimeoutError)
        return kind("Timeout on reading data from socket")
    if fault is Fault.TOTAL_TIMEOUT:
        return TimeoutError()
    if low is None:
        return None
    if fault is Fault.CERTIFICATE and isinstance(low, ssl.SSLCertVerificationError):
        return aiohttp.ClientConnectorCertificateError(key, low)
    if fault is Fault.TLS:
        return aiohttp.ClientConnectorSSLError(key, low)
    if fault is Fault.UNRESOLVED:
        kind = getattr(aiohttp, "ClientConnectorDNSError", aiohttp.ClientConnectorError)
        return kind(key, low)
    if fault is Fault.REFUSED:
        return aiohttp.ClientConnectorError(key, low)
    return aiohttp.ClientOSError(low.errno, low.strerror)


def tornado_error(fault: Fault) -> Exception:
    """The error of tornado for a recorded fault."""
    from tornado import simple_httpclient as tornado

    if fault in _TIMEOUTS:
        when = "while connecting" if fault is Fault.CONNECT_TIMEOUT else "during request"
        timeout: Exception = tornado.HTTPTimeoutError(f"Timeout {when}")
        return timeout
    closed: Exception = tornado.HTTPStreamClosedError("Stream closed")
    return low_level_error(fault) or closed

"""The seam of ``http.client``, and of all that is built on it: urllib, urllib3, requests, httplib2.

Whatever such a client writes goes to ``self.sock``. For a request to BILL that is no socket but a
``BillSocket``: it takes the bytes that would be sent, and what the client then reads from it
is the recorded answer, or the one that a real socket has just given. The rest is the client's own
code.
"""

from __future__ import annotations

import http.client
import io
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from http.client import HTTPException
from types import ModuleType
from typing import Any, cast

from pytest_bill.cassettes.faults import WHILE_CONNECTING, Fault, while_connecting
from pytest_bill.clients import base, wire
from pytest_bill.clients.faults import as_urllib3_has_it, connecting_error, is_of_urllib3
from pytest_bill.clients.socket_files import EndingFile, ReceivedBytes, ReplayedBytes, WatchedLines
from pytest_bill.exceptions import PytestBillError
from pytest_bill.interaction import Interaction
from pytest_bill.urls import through_proxy

IS_CUT = "_pytest_bill_is_cut"
"""The attribute of an answer that says whether it ended within its head."""
_REQUEST = "_pytest_bill_request"
_CONNECTING = "_pytest_bill_connects"
_ORIGIN = "_pytest_bill_origin"
_LEAVING = "_pytest_bill_leaving"
_URL = "_pytest_bill_url"
_PORTS = {"http": 80, "https": 443}


class Request:
    """A request to BILL that a connection has begun: its URL, and the run that is asked."""

    __slots__ = ("run", "url")

    def __init__(self, run: base.Serving, url: str) -> None:
        self.run = run
        self.url = url


def seams(module: ModuleType) -> Sequence[base.Seam]:
    """The seams of ``http.client``; each class that connects in its own way has one more."""
    connection = module.HTTPConnection
    connection.__init_subclass__ = classmethod(_put_on_subclass)
    found = [
        base.Seam(connection, "putrequest", _putrequest),
        base.Seam(connection, "send", _send),
        base.Seam(connection, "getresponse", _getresponse),
        base.Seam(module.HTTPResponse, "begin", _begin),
    ]
    return [
        *found,
        *(base.Seam(each, "connect", _connect) for each in _connecting_classes(connection)),
    ]


def _connecting_classes(connection: Any) -> list[Any]:
    below: list[Any]
    below = [each for child in connection.__subclasses__() for each in _connecting_classes(child)]
    return [connection, *below] if "connect" in vars(connection) else below


def _put_on_subclass(subclass: type[Any], /, **_: Any) -> None:
    if "connect" in vars(subclass):
        base.put_seams([base.Seam(subclass, "connect", _connect)])


def _putrequest(original: Any) -> Any:
    def putrequest(self: Any, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        run = base.serving()
        vars(self)[_REQUEST] = vars(self)[_LEAVING] = None
        if run is not None:
            whole = vars(self)[_URL] = _url_of(self, method, url)
            if run.takes(whole) and not base.sockets_are_fake():
                vars(self)[_REQUEST] = Request(run, whole)
        return original(self, method, url, *args, **kwargs)

    return putrequest


def _send(original: Any) -> Any:
    def send(self: Any, data: Any) -> Any:
        run = base.serving()
        if run is None:
            return original(self, data)
        request: Request | None = vars(self).get(_REQUEST)
        if vars(self).get(_CONNECTING) or _asks_for_tunnel(self, data):
            _check_tunnel(self, run)
            return original(self, data)
        if request is None:
            if self.sock is None or type(self.sock) is BillSocket:
                _connect_really(self, run)
            return _send_elsewhere(original, self, data, run)
        if type(self.sock) is not BillSocket:
            failed = None
            if self.sock is None and self.auto_open and request.run.may_connect(request.url):
                failed = _failed_to_connect(self)  # here an error of connecting belongs
            if type(self.sock) is not BillSocket:
                self.sock = BillSocket(self, self.sock, failed)
        self.sock.request = request
        return original(self, data)

    return send


def _failed_to_connect(connection: Any) -> Exception | None:
    """Connect; an error comes when the request is whole, so that it is known what it was for."""
    try:
        connection.connect()
    except Exception as error:
        if _leads_to_proxy(connection):
            raise
        return error
    return None


def _leads_to_proxy(connection: Any) -> bool:
    return bool(connection._tunnel_host or getattr(connection, "proxy", None))


def _asks_for_tunnel(connection: Any, data: Any) -> bool:
    return connection._tunnel_host and isinstance(data, bytes) and data[:8] == b"CONNECT "


def _check_tunnel(connection: Any, run: base.Serving) -> None:
    """Stop a credential in what a proxy is told when it is asked for a tunnel."""
    if connection._tunnel_host and connection._tunnel_headers:
        told = [f"{name}: {value}\r\n" for name, value in connection._tunnel_headers.items()]
        head = wire.TUNNEL + "".join([*told, "\r\n"]).encode()
        run.check_elsewhere(through_proxy(_place_of(connection)), head)


def _send_elsewhere(original: Any, connection: Any, data: Any, run: base.Serving) -> Any:
    """Send to another host than BILL, after a look at what leaves."""
    if isinstance(data, bytes | bytearray | memoryview):
        leaving = vars(connection).get(_LEAVING)
        if leaving is None:
            leaving = vars(connection)[_LEAVING] = wire.SentElsewhere(run)
        piece = leaving.sendable(_leads_to(connection), bytes(data))
        return original(connection, piece) if piece else None
    if hasattr(data, "read"):
        for piece in connection._read_readable(data):
            _send_elsewhere(original, connection, piece, run)
        return None
    if isinstance(data, str) or not _is_iterable(data):
        return original(connection, data)  # http.client says what is wrong with it
    for piece in data:
        _send_elsewhere(original, connection, piece, run)
    return None


def _leads_to(connection: Any) -> str:
    """The URL that is asked for; or the proxy, where that would read all of the request."""
    url = vars(connection).get(_URL)
    if url is None:  # nothing was asked for as http.client does
        return str(connection.host)
    return through_proxy(_place_of(connection)) if _is_read_by_proxy(connection, url) else str(url)


def _is_read_by_proxy(connection: Any, url: str) -> bool:
    """Whether a connection does not lead to where a URL does, or by a tunnel that hides nothing."""
    origin = _known_origin(connection)
    is_open = connection._tunnel_host and origin.startswith("http:")
    return bool(is_open or not url.lower().startswith((f"{origin}/".lower(), f"{origin}:")))


def _place_of(connection: Any) -> str:
    return f"{connection.host}:{connection.port}"


def _getresponse(original: Any) -> Any:
    """Send what is held of a request that is not whole, before its answer is waited for."""

    def getresponse(self: Any) -> Any:
        leaving = vars(self).get(_LEAVING)
        rest = leaving.sendable_rest(_leads_to(self)) if leaving is not None else b""
        if rest:
            with base.passing():
                self.send(rest)
        return original(self)

    return getresponse


def _is_iterable(data: Any) -> bool:
    with suppress(TypeError):
        iter(data)
        return True
    return False


def _begin(original: Any) -> Any:
    """Python takes an answer that ends within its head for a whole one, and may print it so."""

    def begin(self: Any) -> None:
        run = base.asked_above()
        if run is None or self.headers is not None:
            original(self)
            return
        watched = self.fp = WatchedLines(self.fp)
        level, self.debuglevel = self.debuglevel, 0
        try:
            original(self)
        finally:
            self.debuglevel = level
            if self.fp is watched:
                self.fp = watched.file
        vars(self)[IS_CUT] = watched.has_ended
        if not level:
            return
        message: Any = self.headers
        run.learn_head(_listed_headers(message.raw_items()))
        lines = [f"header: {name}: {value}" for name, value in message.items()]
        reply = f"HTTP/{self.version / 10} {self.status} {self.reason}"
        print("\n".join([f"reply: {reply!r}", *lines]))  # noqa: T201  as asked for

    return begin


def _connect(original: Any) -> Any:
    def connect(self: Any) -> Any:
        run = base.serving()
        if run is None or vars(self).get(_CONNECTING) or base.sockets_are_fake():
            return original(self)
        url = _known_origin(self)
        if not run.takes_at(url):
            return original(self)
        if not run.may_connect(url):
            # Connected to when that is sure to be needed.
            self.sock = BillSocket(self, None)
            _as_if_verified(self)
            return None
        vars(self)[_CONNECTING] = True
        try:
            with run.sending():
                return original(self)
        except Exception as error:
            if not is_of_urllib3(self) or _leads_to_proxy(self):
                raise
            # It connects before the request is known: that is told when it is.
            if self.sock is not None:
                self.sock.close()
            self.sock = BillSocket(self, None, as_urllib3_has_it(error))
            self.is_verified = True  # who is told of the error is not warned
            return None
        finally:
            vars(self)[_CONNECTING] = False

    return connect


def _connect_really(connection: Any, run: base.Serving) -> None:
    """Connect for a request that is not BILL's, though its origin may be."""
    connection.sock = None
    if not connection.auto_open:
        return  # http.client says what is wrong
    vars(connection)[_CONNECTING] = True
    try:
        with base.sending_elsewhere(run, _known_origin(connection)):
            connection.connect()
    finally:
        vars(connection)[_CONNECTING] = False


def _as_if_verified(connection: Any) -> None:
    """urllib3 warns of connections that it did not verify; what it asks for is what counts."""
    if hasattr(connection, "is_verified") and hasattr(connection, "cert_reqs"):
        wanted = connection.cert_reqs
        connection.is_verified = wanted not in (0, "CERT_NONE", "NONE")


def _url_of(connection: Any, method: str, target: str) -> str:
    """The URL that a request line asks for on a connection; a proxy is asked for a whole one."""
    if target[:4].lower() == "http" and "://" in target[:8]:
        return target
    if method == "CONNECT":
        return f"https://{target}"
    return _known_origin(connection) + (target or "/")


def _known_origin(connection: Any) -> str:
    where = connection._tunnel_host, connection._tunnel_port, connection.host, connection.port
    known = vars(connection).get(_ORIGIN)
    if known is None or known[0] != where:
        known = vars(connection)[_ORIGIN] = where, _origin_of(connection)
    return str(known[1])


def _origin_of(connection: Any) -> str:
    tunnel = connection._tunnel_host
    host = tunnel or connection.host or ""
    port = connection._tunnel_port if tunnel else connection.port
    is_tls = isinstance(connection, http.client.HTTPSConnection)
    scheme = "https" if is_tls or _is_tls(connection) else "http"
    if ":" in host and not host.startswith("["):
        host = f"[{host}]"
    at = "" if port in (None, _PORTS[scheme]) else f":{port}"
    return f"{scheme}://{host}{at}"


def _is_tls(connection: Any) -> bool:
    # urllib3's is no subclass of Python's.
    return bool(getattr(type(connection), "default_port", 80) == 443)


class BillSocket:
    """Stands for the socket of a connection while one request to BILL is made on it.

    ``real`` is the socket that was there, which is kept for what has to be sent.
    """

    def __init__(self, connection: Any, real: Any, failed: Exception | None = None) -> None:
        """``failed`` is why there is no socket, where it was needed."""
        self._connection = connection
        self._real = real
        self._failed = failed
        self._early: Any = None
        self._sent = bytearray()
        self._timeout: Any = real.gettimeout() if real is not None else connection.timeout
        self.request: Request | None = None

    def __repr__(self) -> str:
        return "<a connection to BILL, answered by pytest-bill>"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or self._real is None:
            raise AttributeError(f"a recorded connection has no {name}")
        return getattr(self._real, name)

    def sendall(self, data: Any, *_: Any) -> None:
        """Take what the client sends; where a fault came while it connected, it comes now."""
        self._sent += data
        request = self.request
        if (
            request is not None
            and (self._failed is not None or request.run.fails_early)
            and self._early is None
            and self._is_whole()
        ):
            self._meet_early(request)

    send = sendall

    def _is_whole(self) -> bool:
        head, end, _ = bytes(self._sent).partition(b"\r\n\r\n")
        return bool(end) and wire.end_after(head)(self._sent, len(self._sent))

    def _meet_early(self, request: Request) -> None:
        try:
            asked = request.run.ask(wire.request_in(request.url, bytes(self._sent)))
        except PytestBillError as refused:
            self._early = refused  # told when the answer is asked for
            return
        error: BaseException | None = None
        if self._failed is not None and asked.recorded is None:
            error, self._failed = self._failed, None
            # urllib3 tells by itself which time-outs are of connecting.
            is_told = is_of_urllib3(self._connection)
            request.run.unanswered(asked, error if is_told else while_connecting(error))
        elif asked.recorded is not None and asked.recorded.fault in WHILE_CONNECTING:
            error = connecting_error(Fault(asked.recorded.fault), self._connection)
        self._early = asked if error is None else error
        if error is not None:
            self.request = None
            raise error

    def settimeout(self, timeout: Any) -> None:
        """As a socket's."""
        self._timeout = timeout
        if self._real is not None:
            self._real.settimeout(timeout)

    def gettimeout(self) -> Any:
        """As a socket's."""
        return self._timeout

    def setsockopt(self, *options: Any) -> None:
        """As a socket's; there is none to set where the answer is recorded."""
        if self._real is not None:
            self._real.setsockopt(*options)

    def fileno(self) -> int:
        """As a socket's; that of a closed one, where there is none."""
        return int(self._real.fileno()) if self._real is not None else -1

    def shutdown(self, how: int) -> None:
        """As a socket's."""
        if self._real is not None:
            self._real.shutdown(how)

    def close(self) -> None:
        """As a socket's."""
        request, self.request = self.request, None
        if request is not None and self._sent:
            method = bytes(self._sent).partition(b" ")[0].decode("latin-1")
            request.run.abandoned(Interaction(method, request.url, {}, b""))
        if self._real is not None:
            self._real.close()

    def makefile(self, *_: Any, **__: Any) -> Any:
        """The answer to what was sent, from the cassette or from BILL."""
        request, self.request = self.request, None
        early, self._early = self._early, None
        if isinstance(early, BaseException):
            raise early
        if request is None:
            raise http.client.ResponseNotReady("nothing was sent")
        connection, run = self._connection, request.run
        made = wire.request_in(request.url, bytes(self._sent)) if early is None else early.by_test
        asked = run.ask(made) if early is None else early
        if asked.interaction is not made:
            self._sent[:] = wire.rewritten(bytes(self._sent), made, asked.interaction)
        if asked.recorded is None and _is_read_by_proxy(connection, request.url):
            run.check_elsewhere(through_proxy(_place_of(connection)), bytes(self._sent))
        if asked.recorded is not None:
            # Another request connects anew: it may be one to be sent.
            connection.sock = self._real
            if asked.recorded.fault:
                return self._fault(asked.recorded)
            return io.BufferedReader(cast(Any, io.BytesIO(wire.written_answer(asked.recorded))))
        return self._ask_bill(run, asked)

    def _fault(self, recorded: Interaction) -> Any:
        fault = Fault(recorded.fault)
        if fault in WHILE_CONNECTING:
            raise connecting_error(fault, self._connection)
        return io.BufferedReader(EndingFile(recorded))

    def _connect(self, run: base.Serving) -> None:
        if self._failed is not None:
            raise self._failed
        if self._real is None:
            connection = self._connection
            _check_tunnel(connection, run)
            connection.sock = None
            connection.connect()
            self._real = connection.sock
            self._real.settimeout(self._timeout)

    def _ask_bill(self, run: base.Serving, asked: Any) -> Any:
        connection = self._connection
        with base.passing(), run.sending():
            try:
                self._connect(run)
                with suppress(BrokenPipeError, ConnectionResetError):
                    # A server may answer before it has read all, and close.
                    self._real.sendall(self._sent)
                received = ReceivedBytes(self._real.makefile("rb"))
                answer, error, is_whole = _answer_of(asked.interaction, received)
            except BaseException as failed:
                connection.sock = self._real
                run.unanswered(asked, failed)
                raise
        connection.sock = self._real
        if not is_whole or answer is None:
            run.unanswered(asked, error, answer)
        else:
            shown = run.answered(asked, answer)
            if shown is not answer:
                received.bytes[:] = wire.written_answer(shown)
        again = ReplayedBytes(received, error if isinstance(error, OSError) else None)
        return io.BufferedReader(again)


def _answer_of(
    asked: Interaction, received: ReceivedBytes
) -> tuple[Interaction | None, BaseException | None, bool]:
    """Read the answer, or as much as there is of it; why there is no more; whether it is whole."""
    answered = None
    try:
        with wire.parsed_answer(received, asked.method) as response:
            answered = replace(
                asked,
                status=response.status,
                reason=response.reason,
                answer_headers=_listed_headers(cast(Any, response.msg).raw_items()),
                http_version="" if response.version == 11 else "HTTP/1.0",
            )
            body = response.read()
    except (OSError, HTTPException) as error:
        error.__context__ = None  # it is raised again, where the client reads
        return answered, error, False
    return replace(answered, answer_body=body), None, not vars(response).get(IS_CUT)


def _listed_headers(pairs: Any) -> dict[str, list[str]]:
    headers: dict[str, list[str]] = {}
    for name, value in pairs:
        headers.setdefault(name, []).append(str(value))
    return headers

"""Running the sandbox in a thread of this process, and reaching one that runs elsewhere."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Collection, Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from pytest_bill.sandbox import seed
from pytest_bill.sandbox.admission import hosts_of
from pytest_bill.sandbox.app import create_app
from pytest_bill.sandbox.core.clock import Clock
from pytest_bill.sandbox.core.faults import ABORT
from pytest_bill.sandbox.core.state import SandboxState, Size
from pytest_bill.sandbox.remote import BillSandbox

LOOPBACK = "127.0.0.1"
SERVER = "pytest-bill-sandbox"
"""What the sandbox calls itself in each answer, so that a recording says who gave it."""


class LocalSandbox(BillSandbox):
    """A BILL look-alike on a loopback port of this machine, served by this process.

    ``port`` 0 takes any free one. ``clock`` is the time that sessions and records live by; real
    time by default. ``seed`` decides ids and records; secrets and sessionIds are random whatever
    the seed. ``variables`` replaces some of the generated credentials, by name of their variable.
    ``vendors`` and ``bills`` are how many more of them the developer key's organization starts
    with. ``host`` is the address to listen on: another one than loopback lets other machines in,
    who need only the credentials, and the paths of ``control`` need none. ``mfa_required`` asks for
    MFA-trusted sessions where BILL's production does. ``allowed_hosts`` are further names that it
    may be called by: other Host headers than those of this machine are refused. Without
    ``rate_limits`` calls are not counted, for load tests, and for suites that call Spend & Expense
    faster than BILL lets them.

    Use it as a context manager, or call ``start()`` and ``stop()``. It starts once: a stopped
    sandbox does not start again.
    """

    def __init__(
        self,
        port: int = 0,
        clock: Clock | None = None,
        seed: int = 0,
        variables: Mapping[str, str] | None = None,
        *,
        host: str = LOOPBACK,
        vendors: int = 0,
        bills: int = 0,
        mfa_required: bool = False,
        rate_limits: bool = True,
        allowed_hosts: Collection[str] = (),
    ) -> None:
        self.clock = clock or Clock()
        self._state = SandboxState(
            self.clock,
            seed,
            variables or {},
            Size(vendors, bills),
            mfa_required=mfa_required,
            rate_limits=rate_limits,
        )
        self._host = host
        self._allowed_hosts = allowed_hosts
        self._port = port
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self._origin = ""

    def __repr__(self) -> str:
        return f"<LocalSandbox {self._origin or 'not started'}>"

    @classmethod
    def attach(cls, origin: str, variables: Mapping[str, str]) -> AttachedSandbox:
        """A handle to a sandbox that runs elsewhere on this machine."""
        return AttachedSandbox(origin, variables)

    @property
    def origin(self) -> str:
        """Scheme, host and port, as in "http://127.0.0.1:8080"; RuntimeError before the start."""
        if not self._origin:
            raise RuntimeError("the local sandbox is not started")
        return self._origin

    @property
    def variables(self) -> dict[str, str]:
        """The credentials that this sandbox accepts, by name of their environment variable."""
        return self._state.credentials.variables

    def start(self) -> Self:
        """Serve; the sandbox answers when this returns. Raises OSError if the port is taken."""
        if self._thread is not None:
            raise RuntimeError("the local sandbox was started before")
        seed.fill_state(self._state)
        listener = _listen(self._host, self._port)
        config = uvicorn.Config(
            create_app(self._state, hosts_of(self._host, self._allowed_hosts)),
            loop="asyncio",
            http=_Protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            server_header=False,
            headers=[("Server", SERVER)],
            timeout_graceful_shutdown=1,
        )
        self._server = _Server(config)
        self._thread = threading.Thread(
            target=self._server.run,
            kwargs={"sockets": [listener]},
            name="bill-local-sandbox",
            daemon=True,
        )
        self._thread.start()
        self._server.ready.wait()
        self._origin = f"http://{self._host}:{listener.getsockname()[1]}"
        return self

    def stop(self) -> None:
        """Stop serving and wait for the thread to end; harmless when it is not running."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()


class AttachedSandbox(BillSandbox):
    """A sandbox that another process runs; made by ``LocalSandbox.attach``."""

    def __init__(self, origin: str, variables: Mapping[str, str]) -> None:
        parts = urlsplit(origin)
        if parts.scheme != "http" or parts.hostname != LOOPBACK or parts.port is None:
            raise ValueError(f"not the origin of a local sandbox: {origin}")
        self._origin = f"http://{LOOPBACK}:{parts.port}"
        self._variables = dict(variables)

    def __repr__(self) -> str:
        return f"<AttachedSandbox {self.origin}>"

    @property
    def origin(self) -> str:
        """Scheme, host and port of the sandbox."""
        return self._origin

    @property
    def variables(self) -> dict[str, str]:
        """The credentials that this sandbox accepts, by name of their environment variable."""
        return self._variables


class _Protocol(H11Protocol):
    """HTTP/1.1 that lets a fault cut the connection; an ASGI application cannot.

    It stays that, whatever else is asked for, and nobody is advised to install another. Addresses
    are logged nowhere: their queries hold signatures. (uvicorn's own switch is one for all servers
    of the process.)
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.access_log = False

    def _should_upgrade(self) -> bool:
        return False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        answer = self.app

        async def with_abort(scope: Any, receive: Any, send: Any) -> None:
            await answer({**scope, ABORT: transport.abort}, receive, send)

        self.app = with_abort


class _Server(uvicorn.Server):
    """uvicorn's server, telling when it serves."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        finally:
            self.ready.set()


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket, bound here so that the port is known and no one else can take it."""
    # The protocol is named, or asyncio would not turn off Nagle: 40 ms for each answer.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener

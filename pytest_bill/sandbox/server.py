"""Running the sandbox in a thread of this process, and reaching one that runs elsewhere."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Mapping
from datetime import timedelta
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import uvicorn

from pytest_bill.sandbox import control, seed
from pytest_bill.sandbox.app import create_app
from pytest_bill.sandbox.clock import Clock
from pytest_bill.sandbox.credentials import make_credentials
from pytest_bill.sandbox.ids import Ids
from pytest_bill.sandbox.state import SandboxState

_HOST = "127.0.0.1"
_CONTROL_TIMEOUT_SECONDS = 10


class LocalSandbox:
    """A BILL look-alike on a loopback port of this machine.

    `port` 0 takes any free one. `clock` is the time that sessions and records live by; real time by
    default. `seed` decides ids and records; secrets and sessionIds are random whatever the seed.
    `variables` replaces some of the generated credentials, by name of their variable.

    Use it as a context manager, or call `start()` and `stop()`. It starts once: a stopped sandbox
    does not start again.
    """

    def __init__(
        self,
        port: int = 0,
        clock: Clock | None = None,
        seed: int = 0,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        ids = Ids(seed)
        self.clock = clock or Clock()
        self._state = SandboxState(self.clock, ids, make_credentials(ids, variables or {}))
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
        seed.fill(self._state)
        listener = _listen(self._port)
        config = uvicorn.Config(
            create_app(self._state),
            loop="asyncio",
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
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
        self._origin = f"http://{_HOST}:{listener.getsockname()[1]}"
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

    def advance(self, by: timedelta) -> None:
        """Move the sandbox's clock forward."""
        self.clock.advance(by)

    def expire_sessions(self) -> None:
        """End every session now, as if all had idled too long."""
        self._state.sessions.expire_all()

    def request_counts(self) -> dict[str, int]:
        """How many requests came in so far, by "METHOD path"."""
        return self._state.request_counts()


class AttachedSandbox:
    """A sandbox that another process runs; made by `LocalSandbox.attach`."""

    def __init__(self, origin: str, variables: Mapping[str, str]) -> None:
        parts = urlsplit(origin)
        if parts.scheme != "http" or parts.hostname != _HOST or parts.port is None:
            raise ValueError(f"not the origin of a local sandbox: {origin}")
        self._address = (_HOST, parts.port)
        self.origin = f"http://{_HOST}:{parts.port}"
        self.variables = dict(variables)

    def __repr__(self) -> str:
        return f"<AttachedSandbox {self.origin}>"

    def advance(self, by: timedelta) -> None:
        """Move the sandbox's clock forward."""
        self._call("POST", control.CLOCK_PATH, {"advance_seconds": by.total_seconds()})

    def expire_sessions(self) -> None:
        """End every session now, as if all had idled too long."""
        self._call("POST", control.EXPIRE_SESSIONS_PATH)

    def request_counts(self) -> dict[str, int]:
        """How many requests came in so far, by "METHOD path"."""
        counts: dict[str, int] = self._call("GET", control.REQUESTS_PATH)
        return counts

    def _call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        # http.client, because it ignores the proxies that the environment names.
        connection = http.client.HTTPConnection(*self._address, timeout=_CONTROL_TIMEOUT_SECONDS)
        try:
            connection.request(method, path, None if body is None else json.dumps(body))
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        if response.status >= http.HTTPStatus.BAD_REQUEST:
            raise RuntimeError(f"{method} {path} answered HTTP {response.status}")
        return json.loads(content) if content else None


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


def _listen(port: int) -> socket.socket:
    """A listening socket, bound here so that the port is known and no one else can take it."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((_HOST, port))
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener

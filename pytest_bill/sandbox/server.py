"""Running the sandbox in a thread of this process, and reaching one that runs elsewhere."""

from __future__ import annotations

import socket
from collections.abc import Callable, Collection, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from pytest_bill.sandbox.core.clock import Clock
from pytest_bill.sandbox.core.limits import OVERLAP_SECONDS, Limits
from pytest_bill.sandbox.core.state import SandboxState, Size
from pytest_bill.sandbox.remote import BillSandbox

if TYPE_CHECKING:
    from pytest_bill.sandbox.serving import Server

LOOPBACK = "127.0.0.1"
EVERYWHERE = frozenset({"0.0.0.0", ""})  # noqa: S104
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
    faster than BILL lets them. ``log`` is called with a line for each request, which shows no
    credential. ``three_at_once`` refuses a fourth call at once of a developer key
    and an organization, by default where calls are counted; ``overlap_seconds`` is for how long no
    further call must come before one is answered that may be one of several (0: all are at once).

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
        three_at_once: bool | None = None,
        overlap_seconds: float = OVERLAP_SECONDS,
        allowed_hosts: Collection[str] = (),
        log: Callable[[str], None] | None = None,
    ) -> None:
        self.clock = clock or Clock()
        self._state = SandboxState(
            self.clock,
            seed,
            variables or {},
            Size(vendors, bills),
            mfa_required=mfa_required,
            limits=Limits(
                self.clock,
                enforced=rate_limits,
                at_once=rate_limits if three_at_once is None else three_at_once,
                overlap_seconds=overlap_seconds,
            ),
        )
        self._host = host
        self._allowed_hosts = allowed_hosts
        self._log = log
        self._port = port
        self._server: Server | None = None
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
        """Serve; the sandbox answers when this returns.

        Raises OSError if the port is taken, and ImportError without the extra ``sandbox``.
        """
        if self._server is not None:
            raise RuntimeError("the local sandbox was started before")
        # What serves is imported by who serves: workers of a run only reach the sandbox of another.
        from pytest_bill.sandbox import seed
        from pytest_bill.sandbox.admission import hosts_of
        from pytest_bill.sandbox.app import create_app
        from pytest_bill.sandbox.serving import Server

        seed.fill_state(self._state)
        app = create_app(self._state, hosts_of(self._host, self._allowed_hosts), self._log)
        listener = listen(self._host, self._port)
        self._server = Server(app, listener, SERVER)
        self._server.start()
        # Who listens at all addresses is called by one that clients can send to.
        name = LOOPBACK if self._host in EVERYWHERE else self._host
        self._origin = f"http://{name}:{listener.getsockname()[1]}"
        return self

    def stop(self) -> None:
        """Stop serving and wait for the thread to end; harmless when it is not running."""
        if self._server is not None:
            self._server.stop()

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


def listen(host: str, port: int) -> socket.socket:
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

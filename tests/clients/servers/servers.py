"""All servers of one run: BILL's, the others', a proxy, and where paced bodies are let go on."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from tests.clients.servers import control, http1, proxy, trap
from tests.clients.servers.loopback import Handler, Loopback
from tests.clients.servers.state import State


@dataclass(frozen=True)
class Servers:
    """``bill`` and ``bill_tls`` are what ``BILL_BASE_URL`` may name; the rest is not BILL's."""

    bill: Loopback
    bill_tls: Loopback
    other: Loopback
    other_tls: Loopback
    elsewhere: Loopback
    proxy: Loopback
    control: Loopback
    closed: str
    state: State

    def take_bill_away(self) -> None:
        """From now on nobody may ask BILL; the others forget what they were asked."""
        self.bill.handler = self.bill_tls.handler = trap.serve
        self.state.forget()


@contextmanager
def started(tls: ssl.SSLContext, *, patience: float) -> Iterator[Servers]:
    """Servers with a state of their own; ``patience`` is how long a paced body waits (seconds)."""
    state = State(patience)
    with ExitStack() as stack:

        def start(handler: Handler, **options: Any) -> Loopback:
            server = Loopback(handler, state, **options)
            stack.callback(server.close)
            return server

        # Taken, so that nobody else is there; but nobody listens.
        closed = stack.enter_context(socket.socket())
        closed.bind(("127.0.0.1", 0))
        yield Servers(
            bill=start(http1.serve),
            bill_tls=start(http1.serve, tls=tls),
            other=start(http1.serve),
            other_tls=start(http1.serve, tls=tls),
            # A host of its own, so that what clients keep by host is kept apart.
            elsewhere=start(http1.serve, host="127.0.0.2"),
            proxy=start(proxy.serve),
            control=start(control.serve),
            closed=f"http://127.0.0.1:{closed.getsockname()[1]}",
            state=state,
        )

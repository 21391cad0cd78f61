"""Sends the notifications of webhook subscriptions, as HTTP requests from the server's loop.

A notification goes out when it is due by the sandbox's clock; to one subscription one after the
other in the order of their events, to several at once. ``deliver`` waits for all that is due.
Nothing leaves this machine. A receiver has ten seconds to answer; redirects are not followed. Both
are not documented.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pytest_bill.environments import is_on_this_machine
from pytest_bill.sandbox.core import outbox
from pytest_bill.sandbox.core.latest import Latest
from pytest_bill.sandbox.core.outbox import Due, Outcome
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.state import SandboxState
from pytest_bill.webhook_events import headers_of

if TYPE_CHECKING:
    import ssl

    import h11

TIMEOUT_SECONDS = 10
_CHUNK = 64 * 1024
_MOST_KEPT = 2_000
"""How many bytes of a receiver's answer are kept: BILL looks at the status alone, people do not."""


class Dispatcher:
    """Sends what is due. Everything happens on the server's loop and ends with it."""

    def __init__(self, state: SandboxState) -> None:
        self._state = state
        self._workers: dict[str, asyncio.Task[None]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._sent: Latest[Record] = Latest()

    def send_due(self) -> None:
        """Send what is due now, and set the alarm for what is due later."""
        loop = asyncio.get_running_loop()
        for subscription_id in outbox.due_subscriptions(self._state):
            if subscription_id not in self._workers:
                worker = loop.create_task(self._work(subscription_id))
                self._workers[subscription_id] = worker
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        now = self._state.clock.now()
        later = [moment for moment in outbox.due_times(self._state) if moment > now]
        if later:
            seconds = (min(later) - now).total_seconds()
            self._timer = loop.call_later(seconds, self.send_due)

    async def deliver(self) -> list[Record]:
        """Wait until all that is due is sent; gives what was sent since this was last asked."""
        await self.until_sent()
        return self._sent.take_all()

    async def until_sent(self) -> None:
        """Wait until all that is due is sent; ``deliver`` tells of it to who asks next."""
        self.send_due()
        while self._workers:
            await asyncio.wait(list(self._workers.values()))
            self.send_due()

    def clear(self) -> None:
        """Begin anew with what ``deliver`` gives."""
        self._sent.clear()

    async def _work(self, subscription_id: str) -> None:
        try:
            while (due := outbox.next_due(self._state, subscription_id)) is not None:
                outcome = await _attempt(due)
                self._sent.add(outbox.record_attempt(self._state, due, outcome))
        finally:
            del self._workers[subscription_id]
        self.send_due()


def headers_sent(url: str, body: bytes, security_key: str) -> list[tuple[str, str]]:
    """The headers of a notification with this body to that URL."""
    return [
        ("Host", urlsplit(url).netloc),
        ("Content-Length", str(len(body))),
        ("Connection", "close"),
        *headers_of(body, security_key).items(),
    ]


async def _attempt(due: Due) -> Outcome:
    if not is_on_this_machine(due.url):
        return Outcome(None, outbox.ELSEWHERE)
    # Imported by the first notification: few suites have one.
    import h11

    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            return await _post(due.url, due.body, due.security_key)
    except TimeoutError:
        return Outcome(None, f"no answer within {TIMEOUT_SECONDS} seconds")
    except (OSError, ValueError, h11.ProtocolError) as error:
        return Outcome(None, str(error) or type(error).__name__)


async def _post(address: str, body: bytes, security_key: str) -> Outcome:
    import h11

    url = urlsplit(address)
    port = url.port or (443 if url.scheme == "https" else 80)
    tls = _trusting() if url.scheme == "https" else None
    reader, writer = await asyncio.open_connection(url.hostname, port, ssl=tls)
    try:
        connection = h11.Connection(h11.CLIENT)
        request = h11.Request(
            method="POST",
            target=(url.path or "/") + (f"?{url.query}" if url.query else ""),
            headers=headers_sent(address, body, security_key),
        )
        for part in (request, h11.Data(body), h11.EndOfMessage()):
            writer.write(connection.send(part) or b"")
        await writer.drain()
        return await _outcome(connection, reader)
    finally:
        writer.close()


async def _outcome(connection: h11.Connection, reader: asyncio.StreamReader) -> Outcome:
    """The answer, once it was read to its end: its sender may still be writing."""
    import h11

    status, beginning = 0, b""
    while True:
        match connection.next_event():
            case h11.NEED_DATA:
                connection.receive_data(await reader.read(_CHUNK))
            case h11.Response() as response:
                status = response.status_code
            case h11.Data() as part:
                beginning += bytes(part.data)[: _MOST_KEPT - len(beginning)]
            case h11.EndOfMessage() | h11.ConnectionClosed():
                return Outcome(status, None, beginning.decode(errors="replace"))


def _trusting() -> ssl.SSLContext:
    """For a receiver of this machine: no authority signs certificates for loopback."""
    import ssl

    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context

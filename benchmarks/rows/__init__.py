"""One module for each kind of measurement; ``ROWS`` are all of them, in the issue's order."""

from benchmarks.bench import Row
from benchmarks.rows.clients import Clients
from benchmarks.rows.elsewhere import Elsewhere
from benchmarks.rows.many_tests import ManyTests
from benchmarks.rows.mismatch import Mismatch
from benchmarks.rows.opening import Opening
from benchmarks.rows.proof import Proof
from benchmarks.rows.recording import Recording
from benchmarks.rows.replay import Replay
from benchmarks.rows.sandbox import SandboxLoad, SandboxRequests, SandboxStart
from benchmarks.rows.scan import Scan
from benchmarks.rows.start import FirstTest, Idle
from benchmarks.rows.threads import Threads

ROWS: tuple[Row, ...] = (
    Replay("get", "N distinct GETs"),
    Replay("post", "N distinct POSTs, bodies matched", vcrpy_at_least=150),
    Replay("repeated", "one GET, N times, in order"),
    Threads(),
    Clients("httpx", "httpx.MockTransport", is_compared=True),
    Clients("async-httpx", "httpx.MockTransport"),
    Clients("requests", "an adapter in memory"),
    Clients("urllib3", "a server on loopback", is_compared=True),
    Clients("aiohttp", "aiohttp's TestServer"),
    Clients("http.client", "a server on loopback"),
    *(Elsewhere(client) for client in ("httpx", "requests", "urllib3", "aiohttp", "http.client")),
    Opening(),
    ManyTests(),
    Idle(),
    FirstTest(),
    Recording(),
    Proof(),
    Mismatch(),
    SandboxStart(),
    SandboxRequests(),
    SandboxLoad(),
    Scan(),
)


def named(prefixes: list[str]) -> list[Row]:
    """The rows whose names begin with one of these; all where there is none.

    Raises:
        ValueError: no row's name begins so.
    """
    if not prefixes:
        return list(ROWS)
    for prefix in prefixes:
        if not any(row.name.startswith(prefix) for row in ROWS):
            names = ", ".join(row.name for row in ROWS)
            raise ValueError(f"There is no row {prefix}. The rows are: {names}.")
    return [row for row in ROWS if row.name.startswith(tuple(prefixes))]

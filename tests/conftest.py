"""What several test modules share: recorders, and small servers on loopback."""

from __future__ import annotations

import gc
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from pytest_bill.cassettes.client_requests import ClientRequests
from pytest_bill.cassettes.recorder import RecorderOptions
from pytest_bill.cassettes.use import Use
from pytest_bill.clients.base import served_by
from pytest_bill.environments import SANDBOX, Environment
from pytest_bill.scrubbing.registry import SecretRegistry
from tests.helpers.suites import Suite


def pytest_configure():
    """Let processes that tests start be interrupted, wherever this run itself was started.

    A shell has what it starts in the background ignore SIGINT, and so would they.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish():
    """What is there now stays: looking through 10,000 tests again and again is slow."""
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Of tests that are ``sampled``, leave most cases to the night."""
    met: Counter[str] = Counter()
    for item in sorted(items, key=lambda item: item.nodeid):
        sampled = item.get_closest_marker("sampled")
        if sampled is not None:
            test = item.nodeid.partition("[")[0]
            if met[test] % sampled.args[0]:
                item.add_marker(pytest.mark.nightly)
            met[test] += 1


@pytest.fixture(scope="session", autouse=True)
def _few_plugins():
    """Whole runs within tests load these plugins only: loading all that are installed is slow.

    Runs that are to be as a user has them take :func:`all_plugins`. They show the same here as in
    CI, where pytest does not shorten its summary, and compile what they import only once.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        patch.setenv("PYTEST_PLUGINS", "pytest_bill.plugin,xdist.plugin,pytest_socket")
        for name in ("CI", "BUILD_NUMBER", "PYTHONDONTWRITEBYTECODE"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture
def pytester(pytester, monkeypatch):
    """Whole runs keep what they record without a second run, which is another process.

    Runs that are to prove it take :func:`proven`.
    """
    monkeypatch.setenv("PYTEST_ADDOPTS", "-o bill_prove=false")
    return pytester


@pytest.fixture
def proven(pytester, monkeypatch):
    """Whole runs within the test prove what they record, as a user's do."""
    monkeypatch.delenv("PYTEST_ADDOPTS")
    return pytester


@pytest.fixture
def all_plugins(monkeypatch):
    """Whole runs within the test load every plugin that is installed, by its entry point."""
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", raising=False)
    monkeypatch.delenv("PYTEST_PLUGINS", raising=False)


@pytest.fixture
def recorder(tmp_path) -> Iterator[Callable[..., ClientRequests]]:
    """Make a recorder that all clients ask, as that of a run.

    What is given replaces BILL's sandbox and an empty registry.
    """
    scratch = tmp_path / "scratch"
    scratch.mkdir()

    def recorder(
        environment: Environment = SANDBOX, registry=None, tests=None, **options
    ) -> ClientRequests:
        made = ClientRequests(
            environment,
            registry or SecretRegistry(),
            lambda: scratch,
            tests,
            RecorderOptions(**options),
        )
        served.enter_context(served_by(made))
        return made

    with ExitStack() as served:
        yield recorder


@pytest.fixture
def use(tmp_path) -> Callable[..., Use]:
    """Make the use of a cassette in the test's own folder."""

    def use(mode: str = "once", name: str = "cassette.yaml", **changes) -> Use:
        values = {"owner": "test_a.py::test_b", "record_command": "pytest test_a.py::test_b"}
        return Use(Path(tmp_path / name), mode, **(values | changes))

    return use


class Server:
    """A server that answers what it is told and keeps what it received.

    An answer is status, headers and body, or a function that gives them.
    """

    def __init__(self) -> None:
        self.answers: list[Any] = []
        self.default: Any = (200, {}, b'{"results": []}')
        self.received: list[tuple[str, str, dict[str, str], bytes]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                received = (self.command, self.path, headers, body)
                outer.received.append(received)
                answer = outer.answers.pop(0) if outer.answers else outer.default
                status, answered, content = answer(received) if callable(answer) else answer
                if "Server" in answered:
                    self.send_response_only(status)
                else:
                    self.send_response(status)
                for name, value in answered.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.01,), daemon=True
        )
        self._thread.start()
        self.origin = f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        if not self._thread.is_alive():
            return
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def server():
    """Start servers; each is closed at the end."""
    servers = []

    def start() -> Server:
        servers.append(Server())
        return servers[-1]

    yield start
    for each in servers:
        each.close()


@pytest.fixture
def suite(pytester, monkeypatch) -> Suite:
    """A suite as a user has it, empty."""
    return Suite(pytester, monkeypatch)


@pytest.fixture(scope="module")
def _mfa_sandbox():
    from pytest_bill.sandbox import LocalSandbox  # few tests need it

    with LocalSandbox(mfa_required=True, rate_limits=False) as running:
        yield running


@pytest.fixture
def mfa_sandbox(_mfa_sandbox):
    """A local sandbox that asks for MFA-trusted sessions, as it was when it started."""
    _mfa_sandbox.reset()
    _mfa_sandbox.require_mfa()
    return _mfa_sandbox

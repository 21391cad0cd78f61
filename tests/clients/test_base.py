"""Seams: where they are put, when they are lifted, and what other tools' patches find."""

import http.client
import importlib
import inspect
import io
import socket
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.cookiejar import CookieJar
from importlib.machinery import PathFinder
from unittest import mock

import aiohttp
import httpcore
import httpx
import pytest
import requests
import urllib3
from requests.cookies import RequestsCookieJar

from pytest_bill.cassettes import store
from pytest_bill.cassettes.client_requests import ClientRequests
from pytest_bill.clients import base
from pytest_bill.clients.base import served_by
from pytest_bill.environments import at_origin
from pytest_bill.scrubbing.registry import SecretRegistry

SEAMS = [
    (http.client.HTTPConnection, "putrequest"),
    (http.client.HTTPConnection, "send"),
    (http.client.HTTPConnection, "connect"),
    (http.client.HTTPSConnection, "connect"),
    (urllib3.connection.HTTPConnection, "connect"),
    (urllib3.connection.HTTPSConnection, "connect"),
    (requests.adapters.HTTPAdapter, "send"),
    (requests.Session, "merge_environment_settings"),
    (httpcore.ConnectionPool, "handle_request"),
    (httpcore.AsyncConnectionPool, "handle_async_request"),
    (httpx.HTTPTransport, "handle_request"),
    (httpx.AsyncHTTPTransport, "handle_async_request"),
    (aiohttp.BaseConnector, "connect"),
]


def attributes() -> list[object]:
    """What stands where seams are put."""
    return [vars(owner)[name] for owner, name in SEAMS]


REAL = attributes()
FINDER = base._finder


@pytest.fixture(autouse=True)
def _alone(monkeypatch):
    """Nobody is served but whom a test serves; the run of this suite may be."""
    base._lift_all_seams()
    monkeypatch.setattr(base, "_serving", ())
    monkeypatch.setattr(sys, "meta_path", [each for each in sys.meta_path if each is not FINDER])
    yield
    monkeypatch.undo()
    if base._serving:
        base._put_all_seams()


@pytest.fixture
def run(tmp_path, server) -> ClientRequests:
    """A run on a local BILL that no client asks yet."""
    return ClientRequests(at_origin(server().origin, "local"), SecretRegistry(), lambda: tmp_path)


def vendors(run: ClientRequests) -> str:
    return run.environment.resolve("/v3/vendors")


def get_with_httpx(url: str) -> bytes:
    return httpx.get(url).content


def get_with_requests(url: str) -> bytes:
    return requests.get(url, timeout=5).content


def get_with_urllib3(url: str) -> bytes:
    with urllib3.PoolManager() as pool:
        return pool.request("GET", url).data


# --- put and lifted ----------------------------------------------------------------------------


def test_the_last_run_lifts_the_seams(run):
    assert attributes() == REAL
    with served_by(run):
        put = attributes()
        assert not set(put) & set(REAL)
        with served_by(object()):
            assert attributes() == put
        assert attributes() == put
        assert base.serving() is run
    assert attributes() == REAL
    assert base.serving() is None


def test_runs_may_end_in_any_order(run):
    first, second = served_by(run), served_by("another")
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert base.serving() == "another"
    assert attributes() != REAL
    second.__exit__(None, None, None)
    assert attributes() == REAL


def test_an_error_lifts_the_seams(run):
    with pytest.raises(ValueError, match="int"), served_by(run):
        int("as meant")
    assert attributes() == REAL


def test_the_next_run_puts_them_again(run):
    for _ in range(3):
        with served_by(run):
            assert not set(attributes()) & set(REAL)
        assert attributes() == REAL


def test_a_pool_that_outlives_the_run_sends_by_itself(run, use):
    url = vendors(run)
    with urllib3.PoolManager() as pool, requests.Session() as session, httpx.Client() as client:
        asking = [session.get, client.get, lambda url: pool.request("GET", url)]
        with served_by(run), run.using(use("all")):
            assert [ask(url).headers["Content-Length"] for ask in asking] == ["15"] * 3
        assert [ask(url).headers["Content-Length"] for ask in asking] == ["15"] * 3
    assert run.counts.requests == run.counts.recorded == 3


def test_what_is_asked_for_already_passes_in_that_thread_only(run):
    with served_by(run):
        with base.passing():
            with base.passing():
                pass
            assert base.serving() is None
            elsewhere = []
            thread = threading.Thread(target=lambda: elsewhere.append(base.serving()))
            thread.start()
            thread.join()
            assert elsewhere == [run]
        assert base.serving() is run
        with suppress(ValueError), base.passing():
            int("as meant")
        assert base.serving() is run


def test_a_connection_of_another_kind_gets_its_seam_when_its_class_is_made(run, use):
    with served_by(run):

        class Own(http.client.HTTPConnection):
            def connect(self):
                super().connect()

        host = vendors(run).split("/")[2]
        for mode in ("once", "none"):
            with run.using(use(mode)):
                connection = Own(host)
                connection.request("GET", "/connect/v3/vendors")
                assert connection.getresponse().read() == b'{"results": []}'
                connection.close()
        put = Own.connect
    assert run.counts.replayed == 1
    assert Own.connect is not put


# --- modules that are imported later -----------------------------------------------------------


def run_python(source: str, *args: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(source), *args],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


LATER = """
    import sys
    from pytest_bill.clients.base import served_by

    class Run:
        may_play = may_send = may_connect = False
        def takes(self, url):
            raise LookupError("asked")
        takes_at = takes

    with served_by(Run()):
        assert not {"http.client", "httpx", "requests", "aiohttp"} & set(sys.modules), sys.modules
        import asyncio, http.client, urllib.request
        import httpx, requests, aiohttp
        async def with_aiohttp():
            async with aiohttp.ClientSession() as session:
                await session.get("http://127.0.0.1:9/")
        async def with_httpx():
            async with httpx.AsyncClient() as client:
                await client.get("http://127.0.0.1:9/")
        for ask in (
            lambda: http.client.HTTPConnection("127.0.0.1:9").request("GET", "/"),
            lambda: urllib.request.urlopen("http://127.0.0.1:9/"),
            lambda: requests.get("http://127.0.0.1:9/"),
            lambda: httpx.get("http://127.0.0.1:9/"),
            lambda: asyncio.run(with_aiohttp()),
            lambda: asyncio.run(with_httpx()),
        ):
            try:
                ask()
            except LookupError as error:
                print(error)
"""


def test_clients_that_are_imported_later_ask():
    assert run_python(LATER).split() == ["asked"] * 6


def test_a_module_that_was_imported_later_has_its_own_loader(run, monkeypatch):
    forget(monkeypatch, "httpx")
    with served_by(run):
        again = importlib.import_module("httpx")
        assert type(again.__spec__.loader) is type(again.__loader__) is type(httpx.__loader__)
        assert "def get(" in inspect.getsource(again.get)


def test_the_finder_stands_right_before_the_one_that_looks_into_folders(run):
    before = list(sys.meta_path)
    with served_by(run), served_by(object()):
        place = sys.meta_path.index(FINDER)
        assert sys.meta_path[place + 1] is PathFinder
        assert [each for each in sys.meta_path if each is not FINDER] == before
    assert sys.meta_path == before


def test_a_client_that_is_not_there_is_not_there(run, monkeypatch):
    monkeypatch.setitem(base.CLIENTS, "no_such_client", "pytest_bill.clients.httpx")
    with served_by(run), pytest.raises(ModuleNotFoundError, match="no_such_client"):
        importlib.import_module("no_such_client")


def forget(monkeypatch, *packages: str) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] in packages]:
        monkeypatch.delitem(sys.modules, name)


@pytest.mark.parametrize("packages", [("httpx",), ("httpx", "httpcore")])
def test_a_client_that_is_imported_again_asks_too(run, use, monkeypatch, packages):
    with served_by(run), run.using(use("once")):
        get_with_httpx(vendors(run))
    forget(monkeypatch, *packages)
    with served_by(run), run.using(use("none")):
        again = importlib.import_module("httpx")
        assert again.HTTPTransport is not httpx.HTTPTransport
        assert again.get(vendors(run)).content == b'{"results": []}'
    assert (run.counts.recorded, run.counts.replayed) == (1, 1)


def test_the_first_of_two_imports_asks_once_when_it_is_back(run, use):
    with pytest.MonkeyPatch.context() as patch:
        forget(patch, "httpx", "httpcore")
        with served_by(run):
            importlib.import_module("httpx")
    with served_by(run), run.using(use("once")):
        get_with_httpx(vendors(run))
    assert run.counts.requests == 1
    assert len(store.load(use().path).interactions) == 1
    assert attributes() == REAL


def test_a_module_that_is_loaded_again_asks_too():
    source = LATER.replace(
        "import asyncio, http.client, urllib.request",
        """import http.client
        import importlib
        importlib.reload(http.client)
        import asyncio, urllib.request""",
    )
    assert run_python(source).split() == ["asked"] * 6


# --- other tools -------------------------------------------------------------------------------


@contextmanager
def counted(owner: type, name: str) -> Iterator[list[str]]:
    """Another tool's patch, which calls what was there before."""
    calls: list[str] = []
    before = getattr(owner, name)

    def called(*args, **kwargs):
        calls.append(name)
        return before(*args, **kwargs)

    with mock.patch.object(owner, name, called):
        yield calls


COUNTED = [
    (get_with_httpx, httpx.HTTPTransport, "handle_request"),
    (get_with_httpx, httpcore.ConnectionPool, "handle_request"),
    (get_with_requests, requests.adapters.HTTPAdapter, "send"),
    (get_with_urllib3, http.client.HTTPConnection, "send"),
]


@pytest.mark.parametrize(("get", "owner", "name"), COUNTED)
def test_another_tools_patch_over_ours_stays_and_ours_is_called(run, use, get, owner, name):
    with served_by(run):
        with counted(owner, name) as calls:
            theirs = vars(owner)[name]
            with served_by(object()):
                base.ensure_put()
            assert vars(owner)[name] is theirs
            with run.using(use("once")):
                get(vendors(run))
        assert calls
        assert run.counts.recorded == 1
    assert attributes() == REAL


@pytest.mark.parametrize(("get", "owner", "name"), COUNTED)
def test_another_tools_patch_below_ours_is_called(run, use, get, owner, name):
    with counted(owner, name) as calls, served_by(run), run.using(use("once")):
        get(vendors(run))
        assert calls
    assert run.counts.recorded == 1
    assert attributes() == REAL


@pytest.mark.parametrize(("get", "owner", "name"), COUNTED)
def test_a_patch_that_outlives_the_run_leaves_the_client_as_it_was(run, use, get, owner, name):
    with served_by(run):
        patch = counted(owner, name)
        calls = patch.__enter__()
    assert get(vendors(run)) == b'{"results": []}'
    patch.__exit__(None, None, None)
    assert calls
    assert run.counts.requests == 0
    with served_by(run), run.using(use("once")):
        get(vendors(run))
    assert run.counts.recorded == 1
    assert attributes() == REAL


def test_a_fake_is_not_replaced_and_ours_is_put_when_it_is_gone(run, use):
    fake = mock.Mock(return_value=httpx.Response(204))
    with mock.patch.object(httpx.HTTPTransport, "handle_request", fake) as patch:
        outer = served_by(run)
        outer.__enter__()
        assert vars(httpx.HTTPTransport)["handle_request"] is patch
        with run.using(use("none")):
            assert httpx.get(vendors(run)).status_code == 204
    assert run.counts.requests == 0
    base.ensure_put()
    assert not set(attributes()) & set(REAL)
    outer.__exit__(None, None, None)
    assert attributes() == REAL


def test_seams_that_another_tool_took_away_are_put_again(run, use):
    with served_by(run):
        put = attributes()
        for (owner, name), real in zip(SEAMS, REAL, strict=True):
            setattr(owner, name, real)
        base.ensure_put()
        assert attributes() == put
    assert attributes() == REAL


@pytest.mark.parametrize("module", ["responses", "respx.mocks", "unittest.mock", "vcr.stubs"])
def test_what_a_fake_has_made_is_fake(module):
    def made():
        pass

    made.__module__ = module
    assert base.is_fake(made)
    assert base.is_fake(type("Made", (), {"__module__": module})())


@pytest.mark.parametrize("thing", [*REAL, get_with_httpx, object(), None, "vcr", io.BytesIO()])
def test_other_things_are_no_fakes(thing):
    assert not base.is_fake(thing)


class FakeSocket:
    """Answers by itself, as mocket and httpretty do; it is no socket."""

    def __init__(self, *_):
        pass

    def makefile(self, *_):
        return io.BytesIO(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfake")

    def sendall(self, _):
        pass

    connect = settimeout = sendall

    def setsockopt(self, *_):
        pass

    def close(self):
        pass


class LookedAt(socket.socket):
    """What a tool puts there that only looks at sockets."""


def test_a_fake_socket_answers_by_itself(run, use, monkeypatch):
    with served_by(run), run.using(use("none")):
        monkeypatch.setattr(socket, "socket", FakeSocket)
        assert base.sockets_are_fake()
        connection = http.client.HTTPConnection(vendors(run).split("/")[2])
        connection.request("GET", "/connect/v3/vendors")
        assert connection.getresponse().read() == b"fake"
    assert run.counts.requests == 0


def test_a_socket_that_is_only_looked_at_is_no_fake(run, use, monkeypatch):
    monkeypatch.setattr(socket, "socket", LookedAt)
    assert not base.sockets_are_fake()
    for mode in ("once", "none"):
        with served_by(run), run.using(use(mode)):
            assert get_with_requests(vendors(run)) == b'{"results": []}'
    assert run.counts.replayed == 1


class Choosy(CookieJar):
    def make_cookies(self, response, request):
        return []


def test_jars_that_take_cookies_as_pythons_own_does():
    assert base.takes_cookies_as_is(CookieJar())
    assert base.takes_cookies_as_is(RequestsCookieJar())
    assert not base.takes_cookies_as_is(Choosy())
    assert not base.takes_cookies_as_is({})
    assert not base.takes_cookies_as_is(None)

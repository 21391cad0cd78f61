"""The clients that a suite brings along, in a BILL test: recorded, then replayed."""

from __future__ import annotations

import json

import pytest

from tests.helpers.suites import LOOPBACK_ONLY, RECORD

VENDOR = """
import os

def vendor(name=os.environ.get("VENDOR", "Ada")):
    address = {"line1": "1 Way", "city": "Houston", "stateOrProvince": "TX",
               "zipOrPostalCode": "77002", "country": "US"}
    return {"name": name, "accountType": "BUSINESS", "address": address}
"""

# --- bodies ------------------------------------------------------------------------------------

BODIES = """
import asyncio
import json

import aiohttp
import httpx
import pytest
import requests
import urllib3

from vendor import vendor


def with_aiohttp(session, **body):
    async def post():
        async with aiohttp.ClientSession(
            f"{session.base_url}/", headers=session.credential_headers()
        ) as client:
            async with client.post("v3/vendors", **body) as answer:
                return answer.status, await answer.json()
    return asyncio.run(post())


async def pieces(content):
    for start in range(0, len(content), 10):
        yield content[start : start + 10]


HOW = {
    "json": lambda: {"json": vendor()},
    "data": lambda: {"data": json.dumps(vendor()), "headers": {"Content-Type": "application/json"}},
    "bytes": lambda: {
        "data": json.dumps(vendor()).encode(), "headers": {"Content-Type": "application/json"},
    },
    "pieces": lambda: {
        "data": pieces(json.dumps(vendor()).encode()),
        "headers": {"Content-Type": "application/json"},
    },
}


@pytest.mark.parametrize("how", HOW)
def test_aiohttp(bill_dev_session, how):
    status, answer = with_aiohttp(bill_dev_session, **HOW[how]())
    assert (status, answer["name"]) == (201, vendor()["name"])


def test_aiohttp_form(bill_dev_session):
    form = aiohttp.FormData({"name": vendor()["name"], "note": "ä & b"})
    assert with_aiohttp(bill_dev_session, data=form)[0] == 400


def test_aiohttp_upload(bill_dev_session):
    form = aiohttp.FormData()
    form.add_field("name", vendor()["name"])
    form.add_field("file", b"\\x00\\xff", filename="a.bin", content_type="application/octet-stream")
    assert with_aiohttp(bill_dev_session, data=form)[0] == 400


def test_httpx(bill_dev_session):
    with httpx.Client(
        base_url=bill_dev_session.base_url, headers=bill_dev_session.credential_headers()
    ) as client:
        assert client.post("/v3/vendors", json=vendor()).json()["name"] == vendor()["name"]


def test_httpx_pieces(bill_dev_session):
    async def post():
        async with httpx.AsyncClient(headers=bill_dev_session.credential_headers()) as client:
            return await client.post(
                f"{bill_dev_session.base_url}/v3/vendors",
                content=pieces(json.dumps(vendor()).encode()),
                headers={"Content-Type": "application/json"},
            )
    assert asyncio.run(post()).json()["name"] == vendor()["name"]


def test_requests(bill_dev_session):
    answer = requests.post(
        f"{bill_dev_session.base_url}/v3/vendors",
        json=vendor(),
        headers=bill_dev_session.credential_headers(),
    )
    assert answer.json()["name"] == vendor()["name"]


def test_urllib3(bill_dev_session):
    answer = urllib3.request(
        "POST",
        f"{bill_dev_session.base_url}/v3/vendors",
        json=vendor(),
        headers=bill_dev_session.credential_headers(),
    )
    assert answer.json()["name"] == vendor()["name"]
"""
JSON_BODIES = [f"aiohttp[{how}]" for how in ("json", "data", "bytes", "pieces")]
JSON_BODIES += ["httpx", "httpx_pieces", "requests", "urllib3"]


@pytest.mark.nightly
def test_a_body_is_recorded_as_it_was_sent_and_another_one_is_not_the_same(suite, monkeypatch):
    suite.write(vendor=VENDOR, test_bodies=BODIES)
    suite.records_and_replays()
    for name in JSON_BODIES:
        (interaction,) = suite.interactions(f"test_bodies.py::test_{name}")
        sent = json.loads(interaction["request"]["body"])
        assert (sent["name"], sent["accountType"]) == ("Ada", "BUSINESS")
    (interaction,) = suite.interactions("test_bodies.py::test_aiohttp_form")
    assert interaction["request"]["body"] == "name=Ada&note=%C3%A4+%26+b"
    (interaction,) = suite.interactions("test_bodies.py::test_aiohttp_upload")
    assert b'filename="a.bin"' in interaction["request"]["body"]
    assert b"\x00\xff" in interaction["request"]["body"]

    monkeypatch.setenv("VENDOR", "Grace")
    replayed = suite.run()
    replayed.assert_outcomes(failed=len(JSON_BODIES) + 2)
    shown = replayed.stdout.str()
    differs = "    - body name: Ada\n    + body name: Grace\n"
    assert shown.count(differs) == len(JSON_BODIES) + 2  # and the form, and the upload


# --- clients at any time, anywhere -------------------------------------------------------------

CLIENTS = """
import asyncio
import functools
import threading
from concurrent.futures import ThreadPoolExecutor

import aiohttp
import httpx
import pytest
import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from made_at_import import CLIENT, MANAGER, SESSION
from vendor import vendor


def url(session, number=1):
    return f"{session.base_url}/v3/vendors?max={number}"


def answered(answer):
    return len(answer.json()["results"])


def test_a_pool_of_threads_with_requests(bill_dev_session):
    headers = bill_dev_session.credential_headers()

    def create(number):
        created = requests.post(
            f"{bill_dev_session.base_url}/v3/vendors", json=vendor(f"V {number}"), headers=headers
        )
        return created.json()["name"]

    with ThreadPoolExecutor(3) as pool:  # BILL refuses a fourth call at once
        assert list(pool.map(create, range(20))) == [f"V {number}" for number in range(20)]


def test_a_pool_of_threads_with_one_manager(bill_dev_session):
    headers = bill_dev_session.credential_headers()
    manager = urllib3.PoolManager(2, maxsize=2, block=True)

    def ask(number):
        asked = url(bill_dev_session, number % 4 + 1)
        return len(manager.request("GET", asked, headers=headers).json()["results"])

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, range(20))) == [1, 2, 3, 4] * 5


def test_threads_of_threads(bill_dev_session):
    headers, got = bill_dev_session.credential_headers(), []

    def inner(number):
        got.append(answered(httpx.get(url(bill_dev_session, number), headers=headers)))

    def outer():
        threads = [threading.Thread(target=inner, args=(number,)) for number in range(1, 4)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()

    thread = threading.Thread(target=outer)
    thread.start()
    thread.join()
    assert sorted(got) == [1, 2, 3]


@pytest.mark.parametrize("each", [1, 2])
def test_made_when_a_module_was_imported(bill_dev_session, each):
    headers = bill_dev_session.credential_headers()
    assert answered(CLIENT.get(url(bill_dev_session), headers=headers)) == 1
    assert answered(SESSION.get(url(bill_dev_session), headers=headers)) == 1
    assert MANAGER.request("GET", url(bill_dev_session), headers=headers).status == 200


@pytest.fixture(scope="session")
def early():
    with httpx.Client() as client:
        yield client


def test_made_before_the_bill_fixture(early, bill_dev_session):
    headers = bill_dev_session.credential_headers()
    assert answered(early.get(url(bill_dev_session), headers=headers)) == 1


@functools.cache
def cached():
    return requests.Session()


@pytest.mark.parametrize("number", [1, 2, 3])
def test_cached_over_several_tests(bill_dev_session, number):
    headers = bill_dev_session.credential_headers()
    assert answered(cached().get(url(bill_dev_session, number), headers=headers)) == number


class Acme(requests.Session):
    def request(self, method, path, **options):
        return super().request(method, f"{self.base}{path}", timeout=5, **options)


def test_a_session_of_its_own_class(bill_dev_session):
    with Acme() as acme:
        acme.base, acme.auth = bill_dev_session.base_url, bill_dev_session.auth
        for scheme in ("http://", "https://"):
            acme.mount(scheme, HTTPAdapter(max_retries=Retry(3, status_forcelist=[503])))
        assert answered(acme.get("/v3/vendors?max=2")) == 2


def test_http2(bill_dev_session):
    with httpx.Client(http2=True, auth=bill_dev_session.auth) as client:
        assert answered(client.get(url(bill_dev_session))) == 1


def test_a_loop_in_a_thread_of_a_loop(bill_dev_session):
    async def ask(number):
        async with aiohttp.ClientSession(headers=bill_dev_session.credential_headers()) as client:
            async with client.get(url(bill_dev_session, number)) as answer:
                return len((await answer.json())["results"])

    async def both():
        inner = asyncio.to_thread(asyncio.run, ask(3))
        return await asyncio.gather(ask(2), inner)

    assert asyncio.run(both()) == [2, 3]


def test_a_callback_of_a_future(bill_dev_session):
    headers, got = bill_dev_session.credential_headers(), []
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(requests.get, url(bill_dev_session), headers=headers)
        future.add_done_callback(
            lambda _: got.append(requests.get(url(bill_dev_session, 2), headers=headers))
        )
    assert [answered(future.result()), answered(got[0])] == [1, 2]


def test_read_as_it_comes(bill_dev_session):
    for scheme in ("http://", "https://"):
        retries = HTTPAdapter(max_retries=Retry(3, status_forcelist=[503]))
        bill_dev_session.mount(scheme, retries)
    with bill_dev_session.get("/v3/vendors", params={"max": 1}, stream=True) as answer:
        whole = b"".join(answer.iter_content(None))
    with bill_dev_session.get("/v3/vendors", params={"max": 1}, stream=True) as answer:
        assert b"".join(answer.raw.stream(None)) == whole
    with bill_dev_session.get("/v3/vendors", params={"max": 1}, stream=True) as answer:
        assert b"".join(answer.iter_content(7)) == whole
    with httpx.stream("GET", url(bill_dev_session), auth=bill_dev_session.auth) as answer:
        assert b"".join(answer.iter_raw()) == whole


def test_a_header_beyond_ascii(bill_dev_session):
    auth, headers = bill_dev_session.auth, {"X-Acme": "Söhne".encode("latin-1")}
    assert answered(httpx.get(url(bill_dev_session), headers=headers, auth=auth)) == 1
    assert answered(requests.get(url(bill_dev_session), headers=headers, auth=auth)) == 1

    async def ask():
        own = {**bill_dev_session.credential_headers(), "X-Acme": "Söhne"}
        async with aiohttp.ClientSession(headers=own) as client:
            async with client.get(url(bill_dev_session)) as answer:
                return answer.status

    assert asyncio.run(ask()) == 200
"""
MADE_AT_IMPORT = """
import httpx
import requests
import urllib3

CLIENT, SESSION, MANAGER = httpx.Client(), requests.Session(), urllib3.PoolManager()
"""
IMPORTED_WITHIN = """
def test_imported_within(bill_dev_session):
    import sys
    before = set(sys.modules)
    import httpx
    assert "httpx" not in before
    asked = f"{bill_dev_session.base_url}/v3/vendors?max=1"
    assert len(httpx.get(asked, auth=bill_dev_session.auth).json()["results"]) == 1


def test_imported_from_within(bill_dev_session):
    from urllib.request import Request, urlopen
    headers = bill_dev_session.credential_headers()
    with urlopen(Request(f"{bill_dev_session.base_url}/v3/vendors?max=1", headers=headers)) as got:
        assert got.status == 200
"""


ANOTHER_ORDER = ("-p", "randomly", "-p", "no:cacheprovider")
WORKERS = ("-n", "2")


@pytest.mark.nightly
def test_a_client_may_be_made_at_any_time_and_used_anywhere(suite, monkeypatch):
    suite.write(vendor=VENDOR, test_clients=CLIENTS, made_at_import=MADE_AT_IMPORT)
    assert suite.records_and_replays()["requests"] > 60
    suite.replays(*ANOTHER_ORDER)
    suite.replays(*WORKERS, network=LOOPBACK_ONLY)
    # Where nothing is sent, no proxy is asked.
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    suite.replays("-k", "cached or made or pool")


def test_a_client_that_only_the_test_imports(suite):
    suite.write(test_within=IMPORTED_WITHIN)
    suite.records_and_replays()
    suite.replays("-k", "from")


# --- as without the plugin ----------------------------------------------------------------------

AS_EVER = """
import asyncio
import contextvars
import copy
import gc
import http.client
import pickle
import urllib.request
from urllib.parse import urlsplit

import aiohttp
import httpx
import pytest
import requests
import urllib3


def url(session, number=1):
    return f"{session.base_url}/v3/vendors?max={number}"


def copies(answer):
    return [pickle.loads(pickle.dumps(answer)), copy.copy(answer)]


def test_answers_are_pickled(bill_dev_session):
    asked, auth = url(bill_dev_session), bill_dev_session.auth
    for answer in (
        bill_dev_session.get("/v3/vendors"), requests.get(asked, auth=auth),
        httpx.get(asked, auth=auth),
    ):
        assert [each.json() for each in copies(answer)] == [answer.json()] * 2


@pytest.mark.filterwarnings("error")
def test_an_answer_that_nobody_waits_for(bill_dev_session):
    async def ask():
        headers = bill_dev_session.credential_headers()
        async with aiohttp.ClientSession(headers=headers) as client:
            async with client.get(url(bill_dev_session, 2)) as answer:  # leaves a connection
                await answer.read()
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0):
                    await client.get(url(bill_dev_session))
        gc.collect()

    if bill_dev_session.base_url.startswith("http:"):  # a recorded answer is there at once
        asyncio.run(ask())


CONNECTIONS = {}


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_connection_for_several_tests(bill_dev_session, number):
    parts = urlsplit(bill_dev_session.base_url)
    classes = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
    connection = CONNECTIONS.setdefault("one", classes[parts.scheme](parts.netloc))
    for asked in (number, number + 1):
        path = f"/connect/v3/vendors?max={asked}"
        connection.request("GET", path, headers=bill_dev_session.credential_headers())
        assert connection.getresponse().read().count(b'"archived"') == asked


@pytest.fixture(scope="module")
def loop():
    loop = asyncio.new_event_loop()
    client = loop.run_until_complete(connector())
    yield loop, client
    loop.run_until_complete(client.close())
    loop.close()


async def connector():
    connector = aiohttp.TCPConnector(limit=1)
    return aiohttp.ClientSession(connector=connector, raise_for_status=True)


@pytest.mark.parametrize("turn", [1, 2])
def test_a_loop_for_several_tests(bill_dev_session, loop, turn):
    loop, client = loop
    headers = bill_dev_session.credential_headers()

    async def one(number):
        async with client.get(url(bill_dev_session, number), headers=headers) as answer:
            return len((await answer.json())["results"])

    async def all_at_once():
        return await asyncio.gather(*map(one, [1, 2, 3, 4]))

    assert loop.run_until_complete(all_at_once()) == [1, 2, 3, 4]


def test_an_opener_for_all(bill_dev_session):
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    opener.addheaders = list(bill_dev_session.credential_headers().items())
    urllib.request.install_opener(opener)
    try:
        assert urllib.request.urlopen(url(bill_dev_session)).status == 200
    finally:
        urllib.request.install_opener(None)


def test_hooks(bill_dev_session):
    seen = []
    hooks = {"request": [seen.append], "response": [seen.append]}
    with httpx.Client(
        transport=httpx.HTTPTransport(retries=3), auth=bill_dev_session.auth, event_hooks=hooks
    ) as client:
        assert client.get(url(bill_dev_session)).json()["results"]
    with requests.Session() as session:
        session.hooks["response"].append(lambda answer, **_: seen.append(answer))
        assert session.get(url(bill_dev_session), auth=bill_dev_session.auth).ok
    assert len(seen) == 3


def test_answers_that_nobody_reads(bill_dev_session):
    auth, headers = bill_dev_session.auth, bill_dev_session.credential_headers()
    requests.get(url(bill_dev_session), auth=auth, stream=True).close()
    with httpx.stream("GET", url(bill_dev_session, 2), auth=auth):
        pass
    with urllib3.PoolManager() as pool:
        asked = url(bill_dev_session, 3)
        pool.request("GET", asked, headers=headers, preload_content=False).drain_conn()


def test_an_empty_context(bill_dev_session):
    def ask():
        return requests.get(url(bill_dev_session), auth=bill_dev_session.auth)

    assert contextvars.Context().run(ask).ok


def test_page_after_page(bill_dev_session):
    async def pages(client):
        page = ""
        while True:
            asked = f"{url(bill_dev_session, 2)}{page}"
            answer = (await client.get(asked)).json()
            for vendor in answer["results"]:
                yield vendor["name"]
            if not answer.get("nextPage"):
                return
            page = f"&page={answer['nextPage']}"

    async def ask():
        async with httpx.AsyncClient(auth=bill_dev_session.auth) as client:
            return [name async for name in pages(client)]

    assert len(asyncio.run(ask())) == 5
"""


@pytest.mark.nightly
def test_what_code_does_with_clients_and_answers_it_may_go_on_doing(suite):
    suite.write(test_as_ever=AS_EVER)
    result = suite.run(*RECORD)
    result.assert_outcomes(passed=12)
    result.stdout.fnmatch_lines(
        [
            "test_as_ever.py::test_an_answer_that_nobody_waits_for",
            "  GET https://*/v3/vendors?max=1 got no whole answer: cancelled",
        ]
    )
    assert suite.replays()["passed"] == 12
    suite.replays(*ANOTHER_ORDER)


# --- beside BILL -------------------------------------------------------------------------------

ELSEWHERE = r"""
import asyncio
import http.client
import socket
import socketserver
import tempfile
import threading
from contextlib import contextmanager

import aiohttp
import httpx
import pytest
import requests
import urllib3

HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"


class Stream:
    # The second half is sent, or taken, when whoever reads has the first one.
    def __init__(self, make, address):
        self.go, self.first_came = threading.Event(), threading.Event()
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                line = self.rfile.readline()
                while self.rfile.readline().strip():
                    pass
                if line.startswith(b"POST"):
                    assert self.rfile.readline() == b"3\r\n"
                    self.rfile.readline()
                    outer.first_came.set()
                    while self.rfile.readline() != b"0\r\n":
                        pass
                    self.rfile.readline()
                self.wfile.write(HEAD + b"3\r\none\r\n")
                if line.startswith(b"GET"):
                    self.wfile.write(b"3\r\ntwo\r\n" if outer.go.wait(10) else b"1\r\n?\r\n")
                self.wfile.write(b"0\r\n\r\n")

        self.server = make(address, Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}/events"

    def both(self, pieces):
        # The first piece is there before the second is sent.
        assert next(pieces) == b"one"
        self.go.set()
        assert b"".join(pieces) == b"two"

    def sent(self):
        yield b"one"
        assert self.first_came.wait(10)
        yield b"two"


@contextmanager
def serving(make, address):
    stream = Stream(make, address)
    try:
        yield stream
    finally:
        stream.go.set()
        stream.server.shutdown()
        stream.server.server_close()


@pytest.fixture
def stream(bill_dev_session):
    assert bill_dev_session.get("/v3/vendors").ok
    with serving(socketserver.ThreadingTCPServer, ("127.0.0.1", 0)) as made:
        yield made


def test_httpx(stream):
    with httpx.stream("GET", stream.url) as answer:
        stream.both(answer.iter_raw())


def test_async_httpx(stream):
    async def ask():
        async with httpx.AsyncClient() as client, client.stream("GET", stream.url) as answer:
            pieces = answer.aiter_bytes()
            assert await anext(pieces) == b"one"
            stream.go.set()
            assert await anext(pieces) == b"two"

    asyncio.run(ask())


def test_aiohttp(stream):
    async def ask():
        async with aiohttp.ClientSession() as client, client.get(stream.url) as answer:
            assert await answer.content.readany() == b"one"
            stream.go.set()
            assert await answer.content.readany() == b"two"

    asyncio.run(ask())


def test_requests(stream):
    with requests.get(stream.url, stream=True) as answer:
        stream.both(answer.iter_content(None))


def test_urllib3(stream):
    answer = urllib3.PoolManager().request("GET", stream.url, preload_content=False)
    stream.both(answer.stream(None))


def test_http_client(stream):
    connection = http.client.HTTPConnection(stream.url.split("/")[2])
    connection.request("GET", "/events")
    answer = connection.getresponse()
    stream.both(iter(lambda: answer.read1(100), b""))


def test_the_session(stream, bill_dev_session):
    with bill_dev_session.get(stream.url, stream=True) as answer:
        stream.both(answer.iter_content(None))


def test_an_upload_of_httpx(stream):
    assert httpx.post(stream.url, content=stream.sent()).content == b"one"


def test_an_upload_of_requests(stream):
    assert requests.post(stream.url, data=stream.sent()).content == b"one"


def test_an_upload_of_aiohttp(stream):
    async def pieces():
        yield b"one"
        assert await asyncio.to_thread(stream.first_came.wait, 10)
        yield b"two"

    async def ask():
        async with aiohttp.ClientSession() as client:
            async with client.post(stream.url, data=pieces()) as answer:
                assert await answer.read() == b"one"

    asyncio.run(ask())


def test_a_stream_with_bill_in_between(stream, bill_dev_session):
    with httpx.stream("GET", stream.url) as answer:
        pieces = answer.iter_raw()
        assert next(pieces) == b"one"
        vendors = f"{bill_dev_session.base_url}/v3/vendors"
        assert httpx.get(vendors, auth=bill_dev_session.auth).status_code == 200
        stream.go.set()
        assert b"".join(pieces) == b"two"


def test_nobody_goes_on(stream):
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(stream.url, timeout=0.05)
    with pytest.raises(requests.exceptions.ConnectionError, match="Read timed out"):
        requests.get(stream.url, timeout=0.05)


@pytest.fixture
def place(bill_dev_session):
    assert bill_dev_session.get("/v3/vendors").ok
    with tempfile.TemporaryDirectory() as folder:  # the path of a socket has to be short
        place = f"{folder}/socket"
        with serving(socketserver.ThreadingUnixStreamServer, place) as made:
            made.go.set()
            yield place


class UnixConnection(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.place)


def test_a_unix_socket_of_http_client(place):
    connection = UnixConnection("localhost")
    connection.place = place
    connection.request("GET", "/version")
    assert connection.getresponse().read() == b"onetwo"


def test_a_unix_socket_of_httpx(place):
    with httpx.Client(transport=httpx.HTTPTransport(uds=place)) as client:
        assert client.get("http://localhost/version").content == b"onetwo"


def test_a_unix_socket_of_aiohttp(place):
    async def ask():
        async with aiohttp.ClientSession(connector=aiohttp.UnixConnector(place)) as client:
            async with client.get("http://localhost/version") as answer:
                return await answer.read()

    assert asyncio.run(ask()) == b"onetwo"
"""


@pytest.mark.nightly
def test_other_hosts_are_asked_as_ever_and_their_streams_come_as_they_are_sent(suite):
    suite.write(test_elsewhere=ELSEWHERE)
    suite.records_and_replays(network=LOOPBACK_ONLY)


CACHED = """
import requests_cache


def test_a_session_that_remembers(bill_dev_session):
    url = f"{bill_dev_session.base_url}/v3/vendors"
    with requests_cache.CachedSession(backend="memory") as session:
        first = session.get(url, auth=bill_dev_session.auth)
        again = session.get(url, auth=bill_dev_session.auth)
        other = session.get(f"{url}?max=1", auth=bill_dev_session.auth)
    assert (first.from_cache, again.from_cache, other.from_cache) == (False, True, False)
    assert first.json() == again.json()
    assert len(other.json()["results"]) == 1
"""


@pytest.mark.nightly
def test_a_client_that_remembers_answers_asks_as_often_as_without(suite):
    suite.write(test_cached=CACHED)
    suite.records_and_replays()
    assert len(suite.interactions("test_cached.py::test_a_session_that_remembers")) == 2

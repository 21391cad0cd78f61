"""Requests of many threads and tasks at once: all are recorded, all are played, each in its own."""

import asyncio
import http.client
import json
import threading
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from urllib.parse import urlsplit

import aiohttp
import anyio
import httpx
import pytest
import requests
import urllib3

from pytest_bill.cassettes import store
from pytest_bill.cassettes.running_tests import RunningTests
from pytest_bill.environments import at_origin
from pytest_bill.processes.threads import Threads

REQUESTS, WORKERS = 200, 4
ROUNDS = [3, pytest.param(20, marks=pytest.mark.nightly)]
FEW = httpx.Limits(max_connections=8)  # what httpx does for a request takes longer with each


class Answering(asyncio.Protocol):
    """Answers each request with its path and a number of its own."""

    number = 0

    def connection_made(self, transport):
        self.transport = transport
        self.asked = b""

    def data_received(self, data):
        self.asked += data
        while b"\r\n\r\n" in self.asked:
            head, _, self.asked = self.asked.partition(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].decode()
            body = json.dumps({"path": path, "number": Answering.number}).encode()
            Answering.number += 1
            self.transport.write(
                b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body
            )


class Loop:
    """An event loop that runs in a thread of its own."""

    def __enter__(self):
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()
        return self

    def run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(30)

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        self.loop.close()


@pytest.fixture(scope="module")
def bill():
    """The environment of a quick server on loopback."""
    with Loop() as serving:
        starting = serving.loop.create_server(Answering, "127.0.0.1", 0)
        listening = serving.run(starting)
        host, port = listening.sockets[0].getsockname()
        yield at_origin(f"http://{host}:{port}", "local")
        serving.loop.call_soon_threadsafe(listening.close)


def threads(get, urls):
    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(get, urls))


def with_requests(urls):
    with requests.Session() as session:
        return threads(lambda url: session.get(url, timeout=30).content, urls)


def with_urllib3(urls):
    with urllib3.PoolManager(maxsize=WORKERS) as pool:
        return threads(lambda url: pool.request("GET", url).data, urls)


def with_httpx(urls):
    with httpx.Client(timeout=30) as client:
        return threads(lambda url: client.get(url).content, urls)


def with_urllib(urls):
    def get(url):
        with urllib.request.urlopen(url, timeout=30) as answer:
            return answer.read()

    return threads(get, urls)


def with_http_client(urls):
    def get(part):
        connection = http.client.HTTPConnection(urlsplit(part[0]).netloc, timeout=30)
        answers = []
        for url in part:
            connection.request("GET", urlsplit(url).path)
            answers.append(connection.getresponse().read())
        connection.close()
        return answers

    parts = threads(get, [urls[start::WORKERS] for start in range(WORKERS)])
    return [parts[place % WORKERS][place // WORKERS] for place in range(len(urls))]


def with_async_httpx(urls):
    async def main():
        async with httpx.AsyncClient(limits=FEW, timeout=30) as client:
            return [each.content for each in await asyncio.gather(*map(client.get, urls))]

    return asyncio.run(main())


def with_trio_httpx(urls):
    answers = {}

    async def main():
        async with (
            httpx.AsyncClient(limits=FEW, timeout=30) as client,
            anyio.create_task_group() as group,
        ):
            for place, url in enumerate(urls):
                group.start_soon(get, client, place, url)

    async def get(client, place, url):
        answers[place] = (await client.get(url)).content

    anyio.run(main, backend="trio")
    return [answers[place] for place in range(len(urls))]


def with_aiohttp(urls):
    async def get(client, url):
        async with client.get(url) as answer:
            return await answer.read()

    async def main():
        async with aiohttp.ClientSession() as client:
            return await asyncio.gather(*(get(client, url) for url in urls))

    return asyncio.run(main())


def with_requests_to_thread(urls):
    async def main():
        with requests.Session() as session:
            asked = [asyncio.to_thread(session.get, url, timeout=30) for url in urls]
            return [each.content for each in await asyncio.gather(*asked)]

    return asyncio.run(main())


CLIENTS = [with_requests, with_urllib3, with_httpx, with_async_httpx, with_trio_httpx]
CLIENTS += [with_aiohttp, with_http_client, with_urllib, with_requests_to_thread]


@pytest.mark.sampled(3)
@pytest.mark.parametrize("rounds", ROUNDS)
@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.__name__)
def test_each_of_200_requests_at_once_is_recorded_and_replayed(recorder, use, bill, client, rounds):
    # Four of each, so that equal ones share their answers out.
    urls = [bill.resolve(f"/v3/vendors/{number % 50}") for number in range(REQUESTS)]
    for turn in range(rounds):
        answers = []
        first = Answering.number
        for mode in ("once", "none"):
            it = recorder(bill)
            with it.using(use(mode, f"{turn}.yaml")) as opened:
                answers.append([json.loads(each) for each in client(urls)])
            assert it.counts.requests == REQUESTS
            assert (opened.misses, opened.unanswered, it.late) == ([], [], [])
        assert it.counts.replayed == REQUESTS
        assert len(store.load(use(name=f"{turn}.yaml").path).interactions) == REQUESTS
        for answered in answers:
            assert [each["path"] for each in answered] == [urlsplit(url).path for url in urls]
            numbers = sorted(each["number"] for each in answered)
            assert numbers == list(range(first, first + REQUESTS))


def test_a_loop_in_a_thread_of_its_own_is_recorded_and_replayed(recorder, use, bill):
    url = bill.resolve("/v3/vendors")

    async def ask():
        async with httpx.AsyncClient() as one, aiohttp.ClientSession() as other:
            answers = [(await one.get(url)).content]
            async with other.get(url) as answer:
                return [*answers, await answer.read()]

    told = []
    for mode in ("once", "none"):
        it = recorder(bill)
        with it.using(use(mode)), Loop() as elsewhere:
            told.append(elsewhere.run(ask()))
        assert it.counts.requests == 2
    assert told[0] == told[1]
    assert len(store.load(use().path).interactions) == 2


# --- whose a thread is -------------------------------------------------------------------------


@pytest.fixture
def owners():
    """Threads whose owners a run knows."""
    watched = Threads()
    watched.watch()
    yield watched
    watched.close()


def test_an_executor_that_is_used_again_gives_each_cassette_its_own(recorder, use, bill, owners):
    names = ["a", "b", "c"]
    with ThreadPoolExecutor(WORKERS) as pool, requests.Session() as session:
        for mode in ("once", "none"):
            it = recorder(bill, tests=RunningTests(ended_owner=owners.whose))
            for name in names:
                owners.begin(name)
                urls = [bill.resolve(f"/v3/{name}/{number}") for number in range(20)]
                with it.using(use(mode, f"{name}.yaml")):
                    assert all(each.ok for each in pool.map(session.get, urls))
                owners.end()
            assert it.late == []
    for name in names:
        recorded = store.load(use(name=f"{name}.yaml").path).interactions
        assert sorted(each.url.split("/")[-2] for each in recorded) == [name] * 20


def test_tasks_of_a_loop_that_is_used_again_give_each_cassette_its_own(recorder, use, bill, owners):
    async def ask(name):
        async with httpx.AsyncClient() as client:
            return (await client.get(bill.resolve(f"/v3/{name}"))).is_success

    with Loop() as elsewhere:
        it = recorder(bill, tests=RunningTests(ended_owner=owners.whose))
        for name in ("a", "b"):
            owners.begin(name)
            with it.using(use("once", f"{name}.yaml")):
                assert elsewhere.run(ask(name))
            owners.end()
    assert it.late == []
    for name in ("a", "b"):
        (recorded,) = store.load(use(name=f"{name}.yaml").path).interactions
        assert recorded.url.endswith(f"/{name}")


@pytest.fixture
def left_behind(owners):
    """Give what asks in a thread that a finished test has left behind."""
    may_go_on = threading.Event()
    refused = []

    def left_behind(client, url):
        def work():
            may_go_on.wait(30)
            try:
                client([url])
            except Exception as error:
                refused.append(error)

        owners.begin("test_that_ended")
        thread = threading.Thread(target=work)
        thread.start()
        owners.end()

        def go_on():
            may_go_on.set()
            thread.join(30)
            return refused

        return go_on

    return left_behind


def with_http_client_alone(urls):
    connection = http.client.HTTPConnection(urlsplit(urls[0]).netloc, timeout=30)
    with closing(connection):
        connection.request("GET", urlsplit(urls[0]).path)
        return [connection.getresponse().read()]


LEFT = [with_requests, with_urllib3, with_httpx, with_async_httpx, with_trio_httpx, with_aiohttp]
LEFT += [with_urllib, with_http_client_alone, with_requests_to_thread]


@pytest.mark.parametrize("mode", ["none", "once", "new_episodes", "all"])
@pytest.mark.parametrize("client", LEFT, ids=lambda client: client.__name__)
def test_a_thread_that_was_left_behind_is_refused_and_named(
    recorder, use, bill, owners, left_behind, client, mode
):
    url = bill.resolve("/v3/vendors")
    with recorder(bill).using(use("once")):
        requests.get(url, timeout=30)
    before, count = use().path.read_text(), Answering.number
    go_on = left_behind(client, url)
    tests = RunningTests(name_now=lambda: "test_that_runs", ended_owner=owners.whose)
    it = recorder(bill, tests=tests)
    owners.begin("test_that_runs")
    with it.using(use(mode)) as opened:
        refused = go_on()
    owners.end()
    told = "".join(map(repr, refused))
    assert "LateRequest" in told
    assert "by a thread or process that test_that_ended left behind, while test_that_runs" in told
    assert len(it.late) == 1
    assert "GET https://gateway.stage.bill.com/connect/v3/vendors" in it.late[0][1]
    assert (it.counts.requests, Answering.number, opened.misses) == (0, count, [])
    assert use().path.read_text() == before


def test_a_thread_that_was_left_behind_may_ask_other_hosts(recorder, use, bill, left_behind):
    elsewhere = bill.resolve("/v3/vendors").replace("/connect/", "/other/")
    go_on = left_behind(with_requests, elsewhere)
    it = recorder(bill)
    with it.using(use("none")):
        assert go_on() == []
    assert it.late == []

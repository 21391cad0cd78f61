"""aiohttp: kinds of bodies, streams, and connectors."""

import asyncio
import io
import json
import threading
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor

import aiohttp
import pytest

from pytest_bill.cassettes import store
from pytest_bill.exceptions import NetworkRefused, NotInCassette


def halves(content: bytes):
    yield content[: len(content) // 2]
    yield content[len(content) // 2 :]


async def pieces(content: bytes):
    for half in halves(content):
        yield half


def form(text: str) -> aiohttp.FormData:
    made = aiohttp.FormData({"b": "x"})
    made.add_field("a", text)
    return made


def form_with_a_file(text: str) -> aiohttp.FormData:
    made = aiohttp.FormData()
    made.add_field("a", io.BytesIO(text.encode()), filename="a.txt")
    return made


BODIES = {
    "json": lambda text: {"json": {"a": text}},
    "data of a dict": lambda text: {"data": {"a": text}},
    "str": lambda text: {"data": text},
    "bytes": lambda text: {"data": text.encode()},
    "bytearray": lambda text: {"data": bytearray(text.encode())},
    "file": lambda text: {"data": io.BytesIO(text.encode())},
    "text file": lambda text: {"data": io.StringIO(text)},
    "async generator": lambda text: {"data": pieces(text.encode())},
    "async generator with a length": lambda text: {
        "data": pieces(text.encode()),
        "headers": {"Content-Length": str(len(text))},
    },
    "chunked": lambda text: {"data": text.encode(), "chunked": True},
    "packed": lambda text: {"data": text.encode(), "compress": "deflate"},
    "form": lambda text: {"data": form(text)},
    "form with a file": lambda text: {"data": form_with_a_file(text)},
}
BOUNDARIES = ("form with a file",)


def post(url: str, **body) -> str:
    async def main():
        async with aiohttp.ClientSession() as client, client.post(url, **body) as answer:
            return await answer.text()

    return asyncio.run(main())


# --- bodies ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [kind for kind in BODIES if kind not in BOUNDARIES])
def test_a_body_of_any_kind_is_recorded_and_replayed_and_another_is_a_miss(local, use, kind):
    for mode in ("once", "none"):
        it = local.run()
        with it.using(use(mode)):
            assert post(local.url, **BODIES[kind]("first")) == "{}"
    with it.using(use("none")), pytest.raises(NotInCassette):
        post(local.url, **BODIES[kind]("other"))
    ((path, sent),) = local.bill.requests
    (interaction,) = store.load(use().path).interactions
    assert path == local.path
    assert b"first" in interaction.body
    if kind != "packed":
        assert interaction.body == sent


def test_json_is_recorded_as_it_was_sent(local, use):
    async def main():
        def dumps(value):
            return json.dumps(value, indent=3)

        async with aiohttp.ClientSession(json_serialize=dumps) as client:
            await client.post(local.url, json={"a": "\xe9"})

    with local.run().using(use("once")):
        asyncio.run(main())
    (interaction,) = store.load(use().path).interactions
    assert interaction.body == b'{\n   "a": "\\u00e9"\n}'
    assert interaction.headers["Content-Type"] == "application/json"


def refused(url: str, **body) -> NetworkRefused:
    """Why a request is refused: what aiohttp raises, or what it says is the cause."""
    with pytest.raises((NetworkRefused, aiohttp.ClientConnectionError)) as raised:
        post(url, **body)
    error = raised.value
    why = error if isinstance(error, NetworkRefused) else error.__cause__
    assert isinstance(why, NetworkRefused)
    return why


@pytest.mark.parametrize("kind", BODIES)
def test_a_secret_in_a_body_does_not_go_to_another_host(elsewhere, guarded, secret, kind):
    told = refused(elsewhere.origin, **BODIES[kind](secret))
    assert "PLACEHOLDER_BILL_PASSWORD" in str(told)
    assert elsewhere.requests == []
    assert secret.encode() not in elsewhere.came


@pytest.mark.parametrize("kind", BODIES)
def test_a_body_without_a_secret_goes_to_another_host(elsewhere, guarded, kind):
    assert post(elsewhere.origin, **BODIES[kind]("first")) == "rows"
    ((_, body),) = elsewhere.requests
    assert b"first" in body or kind == "packed"


def test_a_secret_in_a_header_cookie_or_url_does_not_go_to_another_host(elsewhere, guarded, secret):
    for more in (
        {"params": {"a": secret}},
        {"headers": {"A": secret}},
        {"cookies": {"a": secret}},
        {"headers": {"Authorization": f"Basic {b64encode(f'me:{secret}'.encode()).decode()}"}},
    ):
        refused(elsewhere.origin, **more)
    assert elsewhere.came == b""


ONE_OF_EACH = ["json", "file", "async generator", "chunked", "packed", "form"]


@pytest.mark.parametrize("kind", ONE_OF_EACH)
@pytest.mark.sampled(3)
def test_secrets_of_many_tasks_at_once_are_each_refused(elsewhere, guarded, secret, kind, many):
    async def main():
        async with aiohttp.ClientSession() as client:
            posting = (client.post(elsewhere.origin, **BODIES[kind](secret)) for _ in range(many))
            return await asyncio.gather(*posting, return_exceptions=True)

    answers = asyncio.run(main())
    assert [each for each in answers if not isinstance(each, Exception)] == []
    assert len(answers) == many
    assert elsewhere.requests == []
    assert secret.encode() not in elsewhere.came


def test_secrets_of_four_threads_at_once_are_each_refused(elsewhere, guarded, secret):
    async def main(_):
        async with aiohttp.ClientSession() as client:
            posting = (client.post(elsewhere.origin, json={"a": secret}) for _ in range(50))
            return await asyncio.gather(*posting, return_exceptions=True)

    with ThreadPoolExecutor(4) as pool:
        answers = [*pool.map(lambda number: asyncio.run(main(number)), range(4))]
    assert all(isinstance(each, Exception) for part in answers for each in part)
    assert elsewhere.requests == []
    assert secret.encode() not in elsewhere.came


# --- sessions ------------------------------------------------------------------------------------


def test_a_session_with_a_base_url_is_recorded_and_replayed(local, use):
    async def main():
        base = local.url.removesuffix("vendors")
        async with aiohttp.ClientSession(base) as client, client.get("vendors") as answer:
            return str(answer.url), await answer.json(content_type=None)

    for mode in ("once", "none"):
        it = local.run()
        with it.using(use(mode)):
            assert asyncio.run(main()) == (local.url, {})
    assert it.counts.replayed == 1


def test_requests_to_bill_and_elsewhere_share_a_session(local, use, elsewhere):
    async def main():
        read = []
        async with aiohttp.ClientSession() as client:
            for url in (local.url, elsewhere.origin, f"{local.bill.origin}/other", local.url):
                async with client.get(url) as answer:
                    read.append(await answer.text())
        return read

    for mode in ("once", "none"):
        with local.run().using(use(mode)):
            assert asyncio.run(main()) == ["{}", "rows", "{}", "{}"]
    assert len(elsewhere.requests) == 2
    assert [path for path, _ in local.bill.requests].count("/other") == 2
    assert [path for path, _ in local.bill.requests].count(local.path) == 2


def test_an_expectation_is_recorded_and_replayed(local, use):
    for mode in ("once", "none"):
        it = local.run()
        with it.using(use(mode)):
            assert post(local.url, data=b"{}", expect100=True) == "{}"
    assert local.bill.requests == [(local.path, b"{}")]
    assert it.counts.replayed == 1


def test_an_expectation_of_another_host_is_its_own(elsewhere, guarded):
    assert post(elsewhere.origin, data=b"{}", expect100=True) == "rows"


def test_headers_in_latin_1_are_recorded_and_replayed(local, use):
    local.bill.default = b"HTTP/1.1 200 OK\r\nName: Andr\xe9\r\nContent-Length: 2\r\n\r\n{}"

    async def main():
        async with aiohttp.ClientSession() as client, client.get(local.url) as answer:
            return dict(answer.raw_headers)[b"Name"]

    for mode in ("once", "none"):
        with local.run().using(use(mode)):
            assert asyncio.run(main()) == b"Andr\xe9"
    assert len(local.bill.requests) == 1


def test_a_trace_sees_what_it_sees_without(local, use):
    async def main():
        seen = []
        trace = aiohttp.TraceConfig()
        for name in ("on_request_start", "on_connection_create_end", "on_request_end"):

            async def note(*_, name=name):
                seen.append(name)

            getattr(trace, name).append(note)
        async with (
            aiohttp.ClientSession(trace_configs=[trace]) as client,
            client.get(local.url) as answer,
        ):
            await answer.read()
        return seen

    for mode in ("once", "none"):
        with local.run().using(use(mode)):
            assert asyncio.run(main()) == [
                "on_request_start",
                "on_connection_create_end",
                "on_request_end",
            ]


# --- streams -------------------------------------------------------------------------------------


CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n4\r\n\ntwo\r\n0\r\n\r\n"
)


def test_a_stream_is_recorded_and_replayed(local, use):
    local.bill.default = CHUNKED

    async def main():
        async with aiohttp.ClientSession() as client:
            async with client.get(local.url) as answer:
                lines = [line async for line in answer.content]
            async with client.get(f"{local.url}/1") as answer:
                chunks = [piece async for piece in answer.content.iter_any()]
            async with client.get(f"{local.url}/2") as answer:
                chunked = [piece async for piece, _ in answer.content.iter_chunks()]
        return lines, b"".join(chunks), b"".join(chunked)

    for mode in ("once", "none"):
        with local.run().using(use(mode)):
            assert asyncio.run(main()) == ([b"one\n", b"two"], b"one\ntwo", b"one\ntwo")
    assert len(local.bill.requests) == 3


def test_a_stream_of_another_host_is_given_as_it_comes(elsewhere, guarded):
    is_read = threading.Event()
    elsewhere.default = [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n",
        lambda: b"6\r\nintime\r\n" if is_read.wait(5) else b"7\r\ntoolate\r\n",
        b"0\r\n\r\n",
    ]

    async def main():
        got = []
        async with aiohttp.ClientSession() as client, client.get(elsewhere.origin) as answer:
            async for piece in answer.content.iter_any():
                got.append(piece)
                is_read.set()
        return got

    assert asyncio.run(main()) == [b"one", b"intime"]


def test_an_answer_longer_than_what_a_loop_reads_at_once_is_whole(local, use):
    long = b"x" * 1_000_000
    local.bill.default = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + long
    for mode in ("once", "none"):
        with local.run().using(use(mode)):
            assert post(local.url) == long.decode()
    assert len(local.bill.requests) == 1


# --- requests without an answer ------------------------------------------------------------------


def test_an_answer_that_is_cut_is_recorded_as_that(local, use, cut_answer):
    local.bill.default = cut_answer
    it = local.run()
    with it.using(use("once")) as opened:
        with pytest.raises(aiohttp.ClientError):
            post(local.url)
        with pytest.raises(aiohttp.ClientError):
            post(f"{local.bill.origin}/other")
    (fault,) = opened.cassette.recorded
    assert (fault.url, fault.fault in ("closed", "cut")) == (local.url, True)
    assert fault.answer_body == b""


def test_a_task_that_is_cancelled_while_it_waits_is_recorded_as_that(local, use):
    is_asked, may_answer = threading.Event(), threading.Event()
    local.bill.default = [lambda: is_asked.set() or b"", lambda: may_answer.wait(5) and b"", None]

    async def main():
        async with aiohttp.ClientSession() as client:
            task = asyncio.create_task(client.get(local.url))
            await asyncio.to_thread(is_asked.wait, 5)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    with local.run().using(use("once")) as opened:
        asyncio.run(main())
    may_answer.set()
    assert [each.fault for each in opened.cassette.recorded] == ["cancelled"]


def test_a_time_out_is_recorded_as_that(local, use):
    may_answer = threading.Event()
    local.bill.default = [lambda: may_answer.wait(5) and b"", None]
    timeout = aiohttp.ClientTimeout(total=0.05)
    with local.run().using(use("once")) as opened, pytest.raises(TimeoutError):
        post(local.url, timeout=timeout)
    may_answer.set()
    assert [each.fault for each in opened.cassette.recorded] == ["total timeout"]


# --- Unix sockets --------------------------------------------------------------------------------


def post_to_unix_socket(path: str, url: str, **body) -> str:
    async def main():
        connector = aiohttp.UnixConnector(path)
        async with (
            aiohttp.ClientSession(connector=connector) as client,
            client.post(url, **body) as answer,
        ):
            return await answer.text()

    return asyncio.run(main())


def test_a_unix_socket_is_left_alone(unix_socket, guarded, local):
    for url in ("http://docker/containers", local.url):
        assert post_to_unix_socket(unix_socket.origin, url, data=b"{}") == "rows"
    assert unix_socket.requests == [("/containers", b"{}"), (local.path, b"{}")]


def test_a_secret_does_not_go_to_a_unix_socket(unix_socket, guarded, secret):
    with pytest.raises((NetworkRefused, aiohttp.ClientConnectionError)):
        post_to_unix_socket(unix_socket.origin, "http://docker/containers", data=secret)
    assert secret.encode() not in unix_socket.came

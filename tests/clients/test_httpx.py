"""httpx, sync and async: kinds of bodies, streams, and transports."""

import asyncio
import io
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from pytest_bill.cassettes import store
from pytest_bill.exceptions import NetworkRefused, NotInCassette

FEW = httpx.Limits(max_connections=4)


def halves(content: bytes):
    yield content[: len(content) // 2]
    yield content[len(content) // 2 :]


async def async_halves(content: bytes):
    for half in halves(content):
        yield half


BODIES = {
    "json": lambda text: {"json": {"a": text}},
    "form": lambda text: {"data": {"a": text}},
    "str": lambda text: {"content": text},
    "bytes": lambda text: {"content": text.encode()},
    "files": lambda text: {"files": {"a": ("a.txt", io.BytesIO(text.encode()))}},
    "files and fields": lambda text: {"files": {"a": b"x"}, "data": {"b": text}},
}
SYNC = BODIES | {
    "file": lambda text: {"content": io.BytesIO(text.encode())},
    "generator": lambda text: {"content": halves(text.encode())},
    "generator with a length": lambda text: {
        "content": halves(text.encode()),
        "headers": {"Content-Length": str(len(text))},
    },
}
ASYNC = BODIES | {"generator": lambda text: {"content": async_halves(text.encode())}}


def post(url: str, **body) -> bytes:
    return httpx.post(url, **body).content


def post_async(url: str, **body) -> bytes:
    async def main():
        async with httpx.AsyncClient() as client:
            return (await client.post(url, **body)).content

    return asyncio.run(main())


KINDS = [(post, kind) for kind in SYNC.items()] + [(post_async, kind) for kind in ASYNC.items()]
kinds = pytest.mark.parametrize(
    ("post", "kind"),
    [(by, body) for by, (_, body) in KINDS],
    ids=[f"{by.__name__}-{name}" for by, (name, _) in KINDS],
)


@kinds
def test_a_body_of_any_kind_is_recorded_whole_and_replayed(local, use, post, kind):
    boundary = {"Content-Type": "multipart/form-data; boundary=b"}
    for mode in ("once", "none"):
        body = kind("first")
        if "files" in body:
            body["headers"] = boundary
        it = local.run()
        with it.using(use(mode)):
            assert post(local.url, **body) == b"{}"
    assert it.counts.replayed == 1
    (interaction,) = store.load(use().path).interactions
    assert local.bill.requests == [(local.path, interaction.body)]
    assert b"first" in interaction.body


@kinds
def test_another_body_is_a_miss(local, use, post, kind):
    with local.run().using(use("once")):
        post(local.url, **kind("first"))
    with local.run().using(use("none")), pytest.raises(NotInCassette):
        post(local.url, **kind("other"))


@kinds
def test_a_secret_in_a_body_does_not_go_to_another_host(elsewhere, guarded, secret, post, kind):
    with pytest.raises(NetworkRefused, match="PLACEHOLDER_BILL_PASSWORD"):
        post(elsewhere.origin, **kind(secret))
    assert elsewhere.requests == []
    assert secret.encode() not in elsewhere.came


@kinds
def test_a_body_without_a_secret_goes_to_another_host(elsewhere, guarded, post, kind):
    assert post(elsewhere.origin, **kind("first")) == b"rows"
    ((_, body),) = elsewhere.requests
    assert b"first" in body


@pytest.mark.parametrize("post", [post, post_async])
def test_a_secret_in_a_header_cookie_or_url_does_not_go_to_another_host(
    elsewhere, guarded, secret, post
):
    for more in ({"params": {"a": secret}}, {"headers": {"A": secret}}, {"auth": ("me", secret)}):
        with pytest.raises(NetworkRefused):
            post(elsewhere.origin, **more)
    assert elsewhere.came == b""


@pytest.mark.parametrize("kind", SYNC)
@pytest.mark.sampled(4)
def test_secrets_of_four_threads_at_once_are_each_refused(elsewhere, guarded, secret, kind, many):
    with httpx.Client() as client, ThreadPoolExecutor(4) as pool:

        def refused(_):
            with pytest.raises(NetworkRefused):
                client.post(elsewhere.origin, **SYNC[kind](secret))
            return True

        assert list(pool.map(refused, range(many))) == [True] * many
    assert elsewhere.requests == []
    assert secret.encode() not in elsewhere.came


@pytest.mark.parametrize("kind", ASYNC)
@pytest.mark.sampled(4)
def test_secrets_of_many_tasks_at_once_are_each_refused(elsewhere, guarded, secret, kind, many):
    async def main():
        async with httpx.AsyncClient(limits=FEW) as client:
            posting = (client.post(elsewhere.origin, **ASYNC[kind](secret)) for _ in range(many))
            return await asyncio.gather(*posting, return_exceptions=True)

    assert {type(each) for each in asyncio.run(main())} == {NetworkRefused}
    assert elsewhere.requests == []
    assert secret.encode() not in elsewhere.came


# --- streams -----------------------------------------------------------------------------------


CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n4\r\n\ntwo\r\n0\r\n\r\n"
)
SLOW = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n"


def test_a_stream_is_recorded_and_replayed(local, use):
    local.bill.default = CHUNKED
    for mode in ("once", "none"):
        with local.run().using(use(mode)):
            for read in ("iter_raw", "iter_bytes", "iter_text"):
                with httpx.stream("GET", f"{local.url}/{read}") as answer:
                    assert not answer.is_stream_consumed
                    assert len("".join(map(str, getattr(answer, read)()))) >= 7
            with httpx.stream("GET", f"{local.url}/lines") as answer:
                assert list(answer.iter_lines()) == ["one", "two"]
    assert len(local.bill.requests) == 4
    assert {each.answer_body for each in store.load(use().path).interactions} == {b"one\ntwo"}


def test_an_async_stream_is_recorded_and_replayed(local, use):
    local.bill.default = CHUNKED

    async def main():
        async with httpx.AsyncClient() as client, client.stream("GET", local.url) as answer:
            return [line async for line in answer.aiter_lines()]

    for mode in ("once", "none"):
        with local.run().using(use(mode)):
            assert asyncio.run(main()) == ["one", "two"]
    assert len(local.bill.requests) == 1


def test_a_stream_that_is_never_read_is_recorded_whole(local, use):
    local.bill.default = CHUNKED
    with local.run().using(use("once")), httpx.stream("GET", local.url):
        pass
    (interaction,) = store.load(use().path).interactions
    assert interaction.answer_body == b"one\ntwo"


def until(event: threading.Event):
    return [
        SLOW,
        lambda: b"6\r\nintime\r\n" if event.wait(5) else b"7\r\ntoolate\r\n",
        b"0\r\n\r\n",
    ]


def test_a_stream_of_another_host_is_given_as_it_comes(elsewhere, guarded):
    is_read = threading.Event()
    elsewhere.default = until(is_read)
    with httpx.stream("GET", elsewhere.origin, timeout=10) as answer:
        pieces = answer.iter_bytes()
        assert next(pieces) == b"one"
        is_read.set()
        assert b"".join(pieces) == b"intime"


def test_an_async_stream_of_another_host_is_given_as_it_comes(elsewhere, guarded):
    is_read = threading.Event()
    elsewhere.default = until(is_read)

    async def main():
        async with (
            httpx.AsyncClient(timeout=10) as client,
            client.stream("GET", elsewhere.origin) as answer,
        ):
            pieces = []
            async for piece in answer.aiter_bytes():
                pieces.append(piece)
                is_read.set()
            return pieces

    assert b"".join(asyncio.run(main())) == b"oneintime"


# --- transports ----------------------------------------------------------------------------------


def answering(request: httpx.Request) -> httpx.Response:
    return httpx.Response(299, text="own")


class Own(httpx.BaseTransport, httpx.AsyncBaseTransport):
    def handle_request(self, request):
        return answering(request)

    async def handle_async_request(self, request):
        return answering(request)


async def application(scope, receive, send):
    await send({"type": "http.response.start", "status": 299, "headers": []})
    await send({"type": "http.response.body", "body": b"own"})


def wsgi(environ, start_response):
    start_response("299 Own", [])
    return [b"own"]


@pytest.mark.parametrize("mode", ["once", "none", "all"])
@pytest.mark.parametrize(
    "transport", [httpx.MockTransport(answering), Own(), httpx.WSGITransport(wsgi)]
)
def test_an_own_transport_is_left_alone(local, use, transport, mode):
    it = local.run()
    with it.using(use(mode)), httpx.Client(transport=transport) as client:
        assert client.get(local.url).text == "own"
    with it.using(use(mode)), httpx.Client(mounts={"http://": transport}) as client:
        assert client.get(local.url).text == "own"
    assert it.counts.requests == 0
    assert not use().path.exists()


@pytest.mark.parametrize("mode", ["once", "none", "all"])
@pytest.mark.parametrize(
    "transport", [httpx.MockTransport(answering), Own(), httpx.ASGITransport(application)]
)
def test_an_own_async_transport_is_left_alone(local, use, transport, mode):
    async def main():
        async with httpx.AsyncClient(transport=transport) as client:
            return (await client.get(local.url)).text

    it = local.run()
    with it.using(use(mode)):
        assert asyncio.run(main()) == "own"
    assert it.counts.requests == 0
    assert not use().path.exists()


class Wrapping(httpx.BaseTransport):
    """Adds to requests what it sends, as transports that sign or log do."""

    def __init__(self) -> None:
        self.inner = httpx.HTTPTransport()

    def handle_request(self, request):
        request.headers["Signed"] = "yes"
        return self.inner.handle_request(request)

    def close(self):
        self.inner.close()


def test_a_transport_that_wraps_httpxs_is_recorded_with_what_it_sends(local, use):
    for mode in ("once", "none"):
        it = local.run()
        with it.using(use(mode)), httpx.Client(transport=Wrapping()) as client:
            assert client.get(local.url).json() == {}
    assert it.counts.replayed == 1
    assert store.load(use().path).interactions[0].headers["Signed"] == "yes"


def test_hooks_see_an_answer_that_is_not_read_yet(local, use):
    seen = []
    hooks = {"response": [lambda answer: seen.append(answer.is_stream_consumed)]}
    for mode in ("once", "none"):
        with local.run().using(use(mode)), httpx.Client(event_hooks=hooks) as client:
            assert client.get(local.url).json() == {}
    assert seen == [False, False]


def test_headers_in_latin_1_are_recorded_and_replayed(local, use):
    local.bill.default = b"HTTP/1.1 200 Th\xe9\r\nName: Andr\xe9\r\nContent-Length: 2\r\n\r\n{}"
    for mode in ("once", "none"):
        with local.run().using(use(mode)):
            answer = httpx.get(local.url, headers=[(b"Own", b"Andr\xe9")])
            assert (answer.headers["Name"], answer.extensions["reason_phrase"]) == (
                "Andr\xe9",
                b"Th\xe9",
            )
    assert b"Own: Andr\xe9\r\n" in local.bill.came
    (interaction,) = store.load(use().path).interactions
    assert interaction.headers["Own"] == interaction.answer_headers["Name"][0] == "Andr\xe9"


# --- requests without an answer ------------------------------------------------------------------


@pytest.mark.parametrize("post", [post, post_async])
def test_an_answer_that_is_cut_is_recorded_as_that(local, use, post, cut_answer):
    local.bill.default = cut_answer
    it = local.run()
    with it.using(use("once")) as opened, pytest.raises(httpx.RemoteProtocolError):
        post(local.url)
    (fault,) = opened.cassette.recorded
    assert (fault.url, fault.fault in ("closed", "cut")) == (local.url, True)
    assert fault.answer_body == b""


def test_a_task_that_is_cancelled_while_it_waits_is_recorded_as_that(local, use):
    is_asked, may_answer = threading.Event(), threading.Event()
    local.bill.default = [lambda: is_asked.set() or b"", lambda: may_answer.wait(5) and b"", None]

    async def main():
        async with httpx.AsyncClient() as client:
            task = asyncio.create_task(client.get(local.url))
            await asyncio.to_thread(is_asked.wait, 5)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    with local.run().using(use("once")) as opened:
        asyncio.run(main())
    may_answer.set()
    assert [each.fault for each in opened.cassette.recorded] == ["cancelled"]

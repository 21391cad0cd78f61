"""requests: kinds of bodies, streams, and adapters."""

import io
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import Retry

from pytest_bill.cassettes import store
from pytest_bill.exceptions import NetworkRefused, NotInCassette
from pytest_bill.scrubbing.registry import SecretRegistry


def halves(content: bytes):
    yield content[: len(content) // 2]
    yield content[len(content) // 2 :]


class Sized:
    """A stream of which requests knows the length; it sends it without chunks."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def __len__(self) -> int:
        return len(self._content)

    def __iter__(self):
        return halves(self._content)


BODIES = {
    "json": lambda text: {"json": {"a": text}},
    "form": lambda text: {"data": {"a": text}},
    "str": lambda text: {"data": text},
    "bytes": lambda text: {"data": text.encode()},
    "file": lambda text: {"data": io.BytesIO(text.encode())},
    "text file": lambda text: {"data": io.StringIO(text)},
    "generator": lambda text: {"data": halves(text.encode())},
    "sized": lambda text: {"data": Sized(text.encode())},
    "files": lambda text: {"files": {"a": ("a.txt", io.BytesIO(text.encode()))}},
    "files and fields": lambda text: {"files": {"a": b"x"}, "data": {"b": text}},
}


@pytest.mark.parametrize("kind", [kind for kind in BODIES if "files" not in kind])
def test_a_body_of_any_kind_is_recorded_and_replayed_and_another_is_a_miss(local, use, kind):
    for mode in ("once", "none"):
        it = local.run()
        with it.using(use(mode)):
            assert requests.post(local.url, **BODIES[kind]("first"), timeout=5).json() == {}
    with it.using(use("none")), pytest.raises(NotInCassette):
        requests.post(local.url, **BODIES[kind]("other"), timeout=5)
    (interaction,) = store.load(use().path).interactions
    assert [(local.path, interaction.body)] == local.bill.requests
    assert b"first" in interaction.body


@pytest.mark.parametrize("kind", BODIES)
def test_a_secret_in_a_body_does_not_go_to_another_host(elsewhere, guarded, secret, kind):
    with pytest.raises(NetworkRefused, match="PLACEHOLDER_BILL_PASSWORD"):
        requests.post(elsewhere.origin, **BODIES[kind](secret), timeout=5)
    assert elsewhere.requests == []
    assert secret.encode() not in elsewhere.came


@pytest.mark.parametrize("kind", BODIES)
def test_a_body_without_a_secret_goes_to_another_host(elsewhere, guarded, kind):
    assert requests.post(elsewhere.origin, **BODIES[kind]("first"), timeout=5).text == "rows"
    ((_, body),) = elsewhere.requests
    assert b"first" in body


@pytest.mark.parametrize("kind", BODIES)
@pytest.mark.sampled(4)
def test_secrets_of_four_threads_at_once_are_each_refused(elsewhere, guarded, secret, kind, many):
    with requests.Session() as session, ThreadPoolExecutor(4) as pool:

        def refused(_):
            with pytest.raises(NetworkRefused):
                session.post(elsewhere.origin, **BODIES[kind](secret), timeout=5)
            return True

        assert list(pool.map(refused, range(many))) == [True] * many
    assert elsewhere.requests == []
    assert secret.encode() not in elsewhere.came


def test_a_secret_in_a_header_cookie_or_url_does_not_go_to_another_host(elsewhere, guarded, secret):
    for more in (
        {"params": {"a": secret}},
        {"headers": {"A": secret}},
        {"cookies": {"a": secret}},
        {"auth": ("me", secret)},
    ):
        with pytest.raises(NetworkRefused):
            requests.get(elsewhere.origin, **more, timeout=5)
    assert elsewhere.came == b""


def test_a_secret_is_not_carried_along_by_a_redirect(local, use, elsewhere, secret):
    local.bill.default = (
        f"HTTP/1.1 307 Away\r\nLocation: {elsewhere.origin}\r\nContent-Length: 0\r\n\r\n"
    ).encode()
    it = local.run(SecretRegistry([("PLACEHOLDER_BILL_PASSWORD", secret)]))
    with it.using(use("once")), pytest.raises(NetworkRefused):
        requests.post(local.url, json={"password": secret}, timeout=5)
    assert len(local.bill.requests) == 1
    assert elsewhere.requests == []
    assert secret.encode() not in elsewhere.came


# --- streams -----------------------------------------------------------------------------------


READING = {
    "iter_content(None)": lambda answer: b"".join(answer.iter_content(None)),
    "iter_content(1)": lambda answer: b"".join(answer.iter_content(1)),
    "iter_lines": lambda answer: b"\n".join(answer.iter_lines()),
    "raw.stream(None)": lambda answer: b"".join(answer.raw.stream(None)),
    "raw.stream(3)": lambda answer: b"".join(answer.raw.stream(3)),
    "raw.read": lambda answer: answer.raw.read(),
    "raw.read1": lambda answer: b"".join(iter(answer.raw.read1, b"")),
    "raw.readinto": lambda answer: io.BufferedReader(answer.raw).read(),
    "content": lambda answer: answer.content,
}
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n4\r\n\ntwo\r\n0\r\n\r\n"
)
SIZED = b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\none\ntwo"


@pytest.mark.parametrize("answer", [CHUNKED, SIZED], ids=["chunked", "sized"])
@pytest.mark.parametrize("reading", READING)
def test_a_stream_is_recorded_and_replayed(local, use, reading, answer):
    local.bill.default = answer
    for mode in ("once", "none"):
        with local.run().using(use(mode)), requests.get(local.url, stream=True, timeout=5) as got:
            assert READING[reading](got) == b"one\ntwo"
    assert len(local.bill.requests) == 1
    (interaction,) = store.load(use().path).interactions
    assert interaction.answer_body == b"one\ntwo"


@pytest.mark.parametrize("reading", ["iter_content(None)", "raw.stream(None)"])
def test_a_stream_of_another_host_is_given_as_it_comes(elsewhere, guarded, reading):
    is_read = threading.Event()
    elsewhere.default = [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n",
        lambda: b"6\r\nintime\r\n" if is_read.wait(5) else b"7\r\ntoolate\r\n",
        b"0\r\n\r\n",
    ]
    with requests.get(elsewhere.origin, stream=True, timeout=10) as answer:
        stream = answer.iter_content(None) if "iter" in reading else answer.raw.stream(None)
        assert next(stream) == b"one"
        is_read.set()
        assert b"".join(stream) == b"intime"


def test_a_stream_that_is_never_read_is_recorded_whole(local, use):
    local.bill.default = SIZED
    with local.run().using(use("once")):
        requests.get(local.url, stream=True, timeout=5).close()
    (interaction,) = store.load(use().path).interactions
    assert interaction.answer_body == b"one\ntwo"


# --- adapters and sessions -----------------------------------------------------------------------


BUSY = b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"


def retrying() -> requests.Session:
    session = requests.Session()
    retry = Retry(2, status_forcelist=[503], backoff_factor=0)
    session.mount("http://", HTTPAdapter(max_retries=retry))
    return session


def test_an_adapter_that_tries_again_is_recorded_and_replayed_with_each_try(local, use):
    local.bill.answers = [BUSY, BUSY]
    for mode in ("once", "none"):
        it = local.run()
        with it.using(use(mode)), retrying() as session:
            answer = session.get(local.url, timeout=5)
            assert answer.status_code == 200
            assert [each.status for each in answer.raw.retries.history] == [503, 503]
    assert len(local.bill.requests) == 3
    assert [each.status for each in store.load(use().path).interactions] == [503, 503, 200]
    assert it.counts.replayed == 3


def test_an_adapter_that_gives_up_gives_up_at_replay(local, use):
    local.bill.default = BUSY
    for mode in ("once", "none"):
        with (
            local.run().using(use(mode)),
            retrying() as session,
            pytest.raises(requests.exceptions.RetryError),
        ):
            session.get(local.url, timeout=5)
    assert len(store.load(use().path).interactions) == 3


def test_a_miss_is_not_tried_again(local, use):
    it = local.run()
    with it.using(use("none")) as opened, retrying() as session, pytest.raises(NotInCassette):
        session.get(local.url, timeout=5)
    assert len(opened.misses) == 1


class Own(BaseAdapter):
    """Answers by itself, as requests_mock's and those of file:// do."""

    def send(self, request, **_):
        answer = requests.Response()
        answer.status_code, answer.raw, answer.url = 299, io.BytesIO(b"own"), request.url
        return answer

    def close(self):
        pass


class OwnHTTP(Own, HTTPAdapter):
    """The same, made of requests' adapter."""


@pytest.mark.parametrize("adapter", [Own, OwnHTTP])
@pytest.mark.parametrize("mode", ["once", "none", "all"])
def test_an_own_adapter_is_left_alone(local, use, adapter, mode):
    it = local.run()
    with it.using(use(mode)), requests.Session() as session:
        session.mount("http://", adapter())
        assert (session.get(local.url, timeout=5).content, it.counts.requests) == (b"own", 0)
    assert not use().path.exists()
    assert local.bill.came == b""


class Signing(HTTPAdapter):
    """Adds to requests what it sends, as those of cloud services do."""

    def add_headers(self, request, **_):
        request.headers["Signed"] = "yes"


def test_an_adapter_that_changes_requests_is_recorded_with_what_it_sends(local, use):
    for mode in ("once", "none"):
        it = local.run()
        with it.using(use(mode)), requests.Session() as session:
            session.mount("http://", Signing())
            assert session.get(local.url, timeout=5).request.headers["Signed"] == "yes"
    assert it.counts.replayed == 1
    assert store.load(use().path).interactions[0].headers["Signed"] == "yes"


def test_headers_in_latin_1_are_recorded_and_replayed(local, use):
    local.bill.default = b"HTTP/1.1 200 OK\r\nName: Andr\xe9\r\nContent-Length: 2\r\n\r\n{}"
    for mode in ("once", "none"):
        with local.run().using(use(mode)):
            answer = requests.get(local.url, headers={"Own": "Andr\xe9"}, timeout=5)
            assert answer.headers["Name"] == "Andr\xe9"
    assert len(local.bill.requests) == 1


def test_cookies_are_set_at_replay_too(local, use):
    local.bill.default = b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nContent-Length: 2\r\n\r\n{}"
    for mode in ("once", "none"):
        with local.run().using(use(mode)), requests.Session() as session:
            session.get(local.url, timeout=5)
            assert "a" in session.cookies
    assert len(local.bill.requests) == 1


def test_an_answer_that_is_cut_is_recorded_as_that(local, use):
    local.bill.default = [b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}", None]
    it = local.run()
    with (
        it.using(use("once")) as opened,
        pytest.raises(requests.exceptions.ChunkedEncodingError),
    ):
        requests.get(local.url, timeout=5)
    (fault,) = opened.cassette.recorded
    assert (fault.fault, fault.status, fault.answer_body) == ("cut", 200, b"")

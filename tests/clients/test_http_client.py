"""http.client, and what is built on it: urllib and urllib3."""

import gc
import http.client
import io
import socket
import threading
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
import urllib3

from pytest_bill.cassettes import store
from pytest_bill.clients import base
from pytest_bill.environments import at_origin
from pytest_bill.exceptions import NetworkRefused, NotInCassette
from pytest_bill.scrubbing.registry import SecretRegistry


def connected(origin: str) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(origin.removeprefix("http://"), timeout=5)


def asked(origin: str, *args, **kwargs) -> tuple[http.client.HTTPResponse, bytes]:
    with closing(connected(origin)) as connection:
        connection.request(*args, **kwargs)
        answer = connection.getresponse()
        return answer, answer.read()


# --- bodies ------------------------------------------------------------------------------------


def halves(content: bytes):
    yield content[: len(content) // 2]
    yield content[len(content) // 2 :]


BODIES = {
    "bytes": lambda content: (content, {}),
    "str": lambda content: (content.decode(), {}),
    "bytearray": lambda content: (bytearray(content), {}),
    "memoryview": lambda content: (memoryview(content), {}),
    "file": lambda content: (io.BytesIO(content), {}),
    "text file": lambda content: (io.StringIO(content.decode()), {}),
    "list": lambda content: (list(halves(content)), {}),
    "generator": lambda content: (halves(content), {}),
    "generator with a length": lambda content: (
        halves(content),
        {"Content-Length": str(len(content))},
    ),
}


@pytest.mark.parametrize("kind", BODIES)
def test_a_body_of_any_kind_is_recorded_whole_and_replayed(local, use, kind):
    content = b'{"name": "one"}'
    for mode in ("once", "none"):
        body, headers = BODIES[kind](content)
        it = local.run()
        with it.using(use(mode)):
            answer, read = asked(local.bill.origin, "POST", local.path, body, headers)
            assert (answer.status, read) == (200, b"{}")
    assert local.bill.requests == [(local.path, content)]
    (interaction,) = store.load(use().path).interactions
    assert interaction.body == content


@pytest.mark.parametrize("kind", BODIES)
def test_another_body_is_a_miss(local, use, kind):
    body, headers = BODIES[kind](b'{"name": "one"}')
    with local.run().using(use("once")):
        asked(local.bill.origin, "POST", local.path, body, headers)
    body, headers = BODIES[kind](b'{"name": "two"}')
    with local.run().using(use("none")), pytest.raises(NotInCassette):
        asked(local.bill.origin, "POST", local.path, body, headers)
    assert len(local.bill.requests) == 1


@pytest.mark.parametrize("kind", BODIES)
def test_a_secret_in_a_body_does_not_go_to_another_host(elsewhere, guarded, secret, kind):
    body, headers = BODIES[kind](b"{%b}" % secret.encode())
    with pytest.raises(NetworkRefused, match="PLACEHOLDER_BILL_PASSWORD"):
        asked(elsewhere.origin, "POST", "/rows", body, headers)
    assert secret.encode() not in elsewhere.came
    assert elsewhere.requests == []


@pytest.mark.parametrize("kind", BODIES)
def test_a_body_without_a_secret_goes_to_another_host(elsewhere, guarded, kind):
    body, headers = BODIES[kind](b'{"name": "one"}')
    assert asked(elsewhere.origin, "POST", "/rows", body, headers)[1] == b"rows"
    assert elsewhere.requests == [("/rows", b'{"name": "one"}')]


def test_a_secret_in_a_header_or_url_does_not_go_to_another_host(elsewhere, guarded, secret):
    for args in (("GET", f"/?a={secret}"), ("GET", "/", None, {"A": secret})):
        with pytest.raises(NetworkRefused):
            asked(elsewhere.origin, *args)
    assert elsewhere.came == b""


def test_a_secret_that_is_sent_by_hand_does_not_go_to_another_host(elsewhere, guarded, secret):
    with closing(connected(elsewhere.origin)) as connection:
        connection.putrequest("POST", "/rows")
        connection.putheader("Content-Length", "20")
        connection.endheaders()
        connection.send(secret[:9].encode())
        with pytest.raises(NetworkRefused):
            connection.send(secret[9:].encode())


def test_the_next_request_of_a_connection_is_looked_at_by_itself(elsewhere, guarded, secret):
    with closing(connected(elsewhere.origin)) as connection:
        for half in (secret[:9], secret[9:]):
            connection.request("POST", "/rows", half.encode())
            assert connection.getresponse().read() == b"rows"
        with pytest.raises(NetworkRefused):
            connection.request("POST", "/rows", secret.encode())
    assert [body for _, body in elsewhere.requests] == [secret[:9].encode(), secret[9:].encode()]


@pytest.mark.parametrize("body", [5, [5], ["text"], None, {"a": 1}.items()])
def test_a_body_that_http_client_refuses_is_refused_by_http_client(elsewhere, guarded, body):
    def outcome():
        try:
            return asked(elsewhere.origin, "POST", "/rows", body)[1]
        except Exception as error:
            return repr(error)

    with_us = outcome()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pytest_bill.clients.base._serving", ())
        assert outcome() == with_us


def by_urllib3(origin: str, **body) -> bytes:
    with urllib3.PoolManager(retries=False) as pool:
        return pool.request("POST", origin, **body).data


SENDING = {
    "http.client": lambda origin, body: asked(origin, "POST", "/rows", body),
    "urllib": lambda origin, body: urllib.request.urlopen(origin, body, timeout=5),
    "urllib3": lambda origin, body: by_urllib3(origin, body=body),
    "urllib3 json": lambda origin, body: by_urllib3(origin, json={"a": body.decode()}),
    "urllib3 form": lambda origin, body: by_urllib3(origin, fields={"a": body.decode()}),
    "urllib3 file": lambda origin, body: by_urllib3(origin, fields={"a": ("a.txt", body)}),
    "urllib3 pieces": lambda origin, body: by_urllib3(origin, body=halves(body)),
    "urllib3 chunked": lambda origin, body: by_urllib3(origin, body=io.BytesIO(body), chunked=True),
}


@pytest.mark.parametrize("client", SENDING)
@pytest.mark.sampled(4)
def test_secrets_of_four_threads_at_once_are_each_refused(elsewhere, guarded, secret, client, many):
    def refused(_):
        with pytest.raises(NetworkRefused):
            SENDING[client](elsewhere.origin, secret.encode())
        return True

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(refused, range(many))) == [True] * many
    assert elsewhere.requests == []
    assert secret.encode() not in elsewhere.came


# --- what is particular --------------------------------------------------------------------------


def test_headers_in_latin_1_are_recorded_and_replayed(local, use):
    local.bill.default = b"HTTP/1.1 200 Th\xe9\r\nName: Andr\xe9\r\nContent-Length: 2\r\n\r\n{}"
    for mode in ("once", "none"):
        it = local.run()
        with it.using(use(mode)):
            answer, _ = asked(local.bill.origin, "GET", local.path, headers={"Own": "Andr\xe9"})
            assert (answer.headers["Name"], answer.reason) == ("Andr\xe9", "Th\xe9")
    assert len(local.bill.requests) == 1
    assert b"Own: Andr\xe9\r\n" in local.bill.came
    (interaction,) = store.load(use().path).interactions
    assert interaction.headers["Own"] == "Andr\xe9"
    assert interaction.answer_headers["Name"] == ["Andr\xe9"]


def test_an_expectation_is_recorded_and_replayed(local, use):
    for mode in ("once", "none"):
        with local.run().using(use(mode)):
            answer, body = asked(
                local.bill.origin, "POST", local.path, b"{}", {"Expect": "100-continue"}
            )
            assert (answer.status, body) == (200, b"{}")
    assert local.bill.requests == [(local.path, b"{}")]


def test_an_expectation_of_another_host_is_its_own(elsewhere, guarded):
    answer, body = asked(elsewhere.origin, "POST", "/", b"{}", {"Expect": "100-continue"})
    assert (answer.status, body) == (200, b"rows")


def test_requests_to_bill_and_elsewhere_share_a_connection(local, use):
    for mode in ("once", "none"):
        with local.run().using(use(mode)), closing(connected(local.bill.origin)) as connection:
            for path in (local.path, "/elsewhere", local.path + "/1", "/elsewhere"):
                connection.request("GET", path)
                assert connection.getresponse().read() == b"{}"
    paths = [path for path, _ in local.bill.requests]
    assert paths.count("/elsewhere") == 4
    assert (paths.count(local.path), paths.count(local.path + "/1")) == (1, 1)


def test_a_streamed_answer_of_another_host_is_read_as_it_comes(elsewhere, guarded):
    is_read = threading.Event()
    elsewhere.default = [
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\none",
        lambda: b" intime" if is_read.wait(5) else b"toolate",
    ]
    with urllib.request.urlopen(elsewhere.origin, timeout=10) as answer:
        assert answer.read(3) == b"one"
        is_read.set()
        assert answer.read() == b" intime"


# --- requests without an answer ------------------------------------------------------------------


def test_a_request_that_is_begun_and_never_finished_is_told(local, use):
    it = local.run()
    with it.using(use("once")) as opened:
        connection = connected(local.bill.origin)
        connection.request("GET", local.path)
        connection.close()
    (told,) = opened.unanswered
    assert told.endswith("/connect/v3/vendors was begun and never finished")
    assert told.startswith("GET ")
    assert local.bill.requests == []


def test_a_request_whose_headers_never_ended_is_no_request(local, use):
    it = local.run()
    with it.using(use("once")) as opened:
        connection = connected(local.bill.origin)
        connection.putrequest("GET", local.path)
        connection.close()
    assert opened.unanswered == []


def test_an_answer_that_is_cut_is_recorded_as_that(local, use, cut_answer):
    local.bill.default = cut_answer

    def outcome(path):
        try:
            return asked(local.bill.origin, "GET", path)[1]
        except (OSError, http.client.HTTPException) as error:
            return repr(error)

    it = local.run()
    with it.using(use("once")) as opened:
        cut = outcome(local.path)
        assert outcome("/elsewhere") == cut
    (fault,) = opened.cassette.recorded
    assert fault.fault in ("closed", "cut", "cut in its head")
    assert (it.counts.recorded, fault.answer_body) == (1, b"")


# --- Unix sockets --------------------------------------------------------------------------------


class OverUnixSocket(http.client.HTTPConnection):
    """As docker's and podman's clients do it."""

    def __init__(self, path: str, host: str = "localhost") -> None:
        super().__init__(host, timeout=5)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self._path)


def test_a_unix_socket_is_left_alone(unix_socket, guarded):
    with closing(OverUnixSocket(unix_socket.origin)) as connection:
        for body in (b"{}", b"more"):
            connection.request("POST", "/containers", body)
            assert connection.getresponse().read() == b"rows"
    assert unix_socket.requests == [("/containers", b"{}"), ("/containers", b"more")]


def test_a_secret_does_not_go_to_a_unix_socket(unix_socket, guarded, secret):
    with closing(OverUnixSocket(unix_socket.origin)) as connection, pytest.raises(NetworkRefused):
        connection.request("POST", "/containers", secret)
    assert secret.encode() not in unix_socket.came


def test_bill_over_a_unix_socket_is_recorded_and_replayed(local, use, unix_socket):
    for mode in ("once", "none"):
        it = local.run()
        with it.using(use(mode)):
            connection = OverUnixSocket(unix_socket.origin, local.host)
            with closing(connection):
                connection.request("GET", local.path)
                assert connection.getresponse().read() == b"rows"
    assert it.counts.replayed == 1
    assert len(unix_socket.requests) == 1
    gc.collect()  # a socket that was left open is told of


# --- httplib2 ------------------------------------------------------------------------------------


@pytest.fixture
def by_httplib2():
    """Ask with httplib2, which makes its own kinds of connections."""
    import httplib2

    def ask(*args, **kwargs) -> bytes:
        client = httplib2.Http(timeout=5)
        try:
            return client.request(*args, **kwargs)[1]
        finally:
            client.close()

    return ask


def test_httplib2_is_recorded_and_replayed(local, use, by_httplib2):
    for mode in ("once", "none"):
        it = local.run()
        with it.using(use(mode)):
            assert by_httplib2(local.url) == b"{}"
            assert by_httplib2(local.url, "POST", body=b"{}") == b"{}"
    assert it.counts.replayed == 2
    assert local.bill.requests == [(local.path, b""), (local.path, b"{}")]


def test_httplib2_to_another_host_is_left_alone(elsewhere, guarded, by_httplib2):
    assert by_httplib2(elsewhere.origin, "POST", body=b"{}") == b"rows"


def test_secrets_of_four_threads_of_httplib2_are_each_refused(
    elsewhere, guarded, secret, by_httplib2, many
):
    def refused(_):
        with pytest.raises(NetworkRefused):
            by_httplib2(elsewhere.origin, "POST", body=secret)
        return True

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(refused, range(many))) == [True] * many
    assert elsewhere.requests == []
    assert secret.encode() not in elsewhere.came


@pytest.mark.parametrize("level", [0, 1])
def test_what_bill_hands_out_to_a_session_is_known_before_python_prints_it(
    elsewhere, recorder, level, monkeypatch
):
    elsewhere.answers.append(
        b"HTTP/1.1 200 OK\r\nsessionId: session-0123456789\r\nX-Many: a\r\nX-Many: b\r\n"
        b"Content-Length: 2\r\n\r\n{}"
    )
    registry = SecretRegistry([("PLACEHOLDER_X", "another-0123456789")])
    printed: list[tuple[str, str | None]] = []
    monkeypatch.setattr(
        "builtins.print", lambda *args: printed.append((args, registry.find(str(args))))
    )
    environment = at_origin(elsewhere.origin, "local")
    with base.passing(), recorder(environment, registry).sending():
        connection = http.client.HTTPConnection(elsewhere.origin.removeprefix("http://"))
        connection.set_debuglevel(level)
        connection.request("GET", "/connect/v3/vendors")
        answer = connection.getresponse()
        assert answer.read() == b"{}"
        connection.close()
    assert answer.headers.get_all("X-Many") == ["a", "b"]
    told = [found for text, found in printed if "session-0123456789" in str(text)]
    assert told == (["PLACEHOLDER_BILL_SESSION_ID"] if level else [])
    shown = [line for (text,), _ in printed[1:] for line in text.splitlines()] if level else []
    assert shown == (
        [
            "reply: 'HTTP/1.1 200 OK'",
            "header: sessionId: session-0123456789",
            "header: X-Many: a",
            "header: X-Many: b",
            "header: Content-Length: 2",
        ]
        if level
        else []
    )

"""Each fault of a network has its own words, whatever urllib3 wraps it in: over real sockets."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest
import requests
import trustme

from pytest_bill.environments import SANDBOX, at_origin
from pytest_bill.interaction import Interaction
from pytest_bill.sessions.network_faults import in_words, unreached, was_never_sent
from pytest_bill.sessions.transport import exchanged, sent_directly

Failed = requests.RequestException


@contextmanager
def raw_server(answer: bytes | None, context: ssl.SSLContext | None = None) -> Iterator[int]:
    """Accepts one connection, reads the request, sends bytes and cuts; None resets at once."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        try:
            connection, _ = listening.accept()
            with connection:
                if context is not None:
                    connection = context.wrap_socket(connection, server_side=True)
                connection.recv(65536)
                if answer is None:
                    linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                else:
                    connection.sendall(answer)
        except OSError:
            pass  # the client does not like the certificate, or nobody came

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.close()
        thread.join(5)


def failure(recorder, origin, **options):
    """What a request to an address fails with."""
    it = recorder(at_origin(origin, "custom"))
    url = it.environment.resolve("/v3/vendors")
    direct, failing = sent_directly(Interaction("GET", url, {}, b"")), pytest.raises(Failed)
    with direct as (prepared, through), failing as failed:
        exchanged(it, partial(through, **options), prepared, {})
    return failed.value


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"", "the connection was cut before the answer"),
        (None, "the connection was reset"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", "the answer was cut off"),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{",
            "the answer was cut off",
        ),
        (b"SSH-2.0-OpenSSH_9.9\r\n", "what answered does not speak HTTP"),
    ],
    ids=["nothing", "reset", "too short", "chunks", "another protocol"],
)
def test_what_was_sent_and_has_no_whole_answer(recorder, answer, words):
    with raw_server(answer) as port:
        error = failure(recorder, f"http://127.0.0.1:{port}")
    assert in_words(error) == words
    assert not was_never_sent(error)


def test_a_refused_connection(recorder):
    error = failure(recorder, "http://127.0.0.1:9")
    assert in_words(error) == "the connection was refused"
    assert was_never_sent(error)


def test_a_name_that_nobody_has(recorder, monkeypatch):
    def nobody(*args, **kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    error = failure(recorder, "https://bill.example.com")
    assert in_words(error) == "its name was not found (DNS)"
    assert was_never_sent(error)


def test_an_answer_that_does_not_come_in_time(recorder):
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    error = failure(recorder, f"http://127.0.0.1:{port}", timeout=(5, 0.05))
    listening.close()
    assert in_words(error) == "it did not answer in time"
    assert not was_never_sent(error)


def test_a_connection_that_does_not_come_in_time(recorder, monkeypatch):
    def too_late(*args, **kwargs):
        raise TimeoutError("timed out")

    monkeypatch.setattr(socket.socket, "connect", too_late)
    error = failure(recorder, "http://127.0.0.1:9")
    assert in_words(error) == "there was no connection in time"
    assert was_never_sent(error)


def test_a_certificate_that_is_not_trusted(recorder):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with raw_server(b"", context) as port:
        error = failure(recorder, f"https://127.0.0.1:{port}")
    assert in_words(error).startswith("its TLS certificate")
    assert not was_never_sent(error)
    told = unreached(error, f"https://127.0.0.1:{port}/connect/v3/login", SANDBOX, "once")
    assert "REQUESTS_CA_BUNDLE" in told


def test_tls_that_is_none(recorder):
    with raw_server(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        error = failure(recorder, f"https://127.0.0.1:{port}")
    assert in_words(error).startswith("its TLS certificate")


def test_a_proxy_that_is_not_there(recorder):
    proxies = {"https": "http://127.0.0.1:9"}
    error = failure(recorder, "https://bill.example.com", proxies=proxies)
    assert in_words(error) == "the proxy did not let it through"
    told = unreached(error, "https://u:p@bill.example.com/x?key=1", SANDBOX, "4 times")
    first, second, third = told.split("\n")
    assert first.endswith(
        "https://bill.example.com, tried 4 times: the proxy did not let it through."
    )
    assert "check the address (BILL_ENVIRONMENT=sandbox)" in second
    assert "HTTPS_PROXY" in second
    assert third == "It is not tried again in this run."


def test_another_error_keeps_its_own_words():
    error = requests.exceptions.InvalidHeader("a header is broken")
    assert in_words(error) == "a header is broken"
    assert not was_never_sent(error)

"""The server: what is no request, and how it starts and ends."""

import socket
import subprocess
import sys
import threading

import pytest
import requests

from pytest_bill.sandbox import LocalSandbox
from pytest_bill.sandbox.serving import LARGEST_HEAD
from tests.helpers.waiting import wait_for

GET = b"GET /connect/v3/%s HTTP/1.1\r\nHost: localhost\r\n%s\r\n"


@pytest.fixture
def connection(sandbox):
    host, _, port = sandbox.origin.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), 5) as connection:
        yield connection


def read(connection, answers):
    """What comes until there are so many answers, the last of them with an error's body."""
    answered = b""
    while not (answered.count(b"HTTP/1.1 ") == answers and answered.endswith(b"}]")) and (
        more := connection.recv(65536)
    ):
        answered += more
    return answered


def statuses(answered):
    return [int(each[:3]) for each in answered.split(b"HTTP/1.1 ")[1:]]


def test_requests_in_one_go_are_answered_in_their_order(sandbox, connection):
    connection.sendall(GET % (b"a", b"") + GET % (b"health", b"") + GET % (b"c", b""))
    answered = read(connection, 3)
    assert statuses(answered) == [404, 200, 404]
    assert list(sandbox.request_counts()) == [f"GET /connect/v3/{x}" for x in ("a", "health", "c")]


def test_a_good_request_before_a_bad_one_gets_its_answer_and_that_is_the_last(sandbox, connection):
    connection.sendall(GET % (b"a", b"") + b"\x16\x03 garbage\r\n\r\n" + GET % (b"b", b""))
    answered = connection.makefile("rb").read()
    assert statuses(answered) == [404]
    assert b"connection: close" in answered
    assert list(sandbox.request_counts()) == ["GET /connect/v3/a"]


@pytest.mark.parametrize("protocol", [b"h2c", b"websocket"])
def test_a_wish_for_another_protocol_ends_no_connection(connection, caplog, protocol):
    wish = b"Connection: Upgrade\r\nUpgrade: " + protocol + b"\r\n"
    connection.sendall(GET % (b"a", wish) + GET % (b"b", b""))
    assert statuses(read(connection, 2)) == [404, 404]
    connection.sendall(GET % (b"c", b""))
    assert statuses(read(connection, 1)) == [404]
    assert caplog.text == ""


def test_a_head_without_an_end_is_refused(sandbox, connection):
    line = b"A: " + b"x" * 8_000 + b"\r\n"
    connection.sendall(GET[:-4] % b"a")
    answered = b""
    try:
        for _ in range(200):
            connection.sendall(line)
        answered = connection.recv(65536)
    except ConnectionError:
        pass  # it was closed while more was sent
    assert answered == b"" or statuses(answered) == [400]
    assert sandbox.request_counts() == {}
    assert 200 * len(line) > 10 * LARGEST_HEAD


def test_the_first_answer_has_a_date_and_says_who_gave_it(sandbox):
    answer = requests.get(f"{sandbox.origin}/connect/v3/a", timeout=5)
    assert answer.headers["Date"].endswith(" GMT")
    assert answer.headers["Server"] == "pytest-bill-sandbox"


def test_it_ends_though_someone_waits_for_a_slow_answer(caplog, capfd):
    sandbox = LocalSandbox().start()
    sandbox.fail("listVendors", delay_seconds=60)
    failed = []

    def ask():
        try:
            requests.get(f"{sandbox.origin}/connect/v3/vendors", timeout=30)
        except requests.RequestException as error:
            failed.append(type(error))

    waits = threading.Thread(target=ask)
    waits.start()
    wait_for(lambda: not sandbox._state.faults._waiting["listVendors"])
    sandbox.stop()
    sandbox.stop()
    waits.join()
    assert failed == [requests.ConnectionError]
    ours = [each for each in caplog.records if "urllib3" not in each.name]
    assert ours == []
    assert "Traceback" not in "".join(capfd.readouterr())


IMPORTED = """
import sys
from pytest_bill.sandbox import LocalSandbox
print(*sys.modules)
LocalSandbox().start().stop()
print(*sys.modules)
"""


def test_nothing_is_imported_before_it_is_needed():
    """Workers only reach the sandbox of another process; few tests look at its page."""
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED], capture_output=True, text=True, check=True, timeout=60
    )
    reached, started = map(set, map(str.split, done.stdout.splitlines()))
    assert not reached & {"asyncio", "uvicorn", "http.client", "pytest_bill.sandbox.api"}
    never = {"jinja2", "h11", "http.client", "mimetypes", "yaml", "requests", "pytest"}
    assert not started & never
    assert not [each for each in started if each.startswith("pytest_bill.scrubbing")]

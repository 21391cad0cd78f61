"""Processes that were started before any test used BILL."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pytest_bill.processes.child import VARIABLE, Remote, RunInfo
from pytest_bill.processes.early import Early

RECORD = ("-p", "no:cacheprovider", "--bill-environment=local", "--bill-record-mode=once")
REPLAY = ("-p", "no:cacheprovider", "-W", "ignore")
ALONE = ("env", "-u", VARIABLE, sys.executable)
"""Python, as no child of the run of these tests."""

SERVER = """
import json
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        url = self.rfile.read(int(self.headers["Content-Length"])).decode()
        try:
            with urllib.request.urlopen(url) as answer:
                told = str(answer.status)
        except Exception as error:
            told = f"{type(error).__name__}: {error}"
        self.send_response(200)
        self.send_header("Content-Length", str(len(told.encode())))
        self.end_headers()
        self.wfile.write(told.encode())

    def log_message(self, *_):
        pass


def serve(told=print):
    server = HTTPServer(("127.0.0.1", 0), Handler)
    told(server.server_address[1])
    server.serve_forever()


if __name__ == "__main__":
    serve(lambda port: print(port, flush=True))
"""

SUITE = """
import http.client
import multiprocessing
import subprocess
import sys

import pytest
from application import serve


@pytest.fixture(scope="session", autouse=True)
def started():
    with subprocess.Popen(
        [sys.executable, "application.py"], stdout=subprocess.PIPE, text=True
    ) as server:
        yield int(server.stdout.readline())
        server.kill()


@pytest.fixture(scope="session", autouse=True)
def forked():
    ports = multiprocessing.get_context("fork").SimpleQueue()
    server = multiprocessing.get_context("fork").Process(target=serve, args=(ports.put,))
    server.start()
    yield ports.get()
    server.kill()
    server.join()


def ask(port, url):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("POST", "/", body=url)
    told = connection.getresponse().read().decode()
    connection.close()
    return told


def test_that_uses_no_bill(started, forked):
    assert "unknown url type" in ask(started, "nowhere:")
    assert "unknown url type" in ask(forked, "nowhere:")


@pytest.mark.parametrize("size", [1, 2])
def test_servers(bill_dev_session, started, forked, size):
    url = f"{bill_dev_session.base_url}/v3/vendors?max={size}"
    assert ask(started, url).startswith("HTTPError: HTTP Error 400")
    assert ask(forked, url).startswith("HTTPError: HTTP Error 400")


def test_again_without():
    pass
"""


@pytest.mark.nightly
def test_a_server_that_a_wide_fixture_starts_is_answered_whichever_test_comes_first(pytester):
    pytester.makepyfile(application=SERVER, test_app=SUITE)
    pytester.runpytest_subprocess(*RECORD).assert_outcomes(passed=4)
    for size in (1, 2):
        text = (pytester.path / f"cassettes/test_app/test_servers-{size}.yaml").read_text()
        assert text.count("uri:") == 2
    pytester.runpytest_subprocess(*REPLAY).assert_outcomes(passed=4)
    for cassette in pytester.path.glob("cassettes/test_app/*"):
        cassette.unlink()
    outcome = pytester.runpytest_subprocess(*REPLAY)
    outcome.assert_outcomes(passed=2, failed=2)
    outcome.stdout.fnmatch_lines("*NotInCassette: test_app.py::test_servers*")


def test_a_suite_without_bill_starts_processes_as_ever(pytester):
    pytester.makepyfile(
        f"""
        import os, subprocess, sys

        def test_a():
            code = "import os, sys; print('{VARIABLE}' in os.environ, 'pytest_bill' in sys.modules)"
            told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
            assert told.stdout == "False False\\n"
            assert "pytest_bill.processes" not in sys.modules
        """
    )
    outcome = pytester.run(*ALONE, "-m", "pytest", "-p", "no:cacheprovider")
    outcome.assert_outcomes(passed=1)


@pytest.fixture
def early(tmp_path):
    made = Early(tmp_path)
    yield made
    made.close()


def test_nobody_is_asked_before_the_run_is_there(early):
    child = Remote(RunInfo.read(early.run_info()))
    url = "https://gateway.stage.bill.com/connect/v3/vendors"
    assert not child.takes(url)
    assert not child.takes_at(url)
    assert not child.is_in_test()
    child.check_elsewhere("example.com", b"anything")


def test_its_process_gets_word(early):
    code = f"import os; print(os.environ['{VARIABLE}'])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert RunInfo.read(told.stdout).path == early.path


LEFT = """
import os, subprocess, sys
from pathlib import Path
from pytest_bill.processes.early import Early

def now():
    return subprocess.Popen.__init__, os.fork, list(sys.meta_path)

before = now()
early = Early(Path())
assert now() != before
early.close()
assert now() == before
"""


def test_nothing_is_left_of_it():
    subprocess.run([*ALONE, "-c", LEFT], check=True)

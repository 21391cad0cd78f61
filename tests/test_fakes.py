"""Fakes and other tools that stand in a BILL test: what they answer is none of the cassette's."""

from __future__ import annotations

import pytest

from tests.helpers.suites import RECORD

BILL = "https://gateway.stage.bill.com/connect"

# What a fake answers is no answer of BILL's; what it lets through is one.
FAKES = f"""
import asyncio
import json
from unittest import mock

import httpx
import pytest
import requests
import requests_mock
import responses
import respx

URL = "{BILL}/v3/fake"
FAKE = {{"fake": True}}


def bill_answers(session):
    assert session.get("/v3/vendors").ok
    assert requests.get(f"{{session.base_url}}/v3/bills", auth=session.auth).ok
    assert httpx.get(f"{{session.base_url}}/v3/bills", auth=session.auth).status_code == 200


def test_responses(bill_dev_session):
    with responses.RequestsMock() as fake:
        fake.get(URL, json=FAKE)
        fake.get(f"{{bill_dev_session.base_url}}/v3/other", json=FAKE)
        assert requests.get(URL).json() == FAKE
        assert bill_dev_session.get("/v3/other").json() == FAKE
        with pytest.raises(requests.ConnectionError):
            requests.get(f"{{URL}}/unknown")
    bill_answers(bill_dev_session)


@responses.activate
def test_responses_as_a_decorator(bill_dev_session):
    responses.get(URL, json=FAKE)
    assert requests.get(URL).json() == FAKE


def test_responses_that_lets_bill_through(bill_dev_session):
    with responses.RequestsMock(assert_all_requests_are_fired=False) as fake:
        fake.get(URL, json=FAKE)
        fake.add_passthru(f"{{bill_dev_session.base_url}}/v3/vendors")
        assert requests.get(URL).json() == FAKE
        vendors = f"{{bill_dev_session.base_url}}/v3/vendors?max=1"
        assert len(requests.get(vendors, auth=bill_dev_session.auth).json()["results"]) == 1
        assert len(bill_dev_session.call("GET", "/v3/vendors?max=2")["results"]) == 2


def test_respx(bill_dev_session):
    with respx.mock as fake:
        fake.get(URL).respond(json=FAKE)
        assert httpx.get(URL).json() == FAKE
        assert asyncio.run(ask()).json() == FAKE
    bill_answers(bill_dev_session)


async def ask():
    async with httpx.AsyncClient() as client:
        return await client.get(URL)


def test_respx_by_its_fixture(bill_dev_session, respx_mock):
    respx_mock.get(URL).respond(json=FAKE)
    assert httpx.get(URL).json() == FAKE


def test_respx_before_bill(respx_mock, request):
    respx_mock.get(URL).respond(json=FAKE)
    assert httpx.get(URL).json() == FAKE
    assert request.getfixturevalue("bill_dev_session").get("/v3/vendors").ok


def test_respx_that_lets_bill_through(bill_dev_session):
    with respx.mock(assert_all_called=False) as fake:
        fake.get(URL).respond(json=FAKE)
        fake.route(path__regex="/v3/vendors").pass_through()
        assert httpx.get(URL).json() == FAKE
        vendors = f"{{bill_dev_session.base_url}}/v3/vendors?max=1"
        answer = httpx.get(vendors, auth=bill_dev_session.auth)
        assert len(answer.json()["results"]) == 1


def test_requests_mock(bill_dev_session):
    with requests_mock.Mocker() as fake:
        fake.get(URL, json=FAKE)
        assert requests.get(URL).json() == FAKE
        assert bill_dev_session.get(URL).json() == FAKE
    bill_answers(bill_dev_session)


def test_requests_mock_by_its_fixture(requests_mock, bill_dev_session):
    requests_mock.get(URL, json=FAKE)
    assert requests.get(URL).json() == FAKE


def test_requests_mock_that_lets_bill_through(bill_dev_session):
    with requests_mock.Mocker(real_http=True) as fake:
        fake.get(URL, json=FAKE)
        assert requests.get(URL).json() == FAKE
        vendors = f"{{bill_dev_session.base_url}}/v3/vendors?max=1"
        assert len(requests.get(vendors, auth=bill_dev_session.auth).json()["results"]) == 1
        assert bill_dev_session.get("/v3/vendors?max=2").ok


def test_pytest_httpx(bill_dev_session, httpx_mock):
    httpx_mock.add_response(url=URL, json=FAKE)
    assert httpx.get(URL).json() == FAKE
    assert bill_dev_session.get("/v3/vendors").ok


def test_pytest_httpx_first(httpx_mock, bill_dev_session):
    httpx_mock.add_response(url=URL, json=FAKE, is_reusable=True)
    assert httpx.get(URL).json() == FAKE
    assert asyncio.run(ask()).json() == FAKE


def test_an_own_transport(bill_dev_session):
    class Fake(httpx.BaseTransport):
        def handle_request(self, request):
            return httpx.Response(200, json=FAKE)

    for transport in (Fake(), httpx.MockTransport(lambda request: httpx.Response(200, json=FAKE))):
        with httpx.Client(transport=transport) as client:
            assert client.get(URL).json() == FAKE
    # It is mounted for a host of BILL's, another one than that of v3.
    host = "https://api-stage.bill.com"
    with httpx.Client(mounts={{host: Fake()}}, auth=bill_dev_session.auth) as client:
        assert client.get(f"{{host}}/api/v2/fake").json() == FAKE
        assert client.get(f"{{bill_dev_session.base_url}}/v3/vendors").status_code == 200


def test_an_application(bill_dev_session):
    def application(environ, start_response):
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(FAKE).encode()]

    with httpx.Client(transport=httpx.WSGITransport(application)) as client:
        assert client.get(URL).json() == FAKE


class Adapter(requests.adapters.BaseAdapter):
    def send(self, request, **options):
        response = requests.Response()
        response.status_code, response._content = 200, json.dumps(FAKE).encode()
        response.request, response.url = request, request.url
        return response

    def close(self):
        pass


def test_an_own_adapter(bill_dev_session):
    with requests.Session() as session:
        session.mount("https://", Adapter())
        assert session.get(URL).json() == FAKE
    bill_answers(bill_dev_session)


def test_an_own_adapter_of_the_bill_session(bill_dev_session):
    bill_dev_session.mount(URL, Adapter())
    try:
        assert bill_dev_session.get(URL).json() == FAKE
    finally:
        del bill_dev_session.adapters[URL]


def test_a_patched_method(bill_dev_session, monkeypatch):
    answer = mock.Mock(status_code=200)
    with mock.patch("requests.get", return_value=answer):
        assert requests.get(URL) is answer
    with mock.patch.object(requests.Session, "send", return_value=answer):
        assert requests.get(URL) is answer
    with mock.patch.object(requests.adapters.HTTPAdapter, "send", return_value=Adapter().send(
        requests.Request("GET", URL).prepare()
    )):
        assert requests.get(URL).json() == FAKE
    monkeypatch.setattr(httpx.Client, "send", lambda *_, **__: answer)
    assert httpx.get(URL) is answer


def test_last_of_all_bill_is_asked(bill_dev_session):
    bill_answers(bill_dev_session)
"""
PLUGINS = ("-p", "requests_mock.contrib._pytest_plugin", "-p", "pytest_httpx", "-p", "respx.plugin")


@pytest.mark.nightly
def test_a_fake_answers_by_itself_and_bill_answers_the_rest(suite):
    suite.write(test_fakes=FAKES)
    suite.records_and_replays(*PLUGINS)
    suite.replays(*PLUGINS, "-p", "randomly")
    text = b"".join(suite.cassettes().values())
    assert b"/v3/fake" not in text
    assert b"/v3/other" not in text
    assert b"/v3/vendors?max=1" in text


# --- the file system ---------------------------------------------------------------------------

FILES = """
import builtins
import io
import os
from pathlib import Path

import httpx
import pytest


def bill_answers(session):
    assert session.get("/v3/vendors").ok
    # Without TLS, whose authorities are in files, too.
    url = f"{session.base_url}/v3/bills"
    assert httpx.get(url, auth=session.auth, verify=False).status_code == 200


def test_bill_before_another_file_system(bill_dev_session, fs):
    bill_answers(bill_dev_session)
    Path("/made.txt").write_text("up")
    assert os.listdir("/") != []


def test_another_file_system_before_bill(fs, bill_sync_session):
    bill_answers(bill_sync_session)


def test_bill_in_another_file_system(fs, request):
    bill_answers(request.getfixturevalue("bill_console_session"))


def refuse(*_, **__):
    raise OSError("no such thing")


@pytest.mark.parametrize(
    "patched",
    [(Path, "open"), (Path, "read_text"), (Path, "read_bytes"), (Path, "exists"), (Path, "mkdir"),
     (builtins, "open"), (io, "open"), (os, "open"), (os, "replace"), (os, "makedirs")],
    ids=lambda patched: f"{patched[0].__name__}-{patched[1]}",
)
def test_what_opens_files_is_patched(monkeypatch, bill_dev_session, patched):
    monkeypatch.setattr(*patched, refuse)
    bill_answers(bill_dev_session)


def test_another_folder(monkeypatch, tmp_path, bill_dev_session):
    monkeypatch.chdir(tmp_path)
    bill_answers(bill_dev_session)


def test_another_home(monkeypatch, tmp_path, bill_dev_session):
    for name in ("HOME", "TMPDIR", "PATH"):
        monkeypatch.setenv(name, str(tmp_path / "nowhere"))
    bill_answers(bill_dev_session)


def test_no_environment(monkeypatch, bill_dev_session):
    for name in list(os.environ):
        if name != "PYTEST_CURRENT_TEST":
            monkeypatch.delenv(name)
    bill_answers(bill_dev_session)
"""
OTHER_FILES = ("-p", "pyfakefs.pytest_plugin")


@pytest.mark.nightly
def test_cassettes_are_files_of_the_real_file_system(suite):
    suite.write(test_files=FILES)
    suite.records_and_replays(*OTHER_FILES)
    # Alone, each is the first that needs BILL.
    for name in ("before_bill", "in_another", "Path-open", "builtins-open", "os-open"):
        suite.replays(*OTHER_FILES, "-k", name)


# --- time --------------------------------------------------------------------------------------

TIMES = """
import time
from datetime import datetime
from unittest import mock

import httpx
import pytest


@pytest.mark.parametrize("now", [0.0, 4e9])
def test_another_time(bill_dev_session, monkeypatch, now):
    monkeypatch.setattr(time, "time", lambda: now)
    monkeypatch.setattr(time, "sleep", lambda _: pytest.fail("nobody waits"))
    assert bill_dev_session.get("/v3/vendors").ok
    url = f"{bill_dev_session.base_url}/v3/bills"
    assert httpx.get(url, auth=bill_dev_session.auth).status_code == 200
"""


@pytest.mark.nightly
def test_time_is_what_a_test_makes_of_it(suite):
    suite.write(test_times=TIMES)
    suite.records_and_replays()


# --- another recorder --------------------------------------------------------------------------

BOTH = """
import pytest
import requests


@pytest.mark.vcr
@pytest.mark.bill_cassette
def test_both(bill_dev_session):
    assert bill_dev_session.get("/v3/vendors").ok


@pytest.mark.bill_cassette
class TestOfAClass:
    @pytest.mark.vcr
    def test_both(self):
        pytest.fail("never begun")


def test_ours(bill_dev_session):
    assert bill_dev_session.get("/v3/vendors").ok


@pytest.mark.vcr(match_on=["path"])
def test_theirs(server):
    assert requests.get(f"{server}/theirs").text == "theirs"
"""
SERVER = """
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.path[1:].encode())


@pytest.fixture
def server():
    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
"""


def test_two_recorders_for_one_test_are_one_clear_error(suite):
    suite.write(test_both=BOTH, conftest=SERVER)
    for options in ((*RECORD, "--record-mode=once"), ()):
        result = suite.run("-p", "pytest_recording.plugin", *options)
        result.assert_outcomes(errors=2, passed=2)
        shown = result.stdout.str()
        said = (
            "test_both.py::test_both has both @pytest.mark.bill_cassette and @pytest.mark.vcr: "
            "two tools would record the same requests."
        )
        assert shown.count(said) == 1
        assert "Traceback" not in shown
        assert list(suite.cassettes()) == [
            "sign_in/developer_key.yaml",
            "test_both/test_ours.yaml",
            "test_both/test_theirs.yaml",
        ]

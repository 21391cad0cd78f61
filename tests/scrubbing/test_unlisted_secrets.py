"""What a test sends at a name that reads as a secret's is hidden, and found again at replay."""

import json
import socket

import pytest

from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.scrubbing.scrub import Scrubber
from pytest_bill.scrubbing.secret_names import Reads, reading_of
from pytest_bill.scrubbing.unlisted_secrets import USUAL_HEADERS
from tests.helpers.suites import NO_NETWORK

SENT, OTHER = "Kq7ZpX2mWd9sLr4v", "Qz8YnV3kTb1rPs6w"
URL = "https://gateway.stage.bill.com/connect/v3/vendors"


def asked(secret: str, **changes) -> Interaction:
    places = {
        "url": f"{URL}?refresh-token={secret}",
        "headers": {"X-Session-Token": secret, "Content-Type": "application/json"},
        "body": json.dumps({"csrfToken": secret, "note": "mine"}).encode(),
    }
    values = {"url": URL, "headers": {}, "body": b""} | {
        name: places[name] if value is True else value for name, value in changes.items()
    }
    return Interaction("POST", **values)


PLACES = ["url", "headers", "body"]


@pytest.mark.parametrize("place", PLACES)
def test_what_is_sent_is_hidden_and_is_not_known_elsewhere(place):
    registry = SecretRegistry()
    scrubber = Scrubber(registry)
    interaction = asked(SENT, **{place: True})
    scrubber.learn(interaction)
    shown = repr(vars(scrubber.scrub(interaction)))
    assert SENT not in shown
    assert "PLACEHOLDER_SENT_" in shown
    # In another request it stands where the test puts it, and would not be found at replay.
    assert scrubber.scrub(asked(SENT, body=SENT.encode())).body == SENT.encode()
    assert not registry


@pytest.mark.parametrize("place", PLACES)
def test_at_replay_the_same_is_found_and_another_is_not(place):
    recorded = Scrubber(SecretRegistry()).scrub(asked(SENT, **{place: True}))
    replaying = Scrubber(SecretRegistry(), same_in_all_places=True)

    def compared(interaction: Interaction) -> list[object]:
        return [
            replaying.scrubbed_url(interaction.url),
            replaying.scrubbed_body(interaction.body, interaction.content_type, interaction.url),
            *(replaying.scrubbed_header(*each) for each in interaction.headers.items()),
        ]

    assert compared(asked(SENT, **{place: True})) == compared(recorded)
    assert compared(asked(OTHER, **{place: True})) != compared(recorded)


def test_of_a_password_no_fingerprint_is_written():
    interaction = asked("", body=b'{"new_password": "Summer2026!"}')
    scrubbed = Scrubber(SecretRegistry()).scrub(interaction)
    assert scrubbed.body == b'{"new_password": "PLACEHOLDER_NEW_PASSWORD"}'


def test_what_was_handed_out_before_has_its_own_placeholder():
    scrubber = Scrubber(SecretRegistry())
    answer = Interaction(
        "GET", URL, {}, b"", 200, answer_body=b'{"csrfToken": "%s"}' % SENT.encode()
    )
    scrubber.learn(answer)
    assert b"PLACEHOLDER_CSRF_TOKEN" in scrubber.scrub(asked(SENT, body=True)).body


SUITE = f"""
    import requests

    def test_sent_and_handed_out(bill_dev_session):
        http, headers = requests.Session(), bill_dev_session.credential_headers()
        url = bill_dev_session.base_url.rstrip("/") + "/v3/vendors"
        answers = [
            http.get(url, params={{"max": 1, "csrf-token": token}}, headers=headers).status_code
            for token in ("{SENT}", "{OTHER}", "{SENT}", "short", "vendors")
        ]
        assert len(set(answers)) == 1
        made = bill_dev_session.post("/v3/vendors", json={{
            "name": "Kq7Zp", "accountType": "BUSINESS", "email": "a@acme.example",
            "authToken": "{SENT}", "new_password": "Summer2026!",
            "address": {{"line1": "1 Main", "city": "Reno", "stateOrProvince": "NV",
                        "zipOrPostalCode": "89501", "country": "US"}}}}).json()
        assert made["name"] == "Kq7Zp"
"""


@pytest.mark.nightly
def test_a_suite_that_sends_secrets_of_its_own_is_recorded_and_replayed(suite):
    suite.write(test_it=SUITE)
    suite.records_and_replays(network=NO_NETWORK)
    written = b"".join(suite.cassettes().values())
    assert SENT.encode() not in written
    assert OTHER.encode() not in written
    assert b"Summer2026" not in written
    assert b"csrf-token=vendors" in written


ECHO = f"""
    import http.server, json, os, pytest, requests, threading

    class Echo(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            body = json.dumps(dict(asked, sessionToken="Handed0ut4711Abc")).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    @pytest.fixture
    def address(pytestconfig):
        origin = os.environ["BILL_BASE_URL"]
        if pytestconfig.getoption("bill_record_mode") == "once":
            server = http.server.HTTPServer(("127.0.0.1", int(origin.rpartition(":")[2])), Echo)
            threading.Thread(target=server.serve_forever, daemon=True).start()
        return origin

    @pytest.mark.bill_cassette
    def test_echo(address):
        url = address + "/connect/v3/anything"
        for token in ("{SENT}", "{OTHER}"):
            answer = requests.post(url, json={{"clientToken": token}}).json()
            assert answer["clientToken"] == token
            after = requests.post(url, json={{"seen": answer["sessionToken"]}}).json()
            assert after["seen"] == answer["sessionToken"]
"""


def test_what_comes_back_of_it_is_given_back_at_replay(suite, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    monkeypatch.setenv("BILL_BASE_URL", f"http://127.0.0.1:{port}")
    suite.write(test_it=ECHO)
    recorded = suite.passes("--bill-record-mode=once")
    assert recorded["recorded"] == 4
    suite.replays(network=NO_NETWORK)
    written = b"".join(suite.cassettes().values())
    for secret in (SENT, OTHER, "Handed0ut4711Abc"):
        assert secret.encode() not in written


def test_the_headers_of_nearly_each_request_name_no_secret():
    assert {reading_of(name) for name in USUAL_HEADERS} == {Reads.NOTHING}

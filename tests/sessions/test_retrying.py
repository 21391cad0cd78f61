"""What is asked again, when, and how often: over real sockets, without waiting."""

import json
import socket
from datetime import UTC, datetime
from functools import partial

import pytest
import requests

from pytest_bill import environments
from pytest_bill.bill_errors import BillError
from pytest_bill.cassettes import store
from pytest_bill.credentials.kinds import DEVELOPER_KEY, Credential
from pytest_bill.environments import SANDBOX, at_origin
from pytest_bill.exceptions import SignInFailed
from pytest_bill.secret import SecretStr
from pytest_bill.sessions import signing_in
from pytest_bill.sessions.access import Access
from pytest_bill.sessions.retrying import LONGEST_WAITS, Retrying, is_repeatable
from pytest_bill.sessions.session import BillSession
from pytest_bill.sessions.transport import sign_in_network

NOW = datetime(2026, 12, 1, 14, 59, 30, tzinfo=UTC)
OK = (200, {}, b'{"results": []}')
SIGNED_IN = (200, {}, b'{"sessionId": "the-session-of-the-run"}')
SECRETS = {
    "username": "ada.lovelace@example.com",
    "password": "correct-horse-battery",
    "organization_id": "00801ABCDEFGHIJKLMNO",
    "key": "01DEVELOPERKEY012345",
}


def busy(status=429, code="", **headers):
    body = json.dumps([{"code": code}]).encode() if code else b""
    return status, {name.replace("_", "-"): value for name, value in headers.items()}, body


def v2_busy(code):
    return (
        200,
        {},
        json.dumps({"response_status": 1, "response_data": {"error_code": code}}).encode(),
    )


class Waits:
    """What was told and slept; nothing is slept in truth."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.slept: list[float] = []
        self.retrying = Retrying(
            self.told.append, sleep=self.slept.append, now=lambda: NOW, jitter=lambda: 0.25
        )


@pytest.fixture
def waits():
    return Waits()


@pytest.fixture
def session(recorder, server, waits, use):
    """A session that signs in to a server, and records in a cassette."""

    def session(name="custom", live=False, bill=None):
        bill = bill or server()
        it = recorder(at_origin(bill.origin, name), live=live)
        values = {role: SecretStr(value) for role, value in SECRETS.items()}
        access = Access(
            DEVELOPER_KEY,
            load=lambda: Credential(DEVELOPER_KEY, values),
            recorder=it,
            network=sign_in_network(it),
            sign_in_use=lambda: use("once", "sign_in.yaml"),
            retrying=waits.retrying,
        )
        made = BillSession(access, it)
        made.bill, made.recorder = bill, it
        sessions.append(made)
        return made

    sessions = []
    yield session
    for each in sessions:
        each.close()


def asked(it):
    return [(method, path.rpartition("/connect")[2]) for method, path, *_ in it.bill.received]


# --- requests --------------------------------------------------------------------------------


def test_only_the_last_answer_is_recorded(session, use, waits):
    it = session()
    it.bill.answers = [SIGNED_IN, busy(Retry_After="7"), busy(503), OK]
    with it.recorder.using(use("once")):
        assert it.get("/v3/vendors").ok
    assert asked(it) == [("POST", "/v3/login")] + [("GET", "/v3/vendors")] * 3
    assert waits.slept == [7, 2.25]
    url = "GET https://gateway.stage.bill.com/connect/v3/vendors"
    assert waits.told == [
        f"{url}: BILL says to come again (HTTP 429); waiting 7 s, then asking again (2 of 4)",
        f"{url}: BILL says to come again (HTTP 503); waiting 2 s, then asking again (3 of 4)",
    ]
    (interaction,) = store.load(use().path).interactions
    assert interaction.status == 200
    assert it.recorder.counts.requests == 1


@pytest.mark.parametrize("answer", [busy(code="BDC_1322"), busy(400, code="BDC_1322")])
def test_the_limit_of_calls_at_once_is_waited_for(session, use, waits, answer):
    it = session()
    it.bill.answers = [SIGNED_IN, answer, answer, answer, OK]
    with it.recorder.using(use("once")):
        assert it.get("/v3/vendors").ok
    assert waits.slept == [1.25, 2.25, 4.25]
    assert f"(HTTP {answer[0]} BDC_1322)" in waits.told[0]


def test_four_times_are_enough(session, use, waits):
    it = session()
    it.bill.answers = [SIGNED_IN]
    it.bill.default = busy(503)
    with it.recorder.using(use("once")):
        assert it.get("/v3/vendors").status_code == 503
    assert len(it.bill.received) == 1 + 4
    assert len(waits.slept) == 3


def test_the_limit_of_calls_in_an_hour_is_waited_for_if_it_is_over_soon(session, use, waits):
    it = session()
    it.bill.answers = [SIGNED_IN, busy(code="BDC_1144"), OK]
    with it.recorder.using(use("once")):
        assert it.get("/v3/vendors").ok
    assert waits.slept == [30]


def test_a_long_wait_is_told_and_not_waited(session, use, waits):
    it = session()
    it.bill.answers = [SIGNED_IN, busy(Retry_After="3600")]
    with it.recorder.using(use("once")):
        assert it.get("/v3/vendors").status_code == 429
    assert waits.slept == []
    (told,) = waits.told
    assert told.endswith("3600 s is too long to wait for here")


def test_all_waits_of_a_process_are_bounded(session, use, waits):
    it = session()
    it.bill.answers = [SIGNED_IN]
    it.bill.default = busy(Retry_After="50")
    with it.recorder.using(use("once")):
        for _ in range(3):
            assert it.get("/v3/vendors").status_code == 429
    assert sum(waits.slept) == 150 <= LONGEST_WAITS
    assert waits.told[-1].endswith("50 s is too long to wait for here")


WRITES = [
    ("POST", "/v3/payments"),
    ("POST", "/v3/payments/bulk"),
    ("POST", "/v3/vendors"),
    ("PUT", "/v3/bills/1"),
    ("PATCH", "/v3/bills/1"),
    ("DELETE", "/v3/vendors/1/bank-account"),
    ("POST", "/v2/Crud/Create/Bill.json"),
    ("POST", "/v2/PayBills.json"),
    ("POST", "/v2/List/Vendor.json"),
]


@pytest.mark.parametrize(("method", "path"), WRITES)
@pytest.mark.parametrize("answer", [busy(Retry_After="1"), busy(503), v2_busy("BDC_1322")])
def test_nothing_that_writes_is_sent_twice(session, use, waits, method, path, answer):
    it = session()
    it.bill.answers = [SIGNED_IN]
    it.bill.default = answer
    with it.recorder.using(use("once")):
        for headers in ({}, {"X-Idempotent-Key": "7f3f7a0c-6d0b-4bd0-9f3c-0f5f3f0d2b11"}):
            assert it.request(method, path, headers=headers).status_code == answer[0]
    assert len(it.bill.received) == 1 + 2
    assert (waits.slept, waits.told) == ([], [])


def test_what_bill_documents_an_idempotent_key_for_may_be_repeated(session, use, waits):
    it = session()
    key = {"X-Idempotent-Key": "7f3f7a0c-6d0b-4bd0-9f3c-0f5f3f0d2b11"}
    it.bill.answers = [SIGNED_IN, busy(503), OK]
    path = "/connect-events/v3/subscriptions"
    with it.recorder.using(use("once")):
        assert it.post(path, json={"name": "a"}, headers=key).ok
        it.bill.answers = [busy(503)]
        assert it.post(path, json={"name": "b"}).status_code == 503
    assert len(waits.slept) == 1
    assert [received[3] for received in it.bill.received[1:]] == [b'{"name": "a"}'] * 2 + [
        b'{"name": "b"}'
    ]


def test_a_key_counts_for_bills_webhooks_only():
    key = {"x-idempotent-key": "1"}
    assert is_repeatable("POST", f"{SANDBOX.events}/v3/subscriptions", key, SANDBOX)
    assert not is_repeatable("POST", f"{SANDBOX.events}/v3/subscriptions", {}, SANDBOX)
    empty = {"X-Idempotent-Key": ""}
    assert not is_repeatable("POST", f"{SANDBOX.events}/v3/subscriptions", empty, SANDBOX)
    assert not is_repeatable("POST", f"{SANDBOX.gateway}/v3/payments", key, SANDBOX)
    assert not is_repeatable("POST", f"{SANDBOX.events}.example.com/v3/x", key, SANDBOX)
    assert is_repeatable("get", f"{SANDBOX.gateway}/v3/vendors", {}, SANDBOX)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 500, 502, 504])
def test_other_answers_are_not_asked_for_again(session, use, waits, status):
    it = session()
    it.bill.answers = [SIGNED_IN, (status, {"Retry-After": "1"}, b"")]
    with it.recorder.using(use("once")):
        assert it.get("/v3/vendors").status_code == status
    assert (len(it.bill.received), waits.told) == (2, [])


def test_a_test_that_records_nothing_sees_each_answer(session, waits):
    it = session(live=True)
    it.bill.answers = [SIGNED_IN, busy(Retry_After="1")]
    assert it.get("/v3/vendors").status_code == 429
    assert waits.told == []


@pytest.mark.parametrize("named", ["by its name", "by what it says"])
def test_the_local_sandbox_answers_what_it_was_told_to(session, use, waits, named):
    it = session("local" if named == "by its name" else "custom")
    header = {"Server": "pytest-bill-sandbox"} if named == "by what it says" else {}
    it.bill.answers = [SIGNED_IN, busy(503, **header)]
    with it.recorder.using(use("once")):
        assert it.get("/v3/vendors").status_code == 503
    assert waits.told == []


def test_a_test_that_sends_its_own_session_sees_each_answer(session, use, waits):
    it = session()
    it.bill.answers = [busy(503)]
    with it.recorder.using(use("once")):
        answer = it.get("/v3/vendors", headers={"sessionId": "mine", "devKey": "mine-too"})
    assert answer.status_code == 503
    assert waits.told == []


@pytest.fixture
def no_names(monkeypatch):
    """No host's name is found any more."""

    def nobody(*args, **kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    return lambda: monkeypatch.setattr(socket, "getaddrinfo", nobody)


@pytest.fixture
def far_away(session, monkeypatch):
    """A session that takes the server for one that is not on this machine."""
    monkeypatch.setattr(environments, "is_on_this_machine", lambda url: False)
    monkeypatch.setattr(signing_in, "is_on_this_machine", lambda url: False)
    return session()


def test_a_read_that_finds_nobody_is_repeated_and_a_write_is_not(far_away, no_names, use, waits):
    it = far_away
    it.bill.answers = [SIGNED_IN, (200, {"Connection": "close"}, b"")]
    with it.recorder.using(use("once")):
        assert it.get("/v3/vendors").ok
        no_names()
        with pytest.raises(requests.ConnectionError):
            it.post("/v3/vendors", json={})
        assert waits.told == []
        with pytest.raises(requests.ConnectionError):
            it.get("/v3/bills")
    assert waits.slept == [1.25, 2.25, 4.25]
    assert "BILL was not reached: its name was not found (DNS); waiting 1 s" in waits.told[0]


def test_nobody_is_waited_for_on_this_machine(session, use, waits):
    it = session()
    it.bill.answers = [SIGNED_IN, (200, {"Connection": "close"}, b"")]
    with it.recorder.using(use("once")):
        assert it.get("/v3/vendors").ok
        it.bill.close()
        with pytest.raises(requests.ConnectionError):
            it.get("/v3/bills")
    assert waits.told == []


def test_an_expired_session_is_renewed_between_waits(session, use, waits):
    expired = (401, {}, json.dumps([{"code": "BDC_1109", "message": "x"}]).encode())
    it = session()
    again = (200, {}, b'{"sessionId": "another-session-of-the-run"}')
    it.bill.answers = [SIGNED_IN, busy(503), expired, busy(503), again, busy(503), OK]
    with it.recorder.using(use("once")):
        assert it.get("/v3/vendors").ok
    assert [path for _, path in asked(it)].count("/v3/login") == 3


# --- sign-ins --------------------------------------------------------------------------------


def test_a_sign_in_that_is_to_come_again_does(session, use, waits):
    it = session()
    it.bill.answers = [busy(503), busy(Retry_After="20"), SIGNED_IN, OK]
    it._access.sign_in()
    with it.recorder.using(use("once")):
        assert it.get("/v3/vendors").ok
    assert [path for _, path in asked(it)] == ["/v3/login"] * 3 + ["/v3/vendors"]
    assert waits.slept == [1.25, 20]
    assert len(store.load(use(name="sign_in.yaml").path).interactions) == 1
    assert it.recorder.counts.sign_ins == 3


def test_a_limit_of_sign_ins_is_final_and_says_when_again(session, use, waits):
    it = session()
    it.bill.default = busy(Retry_After="600")
    with it.recorder.using(use("once")):
        for _ in range(3):
            with pytest.raises(SignInFailed) as limited:
                it.get("/v3/vendors")
    assert len(it.bill.received) == 1
    assert "BILL asks to wait 600 s" in str(limited.value)
    assert "asked once for a sign-in" in str(limited.value)


def test_bill_that_is_down_is_asked_four_times_by_all_tests_together(session, use, waits):
    it = session()
    it.bill.default = busy(503)
    with it.recorder.using(use("once")):
        for _ in range(3):
            with pytest.raises(SignInFailed, match="asked 4 times for a sign-in"):
                it.get("/v3/vendors")
    assert len(it.bill.received) == 4
    assert len(waits.slept) == 3


@pytest.mark.parametrize("status", [500, 502, 504, 401, 403])
def test_other_refusals_are_final_at_once(session, use, waits, status):
    it = session()
    it.bill.default = (status, {}, b"")
    with it.recorder.using(use("once")), pytest.raises(SignInFailed, match="asked once"):
        it.get("/v3/vendors")
    assert (len(it.bill.received), waits.told) == (1, [])


def test_a_sign_in_that_nobody_takes_is_tried_again_and_then_final(far_away, no_names, use, waits):
    it = far_away
    no_names()
    with it.recorder.using(use("once")):
        for _ in range(3):
            with pytest.raises(SignInFailed) as failed:
                it.get("/v3/vendors")
    assert "did not reach http://127.0.0.1:" in str(failed.value)
    assert "tried 4 times: its name was not found (DNS)." in str(failed.value)
    assert len(waits.slept) == 3


def test_a_sign_in_that_nobody_takes_on_this_machine_is_final_at_once(session, use, waits):
    it = session()
    it.bill.close()
    with it.recorder.using(use("once")), pytest.raises(SignInFailed) as failed:
        it.get("/v3/vendors")
    assert "tried once: the connection was refused." in str(failed.value)
    assert waits.told == []


def test_no_line_holds_a_secret(session, use, waits):
    it = session()
    it.bill.answers = [SIGNED_IN, busy(503), OK]
    with it.recorder.using(use("once")):
        it.get(f"/v3/organizations/{SECRETS['organization_id']}?key={SECRETS['key']}")
    assert [secret for secret in SECRETS.values() if secret in waits.told[0]] == []


def test_threads_wait_each_for_itself(session, use, waits):
    from concurrent.futures import ThreadPoolExecutor

    it = session()
    it.bill.answers = [SIGNED_IN]
    with it.recorder.using(use("once")):
        it.get("/v3/vendors")
        seen = set()

        def busy_at_first(received):
            first = received[1] not in seen
            seen.add(received[1])
            return busy(503) if first else OK

        it.bill.default = busy_at_first
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(partial(it.get), [f"/v3/vendors/{each}" for each in range(8)]))
    assert {each.status_code for each in answers} == {200}
    assert len(waits.slept) == 8


def test_an_error_of_bill_is_the_last_answers(session, use):
    it = session()
    it.bill.answers = [SIGNED_IN, busy(503), busy(503), busy(503), busy(429, code="BDC_1322")]
    with it.recorder.using(use("once")), pytest.raises(BillError) as failed:
        it.call("GET", "/v3/vendors")
    assert failed.value.codes == ["BDC_1322"]

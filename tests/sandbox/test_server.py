"""Starting, stopping and steering sandboxes, in this process and from another one."""

import http.client
import re
import socket
import threading
from datetime import UTC, datetime, timedelta

import pytest
import requests

from pytest_bill.sandbox import Clock, LocalSandbox
from pytest_bill.sandbox.admission import HEADER
from pytest_bill.sandbox.core.clock import LATEST

NAMES = {
    "BILL_USERNAME",
    "BILL_PASSWORD",
    "BILL_ORGANIZATION_ID",
    "BILL_DEV_KEY",
    "BILL_SYNC_TOKEN_NAME",
    "BILL_SYNC_TOKEN_VALUE",
    "BILL_SYNC_ORGANIZATION_ID",
    "BILL_SYNC_DEV_KEY",
    "BILL_CONSOLE_ADMIN_EMAIL",
    "BILL_CONSOLE_API_TOKEN",
    "BILL_CONSOLE_ORGANIZATION_ID",
    "BILL_CONSOLE_DEV_KEY",
    "BILL_SPEND_API_TOKEN",
    "BILL_PARTNER_USERNAME",
    "BILL_PARTNER_PASSWORD",
    "BILL_PARTNER_APP_KEY",
    "BILL_CLIENT_ID",
    "BILL_CLIENT_SECRET",
}


def test_variables_are_fresh_and_complete():
    one, other = LocalSandbox().variables, LocalSandbox().variables
    assert set(one) == NAMES
    assert all(len(value) >= 16 for value in one.values())
    same = {name for name in NAMES if one[name] == other[name]}
    assert same == {name for name in NAMES if name.endswith("ORGANIZATION_ID")}


def test_organization_ids_look_like_bills_and_follow_the_seed():
    one, other = LocalSandbox(seed=1).variables, LocalSandbox(seed=2).variables
    assert re.fullmatch(r"008[A-Z0-9]{17}", one["BILL_ORGANIZATION_ID"])
    assert one["BILL_ORGANIZATION_ID"] != other["BILL_ORGANIZATION_ID"]


def test_given_variables_replace_generated_ones(sandbox):
    given = {"BILL_PASSWORD": sandbox.variables["BILL_PASSWORD"]}
    variables = LocalSandbox(variables=given).variables
    assert variables["BILL_PASSWORD"] == given["BILL_PASSWORD"]
    assert variables["BILL_DEV_KEY"] != sandbox.variables["BILL_DEV_KEY"]
    with pytest.raises(ValueError, match="BILL_PASWORD"):
        LocalSandbox(variables={"BILL_PASWORD": "x"})


def test_no_secret_in_a_repr(sandbox):
    attached = LocalSandbox.attach(sandbox.origin, sandbox.variables)
    shown = repr(sandbox) + repr(attached) + repr(vars(sandbox)) + repr(vars(sandbox._state))
    secrets = [value for name, value in sandbox.variables.items() if "ORGANIZATION" not in name]
    assert not [secret for secret in secrets if secret in shown]


def test_records_follow_the_seed(developer, login_body, sandbox):
    with LocalSandbox(seed=0, variables=sandbox.variables) as twin:
        headers = {
            "devKey": login_body()["devKey"],
            "sessionId": requests.post(
                f"{twin.origin}/connect/v3/login", json=login_body(), timeout=5
            ).json()["sessionId"],
        }
        url = f"{twin.origin}/connect/v3/bills"
        theirs = requests.get(url, headers=headers, timeout=5).json()["results"]
    ours = developer.get("/v3/bills").json()["results"]
    assert [bill["id"] for bill in theirs] == [bill["id"] for bill in ours]


def test_it_listens_on_loopback_only_and_frees_the_port():
    sandbox = LocalSandbox()
    with pytest.raises(RuntimeError, match="not started"):
        _ = sandbox.origin
    with sandbox:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", sandbox.origin)
        port = int(sandbox.origin.rpartition(":")[2])
        with pytest.raises(OSError, match="in use"):
            LocalSandbox(port=port).start()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
    sandbox.stop()
    with pytest.raises(RuntimeError, match="started before"):
        sandbox.start()


def test_stop_does_not_wait_for_an_open_connection():
    sandbox = LocalSandbox().start()
    with requests.Session() as session:
        session.get(f"{sandbox.origin}/connect/v3/health", timeout=5)
        sandbox.stop()


def test_many_at_once_share_nothing(sandbox, login_body):
    with LocalSandbox() as other:
        url = f"{other.origin}/connect/v3/login"
        assert requests.post(url, json=login_body(), timeout=5).status_code == 400
        assert sandbox.request_counts() == {}


def test_parallel_requests(anonymous):
    answers = []

    def call():
        answers.append(anonymous.get("/v3/health").status_code)

    threads = [threading.Thread(target=call) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 16


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v3/unknown"),
        ("GET", "/v3/vendors/"),
        ("GET", "/v3/login"),
        ("DELETE", "/v3/bills"),
        ("POST", "/v3/bills/00n/forget"),
    ],
)
def test_what_bill_does_not_have(developer, codes, method, path):
    answer = developer.call(method, path)
    assert (answer.status_code, codes(answer)) == (404, ["BDC_1121"])


def test_timestamps_come_from_the_clock():
    clock = Clock(lambda: datetime(2031, 1, 2, 3, 4, 5, tzinfo=UTC))
    with LocalSandbox(clock=clock) as sandbox:
        clock.advance(timedelta(days=1))
        (problem,) = requests.get(f"{sandbox.origin}/connect/v3/bills", timeout=5).json()
    assert problem["timestamp"] == "2031-01-03T03:04:05.000+00:00"


def test_an_attached_sandbox_steers_the_running_one(sandbox, developer):
    attached = LocalSandbox.attach(sandbox.origin, sandbox.variables)
    assert (attached.origin, attached.variables) == (sandbox.origin, sandbox.variables)
    attached.advance(timedelta(minutes=34))
    assert developer.get("/v3/vendors").status_code == 200
    attached.expire_sessions()
    assert developer.get("/v3/vendors").status_code == 401
    assert attached.request_counts() == {"POST /connect/v3/login": 1, "GET /connect/v3/vendors": 2}
    assert attached.request_counts() == sandbox.request_counts()
    with pytest.raises(RuntimeError, match="400"):
        attached.advance(timedelta(seconds=-1))


@pytest.mark.parametrize("origin", ["https://127.0.0.1:1", "http://example.com:1", "127.0.0.1"])
def test_attach_takes_loopback_origins_only(origin):
    with pytest.raises(ValueError, match="not the origin"):
        LocalSandbox.attach(origin, {})


@pytest.mark.parametrize("seconds", [None, "5", -1, 1e300, 1e14, 300_000_000_000])
def test_the_clock_takes_seconds_only(sandbox, anonymous, login_body, seconds):
    url = f"{sandbox.origin}/__sandbox__/clock"
    assert (
        requests.post(
            url, json={"advance_seconds": seconds}, headers={HEADER: "1"}, timeout=5
        ).status_code
        == 400
    )
    assert anonymous.post("/v3/login", login_body()).status_code == 200


def test_the_clock_goes_forward_only():
    clock = Clock()
    with pytest.raises(ValueError, match="forward"):
        clock.advance(timedelta(seconds=-1))
    assert clock.now().tzinfo is UTC


def test_the_clock_stops_where_what_is_due_later_still_has_a_date(sandbox, spend):
    there = LATEST - sandbox.clock.now() - timedelta(hours=1)
    sandbox.advance(there)
    answer = spend.post("/v3/spend/reimbursements/image-upload-url")
    assert answer.status_code == 200
    with pytest.raises(RuntimeError, match="400"):
        sandbox.advance(timedelta(hours=2))


def test_connections_answer_without_waiting_for_more_to_send(sandbox):
    """Nagle's algorithm and delayed acknowledgements would cost 40 ms for each answer."""
    accepted = []
    connect = http.client.HTTPConnection("127.0.0.1", int(sandbox.origin.rpartition(":")[2]))
    connect.request("GET", "/openapi.json")
    connect.getresponse().read()
    for connection in sandbox._server.server_state.connections:
        raw = connection.transport.get_extra_info("socket")
        accepted.append(raw.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
    connect.close()
    assert accepted
    assert all(accepted)

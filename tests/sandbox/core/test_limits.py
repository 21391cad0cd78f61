"""How often and how many at once, on a clock that moves only when it is told to."""

import http.client
import json
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import requests

from pytest_bill.sandbox import Clock, LocalSandbox, api
from pytest_bill.sandbox.core.errors import BillError
from pytest_bill.sandbox.core.limits import CALLS_AN_HOUR, Limits
from pytest_bill.sandbox.core.operations import V3, Caller, Operation

HALF_PAST = datetime(2030, 1, 1, 12, 30, tzinfo=UTC)
SPEND = Operation(
    "GET",
    f"{V3}/spend/test",
    "test",
    "Answers nothing",
    lambda _call: None,
    caller=Caller.SPEND,
    area="Test",
)


@pytest.fixture(params=[True])
def sandbox(request, monkeypatch, stopping):
    """A sandbox at half past twelve, with one more operation of Spend & Expense."""
    monkeypatch.setattr(api, "OPERATIONS", (*api.OPERATIONS, SPEND))
    clock = Clock(lambda: HALF_PAST)
    running = LocalSandbox(clock=clock, rate_limits=request.param).start()
    yield running
    stopping.submit(running.stop)


unlimited = pytest.mark.parametrize("sandbox", [False], indirect=True)


def refusal(answer):
    (problem,) = answer.json()
    return answer.status_code, problem["code"], problem["message"]


def test_twenty_thousand_calls_an_hour_until_the_next_one_begins():
    clock = Clock(lambda: HALF_PAST)
    limits = Limits(clock)
    for _ in range(CALLS_AN_HOUR):
        limits.count("key", CALLS_AN_HOUR)
    with pytest.raises(BillError) as refused:
        limits.count("key", CALLS_AN_HOUR)
    assert refused.value.problems[0].message.endswith("per hour reached: 20000.")
    limits.count("another key", CALLS_AN_HOUR)
    clock.advance(timedelta(minutes=29, seconds=59))
    with pytest.raises(BillError):
        limits.count("key", CALLS_AN_HOUR)
    clock.advance(timedelta(seconds=1))
    limits.count("key", CALLS_AN_HOUR)


def test_calls_count_by_their_key(developer, sync, monkeypatch):
    monkeypatch.setattr("pytest_bill.sandbox.core.operations.CALLS_AN_HOUR", 2)
    answers = [developer.get("/v3/vendors") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert refusal(answers[-1])[1] == "BDC_1144"
    assert sync.get("/v3/vendors").status_code == 200


def test_two_hundred_sign_ins_an_hour(anonymous, sandbox, login_body, codes):
    url = f"{sandbox.origin}/connect/v3/login"
    v2 = f"{sandbox.origin}/api/v2/ListOrgs.json"
    body = login_body()
    form = {name: body[field] for name, field in (("devKey", "devKey"), ("password", "password"))}
    with requests.Session() as http_session:
        for _ in range(100):
            assert http_session.post(url, json=body, timeout=5).status_code == 200
            orgs = http_session.post(v2, {**form, "userName": body["username"]}, timeout=5).json()
            assert orgs["response_status"] == 0
    message = "Max number of allowed requests per hour reached: 200."
    assert refusal(anonymous.post("/v3/login", body)) == (429, "BDC_1144", message)
    # A key that is not known does not count.
    assert codes(anonymous.post("/v3/login", login_body(devKey="unknown"))) == ["BDC_1102"]
    sandbox.advance(timedelta(minutes=30))
    assert anonymous.post("/v3/login", body).status_code == 200


def test_five_texts_a_minute_for_each_user(developer, console, sandbox):
    for _ in range(5):
        assert developer.post("/v3/mfa/challenge", {}).status_code == 200
    answer = developer.post("/v3/mfa/challenge", {})
    message = "Max number of allowed requests per minute reached: 5."
    assert refusal(answer) == (429, "BDC_1144", message)
    assert refusal(developer.post("/v3/mfa/setup", {}))[1] == "BDC_1144"
    assert console.post("/v3/mfa/challenge", {}).status_code == 200
    assert developer.get("/v3/mfa/phones").status_code == 200
    sandbox.advance(timedelta(minutes=1))
    assert developer.post("/v3/mfa/challenge", {}).status_code == 200


def test_sixty_calls_a_minute_of_spend_and_expense(spend, sandbox, codes):
    unknown = {"apiToken": "unknown"}
    assert spend.get("/v3/spend/test", headers=unknown).status_code == 401
    for _ in range(60):
        assert spend.get("/v3/spend/test").status_code == 200
    answer = spend.get("/v3/spend/test")
    assert (answer.status_code, codes(answer)) == (429, ["BDC_1144"])
    sandbox.advance(timedelta(minutes=1))
    assert spend.get("/v3/spend/test").status_code == 200


@unlimited
def test_nothing_is_counted_without_limits(spend, developer, sandbox):
    for _ in range(61):
        assert spend.get("/v3/spend/test").status_code == 200
    for _ in range(6):
        assert developer.post("/v3/mfa/challenge", {}).status_code == 200


def test_three_calls_at_once(developer, console, sandbox, codes):
    host = urlsplit(sandbox.origin).netloc
    content = json.dumps({"name": "Slow"}).encode()
    with ExitStack() as stack:
        slow = [
            stack.enter_context(closing(http.client.HTTPConnection(host, timeout=10)))
            for _ in range(3)
        ]
        for connection in slow:
            connection.putrequest("POST", "/connect/v3/vendors")
            for name, value in developer.headers.items():
                connection.putheader(name, value)
            connection.putheader("content-length", str(len(content)))
            connection.endheaders(content[:1])
        # The three have arrived once a fourth is refused.
        answers = (developer.get("/v3/vendors") for _ in range(1_000))
        answer = next(each for each in answers if each.status_code != 200)
        assert (answer.status_code, codes(answer)) == (429, ["BDC_1322"])
        assert console.get("/v3/vendors").status_code == 200
        slow[0].send(content[1:])
        assert slow[0].getresponse().status == 400
        assert developer.get("/v3/vendors").status_code == 200

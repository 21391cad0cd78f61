"""How often and how many at once, on a clock that moves only when it is told to."""

import asyncio
import http.client
import json
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import aiohttp
import httpx
import pytest
import requests

from pytest_bill.sandbox import Clock, LocalSandbox, api
from pytest_bill.sandbox.core.errors import BillError
from pytest_bill.sandbox.core.limits import CALLS_AN_HOUR, OVERLAP_SECONDS, Limits
from pytest_bill.sandbox.core.operations import V3, Caller, Operation
from tests.helpers.signing_in import developer_login

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


@pytest.fixture
def patient():
    """A sandbox that waits long enough for all who come at once, on a machine that is busy, too."""
    with LocalSandbox(overlap_seconds=1) as running:
        yield running


VENDORS = "/connect/v3/vendors"
THREE_OF_FIFTY = {200: 3, 429: 47}


def call_from_threads(sandbox, headers, workers, calls, path=VENDORS):
    together = threading.Barrier(workers)

    def call(_):
        together.wait(20)
        return requests.get(sandbox.origin + path, headers=headers, timeout=20)

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(call, range(calls)))


def test_of_fifty_threads_three_are_answered(patient):
    answers = call_from_threads(patient, headers_of(patient), 50, 50)
    assert Counter(answer.status_code for answer in answers) == THREE_OF_FIFTY
    refused = {refusal(answer) for answer in answers if answer.status_code != 200}
    message = "Max number of concurrent requests per organization reached."
    assert refused == {(429, "BDC_1322", message)}
    assert not any("retry-after" in answer.headers for answer in answers)


def test_of_fifty_tasks_three_are_answered(patient):
    async def call_with_httpx(headers):
        limits = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(headers=headers, limits=limits, timeout=20) as client:
            calls = (client.get(patient.origin + VENDORS) for _ in range(50))
            return [answer.status_code for answer in await asyncio.gather(*calls)]

    async def call_with_aiohttp(headers):
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(headers=headers, connector=connector) as client:

            async def call():
                async with client.get(patient.origin + VENDORS) as answer:
                    return answer.status

            return await asyncio.gather(*(call() for _ in range(50)))

    for call in (call_with_httpx, call_with_aiohttp):
        assert Counter(asyncio.run(call(headers_of(patient)))) == THREE_OF_FIFTY


def test_the_first_three_to_arrive_are_answered(patient):
    headers = headers_of(patient)
    with ExitStack() as stack:
        connections = []
        for _ in range(6):
            client = http.client.HTTPConnection(urlsplit(patient.origin).netloc, timeout=20)
            connections.append(stack.enter_context(closing(client)))
            client.request("GET", "/connect/v3/health")
            client.getresponse().read()
        for client in connections:
            client.request("GET", VENDORS, headers=headers)
        statuses = [client.getresponse().status for client in connections]
    assert statuses == [200, 200, 200, 429, 429, 429]


@pytest.mark.parametrize("keeps", [True, False], ids=["pool", "connection-a-call"])
def test_a_client_with_a_semaphore_of_three_is_never_refused(keeps):
    places = threading.BoundedSemaphore(3)
    with LocalSandbox() as sandbox, requests.Session() as session, ThreadPoolExecutor(8) as pool:
        ask = session.get if keeps else requests.get
        headers = headers_of(sandbox)

        def call(_):
            with places:
                return ask(sandbox.origin + VENDORS, headers=headers, timeout=20).status_code

        assert set(pool.map(call, range(60))) == {200}


def test_slow_calls_have_their_places_too():
    with LocalSandbox(overlap_seconds=0) as sandbox:
        sandbox.fail("listVendors", delay_seconds=2, times=10)
        answers = call_from_threads(sandbox, headers_of(sandbox), 10, 10)
    assert Counter(answer.status_code for answer in answers) == {200: 3, 429: 7}


def test_of_v2_there_are_three_at_once_as_well(patient):
    headers = headers_of(patient)
    form = {**headers, "data": json.dumps({"start": 0, "max": 5})}

    def call(_):
        url = f"{patient.origin}/api/v2/List/Vendor.json"
        answer = requests.post(url, data=form, timeout=20).json()
        return answer["response_data"]["error_code"] if answer["response_status"] else ""

    with ThreadPoolExecutor(10) as pool:
        assert Counter(pool.map(call, range(10))) == {"": 3, "BDC_1322": 7}


def test_who_asks_by_turns_over_many_connections_is_never_refused():
    with LocalSandbox() as sandbox, ExitStack() as stack:
        headers = headers_of(sandbox)
        clients = [stack.enter_context(requests.Session()) for _ in range(6)]
        answers = [
            client.get(sandbox.origin + VENDORS, headers=headers, timeout=5).status_code
            for _ in range(5)
            for client in clients
        ]
        assert set(answers) == {200}


@pytest.mark.parametrize(
    ("seconds", "on_way", "recent", "waits"),
    [
        (0.001, 0, 2, False),
        (0.001, 0, 3, True),
        (0.001, 1, 0, True),
        (0.3, 0, 0, True),
    ],
)
def test_who_waits_for_others(seconds, on_way, recent, waits):
    now = [0.0]
    limits = Limits(Clock(), ticks=lambda: now[0])
    assert limits.begin("key", lambda _: (0, 0))  # the first of all: nothing is known
    limits.end("key")
    now[0] += seconds
    assert limits.begin("key", lambda since: (on_way, recent)) is waits
    limits.end("key")
    now[0] += 0.001
    # Where several came at once, more may come.
    assert limits.begin("key", lambda _: (0, 0)) is (waits and seconds < 0.3)


def test_nobody_waits_for_ever():
    now = [0.0]

    async def sleep(seconds):
        now[0] += seconds
        if now[0] < 1:
            with pytest.raises(BillError):
                limits.begin("key", lambda _: (9, 9))

    limits = Limits(Clock(), ticks=lambda: now[0])
    for _ in range(3):
        limits.begin("key", lambda _: (9, 9))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio, "sleep", sleep)
        asyncio.run(limits.until_quiet("key"))
    assert now[0] == pytest.approx(10 * OVERLAP_SECONDS)


@pytest.mark.parametrize("settings", [{"rate_limits": False}, {"overlap_seconds": 0}])
def test_who_wants_none_of_it_waits_for_nobody(settings):
    with LocalSandbox(**settings) as sandbox:
        assert not sandbox._state.limits.begin("key", lambda _: (9, 9))


def test_three_at_once_without_other_limits():
    with LocalSandbox(rate_limits=False, three_at_once=True, overlap_seconds=1) as sandbox:
        answers = call_from_threads(sandbox, headers_of(sandbox), 10, 10)
    assert Counter(answer.status_code for answer in answers) == {200: 3, 429: 7}


def headers_of(sandbox):
    url = f"{sandbox.origin}/connect/v3/login"
    login = developer_login(sandbox)
    session_id = requests.post(url, json=login, timeout=5).json()["sessionId"]
    return {"devKey": login["devKey"], "sessionId": session_id}

"""Runs whose sign-in fails: BILL sees it once, whatever runs the tests and however often."""

from __future__ import annotations

import json

import pytest

WRONG = {
    "BILL_USERNAME": "ada.lovelace@example.com",
    "BILL_PASSWORD": "wrong-horse-battery",
    "BILL_ORGANIZATION_ID": "00801ABCDEFGHIJKLMNO",
    "BILL_DEV_KEY": "01DEVELOPERKEY012345",
    "BILL_SPEND_API_TOKEN": "a-token-that-nobody-knows",
}
NO_MATCH = (401, {}, json.dumps([{"code": "BDC_1101", "message": "No match."}]).encode())
EXPIRED = (401, {}, json.dumps([{"code": "BDC_1109", "message": "Session is invalid."}]).encode())
SUITE = """
import pytest

@pytest.mark.parametrize("number", range({tests}))
def test_it({fixture}, number):
    assert {fixture}.get("{path}", params={{"page": number}}).ok
"""
WORKERS, RERUNS = ("-n", "4"), ("-p", "pytest_rerunfailures", "--reruns", "2")
RECORDS = ("--bill-record-mode=once",)


@pytest.fixture
def bill(server, monkeypatch):
    """A BILL that all credentials of the environment are for."""
    bill = server()
    for name, value in {**WRONG, "BILL_BASE_URL": bill.origin}.items():
        monkeypatch.setenv(name, value)
    return bill


def write(pytester, fixture="bill_dev_session", path="/v3/vendors", tests=10):
    pytester.makepyfile(SUITE.format(fixture=fixture, path=path, tests=tests))


def sign_ins(bill):
    return [each for each in bill.received if each[1].endswith("/login")]


@pytest.mark.parametrize(
    "how",
    [
        pytest.param((), marks=pytest.mark.nightly),
        pytest.param(WORKERS, marks=pytest.mark.nightly),
        pytest.param(RERUNS, marks=pytest.mark.nightly),
        pytest.param(("-n", "8", *RERUNS), marks=pytest.mark.nightly),
        ("-n", "2", *RERUNS),
    ],
    ids=["alone", "workers", "reruns", "eight and reruns", "both"],
)
def test_ten_tests_with_a_wrong_password_are_one_sign_in(pytester, subprocess_run, bill, how):
    bill.default = NO_MATCH
    write(pytester)
    result = subprocess_run(*RECORDS, *how, "--bill-report=report.json")
    assert result.ret == 1
    assert len(bill.received) == 1
    outcomes = result.parseoutcomes()
    assert outcomes["errors"] == 10
    assert outcomes.get("rerun", 0) == (20 if RERUNS[0] in how else 0)
    told = "*bill_dev_session: BILL refused the sign-in with the developer key (HTTP 401: BDC_1101*"
    result.stdout.fnmatch_lines(
        [
            told,
            "*Check BILL_USERNAME and BILL_PASSWORD, and that they are of this environment*",
            "*BILL was asked once for a sign-in with it in this run, and is not asked again.",
        ]
    )
    assert WRONG["BILL_PASSWORD"] not in result.stdout.str() + result.stderr.str()
    assert json.loads((pytester.path / "report.json").read_text())["sign_ins"] == 1
    assert not list(pytester.path.rglob("*.yaml"))


@pytest.mark.parametrize(
    "how",
    [(), pytest.param((*WORKERS, *RERUNS), marks=pytest.mark.nightly)],
    ids=["alone", "workers and reruns"],
)
def test_a_session_that_bill_goes_on_refusing_costs_one_more_sign_in(
    pytester, run, subprocess_run, bill, how
):
    def answer(received):
        if received[1].endswith("/login"):
            session = f"session-of-sign-in-{len(sign_ins(bill))}"
            return 200, {}, json.dumps({"sessionId": session}).encode()
        return EXPIRED

    bill.default = answer
    write(pytester)
    result = (subprocess_run if how else run)("--bill-live", *how)
    assert result.parseoutcomes()["failed"] == 10
    assert len(sign_ins(bill)) == 2
    result.stdout.fnmatch_lines(["*BILL saw 2 sign-ins with the developer key in this run*"])


@pytest.mark.nightly
@pytest.mark.parametrize("how", [(), WORKERS, (*WORKERS, *RERUNS)], ids=["alone", "4", "reruns"])
def test_a_token_that_bill_refuses_is_sent_by_each_process_once(
    pytester, subprocess_run, bill, how
):
    bill.default = (401, {}, b"")
    write(pytester, "bill_spend_client", "/v3/spend/budgets")
    result = subprocess_run(*RECORDS, *how)
    assert result.ret == 1
    # It has no sign-in that one could wait for: those that begin together ask together.
    assert 1 <= len(bill.received) <= (4 if how else 1)
    result.stdout.fnmatch_lines(["*Check BILL_SPEND_API_TOKEN*"])


@pytest.mark.nightly
def test_bill_that_is_not_there_is_tried_by_one_worker(pytester, subprocess_run, bill):
    bill.close()
    write(pytester)
    result = subprocess_run(*RECORDS, *WORKERS, "--bill-report=report.json")
    assert result.ret == 1
    assert json.loads((pytester.path / "report.json").read_text())["sign_ins"] == 1
    result.stdout.fnmatch_lines(["*did not reach http://127.0.0.1:*, tried once: the connection*"])


def test_a_wait_is_seen_while_it_lasts_and_at_the_end(pytester, run, bill):
    signed_in = (200, {}, b'{"sessionId": "the-session-of-the-run"}')
    bill.answers = [(503, {"Retry-After": "0"}, b""), signed_in, (429, {"Retry-After": "0"}, b"")]
    write(pytester, tests=1)
    result = run(*RECORDS, "--bill-report=report.json")
    assert result.ret == 0
    again = "says to come again (HTTP {}); waiting 0 s, then asking again (2 of 4)"
    login = f"POST https://gateway.stage.bill.com/connect/v3/login: BILL {again.format(503)}"
    get = f"GET https://gateway.stage.bill.com/connect/v3/vendors?page=0: BILL {again.format(429)}"
    result.stdout.fnmatch_lines(
        [f"bill: {login}", f"bill: {get}", "*bill: BILL said to come again*"]
    )
    notices = json.loads((pytester.path / "report.json").read_text())["notices"]
    assert [(each["kind"], each["text"]) for each in notices] == [("again", login), ("again", get)]
    assert notices[0]["owner"].endswith("::test_it[0]")
    (cassette,) = (pytester.path / "cassettes").rglob("test_it*.yaml")
    assert "429" not in cassette.read_text()


@pytest.mark.nightly
def test_a_wait_of_a_worker_is_seen(pytester, subprocess_run, bill):
    signed_in = (200, {}, b'{"sessionId": "the-session-of-the-run"}')
    bill.answers = [(503, {"Retry-After": "0"}, b""), signed_in]
    write(pytester, tests=4)
    result = subprocess_run(*RECORDS, "-n", "2")
    assert result.ret == 0
    result.stderr.fnmatch_lines(["bill: POST *: BILL says to come again (HTTP 503); waiting 0 s*"])
    result.stdout.fnmatch_lines(["*bill: BILL said to come again*"])


def test_a_refused_sign_in_of_the_code_under_test_is_told(pytester, run, bill):
    bill.default = NO_MATCH
    pytester.makepyfile(
        """
        import os, requests

        def test_it(bill_environ):
            for _ in range(2):
                login = {"username": os.environ["BILL_USERNAME"], "password": "no"}
                answer = requests.post(f"{bill_environ['v3_url']}/v3/login", json=login)
            assert answer.status_code == 401
        """
    )
    result = run(*RECORDS, "--bill-strict")
    assert result.ret == 0
    assert len(bill.received) == 2
    line = "POST https://gateway.stage.bill.com/connect/v3/login: HTTP 401 BDC_1101 No match."
    told = ["*bill: sign-ins of the code under test that BILL refused*", *[f"*test_it: {line}"] * 2]
    result.stdout.fnmatch_lines(told)
    replayed = run("--bill-record-mode=none")
    assert "BILL refused" not in replayed.stdout.str()

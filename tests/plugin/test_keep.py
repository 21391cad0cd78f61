"""Answers that nobody should keep, and requests without a whole answer: whole runs."""

from __future__ import annotations

import json

import pytest

from tests.plugin.suites import RECORD, tree

JSON = {"Content-Type": "application/json"}
MAX = b'{"response_status": 1, "response_data": {"error_code": "BDC_1144"}}'
ANSWERS = {
    "429": (429, {"Retry-After": "0"}, b"[]"),
    "503": (503, JSON, b"[]"),
    "v2": (200, JSON, MAX),
    "html": (200, {"Content-Type": "text/html"}, b"<html>Sign in to the proxy</html>"),
    "garbled": (200, JSON, b'{"results": [{"id'),
    "redirect": (302, {"Location": "http://portal.example/"}, b""),
}
CONFTEST = """
import pytest


@pytest.fixture(scope="session")
def bill_config():
    return {"keep": %s}
"""
SUITE = """
import httpx
import pytest

NAMES = ["429", "503", "v2", "html", "garbled", "redirect"]


@pytest.mark.parametrize("name", NAMES)
def test_it(bill_spend_client, name):
    bill_spend_client.get(f"/v3/{name}", allow_redirects=False)  # and looks at nothing


def test_good(bill_spend_client):
    assert bill_spend_client.get("/v3/good").ok


def test_again(bill_spend_client):
    statuses = [httpx.get(f"{bill_spend_client.base_url}/v3/again").status_code for _ in "12"]
    assert statuses[-1] == 200


@pytest.fixture(scope="module")
def wide(bill_spend_client):
    bill_spend_client.get("/v3/503")


def test_wide(wide, bill_spend_client):
    assert bill_spend_client.get("/v3/good").ok
"""


@pytest.fixture
def bill(server, monkeypatch):
    """A BILL that answers each path in its own way."""
    started = server()
    asked = []

    def answer(received):
        name = received[1].rsplit("/", 1)[-1]
        asked.append(name)
        if name == "again":
            return (503 if asked.count(name) == 1 else 200), JSON, b"{}"
        return ANSWERS.get(name, (200, JSON, b"{}"))

    started.default = answer
    monkeypatch.setenv("BILL_BASE_URL", started.origin)
    monkeypatch.setenv("BILL_SPEND_API_TOKEN", "t0ken-of-the-spend-api-of-this-test")
    return started


def notices(pytester, kind):
    told = json.loads((pytester.path / "report.json").read_text())["notices"]
    return {each["owner"]: each["text"] for each in told if each["kind"] == kind}


@pytest.mark.nightly
def test_nobody_keeps_them_unless_a_test_names_them(pytester, run, bill):
    pytester.makepyfile(test_bill=SUITE)
    result = run("--bill-record-mode=once", "--bill-report=report.json")
    result.assert_outcomes(passed=9)
    assert result.ret == 1
    result.stdout.fnmatch_lines(["*bill: answers that nobody should keep*"])
    refused = notices(pytester, "unkept")
    assert len(refused) == 7
    for name, words in {
        "429": "was answered 429 (Too Many Requests)",
        "503": "was answered 503",
        "v2": "was answered BDC_1144, BILL's limit",
        "html": "was answered with HTML",
        "garbled": "was answered with JSON that cannot be read",
        "redirect": "was redirected to portal.example",
    }.items():
        text = refused[f"test_bill.py::test_it[{name}]"]
        assert f"GET https://gateway.stage.bill.com/connect/v3/{name} {words}" in text
        assert "--bill-record-mode=all" in text
        assert "keep=[" in text
    assert (
        'bill_config["keep"] = [503]'
        in refused["fixture wide (set up for test_bill.py::test_wide)"]
    )
    saved = tree(pytester.path / "cassettes")
    assert sorted(saved) == [
        f"test_bill/{name}.yaml" for name in ("test_again", "test_good", "test_wide")
    ]
    assert b"code: 503" not in saved["test_bill/test_again.yaml"]
    (retried,) = notices(pytester, "retried").values()
    assert "was answered 503" in retried

    keep = '[429, 503, "BDC_1144", "html", "garbled", "redirect"]'
    pytester.makeconftest(CONFTEST % keep)
    assert run("--bill-record-mode=new_episodes").ret == 0
    assert len(tree(pytester.path / "cassettes")) == 10
    before = len(bill.received)
    assert run().ret == 0
    assert len(bill.received) == before


ONE = """
import pytest


{mark}
def test_one(bill_spend_client):
    bill_spend_client.get("/v3/503" if {fails} else "/v3/good")
"""


@pytest.mark.nightly
def test_the_old_cassette_stays_and_the_marker_names_what_is_meant(pytester, run, bill):
    pytester.makepyfile(test_bill=ONE.format(mark="", fails=False))
    assert run("--bill-record-mode=once").ret == 0
    before = tree(pytester.path / "cassettes")
    pytester.makepyfile(test_bill=ONE.format(mark="", fails=True))
    assert run("--bill-record-mode=all").ret == 1
    assert tree(pytester.path / "cassettes") == before
    mark = "@pytest.mark.bill_cassette(keep=[503])"
    pytester.makepyfile(test_bill=ONE.format(mark=mark, fails=True))
    assert run("--bill-record-mode=all").ret == 0
    assert tree(pytester.path / "cassettes") != before
    mark = "@pytest.mark.bill_cassette(keep=[200, 'odd'])"
    pytester.makepyfile(test_bill=ONE.format(mark=mark, fails=True))
    result = run()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*bill_cassette on test_bill.py::test_one has * in keep."])


TOLD_TO_FAIL = """
import pytest
import requests


@pytest.fixture
def fail(bill_dev_session, request):
    if bill_dev_session.base_url.startswith("http:"):
        return request.getfixturevalue("bill_sandbox").fail
    return lambda *_, **__: None


def test_refused(bill_dev_session, fail):
    fail("listVendors", status=503)
    assert bill_dev_session.get("/v3/vendors").status_code == 503


@pytest.mark.parametrize("how", [{"drop": True}, {"truncate": True}, {"delay_seconds": 5}])
def test_broken(bill_dev_session, fail, how):
    fail("listVendors", **how)
    with pytest.raises(requests.RequestException):
        bill_dev_session.get("/v3/vendors", timeout=0.3)
"""


def test_what_the_sandbox_was_told_is_recorded_and_replayed_and_proven(proven, subprocess_run):
    proven.makepyfile(test_bill=TOLD_TO_FAIL)
    recorded = subprocess_run(*RECORD)
    recorded.assert_outcomes(passed=4)
    assert recorded.ret == 0
    assert "answers that nobody" not in recorded.stdout.str()
    subprocess_run("--disable-socket").assert_outcomes(passed=4)


@pytest.mark.nightly
def test_workers_tell_the_same(pytester, run, bill):
    pytester.makepyfile(test_bill=SUITE.replace('scope="module"', 'scope="function"'))
    result = run("--bill-record-mode=once", "--bill-report=report.json", "-n2")
    assert result.ret == 1
    assert len(notices(pytester, "unkept")) == 7


LOST = """
import asyncio

import httpx


def test_cancelled(bill_spend_client):
    async def main():
        async with httpx.AsyncClient() as client:
            asking = client.get(f"{bill_spend_client.base_url}/v3/slow")
            try:
                await asyncio.wait_for(asking, 0.2)
            except TimeoutError:
                pass

    asyncio.run(main())
"""


def test_what_the_code_stopped_is_told_and_can_be_named(pytester, run, bill):
    import threading

    may_answer = threading.Event()
    answer = bill.default
    bill.default = lambda received: may_answer.wait(10) and answer(received)
    pytester.makepyfile(test_bill=LOST)
    result = run("--bill-record-mode=once")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["*v3/slow got no whole answer: cancelled", "*keep=*'cancelled'*"])
    pytester.makeconftest(CONFTEST % '["cancelled"]')
    assert run("--bill-record-mode=once").ret == 0
    may_answer.set()
    assert run().ret == 0


INTERRUPTED = """
import os
import signal
import threading

from pathlib import Path


def interrupt(pid):
    os.kill(pid, signal.SIGINT)
    threading.Event().wait(20)


def test_first(bill_spend_client):
    assert bill_spend_client.get("/v3/good").ok
    if Path("twice").exists() and not bill_spend_client.base_url.startswith("http:"):
        interrupt(os.getppid())  # the run that proves


def test_second(bill_spend_client):
    bill_spend_client.get("/v3/good")
    interrupt(os.getpid())
"""


@pytest.mark.nightly
@pytest.mark.parametrize("twice", [False, True])
def test_a_recording_that_is_interrupted_keeps_what_was_whole(proven, subprocess_run, bill, twice):
    if twice:
        (proven.path / "twice").touch()
    proven.makepyfile(test_bill=INTERRUPTED)
    result = subprocess_run("--bill-record-mode=once", "-p", "no:randomly")
    assert result.ret in (2, 1)
    shown = result.stdout.str()
    assert "test_bill.py::test_second" in shown  # which was not saved
    saved = tree(proven.path / "cassettes")
    if twice:
        assert "1 recording was not proven: it was interrupted" in shown
        assert not [each for each in saved if not each.startswith(".unproven/")]
    else:
        assert list(saved) == ["test_bill/test_first.yaml"]

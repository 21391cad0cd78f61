"""Parallel requests of a test to the local sandbox: refused above three, as at BILL."""

from __future__ import annotations

import pytest

CLIENTS = """
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BoundedSemaphore

import pytest
import requests

COUNT = 16


def asked(ask, first=1):
    together = Barrier(COUNT)

    def ask_together(number):
        together.wait(20)
        return ask(number)

    with ThreadPoolExecutor(COUNT) as pool:
        return Counter(pool.map(ask_together, range(first, first + COUNT)))


def with_session(session):
    def ask(number):
        return session.get("/v3/vendors", params={"max": number}).status_code
    return ask


def with_own_client(session):
    client = requests.Session()

    def ask(number):
        url = f"{session.base_url}/v3/vendors"
        return client.get(url, params={"max": number}, auth=session.auth).status_code
    return ask


def throttled(ask):
    places = BoundedSemaphore(3)

    def ask_in_turn(number):
        with places:
            return ask(number)
    return ask_in_turn


clients = pytest.mark.parametrize("client", [with_session, with_own_client])
"""
THROTTLED = """
@clients
def test_with_a_throttle(client, bill_dev_session):
    assert asked(throttled(client(bill_dev_session))) == {200: COUNT}
"""
NOT_THROTTLED = """
@clients
def test_without_a_throttle(client, bill_dev_session):
    ask = client(bill_dev_session)
    for first in range(1, 90, COUNT):  # on a busy machine threads may come one by one
        answers = asked(ask, first)
        if answers[429]:
            break
    assert answers[200] >= 3 and answers[429] > 0, answers
"""
MEANT = '@pytest.mark.bill_cassette(keep=["BDC_1322"])'
LOCAL = "--bill-environment=local"


def test_as_at_bill(pytester, run):
    pytester.makepyfile(CLIENTS + THROTTLED + NOT_THROTTLED)
    run(LOCAL, "--bill-live").assert_outcomes(passed=4)


def test_a_refused_call_is_not_recorded_and_told(pytester, run):
    pytester.makepyfile(CLIENTS + THROTTLED + NOT_THROTTLED)
    result = run(LOCAL, "--bill-record-mode=once")
    result.assert_outcomes(passed=4)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        [
            "*GET *vendors?max=* was answered BDC_1322, BILL's limit",
            "*let a semaphore of three hold the others.",
            "*Record it again: *",
            "*(keep=[[]'BDC_1322'])",
        ]
    )
    kept = [path.name for path in pytester.path.glob("cassettes/test_*/*.yaml")]
    assert len(kept) == 2
    assert all("with_a_throttle" in name for name in kept)


def test_one_that_is_meant_replays(pytester, run):
    pytester.makepyfile(
        CLIENTS + THROTTLED + NOT_THROTTLED.replace("@clients", f"{MEANT}\n@clients")
    )
    result = run(LOCAL, "--bill-record-mode=once")
    result.assert_outcomes(passed=4)
    assert result.ret == 0
    run().assert_outcomes(passed=4)


def test_workers_do_not_refuse_each_other(pytester, subprocess_run):
    pytester.makepyfile(CLIENTS + THROTTLED)
    subprocess_run(LOCAL, "--bill-live", "-n2").assert_outcomes(passed=2)

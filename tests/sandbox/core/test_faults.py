"""Faults that a test asks for, as a client sees them."""

import time

import pytest
import requests


def test_a_refusal_comes_as_often_as_asked_for_and_then_no_more(sandbox, developer):
    sandbox.fail("listVendors", 2, status=503, code="BDC_1001", message="Come back later.")
    answers = [developer.get("/v3/vendors") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [503, 503, 200]
    assert ["X-Pytest-Bill-Fault" in answer.headers for answer in answers] == [True, True, False]
    assert not sandbox.was_told_to_fail  # without an answer
    assert answers[0].json()[0]["code"] == "BDC_1001"
    assert answers[0].json()[0]["message"] == "Come back later."


def test_other_operations_do_not_fail(sandbox, developer):
    sandbox.fail("listVendors", status=500)
    assert developer.get("/v3/bills").ok


def test_a_dropped_connection_has_no_answer_and_changes_nothing(sandbox, developer):
    sandbox.fail("createVendor", drop=True)
    assert sandbox.was_told_to_fail
    before = len(developer.get("/v3/vendors").json()["results"])
    with pytest.raises(requests.ConnectionError):
        developer.post("/v3/vendors", {"name": "Lost"})
    assert len(developer.get("/v3/vendors").json()["results"]) == before


def test_a_truncated_answer_comes_after_the_change(sandbox, developer):
    sandbox.fail("createVendor", truncate=True)
    address = {"line1": "1 Main", "city": "Reno", "zipOrPostalCode": "89501", "country": "US"}
    with pytest.raises(requests.RequestException):
        developer.post("/v3/vendors", {"name": "Half told", "address": address})
    names = [vendor["name"] for vendor in developer.get("/v3/vendors").json()["results"]]
    assert "Half told" in names


def test_a_delay_makes_a_good_call_slow(sandbox, developer):
    sandbox.fail("listVendors", delay_seconds=0.2)
    begun = time.monotonic()
    assert developer.get("/v3/vendors").ok
    assert time.monotonic() - begun >= 0.2


def test_a_delay_lets_a_client_run_into_its_timeout(sandbox, developer):
    sandbox.fail("listVendors", delay_seconds=5)
    with pytest.raises(requests.ReadTimeout):
        requests.get(f"{sandbox.origin}/connect/v3/vendors", headers=developer.headers, timeout=0.1)


def test_four_calls_at_once_are_one_too_many(sandbox, developer, stopping):
    from concurrent.futures import ThreadPoolExecutor

    # The fault delays before the call is looked at; a slow body keeps a call running.
    def slow_body():
        yield b"{"
        time.sleep(0.3)
        yield b"}"

    with ThreadPoolExecutor(4) as pool:
        calls = [
            pool.submit(developer.call, "POST", "/v3/vendors", data=slow_body()) for _ in range(4)
        ]
        codes = sorted(call.result().json()[0]["code"] or "REQUEST" for call in calls)
    assert codes.count("BDC_1322") == 1


def test_a_refusal_may_say_when_to_come_again(sandbox, developer):
    sandbox.fail("listVendors", status=429, code="BDC_1322", headers={"Retry-After": "7"})
    answer = developer.get("/v3/vendors")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    assert answer.json()[0]["code"] == "BDC_1322"


@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        (200, "<html>Sign in to the guests' network</html>", {"Content-Type": "text/html"}),
        (200, "", {}),
        (302, "", {"Location": "https://login.example.com/"}),
        (502, "Bad gateway", {"content-type": "text/plain"}),
    ],
    ids=["html", "empty", "redirect", "gateway"],
)
def test_something_else_may_answer_in_bills_place(sandbox, developer, status, body, headers):
    sandbox.fail("listVendors", status=status, body=body, headers=headers)
    answer = developer.get("/v3/vendors", allow_redirects=False)
    assert (answer.status_code, answer.text) == (status, body)
    for name, value in headers.items():
        assert answer.headers[name] == value
    assert developer.get("/v3/vendors").ok

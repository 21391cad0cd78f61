"""BILL's error shapes as exceptions."""

import json
import pickle

import pytest
import requests

from pytest_bill.bill_errors import BillResponse, error_of, is_session_invalid
from pytest_bill.exceptions import BillError, SessionRefused

V3 = [
    {
        "timestamp": "2026-12-25T00:00:00.000+00:00",
        "code": "BDC_1109",
        "severity": "ERROR",
        "category": "DOWNSTREAM",
        "message": "Session is invalid.  Please log in.",
    }
]
V2 = {
    "response_status": 1,
    "response_message": "Error",
    "response_data": {"error_code": "BDC_1109", "error_message": "Session is invalid."},
}


def answer(status: int, body: object) -> BillResponse:
    response = BillResponse()
    response.status_code = status
    response._content = body if isinstance(body, bytes) else json.dumps(body).encode()
    response.url = "https://gateway.stage.bill.com/connect/v3/vendors?secret=1"
    response.request = requests.Request("GET", response.url).prepare()
    return response


@pytest.mark.parametrize(
    ("status", "body", "codes", "message"),
    [
        (401, V3, ["BDC_1109"], "Session is invalid.  Please log in."),
        (400, [*V3, {"code": "X", "message": "y"}], ["BDC_1109", "X"], "Please log in.; y"),
        (200, V2, ["BDC_1109"], "Session is invalid."),
        (400, {"message": "bad cursor"}, [""], "bad cursor"),
        (500, b"<html>", [], ""),
        (500, b"", [], ""),
        (502, ["text"], [""], "text"),
        (200, {"response_status": 1, "response_message": "Error"}, [""], "Error"),
    ],
)
def test_each_shape_of_error(status, body, codes, message):
    error = error_of(answer(status, body))
    assert isinstance(error, BillError)
    assert (error.status, error.codes) == (status, codes)
    assert message in error.message
    assert error.path == "/connect/v3/vendors"
    assert "secret" not in str(error)
    with pytest.raises(BillError):
        answer(status, body).raise_for_status()


@pytest.mark.parametrize("body", [{"response_status": 0}, {"results": []}, b"", b"{", [1], "x"])
def test_a_success_is_no_error(body):
    assert error_of(answer(200, body)) is None
    answer(200, body).raise_for_status()


def test_it_is_an_error_of_requests():
    error = error_of(answer(404, V3))
    assert isinstance(error, requests.HTTPError)
    assert error.response is not None


@pytest.mark.parametrize("kind", [BillError, SessionRefused])
def test_errors_survive_a_pickle(kind):
    error = error_of(answer(401, V3))
    copy = pickle.loads(pickle.dumps(kind(error.status, error.problems, "GET", error.path)))
    assert type(copy) is kind
    assert (str(copy), copy.codes) == (str(error), ["BDC_1109"])


def test_which_answers_say_that_the_session_is_invalid():
    assert is_session_invalid(401, json.dumps(V3).encode())
    assert is_session_invalid(200, json.dumps(V2).encode())
    assert not is_session_invalid(403, json.dumps(V3).encode())
    assert not is_session_invalid(401, json.dumps([{"code": "BDC_1101"}]).encode())
    assert not is_session_invalid(200, b'{"note": "BDC_1109"}')

"""Why a recording did not replay, in words."""

from __future__ import annotations

import pytest

from pytest_bill.cassettes.differences import Difference
from pytest_bill.cassettes.use import Miss
from pytest_bill.proof import causes
from pytest_bill.proof.causes import cause_of_difference, likely_cause
from pytest_bill.proof.replay import Replay

URL = "https://gateway.stage.bill.com/connect/v3/vendors"


def missed(*differences: Difference, request=f"GET {URL}", nearest=f"GET {URL}") -> Replay:
    return Replay("failed", "NotInCassette", misses=[Miss("", request, nearest, differences)])


@pytest.mark.parametrize(
    ("now", "recorded", "cause"),
    [
        ("createdTime:gt:2026-11-30", "createdTime:gt:2026-11-29", causes.CLOCK),
        ("2026-11-30T01:26:20.628054", "2026-11-29T11:26:19.303447", causes.CLOCK),
        ("2026-11-30T01:26:20+14:00", "2026-11-29T11:26:19Z", causes.CLOCK),
        ("Invoice of 11/30/2026", "Invoice of 11/29/2026", causes.CLOCK),
        ("1764412000", "1764411999", causes.CLOCK),
        ("1764412000123", "1764411999123", causes.CLOCK),
        ("1764412000.123", "1764411999.99", causes.CLOCK),
        ("20261130", "20261129", causes.CLOCK),
        ("2026-12", "2026-11", causes.CLOCK),
        ("Report of Monday", "Report of Sunday", causes.CLOCK),
        ("Bills of November 2026", "Bills of December 2026", causes.CLOCK),
        (
            "c2ccb054-d442-45ca-bb7e-9f2323ee9e71",
            "f5912ed8-341b-48c3-b999-d963227ca6ad",
            causes.UUID,
        ),
        (
            "key=c2ccb054d44245cabb7e9f2323ee9e71",
            "key=f5912ed8341b48c3b999d963227ca6ad",
            causes.UUID,
        ),
        ("Acme 8123", "Acme 991", causes.RANDOM),
        ("Acme x7Gh2kLm", "Acme q9Zr4tPw", causes.RANDOM),
        ("ab12cd", "ef34gh", causes.RANDOM),
        ("0.123", "0.9871", causes.RANDOM),
        ("id:in:a,b,c", "id:in:c,a,b", causes.HASH_ORDER),
        ("Happy Music", "Sad Songs Ltd", None),
        ("max=2", "(absent)", None),
    ],
)
def test_two_values_tell_what_made_them(now, recorded, cause):
    assert cause_of_difference(Difference("query filters", now, recorded)) is cause


def test_a_request_that_differs_in_a_value():
    assert likely_cause(missed(Difference("body date", "2026-11-30", "2026-11-29"))) is causes.CLOCK
    uuid = Difference("body id", *["c2ccb054-d442-45ca-bb7e-9f2323ee9e7" + end for end in "12"])
    assert likely_cause(missed(Difference("body name", "Acme", "Bcme"), uuid)) is causes.UUID


def test_a_request_that_was_never_recorded():
    assert likely_cause(missed(nearest="")) is causes.NEVER_RECORDED
    other = Difference("path", "/connect/v3/bills", "/connect/v3/vendors")
    assert likely_cause(missed(other, request="GET /v3/bills")) is causes.NEVER_RECORDED


def test_a_request_for_another_record():
    ids = "009IPJX4CZ2N2SIUHWIU", "009AAAX4CZ2N2SIUHWAA"
    paths = [f"/connect/v3/vendors/{each}" for each in ids]
    requests = [f"GET {URL}/{each}" for each in ids]
    other = missed(Difference("path", *paths), request=requests[0], nearest=requests[1])
    assert likely_cause(other) is causes.OTHER_ID


def test_a_request_that_is_asked_for_again():
    assert likely_cause(missed()) is causes.ASKED_AGAIN


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        ("FileNotFoundError: [Errno 2] No such file or directory: 'a'", causes.USED_UP),
        ("KeyError: 'BILL_DEV_KEY'", causes.VARIABLE),
        ("KeyError: 'id'", causes.UNKNOWN),
        ("pytest_bill.exceptions.MissingCredentials: …", causes.VARIABLE),
        ("ValueError: x", causes.UNKNOWN),
        ("AssertionError: assert 1 == 2", causes.UNKNOWN),
    ],
)
def test_an_error_without_a_miss(error, cause):
    assert likely_cause(Replay("failed", error)) is cause


def test_a_comparison_that_fails():
    failed = Replay("failed", "AssertionError: assert 'Husoj' == 'Happy'")
    assert likely_cause(failed, has_stand_ins=True) is causes.STAND_IN
    assert likely_cause(failed, has_stand_ins=True, repeats=True) is causes.ANSWER_ORDER


def test_what_is_known_otherwise_goes_before():
    clock = missed(Difference("body date", "2026-11-30", "2026-11-29"))
    assert likely_cause(clock, is_lost=True) is causes.LOST
    assert likely_cause(clock, passes_in_order=True) is causes.TEST_ORDER
    assert likely_cause(Replay()) is causes.NOT_COLLECTED
    assert likely_cause(Replay("skipped", unplayed=["GET /a"])) is causes.NOT_PLAYED
    assert likely_cause(Replay("failed", "ValueError", unplayed=["GET /"])) is causes.NOT_PLAYED

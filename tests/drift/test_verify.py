"""Asking BILL again, one recorded answer after the other."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import requests

from pytest_bill.cassettes.played import Played
from pytest_bill.drift.verify import Verification, values_by_placeholder
from pytest_bill.environments import SANDBOX
from pytest_bill.exceptions import MissingCredentials, NetworkRefused
from tests.helpers.recorded import done, form, recorded

OLD, NEW = "009OLDVENDOR00000001", "009NEWVENDOR00000002"
LIST = recorded("GET", "/v3/vendors", {"results": [{"id": OLD, "name": "Ada"}]})
ONE = recorded("GET", f"/v3/vendors/{OLD}", {"id": OLD, "name": "Ada"})
CREATE = recorded("POST", "/v3/vendors", {"id": OLD}, status=201, body={"name": "Ada"})
GONE = {"status": 404, "answer_body": b'[{"code": "BDC_1120", "message": "No data found."}]'}


class Bill:
    """Answers what it is told for a path, else 404; keeps what it was asked."""

    def __init__(self, *answers):
        self.answers = {}
        for each in answers:
            self.answers.setdefault((each.method, each.url), []).append(each)
        self.asked = []

    def __call__(self, request, kind):
        self.asked.append((request.method, request.url.partition("/v3")[2]))
        left = self.answers.get((request.method, request.url), [None])
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, Exception):
            raise answer
        if answer is None:
            return replace(request, **GONE, answer_headers={"content-type": ["application/json"]})
        return answer


def verified(bill, *interactions, **options):
    played = [Played(each, Path("a.yaml"), "test_a") for each in interactions]
    return Verification(SANDBOX, {}, bill, **options).verify(played)


def test_nothing_has_changed():
    found = verified(Bill(LIST, ONE), LIST, ONE)
    assert (found.compared, found.drifted) == (2, 0)
    told = [found.drift, found.not_compared, found.failed, found.unsafe]
    assert not any(told)


def test_drift_is_told_by_operation_with_how_often():
    now = recorded("GET", "/v3/vendors", {"results": [{"id": OLD, "name": "Ada", "x": 1}]})
    found = verified(Bill(now), LIST, LIST)
    assert found.drift == {("GET /v3/vendors", "field `results[].x` is new"): 2}
    assert (found.compared, found.drifted) == (2, 2)


def test_the_same_question_is_asked_once():
    bill = Bill(LIST)
    verified(bill, LIST, LIST, LIST)
    assert len(bill.asked) == 1


def test_an_id_in_the_place_of_the_recorded_one_is_asked_for():
    now = recorded("GET", "/v3/vendors", {"results": [{"id": NEW, "name": "Grace"}]})
    one = recorded("GET", f"/v3/vendors/{NEW}", {"id": NEW, "name": "Grace"})
    bill = Bill(now, one)
    assert verified(bill, LIST, ONE).compared == 2
    assert bill.asked[-1] == ("GET", f"/vendors/{NEW}")


def test_an_id_that_nothing_stands_in_for_is_not_comparable():
    now = recorded("GET", "/v3/vendors", {"results": []})
    found = verified(Bill(now), LIST, ONE)
    assert found.drift == {}
    assert found.not_compared[
        "GET /v3/vendors/{id}",
        "it asks for an id that GET /v3/vendors handed out, and no answer names one in its place",
    ]


def test_a_record_that_the_recording_only_asked_for_is_gone():
    found = verified(Bill(), ONE)
    # The answer itself names the id: it is not handed out by what asks for it.
    assert found.drift == {("GET /v3/vendors/{id}", "status 200 → 404 (BDC_1120)"): 1}


def test_what_changes_something_is_not_asked_again_and_what_depends_on_it_not_compared():
    bill = Bill()
    found = verified(bill, CREATE, ONE)
    assert found.unsafe == {"POST /v3/vendors": 1}
    assert [method for method, _ in bill.asked] == ["GET"]
    assert found.drift == {}
    (why,) = found.not_compared
    assert why[1] == (
        "what it asks for was made or changed by POST /v3/vendors, which was not asked again"
    )


def test_a_record_that_is_still_there_is_compared_though_its_making_was_not_repeated():
    assert verified(Bill(ONE), CREATE, ONE).compared == 1


def test_with_consent_it_is_and_its_new_id_is_asked_for():
    made = recorded("POST", "/v3/vendors", {"id": NEW}, status=201)
    one = recorded("GET", f"/v3/vendors/{NEW}", {"id": NEW, "name": "Ada"})
    bill = Bill(made, one)
    found = verified(bill, CREATE, ONE, may_change=True)
    assert (found.compared, found.drifted, found.unsafe) == (2, 0, {})


def test_after_a_change_the_same_question_is_asked_again():
    bill = Bill(LIST, CREATE)
    verified(bill, LIST, CREATE, LIST, may_change=True)
    assert len(bill.asked) == 3


def test_reading_forms_of_v2_are_asked_again():
    vendors = form("/v2/List/Vendor.json", {}, done([{"id": OLD}]))
    deleted = form("/v2/Crud/Delete/Vendor.json", {"id": OLD}, done({}))
    found = verified(Bill(vendors), vendors, deleted)
    assert (found.compared, found.unsafe) == (1, {"POST /v2/Crud/Delete/Vendor.json": 1})


def test_sign_ins_are_the_runs_own():
    login = recorded("POST", "/v3/login", {"sessionId": "PLACEHOLDER_X"}, body={})
    found = verified(Bill(), login)
    assert (found.sign_ins, found.compared, found.unsafe) == (1, 0, {})


def test_a_missing_credential_is_asked_for_once():
    why = MissingCredentials("bill_dev_session needs the developer key.")
    bill = Bill()
    bill.answers["GET", LIST.url] = [why]
    found = verified(bill, LIST, ONE)
    assert found.failed == {("bill_dev_session", "needs the developer key."): 2}
    assert len(bill.asked) == 1


def test_a_bill_that_cannot_be_reached_is_asked_once():
    bill = Bill()
    bill.answers["GET", LIST.url] = [requests.ConnectionError("no route")]
    found = verified(bill, LIST, ONE)
    assert found.failed == {("BILL", "cannot be reached: no route"): 2}
    assert len(bill.asked) == 1


@pytest.mark.parametrize(
    ("answer", "where", "why"),
    [
        (NetworkRefused("It was not sent."), "not_compared", "It was not sent."),
        (requests.ReadTimeout("slow"), "failed", "has no answer: slow"),
        (replace(LIST, status=429), "failed", "BILL's limit of requests was reached (HTTP 429)"),
    ],
)
def test_what_was_not_answered_is_told_and_the_next_is_asked(answer, where, why):
    bill = Bill(ONE)
    bill.answers["GET", LIST.url] = [answer]
    found = verified(bill, LIST, ONE)
    assert getattr(found, where) == {("GET /v3/vendors", why): 1}
    assert found.compared == 1


def test_a_credential_that_was_filtered_from_the_recording_is_no_drift():
    filtered = recorded("GET", "/v3/vendors", {"results": []}, headers={})
    now = recorded("GET", "/v3/vendors", [{"code": "BDC_1109", "message": ""}], status=401)
    found = verified(Bill(now), filtered)
    assert found.not_compared == {
        ("GET /v3/vendors", "its credential was left out of the recording"): 1
    }


def test_values_by_placeholder():
    assert values_by_placeholder({"real": "PLACEHOLDER_A"}) == {"PLACEHOLDER_A": "real"}

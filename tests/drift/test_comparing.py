"""How a live answer differs from a recorded one."""

from __future__ import annotations

import pytest

from pytest_bill.drift.comparing import differences, is_refusal
from tests.helpers.recorded import done, form, recorded, refused

VENDORS = {"results": [{"id": "009A", "name": "ADA", "status": "OPEN"}]}


def told(before, now) -> list[str]:
    return [str(each) for each in differences(before, now)]


def vendors(answer=VENDORS, **changes):
    return recorded("GET", "/v3/vendors", answer, **changes)


def v2(answer):
    return form("/v2/List/Vendor.json", {}, answer)


def error(code):
    return [{"code": code, "message": "No."}]


@pytest.mark.parametrize(
    ("now", "what"),
    [
        (vendors({"results": []}, status=201), "status 200 → 201"),
        (vendors(error("BDC_1120"), status=404), "status 200 → 404 (BDC_1120)"),
        (vendors(b"<p>", content_type="text/html"), "Content-Type application/json → text/html"),
        (vendors(b"<p>"), "the answer is not JSON any more"),
        (vendors({}), "field `results` is gone"),
    ],
)
def test_what_differs(now, what):
    assert told(vendors(), now) == [what]


def test_a_refusal_of_v2_is_one_though_its_status_is_that_of_a_success():
    assert is_refusal(v2(refused("BDC_1109")))
    assert told(v2(done([])), v2(refused("BDC_1109"))) == ["status 200 → 200 (BDC_1109)"]


def test_another_error_is_told():
    before = vendors(error("BDC_1120"), status=404)
    assert told(before, vendors(error("BDC_1121"), status=404)) == ["error BDC_1120 → BDC_1121"]


def test_names_are_no_words():
    now = {"results": [{"id": "009A", "name": "GRACE", "status": "SHUT"}]}
    assert told(vendors(), vendors(now)) == [
        "field `results[].status` has the new value SHUT (was OPEN)"
    ]


def test_the_answer_to_head_has_no_body():
    before = recorded("HEAD", "/v3/vendors", content_type="")
    assert told(before, before) == []

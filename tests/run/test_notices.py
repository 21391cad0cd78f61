"""What a run tells at its end of what it did not do."""

from __future__ import annotations

import json

import pytest

from pytest_bill.run.notices import Notice, NoticeKind, by_kind, fail_the_run

UNSAVED = Notice(NoticeKind.UNSAVED, "test_a.py::test_b")
UNRECORDED = Notice(NoticeKind.UNRECORDED, "test_a.py::test_b", "GET /v3/vendors")


def test_a_notice_is_one_line():
    assert str(UNSAVED) == "test_a.py::test_b"
    assert str(UNRECORDED) == "test_a.py::test_b: GET /v3/vendors"


@pytest.mark.parametrize("notice", [UNSAVED, UNRECORDED])
def test_a_notice_goes_to_another_process(notice):
    assert Notice.from_list(json.loads(json.dumps(notice.as_list()))) == notice


def test_notices_come_by_kind():
    found = list(by_kind([UNRECORDED, UNSAVED, UNRECORDED]))
    assert found == [
        (NoticeKind.UNSAVED, [UNSAVED]),
        (NoticeKind.UNRECORDED, [UNRECORDED, UNRECORDED]),
    ]


def test_what_could_not_be_asked_again_fails_any_run():
    assert fail_the_run([Notice(NoticeKind.UNVERIFIED, "BILL")], is_strict=False)


def test_what_nobody_can_compare_fails_none():
    assert not fail_the_run([Notice(NoticeKind.NOT_COMPARED, "GET /v3/x")], is_strict=True)


def test_a_strict_run_fails_for_any_notice():
    assert fail_the_run([UNRECORDED], is_strict=True)
    assert not fail_the_run([UNRECORDED], is_strict=False)
    assert not fail_the_run([], is_strict=True)


def test_what_was_done_fails_no_run():
    assert not fail_the_run([Notice(NoticeKind.PRUNED, "a.yaml")], is_strict=True)

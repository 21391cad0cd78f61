"""The record modes are VCR's, and each allows what VCR's does."""

import pytest
from vcr.record_mode import RecordMode as OfVcr

from pytest_bill.record_modes import RECORD_MODES, RecordMode


def test_the_words_are_vcrs():
    assert {mode.value for mode in OfVcr} >= set(RECORD_MODES)
    assert [f"{mode}" for mode in RECORD_MODES] == ["none", "once", "new_episodes", "all"]


@pytest.mark.parametrize(
    ("mode", "may_play", "may_send", "may_record", "may_record_more"),
    [
        ("none", True, False, False, False),
        ("once", True, True, True, False),
        ("new_episodes", True, True, True, True),
        ("all", False, True, True, True),
    ],
)
def test_what_each_allows(mode, may_play, may_send, may_record, may_record_more):
    mode = RecordMode(mode)
    assert (mode.may_play, mode.may_send) == (may_play, may_send)
    assert mode.may_record(exists=False) == may_record
    assert mode.may_record(exists=True) == may_record_more

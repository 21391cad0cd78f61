"""Who uses a cassette and how."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("mode", "reason", "may_record"),
    [("all", "", True), ("all", "Because.", False), ("none", "", False)],
)
def test_what_is_not_in_a_cassette_is_recorded_where_nothing_is_against_it(
    recorder, use, mode, reason, may_record
):
    opened = recorder().open(use(mode, refuse_recording=reason))
    assert opened.may_record is may_record

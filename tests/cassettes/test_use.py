"""Who uses a cassette and how."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(("mode", "may_record"), [("all", True), ("none", False)])
def test_what_is_not_in_a_cassette_is_recorded_where_the_mode_is_not_against_it(
    recorder, use, mode, may_record
):
    opened = recorder().open(use(mode))
    assert opened.may_record is may_record

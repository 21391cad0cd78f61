"""What somebody may have meant."""

from __future__ import annotations

import pytest

from pytest_bill.did_you_mean import did_you_mean, nearest

KNOWN = ("record_mode", "match_on", "keep")


@pytest.mark.parametrize("word", ["recordmode", "Record-Mode", "RECORD_MODE", "record_mod"])
def test_what_is_like_a_known_word(word):
    assert nearest(word, KNOWN) == "record_mode"
    assert did_you_mean(word, KNOWN) == "Did you mean record_mode? "


@pytest.mark.parametrize("word", ["", "colour", 7, None])
def test_what_is_like_none(word):
    assert did_you_mean(word, KNOWN) == ""

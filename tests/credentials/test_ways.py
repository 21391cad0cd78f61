"""What ``--bill-sign-in`` says; whole runs with it are in tests/plugin/test_bill_sign_in.py."""

from __future__ import annotations

import pytest

from pytest_bill.credentials.ways import chosen_ways
from pytest_bill.exceptions import SettingsError


def test_the_strongest_that_names_a_credential_counts():
    said = [("--bill-sign-in", "developer=oauth"), ("BILL_SIGN_IN", "developer=v3, spend=oauth")]
    nothing = [("--bill-sync-sign-in", ""), ("BILL_SYNC_SIGN_IN", "")]
    assert dict(chosen_ways(said, nothing)) == {"developer": "oauth", "spend": "oauth"}


def test_the_older_word_is_for_the_sync_token():
    assert dict(chosen_ways([("a", "")], [("b", "v2")])) == {"sync": "v2"}
    with pytest.raises(SettingsError, match="b is v2 and a says sync=v3"):
        chosen_ways([("a", "sync=v3")], [("b", "v2")])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("develop=oauth", "names 'develop' that it does not know"),
        ("developer=oath", "names a way for developer that it does not know"),
        ("sync=v2,sync=v3", "says sync=v2 and sync=v3"),
    ],
)
def test_what_is_none_is_told(text, words):
    with pytest.raises(SettingsError, match=words):
        chosen_ways([("--bill-sign-in", text)], [("--bill-sync-sign-in", "")])

"""A string that prints as asterisks."""

import json
import pickle

import pytest

from pytest_bill.secret import SecretStr, repr_unless_secret

SECRET = SecretStr("correct-horse")


@pytest.mark.parametrize(
    "shown", [repr(SECRET), repr({"a": SECRET}), repr([SECRET]), f"{SECRET!r}", f"{SECRET!r:>5}"]
)
def test_a_repr_shows_nothing(shown):
    assert "correct" not in shown
    assert "***" in shown


def test_it_is_the_string_wherever_a_string_is_needed():
    assert SECRET == "correct-horse"
    assert json.dumps([SECRET]) == '["correct-horse"]'
    assert f"{SECRET}" == str(SECRET) == "correct-horse"
    assert type(SECRET.reveal()) is str


def test_it_stays_masked_after_a_pickle():
    assert "correct" not in repr(pickle.loads(pickle.dumps(SECRET)))


@pytest.mark.parametrize(
    ("value", "shown"),
    [("staging", "'staging'"), ("01DEVKEY", "something else"), ("a" * 21, "something else")],
)
def test_a_wrong_value_is_shown_unless_it_may_be_a_secret(value, shown):
    assert repr_unless_secret(value) == shown

"""Numbers of things, as messages say them."""

from __future__ import annotations

import pytest

from pytest_bill.counted import counted


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 sign-ins"), (1, "1 sign-in"), (2, "2 sign-ins"), (21, "21 sign-ins")]
)
def test_one_is_singular_and_all_others_are_plural(count, said):
    assert counted(count, "sign-in") == said


def test_a_plural_may_be_another_word():
    assert [counted(number, "entry", "entries") for number in (1, 2)] == ["1 entry", "2 entries"]

"""How old a recording may be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pytest_bill.exceptions import SettingsError
from pytest_bill.max_age import STALE, MaxAge, Stale, age_of
from pytest_bill.options import OPTIONS


@pytest.mark.parametrize(
    ("said", "age"),
    [("90d", timedelta(days=90)), ("2w", timedelta(days=14)), (" 36H", timedelta(hours=36))],
)
def test_an_age_is_a_number_and_a_unit(said, age):
    assert age_of(said) == age
    now = datetime(2026, 11, 29, tzinfo=UTC)
    assert MaxAge(age, said).limit(now) == now - age


@pytest.mark.parametrize("said", ["90", "d", "90 d", "-1d", "0d", "1.5d", "90m", "123456d", ""])
def test_what_is_no_age_is_refused_with_words(said):
    with pytest.raises(SettingsError) as refused:
        age_of(said)
    assert str(refused.value).splitlines() == [
        f"bill_max_age is {said!r}, which is no age.",
        "Write a number and w, d or h for weeks, days or hours: --bill-max-age=90d.",
    ]


def test_what_may_be_a_secret_is_not_shown():
    with pytest.raises(SettingsError, match="bill_max_age is something else"):
        age_of("a-secret-of-some-length")


def test_the_option_takes_what_there_is():
    (option,) = [each for each in OPTIONS if each.name == "bill_stale"]
    assert option.choices == STALE


def test_it_records_where_that_is_wanted_and_may_be():
    age = timedelta(days=1)
    assert MaxAge(age, "1d", Stale.RECORD).records
    assert not MaxAge(age, "1d", Stale.RECORD, may_record=False).records
    assert not MaxAge(age, "1d", Stale.FAIL).records

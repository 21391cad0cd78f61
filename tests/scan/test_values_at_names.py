"""What stands at BILL's own names, in the ways that languages and tools write it."""

from __future__ import annotations

import time

import pytest

from pytest_bill.scan.values_at_names import values_at_names

from .lines import WITH_NONE, WITH_SECRETS


def test_each_line_with_a_secret_is_found():
    assert len(WITH_SECRETS) > 150
    assert [line for file, line in WITH_SECRETS if not [*values_at_names(line, file)]] == []


def test_no_line_without_one_is_an_alarm():
    assert len(WITH_NONE) > 140
    assert [line for file, line in WITH_NONE if [*values_at_names(line, file)]] == []


def test_a_value_is_given_with_its_place_and_not_shown():
    text = "# first\nBILL_PASSWORD='copper lantern'\n"
    [found] = values_at_names(text, "a.env")
    assert (found.value, text[found.start :][:13]) == ("copper lantern", "BILL_PASSWORD")
    assert "copper" not in repr(found)


def test_letters_that_grow_in_lower_case_move_nothing():
    text = "İİİİ BILL_PASSWORD=Copper-Lane9!"
    assert [found.value for found in values_at_names(text)] == ["Copper-Lane9!"]


@pytest.mark.parametrize(
    "piece",
    [
        "bill",
        "bill.",
        "bill_password",
        "password=",
        "devKey:",
        "devKey,",
        '"devKey" ',
        "&devKey=",
        "<devKey>",
        "${devKey:-",
        "devKey=(",
        "name: devKey ",
        "bill dev key ",
        "-devKey",
        "devKey|",
    ],
)
def test_no_text_makes_it_slow(piece):
    begin = time.process_time()
    list(values_at_names(piece * (10_000 // len(piece))))
    assert time.process_time() - begin < 2  # a tenth of it or less

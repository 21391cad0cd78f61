"""What the words in recorded texts are."""

from __future__ import annotations

import base64

import pytest

from pytest_bill.cassettes.changes import values


@pytest.mark.parametrize(
    "word",
    [
        "00901AVNTCDVCLWUJH1R",
        "stpABCDEFGHIJKLMNOPQ",
        "usr_abcdefghijklmnopqrstuvwxyz",
        "3f0b2b1e-6f0a-4c46-9a53-0d1a5f6d2c11",
        base64.b64encode(b"Budget:1001").decode(),
        "WzEwLCIwMWJhNDcxOWM4MGIiXQ",
    ],
)
def test_an_id_is_told_by_its_look(word):
    assert values.is_opaque(word)
    assert values.may_be_id(word, "anything")


@pytest.mark.parametrize(
    "word",
    [
        *("SCHEDULED", "VIRTUAL_CARD_LEVEL_3", "PLACEHOLDER_BILL_SESSION_ID_2", "INV-1001"),
        *("vendors", "organizations", "internationalization", "2026-11-29"),
    ],
)
def test_other_words_are_none(word):
    assert not values.is_opaque(word)


@pytest.mark.parametrize("name", ["id", "vendorId", "billIds", "user_id", "uuid", "nextPage", "ID"])
def test_an_id_is_told_by_the_name_of_its_field(name):
    assert values.may_be_id("1001", name)
    assert not values.may_be_id("none", name)
    assert not values.may_be_id("PLACEHOLDER_BILL_ORGANIZATION_ID_2", name)


@pytest.mark.parametrize("name", ["paid", "valid", "name", "accountNumber", "amount", "page"])
def test_other_fields_hold_none(name):
    assert not values.may_be_id("1001", name)


@pytest.mark.parametrize(
    "date",
    [
        "2026-11-29",
        "2026-11-29T11:22:48.383+00:00",
        "2026-11-29T11:22:48Z",
        "2026-11-29 11:22",
        "Sun, 29 Nov 2026 11:22:48 GMT",
        "Sun, 29-Nov-2026 11:22:48 GMT",
        "11/29/26",
    ],
)
def test_a_date_is_one_piece_of_a_text(date):
    apart = values.taken_apart(f"due {date}, or (later)")
    assert [each.text for each in apart.pieces] == ["due", date, "or", "later"]
    assert [each.is_date for each in apart.pieces] == [False, True, False, False]
    assert apart.between == ("", " ", ", ", " (", ")")


def test_dates_of_one_form_are_alike():
    form = values.date_form
    assert form("2026-11-29T11:22:48.383Z") == form("2027-01-01T00:00:00.1Z")
    assert form("2026-11-29T11:22:48Z") != form("2026-11-29")
    assert form("2026-11-29T11:22:48Z") != form("2026-11-29T11:22:48+00:00")
    assert form("Sun, 29 Nov 2026 11:22:48 GMT") == form("Mon, 05 Jan 2027 11:22:48 GMT")


def test_placeholders_that_differ_in_their_number_only():
    alike = values.are_numbered_placeholders
    assert alike("PLACEHOLDER_SESSION_ID", "PLACEHOLDER_SESSION_ID_2")
    assert not alike("PLACEHOLDER_SESSION_ID", "PLACEHOLDER_API_TOKEN_2")
    assert not alike("PLACEHOLDER_SESSION_ID", "00901AVNTCDVCLWUJH1R")


def test_a_long_text_is_taken_apart_as_a_short_one():
    text = "id 00901AVNTCDVCLWUJH1R; " * 40
    apart = values.taken_apart(text)
    assert len(apart.pieces) == 80
    assert values.with_words(text, lambda word: word) == text

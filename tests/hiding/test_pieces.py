"""Pieces of secrets in text."""

import random
import string

import pytest

from pytest_bill.hiding.pieces import SHORTEST_PIECE, Pieces

LETTERS = string.ascii_letters + string.digits + "-_/+="
CHOICE = random.Random(20261129)
TOKEN = "".join(CHOICE.choices(LETTERS, k=90))


@pytest.fixture
def pieces():
    return Pieces({TOKEN: "PLACEHOLDER_IT", "a passphrase of many words": "PLACEHOLDER_OTHER"})


def innocent(size: int) -> str:
    return "".join(CHOICE.choices("abc \n.", k=size))


def test_every_piece_is_found_wherever_it_stands(pieces):
    for start in range(len(TOKEN) - SHORTEST_PIECE + 1):
        for size in (SHORTEST_PIECE, SHORTEST_PIECE + 1, 23, len(TOKEN)):
            before, after = innocent(CHOICE.randrange(12)), innocent(CHOICE.randrange(12))
            found = pieces.without(f"{before}|{TOKEN[start : start + size]}|{after}")
            assert found == f"{before}|PLACEHOLDER_IT|{after}"


def test_shorter_ones_stay(pieces):
    short = TOKEN[7 : 7 + SHORTEST_PIECE - 1]
    assert pieces.without(f"a {short} b") == f"a {short} b"


def test_several_one_after_another(pieces):
    text = f"{TOKEN[:20]}\n{TOKEN[20:40]} and {TOKEN[60:]}{TOKEN[:10]}"
    assert pieces.without(text) == (
        "PLACEHOLDER_IT\nPLACEHOLDER_IT and PLACEHOLDER_ITPLACEHOLDER_IT"
    )


def test_of_two_that_share_a_beginning_the_longer_piece_counts():
    both = Pieces({"0123456789-one-more": "ONE", "0123456789-two-more": "TWO"})
    assert both.without("<0123456789-two->") == "<TWO>"


def test_a_value_of_one_letter_takes_no_longer():
    pieces = Pieces({"a" * 5000: "PLACEHOLDER_IT"})
    assert pieces.without("a" * 50_000) == "PLACEHOLDER_IT" * 10
    assert pieces.without("b" * 50_000) == "b" * 50_000


def test_a_word_that_somebody_chose_is_a_word_elsewhere():
    pieces = Pieces({"integration-Tests-2026": "PLACEHOLDER_IT"})
    assert pieces.without("tests/integration/test_a.py") == "tests/integration/test_a.py"
    assert pieces.without("the integration fails") == "the integration fails"
    # But what is not a word of its own, or is more than one.
    assert pieces.without("xintegrationx") == "xPLACEHOLDER_ITx"
    assert pieces.without("ntegration-Tes") == "PLACEHOLDER_IT"


def test_the_domain_of_a_user_name_is_that_of_others():
    pieces = Pieces({"jane.the-tester@example-company.com": "PLACEHOLDER_IT"})
    assert pieces.without("john@example-company.com") == "john@example-company.com"
    assert pieces.without("https://example-company.com/a") == "https://example-company.com/a"
    assert pieces.without("jane.the-te...") == "PLACEHOLDER_IT..."
    assert pieces.without("...ample-company.com") == "...PLACEHOLDER_IT"
    assert pieces.without("'tester@exa'") == "'PLACEHOLDER_IT'"


def test_placeholders_stay_whole():
    pieces = Pieces({"BILL_PASSWORD_0815": "PLACEHOLDER_BILL_PASSWORD"})
    assert pieces.without("is PLACEHOLDER_BILL_PASSWORD") == "is PLACEHOLDER_BILL_PASSWORD"

"""The words that everyone can see."""

from pytest_bill.scrubbing.public_words import WORDS


def test_they_are_compared_in_lower_case():
    assert WORDS.casefold() == WORDS


def test_they_are_words_of_bills_api():
    for word in ("vendors", "organizationid", "invoices", "receivable"):
        assert word in WORDS, word

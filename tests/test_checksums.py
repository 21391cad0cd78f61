"""The checksums of routing numbers, card numbers and IBANs."""

import pytest

from pytest_bill.checksums import (
    aba_check_digit,
    aba_sum,
    iban_check_digits,
    is_aba_number,
    luhn_check_digit,
    luhn_sum,
)


def test_luhn():
    assert luhn_sum("4111111111111111") % 10 == 0
    assert luhn_sum("4111111111111112") % 10 != 0
    assert luhn_check_digit("411111111111111") == "1"


def test_the_checksum_of_routing_numbers():
    assert aba_sum("021000021") % 10 == 0
    assert aba_sum("021000012") % 10 != 0
    assert aba_check_digit("02100002") == "1"


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("021000021", True),
        ("021000012", False),
        ("02100002", False),
        ("02100002x", False),
        ("\u0660" * 9, False),
    ],
)
def test_routing_numbers(text, is_one):
    assert is_aba_number(text) is is_one


@pytest.mark.parametrize("iban", ["DE89370400440532013000", "GB29NWBK60161331926819"])
def test_the_check_digits_of_an_iban(iban):
    assert iban_check_digits(iban[:2], iban[4:]) == iban[2:4]

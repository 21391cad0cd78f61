"""The checksums in numbers of bank accounts and cards: ABA, Luhn and IBAN."""

from __future__ import annotations

_ABA_WEIGHTS = (3, 7, 1)
_ABA_DIGITS = 9

IBAN = "[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}"
"""What an IBAN looks like, without its spaces."""


def aba_sum(digits: str) -> int:
    """The sum that a routing number's last digit makes a multiple of ten."""
    return sum(int(digit) * _ABA_WEIGHTS[place % 3] for place, digit in enumerate(digits))


def aba_check_digit(digits: str) -> str:
    """The ninth digit of a routing number, of its first eight."""
    return str(-aba_sum(digits) % 10)


def is_aba_number(text: str) -> bool:
    """Whether nine digits are the routing number of a US bank, by the last of them."""
    is_decimal = text.isascii() and text.isdecimal() and len(text) == _ABA_DIGITS
    return is_decimal and aba_sum(text) % 10 == 0


def luhn_sum(digits: str) -> int:
    """The sum that a card number's last digit makes a multiple of ten."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 * (doubled > 9)
    return total


def luhn_check_digit(digits: str) -> str:
    """The last digit of a card number, of those before it."""
    return str(-luhn_sum(f"{digits}0") % 10)


def iban_check_digits(country: str, account: str) -> str:
    """The two digits after the country of an IBAN, of its country and what follows them."""
    as_number = "".join(str(int(character, 36)) for character in f"{account}{country}00")
    return f"{98 - int(as_number) % 97:02}"

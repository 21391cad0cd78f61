"""Values of each kind that stand-ins are made for, and what of them is compared."""

from __future__ import annotations

import re

from pytest_bill.scrubbing.personal_places import Kind
from pytest_bill.scrubbing.stand_ins import derived_key

KEY = derived_key("a secret that a team shares")
SAMPLES = {
    Kind.PERSON_NAME: ["Agatha Ffringe", "Zoë O'Hara-Müller", "Li"],
    Kind.ORGANIZATION_NAME: ["Happy Music Supplies, LLC", "ACME 24 Inc."],
    Kind.EMAIL: ["agatha.ffringe+b1@paperlessband.org", "A_B@Sub.Company.co.uk"],
    Kind.EMAIL_DOMAIN: ["paperlessband.org"],
    Kind.PHONE: ["(408) 376-2233", "9998887654", "+1 408 376 2233", "+44 20 7946 1234", "1234"],
    Kind.STREET: ["123 Main Street", "P.O. Box 77"],
    Kind.CITY: ["San Jose"],
    Kind.STATE: ["TX", "ON", "Bavaria"],
    Kind.ZIP: ["77002", "95002-1234", "SW1A 1AA", "K1A 0B1"],
    Kind.ACCOUNT_NUMBER: ["111222333", "*****2333", "DE89370400440532013000", "AB-99"],
    Kind.ROUTING_NUMBER: ["074000010", "DEUTDEFF500", "12-34-56"],
    Kind.CARD_NUMBER: ["4111 1111 1111 1111", "378282246310005", "6011111111111117", "1111"],
    Kind.TAX_ID: ["12-3456789", "123-45-6789", "123456789", "*****6789", "DE123456789"],
    Kind.DATE_OF_BIRTH: ["1980-02-29", "2/3/1980", "19800203", "1980-02-03T00:00:00.000+00:00"],
    Kind.PAYMENT_LINK: ["https://app.bill.com/pay/abcDEF123?token=xyz987"],
}


def pattern(text: str) -> str:
    shown = []
    for letter in text:
        if letter.isdecimal():
            shown.append("9")
        elif letter.isalpha():
            shown.append("A" if letter.isupper() else "a")
        else:
            shown.append(letter)
    return "".join(shown)


def digits(text: str) -> str:
    return re.sub(r"\D", "", text)

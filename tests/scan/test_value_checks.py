"""What is a value at a name of BILL's, and what refers elsewhere or says that it is none."""

from __future__ import annotations

import pytest

from pytest_bill.scan import value_checks
from pytest_bill.scan.rules import rule_of_place

PASSWORD, KEY = rule_of_place("BILL_PASSWORD"), rule_of_place("BILL_DEV_KEY")


@pytest.mark.parametrize(
    "value",
    [
        *(
            "Copper-Lane9!",
            "copper lantern by the sea",
            "Ka7",
            "marmalade",
            "password123",
            "123456",
        ),
        *(
            "4e0d1c7a-93b5-4f26-a1d8-6c2f7e95b083",
            "c41f7a9e02d85b63e7109fa84d3b26c5",
            "パスワード9",
        ),
        *("your secret garden", "100%Sure!", "!bang2026", "-dash2026", "$ummer2026!", "a<b>c2026!"),
    ],
)
def test_what_people_and_machines_make_is_a_value(value):
    assert value_checks.is_secret_value(PASSWORD, value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "~",
        "null",
        "${PASSWORD}",
        "$PASSWORD",
        "{{ password }}",
        "%(password)s",
        "<password>",
        "your-password-here",
        "changeme",
        "xxxx",
        "********",
        "PLACEHOLDER_BILL_PASSWORD",
        "[secret]",
        "$(pass show bill)",
        "`pass bill`",
        "op://team/bill/password",
        "!vault |",
        "ENC[AES256,x]",
        "/run/secrets/bill",
        "string",
        "BILL_PASSWORD",
        "test-password-1",
        "Bearer ${TOKEN}",
        "#{x}",
    ],
)
def test_what_refers_elsewhere_or_is_made_up_is_none(value):
    assert not value_checks.is_secret_value(PASSWORD, value)


@pytest.mark.parametrize(
    "value", ["0123456789abcdef", "00000000-0000-0000-0000-000000000000", "deadbeefdeadbeef", "k1"]
)
def test_a_key_is_not_typed_as_a_row(value):
    assert not value_checks.is_secret_value(KEY, value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("answer.json()", True), ("config.key,", True), ("key;", True), ("Copper-Lane9!", False)],
)
def test_what_code_is(value, expected):
    assert value_checks.is_expression(value) is expected


def test_prose_tells_of_a_credential_in_words():
    assert value_checks.is_prose("The developer key of the app")
    assert not value_checks.is_prose("copper lantern by the sea")
    assert not value_checks.is_prose("password")

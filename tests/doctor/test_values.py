"""What is odd about a value is told, what is usual is not, and the value itself never is."""

from __future__ import annotations

import pytest

from pytest_bill.credentials.kinds import KINDS
from pytest_bill.doctor.shape import Level
from pytest_bill.doctor.values import compared, looked_at, unread
from pytest_bill.sandbox import LocalSandbox

BY_NAME = {variable.name: (kind, variable) for kind in KINDS for variable in kind.variables}
PASSWORD, TOKEN_NAME = "BILL_PASSWORD", "BILL_SYNC_TOKEN_NAME"
ODD = (
    ("BILL_DEV_KEY", "BILL_DEV_KEY", "wrong", "holds the name BILL_DEV_KEY in place of a value"),
    (PASSWORD, "${BILL_PASSWORD}", "wrong", "holds the name BILL_PASSWORD in place"),
    ("BILL_DEV_KEY", "PLACEHOLDER_BILL_DEV_KEY", "wrong", "holds a placeholder"),
    ("BILL_DEV_KEY", "your-developer-key", "wrong", "still holds the words of an example"),
    ("BILL_DEV_KEY", "YOUR_DEV_KEY", "wrong", "still holds the words of an example"),
    ("BILL_DEV_KEY", "{developer_key}", "wrong", "still holds the words of an example"),
    ("BILL_DEV_KEY", "<developer key>", "wrong", "still holds the words of an example"),
    (PASSWORD, "xxxxxxxxxx", "wrong", "still holds the words of an example"),
    (PASSWORD, "**********", "wrong", "still holds the words of an example"),
    (PASSWORD, "change-me", "wrong", "still holds the words of an example"),
    (PASSWORD, "first\nsecond", "wrong", "holds a control character"),
    (PASSWORD, "bell\x07inside", "wrong", "holds a control character"),
    ("BILL_DEV_KEY", "schlüssel-0123456789", "wrong", "holds a non-ASCII character"),
    ("BILL_DEV_KEY", '"0123456789abcdef"', "hint", "begins or ends with a quotation mark"),
    (PASSWORD, "0123456789abcdef'", "hint", "begins or ends with a quotation mark"),
    (PASSWORD, "“0123456789abcdef”", "hint", "begins or ends with a quotation mark"),
    ("BILL_DEV_KEY", " 0123456789abcdef", "hint", "has white space around its value"),
    ("BILL_DEV_KEY", "0123456789abcdef\n", "hint", "has white space around its value"),
    ("BILL_DEV_KEY", "01234567 89abcdef", "hint", "has white space inside"),
    ("BILL_ORGANIZATION_ID", "00801ABCDEFGHI JKLMN", "hint", "has white space inside"),
    (PASSWORD, "pass\u200bword-0123", "hint", "holds a character that is not seen"),
    (PASSWORD, "pass\u00a0word-0123", "hint", "holds a character that is not seen"),
    (PASSWORD, "$(pass bill)", "hint", "looks like a reference that nobody resolved"),
    (PASSWORD, "op://vault/bill/password", "hint", "looks like a reference"),
    (PASSWORD, "${{ secrets.BILL_KEY }}", "hint", "looks like a reference"),
    (PASSWORD, "%OTHER_NAME%", "hint", "looks like a reference"),
    (PASSWORD, "undefined", "hint", "holds a word that programs write"),
    ("BILL_DEV_KEY", "https://gateway.stage.bill.com", "hint", "looks like an address"),
    ("BILL_ORGANIZATION_ID", "0123456789abcdef", "hint", "looks unlike an organization's id"),
    ("BILL_SYNC_ORGANIZATION_ID", "ada@example.com", "hint", "looks unlike an organization's id"),
    ("BILL_USERNAME", "ada.lovelace", "hint", "looks unlike an e-mail address"),
    ("BILL_CONSOLE_ADMIN_EMAIL", "ada.lovelace", "hint", "looks unlike an e-mail address"),
    (TOKEN_NAME, "ada@example.com", "hint", "looks like an e-mail address, and the"),
    ("BILL_DEV_KEY", "ada@example.com", "hint", "looks like an e-mail address, not like a key"),
    ("BILL_SPEND_API_TOKEN", "ada@example.com", "hint", "looks like an e-mail address, not"),
    ("BILL_PARTNER_APP_KEY", "00801ABCDEFGHIJKLMNO", "hint", "looks like the id of an organi"),
    ("BILL_DEV_KEY", "00801ABCDEFGHIJKLMNO", "hint", "looks like the id of an organization"),
    ("BILL_DEV_KEY", "short12", "hint", "is too short: it has fewer than 8 characters"),
    (PASSWORD, "short12", "hint", "is too short: it has fewer than 8 characters"),
)
USUAL = (
    (PASSWORD, "correct horse battery staple"),
    (PASSWORD, "pässword-0123"),
    (PASSWORD, "a$b{c}d<e>f"),
    (PASSWORD, "ada@example.com"),
    (TOKEN_NAME, "ERP sync"),
    ("BILL_PARTNER_USERNAME", "acme-partner"),
    ("BILL_DEV_KEY", ""),
    ("BILL_DEV_KEY", "   "),
)


@pytest.mark.parametrize(("name", "value", "level", "told"), ODD)
def test_what_is_odd_is_told(name, value, level, told):
    findings = looked_at(*BY_NAME[name], value)
    assert [each for each in findings if f"{name} " in each["what"] and told in each["what"]]
    assert {each["level"] for each in findings} == {level}


@pytest.mark.parametrize(("name", "value", "level", "told"), ODD)
def test_no_value_is_told(name, value, level, told):
    if value.strip("${}") in BY_NAME:
        return  # the name of a variable, which is told
    text = str(looked_at(*BY_NAME[name], value))
    assert value not in text
    assert value.strip() not in text


@pytest.mark.parametrize(("name", "value"), USUAL)
def test_what_is_usual_is_not(name, value):
    assert looked_at(*BY_NAME[name], value) == []


def test_the_sandboxs_own_values_are_usual():
    variables = LocalSandbox().variables
    assert set(variables) >= set(BY_NAME)
    odd = [f for name, about in BY_NAME.items() for f in looked_at(*about, variables[name])]
    assert odd == []
    for kind in KINDS:
        own = {variable.name: variables[variable.name] for variable in kind.variables}
        assert list(compared(kind, own)) == []


def told_of(kind_key: str, **values: str) -> dict[str, str]:
    (kind,) = (each for each in KINDS if each.key == kind_key)
    return {name: finding["what"] for name, finding in compared(kind, values)}


RANDOM = "q7Zk20fJ4mXw91LpTeRvB6yD"  # pytest-bill: allow


@pytest.mark.parametrize(
    ("name", "token"), [(RANDOM, "ERP sync"), (RANDOM, "short-name"), ("erp", "ada@example.com")]
)
def test_a_name_and_a_token_that_look_swapped(name, token):
    values = {"BILL_SYNC_TOKEN_NAME": name, "BILL_SYNC_TOKEN_VALUE": token}
    told = told_of("sync_token", **values)
    assert "look swapped" in told["BILL_SYNC_TOKEN_VALUE"]
    assert name not in str(told)


def test_a_name_and_a_token_that_do_not():
    for name in ("ERP sync", RANDOM):
        values = {"BILL_SYNC_TOKEN_NAME": name, "BILL_SYNC_TOKEN_VALUE": RANDOM[::-1]}
        assert told_of("sync_token", **values) == {}


def test_the_consoles_token_in_place_of_the_e_mail():
    told = told_of(
        "console_api_token",
        BILL_CONSOLE_ADMIN_EMAIL=RANDOM,
        BILL_CONSOLE_API_TOKEN="ada@example.com",
    )
    assert "look swapped" in told["BILL_CONSOLE_API_TOKEN"]


def test_one_value_for_two():
    told = told_of("developer_key", BILL_ORGANIZATION_ID=RANDOM, BILL_DEV_KEY=RANDOM)
    (same,) = told.values()
    assert same == "BILL_DEV_KEY has the same value as BILL_ORGANIZATION_ID."


def test_a_variable_that_nothing_reads():
    known = frozenset(BY_NAME)
    found = list(unread(["BILL_DEVKEY", "bill_dev_key", "BILL_DEV_KEY", "PATH", "BILL_ZZ"], known))
    assert [each["what"].split()[0] for each in found] == ["BILL_DEVKEY", "BILL_ZZ", "bill_dev_key"]
    assert [each["then"] for each in found] == [
        "Is BILL_DEV_KEY meant?",
        "",
        "Is BILL_DEV_KEY meant?",
    ]
    assert {each["level"] for each in found} == {Level.HINT}

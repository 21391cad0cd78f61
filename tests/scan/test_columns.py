"""Secrets in tables, by the names of their columns."""

from __future__ import annotations

import pytest

from pytest_bill.scan.columns import values_in_columns

KEY = "kX9vQ2mL7pR4wT8z"  # pytest-bill: allow


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_what_stands_below_a_name_is_found_with_its_place(separator):
    text = separator.join(("env", "devKey")) + "\n" + separator.join(("prod", KEY)) + "\n"
    [(start, name, rule, value)] = values_in_columns(text)
    assert (name, rule.id, value) == ("devKey", "bill-dev-key", KEY)
    assert text[start:].startswith("prod")


@pytest.mark.parametrize(
    "text",
    [
        f"env,password\nprod,{KEY}\n",  # a name that others have as well
        f"env,devKey\nprod,test,{KEY}\n",  # a row of another table
        "env,devKey\nprod,your-dev-key\n",
        f"a sentence, the devKey, and so on: it is\n,{KEY}\n",
    ],
)
def test_what_is_no_table_of_secrets_has_none(text):
    assert list(values_in_columns(text)) == []

"""Where a value ends."""

from __future__ import annotations

import pytest

from pytest_bill.scan import quoting


@pytest.mark.parametrize(
    ("text", "quote", "expected"),
    [
        ('a b" c', '"', "a b"),
        (r'a \" b" c', '"', r"a \" b"),
        ("a\nb'", "'", "a"),
        (r"a\" c", r"\"", "a"),
        ("never closed", '"""', "never closed"),
    ],
)
def test_up_to_the_quote_that_closes(text, quote, expected):
    assert quoting.until_quote_closes(text, 0, quote) == expected


@pytest.mark.parametrize(
    ("before", "expected"),
    [("a 'b", "'"), ("a 'b' c", ""), ("it's", ""), ("say \"it's", '"'), ("", "")],
)
def test_a_quote_that_is_open(before, expected):
    assert quoting.open_quote_in(before) == expected


def test_what_stands_around_a_value_is_no_part_of_it():
    assert quoting.before_quote('a b" c', '"') == "a b"
    assert quoting.before_quote(r"a\nb", '"') == "a"
    assert quoting.without_brackets_behind("f(x)})") == "f(x)"
    assert quoting.shell_word(r"a\ b c;") == r"a\ b"
    assert quoting.shell_word("a, b") == "a"
    assert quoting.cell_at("x,a b ,c", 2) == "a b"

"""What steers a terminal is escaped; what people write is not."""

from __future__ import annotations

import pytest

from pytest_bill.printable import printable, printable_lines


@pytest.mark.parametrize("text", ["", "GET /v3/vendors", "Zoë", "日本語", "😀", "a  b"])
def test_what_people_write_stays(text):
    assert printable(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J", "\\u001b[2J"),
        ("\x9b2J", "\\u009b2J"),
        ("a\nb\tc\rd", "a\\u000ab\\u0009c\\u000dd"),
        ("\u202egnp", "\\u202egnp"),
        ("\u2028", "\\u2028"),
        ("\udcff", "\\udcff"),
        ("\U000e0001", "\\U000e0001"),
        ("a\xa0b", "a\\u00a0b"),
        ("\x7f\x07", "\\u007f\\u0007"),
    ],
)
def test_what_is_not_seen_is_escaped(text, shown):
    assert printable(text) == shown
    assert printable(shown) == shown


def test_line_breaks_may_be_meant():
    assert printable_lines("a\n\x1bb\n") == "a\n\\u001bb\n"

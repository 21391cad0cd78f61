"""How counts and texts of others are shown."""

from __future__ import annotations

import pytest

from pytest_bill.migrate.words import counted, escaped


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 requests"), (1, "1 request"), (2, "2 requests"), (11, "11 requests")]
)
def test_counts(count, text):
    assert counted(count, "request") == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        *(("a\x1b[31mb", "a\\x1b[31mb"), ("ä\n\tb", "ä\n\tb"), ("\r", "\\r")),
        *(("\x9b", "\\x9b"), ("\u202e", "\\u202e"), ("\x07", "\\x07")),
    ],
)
def test_what_could_steer_a_terminal_is_written_out(text, shown):
    assert escaped(text) == shown

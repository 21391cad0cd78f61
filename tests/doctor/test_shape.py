"""Errors of the package as findings."""

from __future__ import annotations

from pytest_bill.doctor.shape import hint, told, wrong


def test_the_first_line_says_what_and_the_others_what_then():
    assert told("It is so.\nDo this.\nOr that.") == wrong("It is so.", "Do this. Or that.")
    assert told("It is so.") == {"level": "wrong", "what": "It is so.", "then": ""}
    assert hint("odd")["level"] == "hint"

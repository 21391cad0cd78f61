"""The report as people read it: at 80 columns, in words, and nothing steers the terminal."""

from __future__ import annotations

import copy
import re

import pytest

from pytest_bill.doctor.shape import hint, wrong
from pytest_bill.doctor.text import WIDTH, Look, as_text

_known: list[dict] = []


@pytest.fixture
def report(doctor):
    """One for all, each with a copy of its own."""
    if not _known:
        _known.append(doctor("--credential=sync")[1])
    return copy.deepcopy(_known[0])


def width_of(line: str) -> int:
    """How many columns a line takes, without its colours."""
    return len(re.sub(r"\033\[\d*m", "", line))


def test_lines_are_no_wider_than_80_columns(report):
    for look in (Look(), Look(colours=True), Look(plain=True)):
        lines = as_text(report, look).splitlines()
        too_wide = [line for line in lines if width_of(line) > WIDTH and len(line.split()) > 3]
        assert too_wide == []


def test_signs_have_words_beside_them(report):
    report["surroundings"]["findings"] = [hint("It is odd.", "Look at it.")]
    text = as_text(report, Look())
    assert "  ✓ ok    " in text
    assert "  ! hint  " in text
    assert "  ✗ wrong " in text
    assert "  - note  " in text
    assert "          hint: It is odd.\n                Look at it.\n" in text
    assert text.endswith(
        "  ✗ wrong 1 thing is wrong, and would stop recording.\n"
        "  ! hint  1 thing looks odd, and may be meant.\n"
    )


def test_plain_signs(report):
    text = as_text(report, Look(plain=True))
    assert text.isascii()
    assert "  x wrong " in text


def test_colours(report):
    text = as_text(report, Look(colours=True))
    assert "\033[31m✗ wrong\033[0m" in text
    assert "\033" not in as_text(report, Look())


def test_what_would_steer_a_terminal_is_shown(report):
    hostile = report
    hostile["project"]["findings"] = [wrong("a\x1b[2Jb\x9bc\u202ed\r", "e\ufefff\udcff")]
    hostile["settings"][0]["value"] = "\x07"
    text = as_text(hostile, Look())
    assert "a\\u001b[2Jb\\u009bc\\u202ed" in text
    assert "e\\ufefff\\udcff" in text
    assert text.encode()
    assert not set("\x1b\x9b\u202e\x07\ufeff\r") & set(text)


@pytest.mark.parametrize(("count", "told"), [(1, "1 cassette, "), (2, "2 cassettes, ")])
def test_singular_and_plural(report, count, told):
    report["cassettes"] |= {"files": count, "bytes": 3 * 2**20, "answered_by": {"local": count}}
    assert f"{told}3.0 MiB, in " in as_text(report, Look()).replace("\n         ", "")


def test_where_nothing_is_odd(report):
    for credential in report["credentials"]:
        credential["findings"] = []
    text = as_text(report, Look())
    assert text.endswith("  ✓ ok    Nothing is wrong.\n")


def test_where_pytest_did_not_start(report):
    text = as_text(report | {"status": "could not look", "settings": []}, Look())
    assert "not known: pytest did not start" in text
    assert text.endswith("so not all of it could be looked at.\n")

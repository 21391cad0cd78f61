"""Metadata that is read without a YAML parser is what the parser reads, or is left to it."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pytest_bill.cassettes import vcr_yaml
from pytest_bill.cassettes.plain_metadata import read_metadata

OURS = """\
metadata:
  pytest_bill:
    environment: local
    note: Answered by pytest-bill's local sandbox, not by BILL.
    stand_ins:
      kinds:
      - bank
      - email
    version: 0.1.0
version: 1
"""


def by_yaml(tail: str) -> object:
    try:
        return vcr_yaml.load(tail)
    except yaml.YAMLError:
        return None


def test_ours_is_read():
    assert read_metadata(OURS) == by_yaml(OURS)["metadata"]  # type: ignore[index]


@pytest.mark.parametrize(
    "line",
    [
        *("a: 1", "a: true", "a: 2026-01-01", "a: null", "a:", "a: [b]", "a: {b: c}", "a: 'b'"),
        *('a: "b"', "a: b: c", "a: b #c", "a: &b c", "a: |", "on: b", "n: b", "a: 1_000", "a: 1e3"),
        *("a: b\n  a: c", "a: b\n    c: d", "a:\n  - b\n    - c", "a:\n  b: c", "a: b\n  - c"),
        *("a: 0x1f", "a: 1:30", "a: b ", "? a", "- a", "  a: b", "a: no", "a: b\n   c: d"),
    ],
)
def test_what_is_not_plain_is_left_to_the_parser(line):
    tail = f"metadata:\n  {line}\nversion: 1\n"
    read = read_metadata(tail)
    assert read is None or read == by_yaml(tail)["metadata"]  # type: ignore[index]


TEXTS = st.text(st.sampled_from("ab1 .,'-:#nyo/T0eZ"), min_size=1, max_size=8)
NAMES = st.sampled_from(["a", "b_c", "on", "no", "x"])


@given(
    st.recursive(TEXTS, lambda inner: st.dictionaries(NAMES, inner, min_size=1) | st.lists(TEXTS))
)
def test_what_is_dumped_is_read_alike(value):
    tail = yaml.dump({"metadata": {"own": value}, "version": 1})
    read = read_metadata(tail)
    assert read is None or read == by_yaml(tail)["metadata"]  # type: ignore[index]


@given(st.lists(st.sampled_from(OURS.splitlines()), max_size=8))
def test_any_order_of_lines_is_read_alike_or_left(lines):
    tail = "\n".join(["metadata:", *lines, "version: 1", ""])
    read = read_metadata(tail)
    if read is not None:
        assert by_yaml(tail) == {"metadata": read, "version": 1}

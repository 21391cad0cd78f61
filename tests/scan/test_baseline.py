"""Findings that are allowed: a file of places and salted fingerprints."""

from __future__ import annotations

import json

import pytest

from tests.helpers.scanning import SECRET, cassette

BODY = json.dumps({"sessionId": SECRET, "vendor": {"taxId": "927481655"}})


def test_a_baseline_allows_what_was_found(scan, tmp_path):
    cassette(tmp_path / "a.yaml", BODY)
    (tmp_path / "b.txt").write_text(f"\ndevKey={SECRET}\n")
    assert scan(".", "--update-baseline").status == 0
    baseline = (tmp_path / ".pytest-bill-baseline.json").read_text()
    assert SECRET not in baseline
    assert "927481655" not in baseline
    assert scan(".").status == 0
    # A line may move.
    (tmp_path / "b.txt").write_text(f"\n\n\ndevKey={SECRET}\n")
    assert scan(".").status == 0
    # Another secret in the same place, or the same in another, is not allowed.
    cassette(tmp_path / "a.yaml", BODY.replace(SECRET, SECRET[::-1]))
    assert scan(".", "--format", "json").rules == ["bill-session-id"]
    cassette(tmp_path / "c.yaml", BODY)
    assert {each["file"] for each in scan(".", "--format", "json").findings} == {"a.yaml", "c.yaml"}


def test_what_is_allowed_is_not_fixed(scan, tmp_path):
    cassette(tmp_path / "a.yaml", BODY)
    scan("a.yaml", "--update-baseline")
    before = (tmp_path / "a.yaml").read_bytes()
    assert scan("a.yaml", "--fix").status == 0
    assert (tmp_path / "a.yaml").read_bytes() == before


@pytest.mark.parametrize("content", ["{", "[]", '{"salt": "xyz", "allowed": []}', '{"salt": ""}'])
def test_a_baseline_that_is_none(scan, tmp_path, content):
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / ".pytest-bill-baseline.json").write_text(content)
    outcome = scan("a.txt")
    assert outcome.status == 2
    assert "is not a baseline of pytest-bill scan" in outcome.err

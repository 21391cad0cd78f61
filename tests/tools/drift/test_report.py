"""docs/drift.md says what is known, and when the sandbox was held against what."""

from __future__ import annotations

import re

from tools.drift import known, report


def test_the_document_is_made_of_the_two_tables():
    assert report.DOCUMENT.read_text(encoding="utf-8") == report.text(), (
        "run: python -m tools.drift --write with the material, or without for known.tsv alone"
    )


def test_nothing_that_was_found_is_left_untold():
    held = report.held()
    assert any("Postman collection" in row[1] for row in held)
    assert [row[1] for row in held if row[-1] != "0"] == []
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", row[0]) for row in held)


def test_every_known_difference_is_in_the_document():
    document = report.DOCUMENT.read_text(encoding="utf-8")
    for row in known.read():
        assert f"### {row.reason}\n" in document
        assert all(f"`{name}`" in document for name in row.names)

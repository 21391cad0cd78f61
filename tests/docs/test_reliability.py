"""Each fault of docs/reliability.md names a test that is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")


def rows() -> list[list[str]]:
    """The cells of all rows of the tables of faults, but the headers."""
    tables = [part.partition("\n\n")[0] for part in TEXT.split("| fault |")[1:]]
    lines = [line for table in tables for line in table.splitlines()[2:]]
    return [line.strip("|").split(" | ") for line in lines]


def test_every_section_has_its_table():
    assert TEXT.count("\n## ") == TEXT.count("| fault | how it is provoked | what is seen |")


def test_every_row_has_three_cells():
    assert [row for row in rows() if len(row) != 3 or not all(cell.strip() for cell in row)] == []


def test_every_test_that_is_named_is_there():
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", TEXT)
    missing = [
        f"{path}::{name}"
        for path, name in named
        if not (ROOT / path).is_file()
        or (name and f"def {name}(" not in (ROOT / path).read_text(encoding="utf-8"))
    ]
    assert missing == []

"""docs/fidelity.md, and that no operation of BILL's reference is missing."""

import re
from collections import Counter
from pathlib import Path

import pytest

from pytest_bill.sandbox import api, fidelity

HERE = Path(__file__).parent
DOCUMENT = HERE.parents[1] / "docs" / "fidelity.md"

# The operations of BILL's reference index (https://developer.bill.com/reference), read in
# November 2026: area, method, path, operationId, page.
INDEX = [line.split("\t") for line in (HERE / "reference_index.tsv").read_text().splitlines()]


def key(method, path):
    """A path without the names of its parameters, which BILL's pages do not agree about."""
    return method, re.sub(r"\{\w+\}", "{}", path)


def emulated():
    return {
        key(each.method, each.path.removeprefix("/connect-events").removeprefix("/connect")): each
        for each in api.OPERATIONS
    }


@pytest.mark.parametrize("row", INDEX, ids=[f"{row[1]} {row[2]}" for row in INDEX])
def test_an_operation_of_the_reference_is_emulated(row):
    _area, method, path, name, page = row
    operation = emulated()[key(method, path.removeprefix("/connect-events"))]
    assert operation.name.lower() == name.lower()
    assert operation.page_url.lower() == page.lower()


def test_the_document_is_what_the_sandbox_says_of_itself():
    assert DOCUMENT.read_text() == fidelity.text(api.OPERATIONS), "run: make docs"


def test_names_and_paths_are_unique():
    names = Counter(each.name for each in api.OPERATIONS)
    paths = Counter(key(each.method, each.path) for each in api.OPERATIONS)
    assert [each for each, count in (names + paths).items() if count > 1] == []


def test_every_operation_names_its_area_and_says_what_it_does():
    assert [each.name for each in api.OPERATIONS if not each.area or not each.summary] == []


def test_cells_cannot_break_the_table():
    lines = fidelity.text(api.OPERATIONS).splitlines()
    rows = [line for line in lines if line.startswith("| `")]
    assert len(rows) == len(api.OPERATIONS)
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {6}

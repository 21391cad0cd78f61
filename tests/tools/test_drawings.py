"""docs/drawings/ is what tools/drawings.py draws, and no word sticks out of its box."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from tools import drawings

of_each = pytest.mark.parametrize("drawing", drawings.DRAWINGS, ids=lambda drawing: drawing.name)


@of_each
def test_it_is_as_it_is_drawn_now(drawing):
    kept = (drawings.FOLDER / f"{drawing.name}.svg").read_text(encoding="utf-8")
    assert kept == drawings.svg(drawing), "Draw it anew: make docs"


def test_there_is_no_other():
    drawn = {f"{each.name}.svg" for each in drawings.DRAWINGS}
    assert {each.name for each in drawings.FOLDER.iterdir()} == drawn


@of_each
def test_it_is_xml_that_loads_nothing(drawing):
    root = ET.fromstring(drawings.svg(drawing))
    names = {each.tag.rpartition("}")[2] for each in root.iter()}
    assert names <= {
        *("svg", "title", "style", "defs", "marker"),
        *("path", "rect", "polyline", "text"),
    }
    assert root.findtext("{http://www.w3.org/2000/svg}title") == drawing.title


@of_each
def test_each_line_fits_into_its_box(drawing):
    """Of sans-serif letters at 14 pixels, a mean one has 7, a bold one 7.8."""
    for box in drawing.boxes.values():
        width = box.wide * drawing.width - 2 * drawings.PAD
        for number, line in enumerate(box.lines):
            assert len(line) * (7.0 if number else 7.8) <= width, line


@of_each
def test_no_two_boxes_stand_in_one_cell(drawing):
    cells = [
        (box.column + more, box.row) for box in drawing.boxes.values() for more in range(box.wide)
    ]
    assert len(cells) == len(set(cells))

"""The figures of docs/comparison.md are those of the pages that runs have written."""

from __future__ import annotations

import re

from tests.helpers.documents import DOCS


def rows(page: str, header: str) -> dict[str, list[str]]:
    """A table of a page: the other cells of each row by its first."""
    text = (DOCS / page).read_text(encoding="utf-8")
    lines = text.partition(header)[2].partition("\n\n")[0].splitlines()[2:]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {first: rest for first, *rest in cells}


TOLD = rows("comparison.md", "| | vcrpy | pytest-recording | cassetter | pytest-bill |")


def told(of: str) -> list[str]:
    (found,) = (cells for first, cells in TOLD.items() if of in first)
    return found


def test_what_others_let_through():
    let_through = {
        tool: cells[1].partition(" / ")[0]
        for tool, cells in rows(
            "what-others-let-through.md", "| tool | settings | let through / cases |"
        ).items()
    }
    names = ("vcrpy, by name", "pytest-recording, by name", "cassetter, by name", "pytest-bill")
    assert told("of 3,881 cases") == [let_through[name] for name in names]
    values = ("vcrpy, by name and value", "pytest-recording, by name and value")
    expected = [let_through[name] for name in values]
    assert told("names and values") == [*expected, "", let_through["pytest-bill"]]


def test_what_replays():
    table = rows("what-replays.md", "| told that it does not replay |").values()
    tools = list(zip(*table, strict=True))
    of = [tools[number] for number in (0, 2, 3, 4)]  # without vcrpy's second column
    at_once = [sum(cell.startswith("when it is recorded") for cell in tool) for tool in of]
    again = [sum(cell == "when it is recorded again" for cell in tool) for tool in of]
    assert told("told when they are recorded") == [
        str(each - later) for each, later in zip(at_once, again, strict=True)
    ]
    never = [sum(cell.startswith("never") for cell in tool) for tool in of]
    assert told("never told") == list(map(str, never))


def test_speed():
    speed = rows("speed.md", "| pytest-bill compared |")
    for of, row in (
        ("a replayed GET", "replay of GETs, N = 1,000"),
        ("POSTs", "replay of POSTs, bodies matched, N = 1,000"),
    ):
        (figures,) = speed[row]
        faster = re.findall(r"([\d.]+) x", figures.partition(";")[2])
        assert told(of) == [*faster, "1"]

"""Draws docs/drawings/, what pages show of how things work: ``python -m tools.drawings``.

Boxes stand in a grid, arrows lead from box to box. The text is text, and follows the reader's
scheme; each drawing brings its own ground, so that it can be read where a page's scheme is another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "docs" / "drawings"
MARGIN, GAP_X, GAP_Y, LINE, PAD = 16, 64, 56, 19, 12
_STYLE = """
svg { --ground: #fff; --box: #f3f5f8; --line: #6b7480; --text: #1b1f24; --faint: #4d5661; }
@media (prefers-color-scheme: dark) {
  svg { --ground: #14171b; --box: #1f252c; --line: #8b95a1; --text: #e6e9ed; --faint: #b3bcc6; }
}
text { fill: var(--text); font: 14px system-ui, sans-serif; }
.title { font-weight: 600; }
.said { fill: var(--faint); font-size: 13px; }
.ground { fill: var(--ground); }
.box { fill: var(--box); stroke: var(--line); }
.arrow { fill: none; stroke: var(--line); stroke-width: 1.5; marker-end: url(#head); }
#head path { fill: var(--line); }
"""


@dataclass(frozen=True)
class Box:
    """A box in a cell of the grid; the first line is its title. ``wide`` cells are covered."""

    column: int
    row: int
    lines: Sequence[str]
    wide: int = 1


@dataclass(frozen=True)
class Arrow:
    """From a box to another one, with a word beside it."""

    start: str
    end: str
    said: str = ""


@dataclass(frozen=True)
class Drawing:
    """What is drawn; ``width`` is that of a column, in pixels."""

    name: str
    title: str
    width: int
    boxes: Mapping[str, Box]
    arrows: Sequence[Arrow] = ()


DRAWINGS = (
    Drawing(
        "parts",
        "The parts of pytest-bill, and how a request goes through them",
        240,
        {
            "test": Box(0, 0, ("The test, and the code under test",), wide=3),
            "sessions": Box(
                0, 1, ("sessions/", "what the fixtures give:", "it signs in, and asks BILL")
            ),
            "own": Box(
                2, 1, ("The code's own client", "httpx, requests, aiohttp,", "urllib3, http.client")
            ),
            "clients": Box(1, 2, ("clients/", "one seam for each client:", "is this URL BILL's?")),
            "elsewhere": Box(
                2, 2, ("Another host", "is asked by the client's", "own code, untouched")
            ),
            "cassettes": Box(1, 3, ("cassettes/", "played, or sent", "and recorded")),
            "guards": Box(2, 3, ("guards/", "may it be sent?", "then BILL is asked")),
            "credentials": Box(
                1, 1, ("credentials/", ".env and environment;", "one sign-in for the run")
            ),
            "scrubbing": Box(
                0, 3, ("scrubbing/", "placeholders and stand-ins;", "a search for secrets")
            ),
            "file": Box(0, 4, ("The cassette", "a file below cassettes/")),
        },
        (
            Arrow("test", "sessions", "bill_dev_session …"),
            Arrow("test", "own"),
            Arrow("sessions", "clients"),
            Arrow("own", "clients"),
            Arrow("credentials", "sessions", "signs in"),
            Arrow("clients", "elsewhere", "no"),
            Arrow("clients", "cassettes", "yes"),
            Arrow("cassettes", "guards", "new"),
            Arrow("cassettes", "scrubbing", "new"),
            Arrow("scrubbing", "file"),
        ),
    ),
    Drawing(
        "request",
        "What becomes of a request",
        300,
        {
            "asked": Box(
                0,
                0,
                (
                    "A request to BILL",
                    "a path goes to the BILL of the run",
                    "credentials go to that BILL only",
                ),
            ),
            "known": Box(
                0,
                1,
                ("Is it recorded?", "method, URL, organization,", "session and body are the key"),
            ),
            "played": Box(1, 1, ("The recorded answer", "in the client's own classes, at once")),
            "allowed": Box(
                0,
                2,
                ("May it be sent?", "record mode, production, network,", "no placeholder in it"),
            ),
            "refused": Box(
                1,
                2,
                (
                    "NotInCassette",
                    "the nearest request, what differs,",
                    "and the command that records it",
                ),
            ),
            "sent": Box(
                0,
                3,
                (
                    "BILL answers",
                    "the test sees stand-ins in place of",
                    "personal data, as in each replay",
                ),
            ),
            "again": Box(1, 3, ("Asked again later", "or not kept, and told")),
            "kept": Box(0, 4, ("In memory, until the test", "has ended well")),
        },
        (
            Arrow("asked", "known"),
            Arrow("known", "played", "yes"),
            Arrow("known", "allowed", "no"),
            Arrow("allowed", "refused", "no"),
            Arrow("allowed", "sent", "yes"),
            Arrow("sent", "again", "busy"),
            Arrow("sent", "kept", "an answer"),
        ),
    ),
    Drawing(
        "recording",
        "A run that records: its start, its tests, its end",
        270,
        {
            "start": Box(
                0,
                0,
                (
                    "Start",
                    "Settings are checked.",
                    "Variables are hidden from output.",
                    "Production is guarded.",
                ),
            ),
            "sign-in": Box(
                1,
                0,
                (
                    "First use of a credential",
                    "One sign-in, shared by all tests,",
                    "workers and processes that",
                    "tests start.",
                ),
            ),
            "well": Box(
                1,
                1,
                (
                    "A test ends well",
                    "It is scrubbed, searched, and",
                    "written to cassettes/.unproven/.",
                ),
            ),
            "fails": Box(0, 1, ("A test fails", "Its old cassette stays.")),
            "proof": Box(
                2,
                1,
                (
                    "End: a second process plays it",
                    "No variables, the opposite order,",
                    "another time zone, another day.",
                ),
            ),
            "place": Box(
                2,
                2,
                ("It replays", "It takes its place. What did not", "change stays, to the byte."),
            ),
            "told": Box(
                1, 2, ("It does not", "It is told, with the cause;", "the old cassette stays.")
            ),
        },
        (
            Arrow("start", "sign-in"),
            Arrow("sign-in", "well"),
            Arrow("sign-in", "fails"),
            Arrow("well", "proof"),
            Arrow("proof", "place"),
            Arrow("proof", "told"),
        ),
    ),
    Drawing(
        "workers",
        "Workers of pytest-xdist, and processes that tests start",
        270,
        {
            "controller": Box(
                1,
                0,
                (
                    "The controller",
                    "a private folder (0700), gone",
                    "at the end; the local sandbox",
                ),
            ),
            "gw0": Box(
                0,
                1,
                ("Worker gw0", "is first: it signs in, and records", "a fixture that several use"),
            ),
            "gw1": Box(
                1, 1, ("Worker gw1", "waits, has the same session then,", "and plays that fixture")
            ),
            "gw2": Box(2, 1, ("Worker gw2", "the same")),
            "process": Box(
                1,
                2,
                ("A process that a test starts", "asks the run of that test,", "by a Unix socket"),
            ),
        },
        (
            Arrow("controller", "gw0"),
            Arrow("controller", "gw1"),
            Arrow("controller", "gw2"),
            Arrow("gw1", "process"),
        ),
    ),
    Drawing(
        "trust",
        "How a session becomes trusted by MFA",
        270,
        {
            "phone": Box(
                0, 0, ("Once for a phone", "POST /v3/mfa/setup", "POST /v3/mfa/setup/validate")
            ),
            "challenge": Box(
                1, 0, ("Each time, or once in 30 days", "POST /v3/login", "POST /v3/mfa/challenge")
            ),
            "code": Box(
                2,
                0,
                (
                    "A code comes to the phone",
                    "POST /v3/mfa/challenge/validate",
                    "the code, rememberMe, device",
                ),
            ),
            "trusted": Box(2, 1, ("The session is trusted", "it may create payments")),
            "remembered": Box(
                1,
                1,
                (
                    "rememberMeId",
                    "POST /v3/login with it and the",
                    "device is trusted for 30 days",
                ),
            ),
        },
        (
            Arrow("phone", "challenge"),
            Arrow("challenge", "code"),
            Arrow("code", "trusted"),
            Arrow("code", "remembered"),
            Arrow("remembered", "trusted"),
        ),
    ),
)


class _Placed:
    """Where the boxes of a drawing stand."""

    def __init__(self, drawing: Drawing) -> None:
        self.boxes = drawing.boxes
        self._width = drawing.width
        rows = range(1 + max(each.row for each in drawing.boxes.values()))
        heights = [
            max(
                2 * PAD + LINE * len(each.lines)
                for each in drawing.boxes.values()
                if each.row == row
            )
            for row in rows
        ]
        self._tops = [MARGIN + sum(heights[:row]) + GAP_Y * row for row in rows]
        self._heights = heights
        columns = max(each.column + each.wide for each in drawing.boxes.values())
        self.width = 2 * MARGIN + columns * self._width + (columns - 1) * GAP_X
        self.height = self._tops[-1] + heights[-1] + MARGIN

    def place(self, box: Box) -> tuple[int, int, int, int]:
        """Left, top, width, height."""
        left = MARGIN + box.column * (self._width + GAP_X)
        width = box.wide * self._width + (box.wide - 1) * GAP_X
        return left, self._tops[box.row], width, self._heights[box.row]

    def way(self, start: Box, end: Box) -> list[tuple[int, int]]:
        """The corners of an arrow: along a row from side to side, else down or up."""
        left, top, width, height = self.place(start)
        to_left, to_top, to_width, to_height = self.place(end)
        if start.row == end.row:
            middle = top + height // 2
            return (
                [(left + width, middle), (to_left, middle)]
                if start.column < end.column
                else [(left, middle), (to_left + to_width, middle)]
            )
        at, to = left + width // 2, to_left + to_width // 2
        if start.wide > 1:
            at = to
        down = start.row < end.row
        begin, target = (top + height, to_top) if down else (top, to_top + to_height)
        half = (begin + target) // 2
        return (
            [(at, begin), (at, half), (to, half), (to, target)]
            if at != to
            else [(at, begin), (to, target)]
        )


def svg(drawing: Drawing) -> str:
    """The picture."""
    return "\n".join(_lines(drawing, _Placed(drawing))) + "\n"


def _lines(drawing: Drawing, placed: _Placed) -> Iterator[str]:
    size = f'viewBox="0 0 {placed.width} {placed.height}" width="{placed.width}"'
    yield f'<svg xmlns="http://www.w3.org/2000/svg" {size} height="{placed.height}" role="img">'
    yield f"<title>{escape(drawing.title)}</title>"
    yield f"<style>{_STYLE}</style>"
    yield (
        '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" '
        'markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>'
    )
    yield f'<rect class="ground" width="{placed.width}" height="{placed.height}" rx="8"/>'
    for arrow in drawing.arrows:
        yield from _arrow(
            placed.way(placed.boxes[arrow.start], placed.boxes[arrow.end]), arrow.said
        )
    for box in drawing.boxes.values():
        left, top, width, height = placed.place(box)
        yield f'<rect class="box" x="{left}" y="{top}" width="{width}" height="{height}" rx="6"/>'
        for number, line in enumerate(box.lines):
            kind = ' class="title"' if number == 0 else ""
            baseline = top + PAD + LINE * number + 14
            yield f'<text{kind} x="{left + PAD}" y="{baseline}">{escape(line)}</text>'
    yield "</svg>"


def _arrow(corners: list[tuple[int, int]], said: str) -> Iterator[str]:
    way = " ".join(f"{x},{y}" for x, y in corners)
    yield f'<polyline class="arrow" points="{way}"/>'
    if said:
        (x, y), (to_x, to_y) = max(pairwise(corners), key=lambda two: abs(two[0][0] - two[1][0]))
        at = ((x + to_x) // 2, y - 6) if y == to_y else (x + 8, (y + to_y) // 2 + 4)
        anchor = ' text-anchor="middle"' if y == to_y else ""
        yield f'<text class="said"{anchor} x="{at[0]}" y="{at[1]}">{escape(said)}</text>'


def main() -> None:
    """Draw all of them."""
    FOLDER.mkdir(exist_ok=True)
    for drawing in DRAWINGS:
        (FOLDER / f"{drawing.name}.svg").write_text(svg(drawing), encoding="utf-8")


if __name__ == "__main__":
    main()

"""What is kept beside the pictures, to tell when one is older than the code: ``taken.json``."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TypedDict

from tools.pictures.table import PICTURES, Picture

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "pictures"
KEPT = FOLDER / "taken.json"
MOST_LINES = 120
"""So many lines of a page are kept: more than fit into a picture."""
_CHANGES = re.compile(
    r"\b\d+(\.\d+)? ?m?s\b"  # how long something took
    r"|(?<=T10:)\d\d:\d\d(?=Z)|(?<=10:)\d\d(:\d\d(\.\d+)?)?\b"  # minutes since the clock's begin
    r"|(?<=\t)[\d.,]+$"  # milliseconds in the last column
    r"|(?<=127\.0\.0\.1:)\d+"
    r"|(?<=pytest-bill )\d+\.\d+(\.\w+)+",
    re.MULTILINE,
)


class Taken(TypedDict):
    """One picture as it was taken."""

    picture: str
    """The hash of the file."""
    made_of: dict[str, str]
    """The hash of each file that decides its looks."""
    lines: list[str]
    """What its page said; see ``lines_of``."""


def lines_of(text: str) -> list[str]:
    """What a page says, without what differs from run to run; of a long one the first lines."""
    lines = (" ".join(line.split()) for line in _CHANGES.sub("…", text).splitlines())
    return [line for line in lines if line][:MOST_LINES]


def file_of(picture: Picture) -> Path:
    """Where it is kept."""
    return FOLDER / f"{picture.name}.webp"


def hash_of(path: Path) -> str:
    """The same on every system, whatever git makes of ends of lines there."""
    content = path.read_bytes()
    is_text = path.suffix != ".webp"
    return hashlib.sha256(content.replace(b"\r\n", b"\n") if is_text else content).hexdigest()[:16]


def made_of(picture: Picture) -> dict[str, str]:
    """What decides its looks, as it is now."""
    paths = {path for pattern in picture.made_of for path in ROOT.glob(pattern)}
    return {path.relative_to(ROOT).as_posix(): hash_of(path) for path in sorted(paths)}


def taken_now(picture: Picture, text: str) -> Taken:
    """What to keep of a picture whose file was just written."""
    return {
        "picture": hash_of(file_of(picture)),
        "made_of": made_of(picture),
        "lines": lines_of(text),
    }


def read() -> dict[str, Taken]:
    """What is kept of each picture, by its name."""
    kept: dict[str, Taken] = json.loads(KEPT.read_text(encoding="utf-8"))
    return kept


def write(taken: Mapping[str, Taken]) -> None:
    """Keep that, in the order of the table."""
    ordered = {each.name: taken[each.name] for each in PICTURES if each.name in taken}
    text = json.dumps(ordered, indent=1, ensure_ascii=False)
    KEPT.write_text(f"{text}\n", encoding="utf-8")


def changed_since(picture: Picture, kept: Taken) -> list[str]:
    """Which files its looks depended on then or now, and are others now."""
    now = made_of(picture)
    return sorted(
        name for name in now | kept["made_of"] if now.get(name) != kept["made_of"].get(name)
    )

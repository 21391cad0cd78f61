"""The pages of the documentation: what they link to, what they show, what their reader runs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
_FENCE = re.compile(r"^(?P<mark>```+)(?P<language>[^\n`]*)\n(?P<text>.*?)^(?P=mark)$", re.M | re.S)
_LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\((?P<target>[^()\s]+(?:\([^()\s]*\))?)\)")
_HEADING = re.compile(r"^#{1,6} (?P<title>.+)$", re.M)
_FILE = re.compile(
    r"^<!-- file: (?P<path>\S+) -->\n```(?P<language>\w*)\n(?P<text>.*?)^```$", re.M | re.S
)
_RUN = re.compile(r"^<!-- run -->\n```console\n(?P<lines>.*?)^```$", re.M | re.S)


class Shown(NamedTuple):
    """A block of code of a page: the language, the line before it, the code."""

    language: str
    marked: str
    text: str


def all_pages() -> list[Path]:
    """Every document that people read on a repository page."""
    above = [
        ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")
    ]
    return [*above, ROOT / "benchmarks" / "README.md", *sorted(DOCS.rglob("*.md"))]


def name_of(page: Path) -> str:
    """Its path below the root."""
    return page.relative_to(ROOT).as_posix()


def prose(page: Path) -> str:
    """Its text without blocks of code."""
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def links_of(page: Path) -> list[str]:
    """Where its links and images lead, as they are written."""
    text = re.sub(r"`[^`\n]*`", "``", prose(page))
    return [found["target"] for found in _LINK.finditer(text)]


def anchors_of(page: Path) -> set[str]:
    """What stands behind ``#`` in links to its headings, as repository pages and MyST name them."""
    met: Counter[str] = Counter()
    found = set()
    for heading in _HEADING.finditer(prose(page)):
        title = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading["title"]).strip().lower()
        slug = re.sub(r"[^\w\- ]", "", title).replace(" ", "-")
        found.add(f"{slug}-{met[slug]}" if met[slug] else slug)
        met[slug] += 1
    return found


def code_of(page: Path) -> Iterator[Shown]:
    """Its blocks of code."""
    text = page.read_text(encoding="utf-8")
    for found in _FENCE.finditer(text):
        before = text[: found.start()].rstrip("\n").rpartition("\n")[2]
        yield Shown(found["language"], before, found["text"])


def files_of(page: Path) -> dict[str, str]:
    """The files that it shows, by their paths, in any language."""
    text = page.read_text(encoding="utf-8")
    return {found["path"]: found["text"] for found in _FILE.finditer(text)}


def runs_of(page: Path) -> list[str]:
    """The commands that its reader types, of the blocks that no other word names."""
    blocks = [found["lines"] for found in _RUN.finditer(page.read_text(encoding="utf-8"))]
    return [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]

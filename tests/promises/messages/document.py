"""``docs/troubleshooting.md``: a section for each mistake, with all that is said of it."""

from __future__ import annotations

import re
from pathlib import Path

DOCUMENT = Path(__file__).parents[3] / "docs" / "troubleshooting.md"
_SECTION = re.compile(r"^### (?P<did>.+)\n(?:(?!^#).*\n)*?```text\n(?P<said>(?:.*\n)*?)```$", re.M)


def quoted() -> dict[str, str]:
    """What is quoted of each mistake, by what was done."""
    text = DOCUMENT.read_text(encoding="utf-8")
    return {found["did"]: found["said"].rstrip("\n") for found in _SECTION.finditer(text)}


def headings() -> list[str]:
    """Its groups and mistakes, in their order, each with its number signs."""
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.startswith(("## ", "### "))]

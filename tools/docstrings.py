"""Docstrings as Markdown."""

from __future__ import annotations

import inspect
import re
from typing import Any

_SECTION = re.compile(r"^(Raises|Attributes):$")
_ENTRY = re.compile(r"^    (\S[^:]*): (.*)$")


def first_sentence(described: Any) -> str:
    """The first sentence of what is said of it, on one line."""
    paragraph = (inspect.getdoc(described) or "").partition("\n\n")[0]
    line = " ".join(paragraph.replace("``", "`").split()).replace("|", "\\|")
    return line.partition(". ")[0].rstrip(".:") + "." if line else ""


def in_markdown(described: Any) -> str:
    """All that is said of it: sections as lists, what is indented after ``::`` as code."""
    lines: list[str] = []
    section = ""
    for line in (inspect.getdoc(described) or "").splitlines():
        heading = _SECTION.match(line)
        if heading:
            section = heading[1]
            lines += [f"{section}:", ""]
        elif section and line.startswith("    "):
            entry = _ENTRY.match(line)
            if entry and not line.startswith("     "):
                lines.append(f"- `{entry[1]}`: {entry[2]}")
            else:
                lines.append(f"  {line.strip()}")
        else:
            lines.append(line)
    return _with_code(lines).replace("``", "`")


def _with_code(lines: list[str]) -> str:
    """What stands after a line that ends with ``::`` is code: four spaces are Markdown's, too."""
    return "\n".join(line[:-1] if line.endswith("::") else line for line in lines).strip()

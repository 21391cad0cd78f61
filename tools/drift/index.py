"""``llms.txt``: the list of all pages of a documentation, among them those of the reference."""

from __future__ import annotations

import re

from tools.drift.described import Material

_LINK = re.compile(r"\((https?://[^\s()]*/reference/([\w-]+)(?:\.md)?)\)")
_TITLE = re.compile(r"^# (.+)$", re.MULTILINE)


def read(text: str) -> Material | None:
    """Which pages it lists; None if there is no page of a reference among them."""
    pages = frozenset(name for _, name in _LINK.findall(text))
    if not pages:
        return None
    title = _TITLE.search(text)
    return Material(f"{title[1] if title else 'unnamed'} (llms.txt)", pages=pages)


def addresses(text: str) -> list[str]:
    """The addresses of the reference's pages as Markdown, in order."""
    found = (address for address, _ in _LINK.findall(text))
    return list(dict.fromkeys(each if each.endswith(".md") else f"{each}.md" for each in found))

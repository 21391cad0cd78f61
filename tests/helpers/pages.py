"""Pages as a browser would take them apart, without one."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from typing import Any


class Page(HTMLParser):
    """The elements of a page, and what it would load or run."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._inside: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.shown: list[str] = []
        """The texts outside of scripts and styles."""
        self.blocks: list[tuple[str, dict[str, str | None], str]] = []
        """Scripts and styles: name, attributes, content."""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag in ("script", "style"):
            self._inside.append((tag, dict(attrs), []))

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1][0] == tag:
            name, attributes, pieces = self._inside.pop()
            self.blocks.append((name, attributes, "".join(pieces)))

    def handle_data(self, data: str) -> None:
        if self._inside:
            self._inside[-1][2].append(data)
        elif data.strip():
            self.shown.append(data)

    @property
    def data(self) -> Any:
        """What its script reads."""
        (content,) = [text for _, about, text in self.blocks if about.get("id") == "data"]
        return json.loads(content)

    @property
    def policy(self) -> dict[str, str]:
        """Its content security policy."""
        (content,) = [
            about["content"]
            for name, about in self.elements
            if name == "meta" and about.get("http-equiv") == "Content-Security-Policy"
        ]
        assert content is not None
        return dict(each.strip().split(" ", 1) for each in content.split(";"))

    def check_alone(self) -> None:
        """It loads nothing, runs its own script alone, has no handlers, no style attributes."""
        for name, about in self.elements:
            for key, value in about.items():
                assert not key.startswith("on"), (name, key)
                assert key not in ("style", "src", "srcset", "action", "formaction"), (name, key)
                if key == "href":
                    assert (value or "").startswith("#") or (name, value) == ("link", "data:,")
        assert not {name for name, _ in self.elements} & {
            "iframe",
            "object",
            "embed",
            "base",
            "img",
        }
        assert self.policy["default-src"] == "'none'"
        scripts = [text for name, about, text in self.blocks if name == "script" and not about]
        styles = [text for name, _, text in self.blocks if name == "style"]
        assert [_hash(each) for each in scripts] == [self.policy["script-src"]]
        assert [_hash(each) for each in styles] == [self.policy["style-src"]]
        assert not re.search(r"url\(|@import", styles[0])
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(", scripts[0]
        )
        named = scripts[0].replace("http://www.w3.org/2000/svg", "")  # what elements are called
        assert not re.search(r"fetch\(|XMLHttp|WebSocket|import\(|https?://", named)


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

"""All secrets of a run, each with its one placeholder, and the encoded forms they show up in.

This module knows nothing of pytest and nothing of cassette files.
"""

from __future__ import annotations

import base64
import html
import json
import re
import threading
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

from pytest_bill.credentials import PLACEHOLDER_PREFIX

SHORTEST_BY_VALUE = 8
"""Shorter values are replaced by place only: they occur in innocent text."""

_PLACEHOLDER = re.compile(re.escape(PLACEHOLDER_PREFIX) + r"[A-Z0-9_]+")


class SecretRegistry:
    """All secrets of a run, each with its one placeholder. Safe to share between threads."""

    def __init__(self, known: Iterable[tuple[str, str]] = ()) -> None:
        self._placeholder_of: dict[str, str] = {}
        self._by_variant: dict[str, str] = {}
        self._lock = threading.Lock()
        for placeholder, value in known:
            self.add(value, placeholder)

    def __repr__(self) -> str:
        return f"<SecretRegistry of {len(self._placeholder_of)} secrets>"

    def __bool__(self) -> bool:
        return bool(self._placeholder_of)

    def add(self, value: str, placeholder: str) -> str:
        """Remember a secret; a value that is known keeps its placeholder. Gives the placeholder.

        A placeholder that already stands for another value gets a number: ``…_2``, ``…_3``.
        """
        value = str.__str__(value)
        if not value or is_placeholder(value):
            return value
        with self._lock:
            known = self._placeholder_of.get(value)
            if known is not None:
                return known
            taken = set(self._placeholder_of.values())
            unique, number = placeholder, 1
            while unique in taken:
                number += 1
                unique = f"{placeholder}_{number}"
            self._placeholder_of[value] = unique
            if len(value) >= SHORTEST_BY_VALUE:
                # A new dict, since another thread may be walking the old one.
                fresh = dict.fromkeys(variants(value), unique)
                self._by_variant = fresh | self._by_variant
            return unique

    def hide(self, text: str) -> str:
        """Replace every secret in a text, in any encoding that :func:`variants` knows."""
        found = self._found_in(text)
        if not found:
            return text
        # Longest first: a secret that contains another is replaced whole.
        found.sort(key=len, reverse=True)
        pattern = re.compile("|".join(map(re.escape, found)))
        return pattern.sub(lambda match: self._by_variant[match.group(0)], text)

    def find(self, text: str) -> str | None:
        """The placeholder of a secret that the text holds, or None."""
        found = self._found_in(text)
        return self._by_variant[found[0]] if found else None

    def _found_in(self, text: str) -> list[str]:
        # One fast substring search for each form beats one pattern of all of them.
        return [variant for variant in self._by_variant if variant in text]


def variants(value: str) -> set[str]:
    """The forms in which a secret shows up in text: percent-, JSON-, HTML- and base64-encoded."""
    percent = {quote(value), quote(value, safe=""), quote_plus(value)}
    percent |= {re.sub(r"%[0-9A-F]{2}", lambda m: m.group(0).lower(), form) for form in percent}
    forms = {
        value,
        *percent,
        json.dumps(value)[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1],
        json.dumps(value)[1:-1].replace("/", "\\/"),
        html.escape(value),
        html.escape(value, quote=False),
    }
    raw = value.encode()
    for start in range(3):
        # The base64 of a secret depends on where in a longer text it starts; the characters that
        # its neighbours share are left out.
        encoded = base64.b64encode(b"\0" * start + raw).decode()
        last = len(encoded.rstrip("=")) - (1 if (start + len(raw)) % 3 else 0)
        core = encoded[(0, 2, 3)[start] : last]
        if len(core) >= SHORTEST_BY_VALUE:
            forms |= {core, core.replace("+", "-").replace("/", "_"), quote(core, safe="")}
    return {form for form in forms if len(form) >= SHORTEST_BY_VALUE}


def is_placeholder(text: str) -> bool:
    """Whether the whole text is one placeholder."""
    return _PLACEHOLDER.fullmatch(text) is not None


def find_placeholder(text: str) -> str | None:
    """A placeholder that the text holds, or None."""
    match = _PLACEHOLDER.search(text)
    return match.group(0) if match else None

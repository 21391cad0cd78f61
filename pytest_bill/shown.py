"""Secrets in text that people read: what Python's reprs and shortened texts make of them.

:class:`~pytest_bill.scrubbing.registry.SecretRegistry` knows the forms in which HTTP carries a
secret. Output has more: the repr of a string or of bytes (``http.client`` prints what it sends so),
a text that was cut at ``...`` in the middle of a secret, and one that pprint wrapped there. This
module knows nothing of pytest.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from pytest_bill.scrubbing.registry import SecretRegistry

_SHORTEST_PIECE = 5
_LONGEST_KEPT = 300
_MOST_KEPT = 4096
_CUT = re.compile(r"(?<!\.)\.\.\.(?!\.)|…")
# pprint's, also in pytest's explanation of an assertion.
_WRAP = re.compile(r"['\"]\n[E>|\s]*b?['\"]")
_COOKIE = re.compile(r"(?i)(\b(?:set-)?cookie['\"]?: ?['\"]?[^=\s;'\"]+=)([^;\s'\"\\]+)")
_HIDDEN_COOKIE = "PLACEHOLDER_COOKIE"


class TextHider:
    """Replaces the secrets of a registry in text for people. Safe to use from threads."""

    def __init__(self, registry: SecretRegistry) -> None:
        self._registry = registry
        self._known = -1
        self._forms: dict[str, str] = {}
        self._values: dict[str, str] = {}
        # Names of tests and markers come in each report: those without a secret are known.
        self._clean: set[str | tuple[str, ...]] = set()

    def __call__(self, text: str) -> str:
        """The text with a placeholder for every secret, whole or cut off."""
        if len(self._registry) != self._known:
            self._update()
        clean = self._clean
        if text in clean:
            return text
        hidden = self._hidden(text)
        if hidden == text and len(text) <= _LONGEST_KEPT:
            self._keep(text, clean)
        return hidden

    def changes_none(self, texts: tuple[str, ...]) -> bool:
        """Whether no text holds a secret; quick for those that were asked about before."""
        if len(self._registry) != self._known:
            self._update()
        clean = self._clean
        if texts in clean:
            return True
        if any(self(text) != text for text in texts):
            return False
        self._keep(texts, clean)
        return True

    def _keep(self, text: str | tuple[str, ...], clean: set[str | tuple[str, ...]]) -> None:
        if len(clean) < _MOST_KEPT:
            clean.add(text)
        elif clean is self._clean:
            self._clean = {text}

    def _hidden(self, text: str) -> str:
        found = [form for form in self._forms if form in text]
        for form in sorted(found, key=len, reverse=True):
            text = text.replace(form, self._forms[form])
        text = self._registry.hide(text)
        if "ookie" in text:
            text = _COOKIE.sub(_without_cookie, text)
        if "..." in text or "…" in text:
            text = self._without_pieces(text)
        return self._without_wrapped(text) if _WRAP.search(text) else text

    def _update(self) -> None:
        known, values = self._registry.known(), self._registry.known_by_value()
        forms = {form: name for value, name in values.items() for form in repr_forms(value)}
        self._values, self._forms = forms | values, forms
        # Another set: a thread that is still searching for the old secrets adds to the old one.
        self._clean = set()
        self._known = len(known)

    def _without_wrapped(self, text: str) -> str:
        """Hide what pprint continued on the next line."""
        for value, name in self._values.items():
            if value[:_SHORTEST_PIECE] in text or value[-_SHORTEST_PIECE:] in text:
                text = _wrapped(value).sub(name, text)
        return text

    def _without_pieces(self, text: str) -> str:
        for value, name in self._values.items():
            head, tail = value[:_SHORTEST_PIECE], value[-_SHORTEST_PIECE:]
            if head not in text and tail not in text:
                continue
            pieces = _CUT.split(text)
            cuts = _CUT.findall(text)
            for index in range(len(cuts)):
                left, right = pieces[index], pieces[index + 1]
                length = _overlap(left, value)
                if length:
                    pieces[index] = left[:-length] + name
                length = _overlap(right[::-1], value[::-1])
                if length:
                    pieces[index + 1] = name + right[length:]
            text = pieces[0] + "".join(
                cut + piece for cut, piece in zip(cuts, pieces[1:], strict=True)
            )
        return text


@lru_cache(maxsize=256)
def _wrapped(value: str) -> re.Pattern[str]:
    """The value with a line's end anywhere; each line has quotes, and so escapes, of its own."""
    return re.compile(f"(?:{_WRAP.pattern})?".join(map(_any_escape, value)))


def _any_escape(character: str) -> str:
    if character in "'\"":
        return r"\\*" + character
    if character == "\\":
        return r"\\+"
    plain = re.escape(character)
    if character.isascii() and character.isprintable():
        return plain
    escaped = {repr(character)[1:-1], ascii(character)[1:-1], repr(character.encode())[2:-1]}
    return "(?:" + "|".join([plain, *(r"\\*" + re.escape(form) for form in escaped)]) + ")"


def repr_forms(value: str) -> set[str]:
    """How a text shows up in the repr of a string or of bytes that holds it, also within JSON.

    Empty for a plain word, whose repr is itself.
    """
    forms = {value}
    for text in {value, json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]}:
        once = _escapes(text)
        forms |= once
        for form in once:
            forms |= _escapes(form)
    return {form for form in forms if form != value}


def _escapes(text: str) -> set[str]:
    plain = {repr("'\"" + text)[4:-1], ascii("'\"" + text)[4:-1]}
    # The ids of pytest's parameters are escaped, and their backslashes are not.
    plain.add(text.encode("ascii", "backslashreplace").decode())
    plain.add(text.encode("utf-8", "surrogateescape").decode("ascii", "backslashreplace"))
    plain.add(repr(b"'\"" + text.encode("utf-8", "surrogateescape"))[5:-1])
    # Which quote is escaped depends on the rest of the text.
    return (
        plain
        | {form.replace("\\'", "'") for form in plain}
        | {form.replace("\\'", "'").replace('"', '\\"') for form in plain}
    )


def _overlap(text: str, value: str) -> int:
    """How many characters at the end of the text are the beginning of the value."""
    for length in range(min(len(value), len(text)), _SHORTEST_PIECE - 1, -1):
        if text.endswith(value[:length]):
            return length
    return 0


def _without_cookie(match: re.Match[str]) -> str:
    value = match.group(2)
    return match.group(1) + (value if value.startswith("PLACEHOLDER_") else _HIDDEN_COOKIE)


def hidden_value(value: Any, hide: Callable[[str], str]) -> Any:
    """A plain value (text, bytes, list, dict, …) with its texts hidden; itself if it has none."""
    if isinstance(value, str):
        hidden = hide(value)
        return value if hidden == value else hidden
    if isinstance(value, bytes | bytearray):
        text = bytes(value).decode("utf-8", "surrogateescape")
        hidden = hide(text)
        return value if hidden == text else hidden.encode("utf-8", "surrogateescape")
    if type(value) in (list, tuple, set, frozenset):
        items = [hidden_value(item, hide) for item in value]
        same = all(new is old for new, old in zip(items, value, strict=True))
        return value if same else type(value)(items)
    if isinstance(value, dict):
        pairs = [(hidden_value(k, hide), hidden_value(v, hide)) for k, v in value.items()]
        same = all(a is k and b is v for (a, b), (k, v) in zip(pairs, value.items(), strict=True))
        return value if same else dict(pairs)
    return value

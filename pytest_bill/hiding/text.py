"""Secrets in text that people read: what Python's reprs and shortened texts make of them.

``SecretRegistry`` knows the forms in which HTTP carries a secret. Output has more: the repr of a
string or of bytes (``http.client`` prints what it sends so), a text that was cut in the middle of a
secret, one that pprint or a terminal wrapped there, and one that is coloured there. This module
knows nothing of pytest.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from itertools import islice

from pytest_bill.hiding.pieces import Pieces
from pytest_bill.patterns import late_pattern
from pytest_bill.scrubbing.registry import SecretRegistry

_SHORTEST_PIECE, _LONGEST_END = 5, 40
_LONGEST_KEPT = 300
_MOST_KEPT = 4096
_CUT = late_pattern(r"(?<!\.)\.\.\.(?!\.)|…")
# pprint's, also in pytest's explanation of an assertion.
_WRAP = late_pattern(r"['\"]\n[E>|\s]*b?['\"]")
_COOKIE = late_pattern(r"(?i)(\b(?:set-)?cookie['\"]?: ?['\"]?[^=\s;'\"]+=)([^;\s'\"\\]+)")
_HIDDEN_COOKIE = "PLACEHOLDER_COOKIE"
_COLOUR = late_pattern(r"\x1b\[[0-9;:?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
# A piece of one is in any text, too: the region of a store, the path that a digest is of.
_WHOLE_ONLY = late_pattern(r"(URL_CREDENTIAL|AUTHORIZATION)(_\d+)?$")


class TextHider:
    """Replaces the secrets of a registry in text for people. Safe to use from threads."""

    def __init__(self, registry: SecretRegistry) -> None:
        self._registry = registry
        self._changes, self._public_count = 0, 0
        self._forget()
        # Names of tests and markers come in each report: those without a secret are known.
        self._clean: set[str] = set()
        self._clean_texts: tuple[str, ...] = ()

    def __call__(self, text: str) -> str:
        """The text with a placeholder for every secret, and for every piece of one."""
        if not text:
            return text
        self._registry.refresh()
        if self._registry.changes != self._changes:
            self._update()
        clean = self._clean
        if text in clean:
            return text
        hidden = self._hidden(text)
        if hidden == text and len(text) <= _LONGEST_KEPT:
            self._keep(text, clean)
        return hidden

    def changes_none(self, texts: tuple[str, ...]) -> bool:
        """Whether no text holds a secret; quick for those that were asked about last."""
        self._registry.refresh()
        if self._registry.changes != self._changes:
            self._update()
        clean = self._clean
        if texts == self._clean_texts:
            return True
        if any(self(text) != text for text in texts):
            return False
        if clean is self._clean:
            self._clean_texts = texts
        return True

    def _keep(self, text: str, clean: set[str]) -> None:
        if len(clean) < _MOST_KEPT:
            clean.add(text)
        elif clean is self._clean:
            self._clean = {text}

    def _hidden(self, text: str) -> str:
        text = self._uncoloured(text)
        return self._without_colours(text) if "\x1b" in text else text

    def _without_colours(self, text: str) -> str:
        """Hide what colours stand within; such a line loses its own."""
        lines = text.splitlines(keepends=True)
        for number, line in enumerate(lines):
            if "\x1b" in line:
                plain = _COLOUR.sub("", line)
                hidden = self._uncoloured(plain)
                lines[number] = line if hidden == plain else hidden
        return "".join(lines)

    def _uncoloured(self, text: str) -> str:
        found = [form for form in self._forms if form in text]
        for form in sorted(found, key=len, reverse=True):
            text = text.replace(form, self._forms[form])
        text = self._registry.hide(text)
        if "ookie" in text:
            text = _COOKIE.sub(_without_cookie, text)
        if "..." in text or "…" in text:
            text = self._without_cut(text)
        if _WRAP.search(text):
            text = self._without_wrapped(text)
        return self._pieces.without(text)

    def _update(self) -> None:
        changes, public_count = self._registry.changes, self._registry.public_count
        if public_count != self._public_count:
            self._forget()  # what is part of what everyone can see is no longer hidden
        # Only what is new: a run may come to know ten thousand cookies, one after another.
        for value, name in islice(self._registry.known_by_value().items(), len(self._names), None):
            self._add(value, name)
        # Another set: a thread that is still searching for the old secrets adds to the old one.
        self._clean, self._clean_texts = set(), ()
        self._changes, self._public_count = changes, public_count

    def _forget(self) -> None:
        self._names: dict[str, str] = {}
        self._forms: dict[str, str] = {}
        self._values: dict[str, str] = {}
        self._pieces, self._whole_only = Pieces(), Pieces()
        self._ends = _Ends()

    def _add(self, value: str, name: str) -> None:
        self._names[value] = name
        forms = repr_forms(value)
        self._forms = self._forms | dict.fromkeys(forms, name) if forms else self._forms
        pieces = self._whole_only if _WHOLE_ONLY.search(name) else self._pieces
        for each in (value, *forms):
            self._values[each] = name
            self._ends.add(each, name)
            pieces.add(each, name)
        scheme, _, token = value.partition(" ")
        if pieces is self._whole_only and scheme and token.isprintable() and " " not in token:
            self._pieces.add(token, name)

    def _without_wrapped(self, text: str) -> str:
        """Hide what pprint continued on the next line."""
        for value in (*self._pieces.values_in(text), *self._whole_only.values_in(text)):
            text = _wrapped(value).sub(self._values[value], text)
        return text

    def _without_cut(self, text: str) -> str:
        """Hide the beginnings and ends of secrets beside the dots that stand for the rest."""
        pieces, cuts = _CUT.split(text), _CUT.findall(text)
        for index in range(len(cuts)):
            pieces[index] = self._ends.without_beginning(pieces[index])
            pieces[index + 1] = self._ends.without_end(pieces[index + 1])
        return pieces[0] + "".join(cut + piece for cut, piece in zip(cuts, pieces[1:], strict=True))


class _Ends:
    """The first and the last characters of values, which a cut may leave of them."""

    def __init__(self) -> None:
        self._beginnings: dict[str, str] = {}
        self._ends: dict[str, str] = {}

    def add(self, value: str, name: str) -> None:
        for size in range(_SHORTEST_PIECE, min(len(value), _LONGEST_END) + 1):
            self._beginnings.setdefault(value[:size], name)
            self._ends.setdefault(value[-size:], name)

    def without_beginning(self, text: str) -> str:
        """A text before a cut."""
        for size in range(_LONGEST_END, _SHORTEST_PIECE - 1, -1):
            name = self._beginnings.get(text[-size:])
            if name is not None and len(text) >= size:
                return text[:-size] + name
        return text

    def without_end(self, text: str) -> str:
        """A text after a cut."""
        for size in range(_LONGEST_END, _SHORTEST_PIECE - 1, -1):
            name = self._ends.get(text[:size])
            if name is not None and len(text) >= size:
                return name + text[size:]
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


def _without_cookie(match: re.Match[str]) -> str:
    value = match.group(2)
    return match.group(1) + (value if value.startswith("PLACEHOLDER_") else _HIDDEN_COOKIE)

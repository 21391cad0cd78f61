"""Secrets at the names of fields, in texts of any make: JSON, forms, multipart bodies, links."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

from pytest_bill.patterns import late_pattern
from pytest_bill.scrubbing.registry import SecretRegistry

_BLANK_LINE = late_pattern(r"(\r?\n\r?\n)")
_PART_NAME = late_pattern(r'(?i)\bname="?([^"\r\n;]+)')
_JSON_TOKEN = late_pattern(r'"(?:[^"\\]|\\.)*+(?:"|\Z)|[{}\[\],:]|[^\s"{}\[\],:]++', re.DOTALL)
_NEXT_IS_COLON = late_pattern(r"\s*+:")
_NUMBER = late_pattern(
    r'"(?:[^"\\]|\\.)*+"?|(?P<number>-?[0-9][0-9.eE+-]*+)(?=\s*+(?:[,}\]]|\Z))', re.DOTALL
)
_LINK_FIELD = late_pattern(r"(?P<head>[?&](?P<name>[\w-]+)=)(?P<value>[^\s&#\"'<>\\]+)")
_FORM = late_pattern(r"[\w.%+-]+=[^\s&]*(&[\w.%+-]+=[^\s&]*)*")


class SecretFields(dict[str, str]):
    """The placeholders of secret fields by their names, which are in lower case."""

    @cached_property
    def _parts(self) -> list[str]:
        """The names but those that another one is a part of."""
        return [name for name in self if not any(o in name for o in self if o != name)]

    @cached_property
    def _as_key(self) -> re.Pattern[str]:
        return re.compile(rf"""(?:{"|".join(map(re.escape, self))})["'\\:=\s]""")

    def may_be_in(self, text: str) -> bool:
        """Whether JSON or a form may have one of the fields, at any depth, also JSON in JSON."""
        lowered = text.lower()
        if "\\u" in lowered:
            return True
        for part in self._parts:
            if part in lowered:
                return self._as_key.search(lowered) is not None
        return False


class FieldScrubber:
    """Replaces what stands at the names of secret fields, and leaves all else as it is."""

    def __init__(self, registry: SecretRegistry, replace: Callable[[str, str], str]) -> None:
        """``replace`` gives what is put there, by the placeholder of the place and the value."""
        self._registry = registry
        self._replace = replace

    def replaced_in_body(self, text: str, content_type: str, fields: SecretFields) -> str:
        """The text of a body with what stands at the fields replaced."""
        if "multipart/" in content_type:
            return self._multipart(text, content_type, fields)
        if "json" in content_type or text.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
            return self._json(text, fields)
        # Not every client names the type of a form, or the right one.
        if "form-urlencoded" in content_type or _FORM.fullmatch(text):
            if "%" not in text and not fields.may_be_in(text):
                return text
            pairs = parse_qsl(text, keep_blank_values=True)
            scrubbed = self.replaced_in_pairs(pairs, fields)
            return urlencode(scrubbed) if scrubbed != pairs else text
        return text

    def _json(self, text: str, fields: SecretFields) -> str:
        if self._registry.has_numbers:
            text = self._numbers(text)
        if not fields.may_be_in(text):
            return text
        return self._json_in_pieces(text, fields)

    def _json_string(self, node: Any, fields: SecretFields) -> Any:
        if not isinstance(node, str):
            return node
        if node.lstrip().startswith(("{", "[")):  # JSON in JSON
            node = self._json(node, fields)
        return self.replaced_in_links(node, fields)

    def _numbers(self, text: str) -> str:
        """JSON with the numbers that are secrets replaced by strings, so that it stays JSON."""

        def quoted(match: re.Match[str]) -> str:
            number = match.group("number")
            if number is None or self._registry.find(number) is None:
                return match.group(0)
            return f'"{self._registry.hide(number)}"'

        return _NUMBER.sub(quoted, text)

    def _json_in_pieces(self, text: str, fields: SecretFields) -> str:
        """JSON token by token: all else stays as it is, and it may be cut off, or several texts.

        Whatever lies below the name of a secret is secret.
        """
        out: list[str] = []
        places: list[str | None] = []  # of what encloses it
        place: str | None = None
        string = ""  # the latest, perhaps a key
        position = 0
        for match in _JSON_TOKEN.finditer(text):
            written = match.group(0)
            if written == ":":
                key = _json_text(string)
                outer = places[-1] if places else None
                place = fields.get(key.lower(), outer)
            elif written in ("{", "["):
                places.append(place)
            elif written in ("}", "]"):
                if places:
                    places.pop()
                place = places[-1] if places else None
            elif written == ",":
                place = places[-1] if places else None
            else:
                string = written
                if _NEXT_IS_COLON.match(text, match.end()):
                    continue
                new = self._json_value(written, place, fields)
                if new != written:
                    out += (text[position : match.start()], new)
                    position = match.end()
        return "".join([*out, text[position:]])

    def _json_value(self, written: str, place: str | None, fields: SecretFields) -> str:
        is_string = written.startswith('"')
        if place is None and not (is_string and "\\" in written):
            return written  # as most
        value = _json_text(written)
        if place is not None and value and (is_string or written not in ("true", "false", "null")):
            new = self._replace(place, value)
        elif is_string and "\\" in written:
            new = self._json_string(value, fields)
        else:
            return written
        if new == value:
            return written
        # What was cut off stays cut off.
        end = '"' if not is_string or (len(written) > 1 and written.endswith('"')) else ""
        return json.dumps(new)[:-1] + end

    def _multipart(self, text: str, content_type: str, fields: SecretFields) -> str:
        """The fields of a multipart body, each by its name."""
        from pytest_bill.multipart import boundary_in

        # Not by ``multipart_in``: a form that is damaged, or in another charset, has secrets, too.
        delimiter = f"--{boundary_in(content_type) or ''}"
        if delimiter == "--" or delimiter.lower() not in text.lower():
            # Declared wrongly, or not at all: what the body begins with.
            delimiter = text.lstrip().partition("\n")[0].strip()
            if not delimiter.startswith("--"):
                return text
        parts = re.split(f"({re.escape(delimiter)})", text, flags=re.IGNORECASE)
        return "".join(
            part if index % 2 or not index else self._part(part, fields)
            for index, part in enumerate(parts)
        )

    def _part(self, part: str, fields: SecretFields) -> str:
        found = _BLANK_LINE.search(part)
        if found is None:
            return part
        head, between, content = part[: found.start()], found[0], part[found.end() :]
        body = content.rstrip("\r\n")
        end = content[len(body) :]
        name = _PART_NAME.search(head)
        place = fields.get(name.group(1).lower()) if name else None
        if place is not None and body:
            body = self._replace(place, body)
        elif body.lstrip().startswith(("{", "[")):
            body = self._json(body, fields)
        return head + between + body + end

    def replaced_in_links(self, text: str, fields: SecretFields) -> str:
        """A text with the secret query parameters of the links in it replaced."""
        if "=" not in text:
            return text

        def with_value(match: re.Match[str]) -> str:
            place = fields.get(match.group("name").lower())
            value = match.group("value")
            if place is not None:
                # As whoever follows the link reads it.
                value = self._replace(place, unquote(value))
            elif value.lstrip().startswith(("{", "[")):
                value = self._json(value, fields)
            return match.group("head") + value

        return _LINK_FIELD.sub(with_value, text)

    def replaced_in_pairs(
        self, pairs: list[tuple[str, str]], fields: SecretFields
    ) -> list[tuple[str, str]]:
        """The pairs of a query or a form, their values replaced."""
        scrubbed: list[tuple[str, str]] = []
        for name, value in pairs:
            place = fields.get(name.lower())
            if place is not None:
                scrubbed.append((name, self._replace(place, value)))
            elif value.lstrip().startswith(("{", "[")):  # the v2 API's data={json}
                scrubbed.append((name, self._json(value, fields)))
            else:
                scrubbed.append((name, value))
        return scrubbed


def _json_text(written: str) -> str:
    """What a token of JSON stands for, as text."""
    if not written.startswith('"'):
        return written
    if "\\" not in written:
        return written.strip('"')
    closed = written if len(written) > 1 and written.endswith('"') else written + '"'
    try:
        return str(json.loads(closed, strict=False))
    except ValueError:
        return written.strip('"')

"""Finding secrets by their names in any text: JSON, forms, XML, HTML, scripts, streams, links.

What is looked for is a name that reads as a secret's, and what the grammars put beside it: ``:`` or
``=`` and a value, an attribute or the content of an element, ``name`` and ``value`` of a hidden
field, of a part of a form or of a pair in JSON. So one reading serves all of them, also cut off,
one within another, or in a language that nobody thought of. It works in a time that is linear in
the text, which the parsers of HTML do not promise, and gives values only: they are replaced
wherever they stand, and all else stays as it is.
"""

from __future__ import annotations

import base64
import binascii
import csv
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from pytest_bill.patterns import late_pattern
from pytest_bill.scrubbing.packed_texts import packed_texts_in
from pytest_bill.scrubbing.search.budget import Budget
from pytest_bill.scrubbing.secret_names import (
    STEMS,
    Reads,
    is_dense,
    is_secret,
    may_name,
    placeholder_of,
    reading_of,
    without_scheme,
)

Named = tuple[str, str]
"""The placeholder, less its prefix, and the value."""

_MOST_VIEWS = 6
_MOST_BASE64 = 3
_ENCODED = late_pattern(rb"\\[\"ux]|%[2-7]|&(?:#|quot|amp|apos)")
_WORDS_ONLY = bytes(
    byte if byte < 128 and (chr(byte).isalnum() or byte in b"_.$-") else 32 for byte in range(256)
)
_BASE64_ONLY = bytes(
    65 if byte < 128 and (chr(byte).isalnum() or byte in b"+/_-") else 32 for byte in range(256)
)
_LONG = b"A" * 24


def may_hold_secrets(data: bytes) -> bool:
    """Whether data may hold anything that ``secrets_in`` finds: most bodies do not.

    Of a long body the words are looked at, each once: names come again in record after record.
    """
    if b"=" in data or _ENCODED.search(data) or b"\0" in data[:4]:
        return True
    words = set(data.translate(_WORDS_ONLY).split())
    joined = b" ".join(words).lower()
    for stem in STEMS:
        if stem in joined and any(_names_a_secret(word) for word in words if stem in word.lower()):
            return True
    return _LONG in data.translate(_BASE64_ONLY)


def _names_a_secret(word: bytes) -> bool:
    return reading_of(word.decode()) is not Reads.NOTHING


def secrets_in(text: str, *, handed_out: bool = True) -> Iterator[Named]:
    """The secrets that stand at names which read so, in order, some of them several times.

    In what was ``handed_out`` also those of links, of whose parameters is known only that they are
    dense.
    """
    for view in _Views(Budget(len(text))).of(text, _MOST_BASE64):
        if may_name(view.lower()):
            yield from _beside_names(view)
            yield from _in_brackets(view)
            yield from _in_elements(view)
            yield from _in_columns(view)
        if "=" in view:
            yield from _in_links(view, handed_out)


# --- views -----------------------------------------------------------------------------------


_BASE64 = late_pattern(r"[A-Za-z0-9+/_-]{24,}+(?:\r?\n[A-Za-z0-9+/_-]++)*+={0,2}")
_TO_STANDARD = str.maketrans("-_", "+/")


class _Views:
    """The text, and the text with its escapes undone, again and again; what base64 holds, too."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._done: set[str] = set()

    def of(self, text: str, base64_depth: int) -> Iterator[str]:
        for _ in range(_MOST_VIEWS):
            yield text
            if base64_depth:
                for plain in self._decoded(text):
                    yield from self.of(plain, base64_depth - 1)
            plain = _unescaped(text)
            if plain == text:
                return
            text = plain

    def _decoded(self, text: str) -> Iterator[str]:
        """What is text in base64, or is packed there; each run once."""
        for match in _BASE64.finditer(text):
            if match[0] in self._done:
                continue
            self._done.add(match[0])
            written = re.sub(r"\s", "", match[0]).rstrip("=").translate(_TO_STANDARD)
            try:
                data = base64.b64decode(written + "=" * (-len(written) % 4))
            except binascii.Error:
                continue
            try:
                plain = data.decode("utf-8")
            except UnicodeDecodeError:
                yield from packed_texts_in(data, self._budget)
                continue
            # Else it is no more than a secret itself.
            if "=" in plain or ":" in plain or "<" in plain:
                yield plain


_ESCAPE = late_pattern(r'\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(["\'\\/]))')
_REFERENCE = late_pattern(r"&(?:(amp|quot|apos|lt|gt)|#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6}));")
_NAMED_REFERENCE = {"amp": "&", "quot": '"', "apos": "'", "lt": "<", "gt": ">"}


def _unescaped(text: str) -> str:
    if "\\" in text:
        text = _ESCAPE.sub(lambda m: m[3] or chr(int(m[1] or m[2], 16)), text)
    if "&" in text:
        text = _REFERENCE.sub(_character_of_reference, text)
    return unquote(text) if "%" in text else text


def _character_of_reference(match: re.Match[str]) -> str:
    if match[1]:
        return _NAMED_REFERENCE[match[1]]
    number = int(match[2] or match[3], 10 if match[2] else 16)
    return chr(number) if 0 < number < 0xD800 else match[0]


# --- names and values ------------------------------------------------------------------------

_VALUE = (
    r'(?:b?"(?P<double>(?:[^"\\]|\\.)*+)"|b?\'(?P<single>(?:[^\'\\]|\\.)*+)\''
    r"|`(?P<back>[^`\\]*+)`|[\"'](?P<cut>[^\s\"'\\]++)\Z"
    r"|(?i:(?:bearer|basic|digest|token|negotiate)\s+)?"
    r"(?P<bare>[^\s\"'&;,<>(){}\[\]\\|`?#]++)|(?P<inner>[\[{]))"
)
_AFTER_NAME = r"""["'`]?\]?\s{0,20}(?:=>|[:=])(?![:=])\s{0,20}(?:data:\s{0,5})?"""
_BESIDE = late_pattern(rf"(?<![\w.$-])(?P<name>[A-Za-z_$@][\w.$-]*+){_AFTER_NAME}(?=\S)", re.ASCII)
_ONE_VALUE = late_pattern(_VALUE, re.DOTALL)
# As in setItem("name", "value"), or in a list of headers.
_IN_BRACKETS = late_pattern(
    r"""[(\[]\s{0,5}b?["'](?P<name>[\w.$-]{1,80})["']\s{0,5},\s{0,5}"""
    rf"""(?=b?["']){_VALUE}\s{{0,5}}[)\]]""",
    re.DOTALL,
)
_SAYS_NAME = frozenset({"name", "key", "id", "field", "header", "property", "data-name"})
_SAYS_VALUE = late_pattern(
    rf"""(?<![\w.$-])["']?(?:value|content|data|text)["']?\s{{0,5}}[:=]\s{{0,5}}{_VALUE}""",
    re.DOTALL,
)
_STRING = late_pattern(r'"(?P<text>(?:[^"\\]|\\.)*+)"(?P<is_key>\s{0,20}:)?', re.DOTALL)
_WITHIN = frozenset(
    {"id", "value", "values", "token", "data", "text", "content", "#text", "$", "_", "raw"}
)
_REACH = 2000
_AROUND = 200
_END = {"{": late_pattern(r"[{}]"), "[": late_pattern(r"[\[\]]")}


def _beside_names(text: str) -> Iterator[Named]:
    match = _BESIDE.search(text)
    while match is not None:
        name, end = match["name"], match.end()
        if name.lower() in _SAYS_NAME:
            yield from _of_a_pair(text, match)
        how = reading_of(name)
        found = None if how is Reads.NOTHING else _ONE_VALUE.match(text, end)
        if found is not None and found["inner"]:
            yield from _within_value(name, how, text, found)
        elif found is not None:
            value = _value_of(found)
            if text[match.start() - 1 : match.start()] == ";":  # a parameter of a path
                value = value.partition("/")[0]
            yield from _if_secret(name, how, value)
            # What is in it is not looked at again and again.
            end = found.end() if found["bare"] else end
        match = _BESIDE.search(text, end)


def _in_brackets(text: str) -> Iterator[Named]:
    for match in _IN_BRACKETS.finditer(text):
        how = reading_of(match["name"])
        # A list of words about passwords is more likely.
        if how is Reads.TOKEN:
            yield from _if_secret(match["name"], how, _value_of(match))


_WAYS = ("double", "single", "back", "cut")


def _value_of(found: re.Match[str]) -> str:
    quoted = next((found[way] for way in _WAYS if found[way] is not None), None)
    return found["bare"].rstrip(".:") if quoted is None else quoted


def _if_secret(name: str, how: Reads, value: str) -> Iterator[Named]:
    value = without_scheme(_plain_value(value))
    if is_secret(how, value):
        yield placeholder_of(name), value


def _plain_value(value: str) -> str:
    """A value without the escapes of its grammar, and of those around it."""
    for _ in range(_MOST_VIEWS):
        plain = _unescaped(value)
        if plain == value:
            break
        value = plain
    return value.strip()


def _within_value(name: str, how: Reads, text: str, found: re.Match[str]) -> Iterator[Named]:
    """What a list of secrets, or an object that is one, holds."""
    start = found.end()
    end = _END[found["inner"]].search(text, start, start + _REACH)
    key = "" if found["inner"] == "[" else None
    for each in _STRING.finditer(text, start, end.start() if end else start + _REACH):
        if each["is_key"]:
            key = each["text"]
        elif key == "" or key in _WITHIN:
            yield from _if_secret(name, how, each["text"])


_ENDS_PAIR = late_pattern(r"[<>{}]")
_CONTENT = late_pattern(
    r"[^<>\n]{0,300}+>\s*(?:<!\[CDATA\[)?(?P<element>[^<\]]++)"
    r"|[^\r\n]{0,300}+\r?\n(?:[\w-]+:[^\n]*+\n)*+\r?\n(?P<part>[^\r\n]++)"
)


def _of_a_pair(text: str, match: re.Match[str]) -> Iterator[Named]:
    """The value beside a name that is a value itself: of a hidden field, of a part, in a list."""
    named = _ONE_VALUE.match(text, match.end())
    if named is None or named["inner"]:
        return
    name = _value_of(named)
    how = reading_of(name)
    if how is Reads.NOTHING:
        return
    start = max(0, match.start() - _AROUND)
    start = max(start, *(text.rfind(sign, start, match.start()) + 1 for sign in "<>{}"))
    after = _ENDS_PAIR.search(text, named.end(), named.end() + _AROUND)
    end = after.start() if after else named.end() + _AROUND
    for region in ((named.end(), end), (start, match.start())):
        value = _SAYS_VALUE.search(text, *region)
        if value is not None and not value["inner"]:
            yield from _if_secret(name, how, _value_of(value))
            return
    content = _CONTENT.match(text, named.end(), named.end() + _REACH * 8)
    if content is not None:
        yield from _if_secret(name, how, content["element"] or content["part"])


# --- elements --------------------------------------------------------------------------------

_ELEMENT = late_pattern(
    r"<(?:[\w-]+:)?(?P<name>[\w.-]+)(?:\s[^<>]*+)?>\s*(?:<!\[CDATA\[)?(?P<value>[^<>\]]++)"
)
_NAMED_BEFORE = late_pattern(r"\s*(?:\]\]>)?</[^<>]{1,80}>\s*<[^<>/]{1,80}>([^<>]++)")


def _in_elements(text: str) -> Iterator[Named]:
    if "<" not in text:
        return
    for match in _ELEMENT.finditer(text):
        name, value = match["name"], match["value"]
        how = reading_of(name)
        if how is not Reads.NOTHING:
            yield from _if_secret(name, how, value)
        if name.lower() in _SAYS_NAME and (how := reading_of(value.strip())) is not Reads.NOTHING:
            beside = _NAMED_BEFORE.match(text, match.end())
            if beside is not None:
                yield from _if_secret(value.strip(), how, beside[1])


# --- tables ----------------------------------------------------------------------------------

_LONGEST_HEAD = 4096
_DELIMITERS = ",;\t|"


def _in_columns(text: str) -> Iterator[Named]:
    """The values below the names of columns, as CSV has them."""
    head, line_break, _ = text[:_LONGEST_HEAD].partition("\n")
    if not line_break or not may_name(head.lower()):
        return
    for delimiter in _DELIMITERS:
        if delimiter in head:
            rows = csv.reader(text.splitlines(), delimiter=delimiter)
            try:
                yield from _below_names(next(rows), rows)
            except csv.Error:  # no table
                continue


def _below_names(head: list[str], rows: Iterable[list[str]]) -> Iterator[Named]:
    columns = [
        (at, name.strip(), how)
        for at, name in enumerate(head)
        if (how := reading_of(name.strip())) is not Reads.NOTHING
    ]
    for row in rows if columns else ():
        for at, name, how in columns:
            if at < len(row):
                yield from _if_secret(name, how, row[at])


# --- links -----------------------------------------------------------------------------------

_PARAMETER = late_pattern(
    r"(?P<sign>[?&#;])(?P<name>[A-Za-z][\w.$-]*+)=(?P<value>[^\s&#;\"'<>\\]++)"
)
_SIGNED = {
    name: placeholder
    for placeholder, names in {
        # Amazon S3 (versions 2 and 4) and CloudFront, Google, Azure, Alibaba, Tencent, Huawei.
        "URL_SIGNATURE": "signature x-amz-signature x-goog-signature sig x-oss-signature "
        "q-signature sign hmac x-obs-signature",
        "URL_CREDENTIAL": "awsaccesskeyid x-amz-credential x-goog-credential googleaccessid "
        "ossaccesskeyid x-oss-credential q-ak accesskeyid key-pair-id",
        "URL_TOKEN": "x-amz-security-token x-oss-security-token security-token "
        "x-cos-security-token x-obs-security-token policy",
    }.items()
    for name in names.split()
}
"""What a signed link of a storage service is good by."""
_CURSORS = (
    "cursor page nextpage next prev previous start startingafter offset filters filter sort query "
    "search q url uri redirect_uri redirect return to next_url href link ref id ids fields "
    "response-content-disposition response-content-type x-amz-signedheaders state"
)
_NO_SECRETS = frozenset(_CURSORS.split())
_STARTS = late_pattern(r"(?!https?:)[\w+/=.~-]")


def _in_links(text: str, handed_out: bool) -> Iterator[Named]:
    links = _Links(text)
    for match in _PARAMETER.finditer(text):
        name = match["name"].lower()
        placeholder = _SIGNED.get(name, "")
        if not placeholder and (not handed_out or name in _NO_SECRETS):
            continue
        value = _plain_value(match["value"])
        if placeholder:
            if len(value) >= 8 and "PLACEHOLDER_" not in value and _STARTS.match(value):
                yield placeholder, value
        elif reading_of(name) is Reads.NOTHING and is_dense(value) and match.start() in links:
            yield "URL_TOKEN", value


_ADDRESS = late_pattern(r"(?i)https?://[^\s\"'<>\\]++")


class _Links:
    """Where whole addresses stand in a text: a form has parameters, too, and is no link."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._spans: list[tuple[int, int]] | None = None

    def __contains__(self, place: int) -> bool:
        if self._spans is None:
            self._spans = [match.span() for match in _ADDRESS.finditer(self._text)]
        at = bisect_right(self._spans, place, key=lambda span: span[0]) - 1
        return at >= 0 and place < self._spans[at][1]

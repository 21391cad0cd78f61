"""What stands at BILL's own names in a text of any kind, by the ways that languages write it.

A text is searched for the few stems that all names share; what is around each is then read with
bounded expressions, so the work grows with the names and not with the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote_plus

from pytest_bill.patterns import late_pattern
from pytest_bill.scan import rules, value_checks
from pytest_bill.scan.bill_names import stems_in
from pytest_bill.scan.columns import values_in_columns
from pytest_bill.scan.file_styles import Style, style_of
from pytest_bill.scan.findings import Rule
from pytest_bill.scan.quoting import (
    before_quote,
    cell_at,
    open_quote_in,
    shell_word,
    until_quote_closes,
    without_brackets_behind,
)


class Named(NamedTuple):
    """A value at a name: where the name begins, its rule, and the value."""

    start: int
    name: str
    rule: Rule
    value: str

    def __repr__(self) -> str:
        return f"<Named at {self.start}>"


_CLOSED = late_pattern(
    r"""(?P<quote>\\{0,3}["'`]|%22|&quot;|&\#34;)?[ \t]{0,2}[)\]}]{0,2}\*{0,2}`?"""
    r"""(?:\?(?![?=])|!(?!=))?"""
)
_TYPE = late_pattern(
    r"""[ \t]{0,3}:[ \t]{0,3}&?(?:'\w{1,10}\s)?[\w.]{1,40}(?:[\[<][\w\[\], .|<>]{0,40}[\]>])?"""
    r"""(?:\s?\|\s?\w{1,12}){0,2}(?=\s{0,3}=[^=>\r\n])|\s(?:string|String)(?=\s{0,2}:?=)"""
)
_OPERATOR = late_pattern(
    r"""\s{0,40}(?P<op>=>|::?=|\?=|\+=|={1,3}|!==?|<-|->|\|\|=?|\?\?=?|\b(?:or|to)\b|<<<|%3[Dd]|%3[Aa]|"""
    r""":(?!:)|,|>|\|)"""
)
_OPEN = late_pattern(
    r"""[ \t]{0,40}(?:\\?\r?\n[ \t]{0,60})?(?:(?:\(|\[)\s{0,60})?"""
    r"""(?:(?:new\s)?(?:SecretStr|Secret|Secret\.of|SecureString|String|String::from|std::string|"""
    r"""str|bytes|Some|Optional\.of|Buffer\.from|b64encode|quote(?:_plus)?|Field|(?:\w{1,20}\.)?"""
    r"""(?:env|getenv|default))\s?\(\s{0,40}(?:default\s?=\s?)?){0,2}"""
    r"""(?:!!str\s|&\w{1,30}\s)?[bBrRfFuUL$@]{0,2}(?P<quote>\\{0,7}(?:\"\"\"|'''|["'`])|%22|&quot;|&\#34;)"""
)
_BLOCK = late_pattern(
    r"[ \t]{0,4}[|>][+-]?\d?[+-]?[ \t]{0,4}\r?\n[ \t]{1,60}(?P<value>[^\r\n]{1,400})"
)
_BARE = late_pattern(r"[ \t]{0,40}(?P<value>[^\r\n]{0,400})")

_TAGS = late_pattern(
    r"\s{0,3}(?:</[\w:]{1,20}>\s{0,40}){1,3}<[\w:]{1,20}(?: [^<>]{0,80})?>\s{0,40}"
    r"(?P<value>[^<\r\n]{1,400})"
)
_IN_TAGS = late_pattern(
    r"[\"']?(?: [^<>]{0,120})?>\s{0,40}(?:<!\[CDATA\[)?(?P<value>[^<\r\n\]]{1,400})"
)

_NAME_OF_PAIR = late_pattern(
    r"""(?:(?:\b|[a-z])(?:name|key|id|variable|header|field|parameter)\\{0,3}["']?\s{0,3}(?:[:=]|=>)\s{0,3}\\{0,3}["']?)(?:/[\w/-]{0,80}/)?\Z""",
    re.IGNORECASE,
)
_NEAR = 140
_QUOTES = frozenset("\"'")
_BEFORE_ELEMENT = frozenset("<:\"'")
_BEFORE_OPTION = frozenset("-: \t")
"""What is last before a name, where an expression for what is before it is worth its time."""
_BEFORE_NAME_OF_PAIR = frozenset("\"':=>/")
_VALUE_OF_PAIR = late_pattern(
    r"""[^{}\[\]]{0,200}?[\s,;"'{\\](?:[A-Za-z]{0,20})value\\{0,3}["']?\s{0,3}(?:[:=]|=>)(?=\s{0,3}[^\s])""",
    re.IGNORECASE,
)
_VALUE_BEFORE = late_pattern(
    r"""[\s,{"'\\](?:value)\\{0,3}["']?\s{0,3}[:=]\s{0,3}(?P<quote>\\{0,3}["'])?(?P<value>(?:[^"'\r\n{}\\]|\\u\w{4}){1,400}?)(?(quote)(?P=quote))"""
    r"""\s{0,3},?\s{0,60}\\{0,3}["']?(?:name|key)\\{0,3}["']?\s{0,3}[:=]\s{0,3}\\{0,3}["']?\Z""",
    re.IGNORECASE,
)
_DECLARED = late_pattern(r"""\b(?:variable|resource|parameter|param)\b[^\n{]{0,60}["']\Z""")
_DEFAULT = late_pattern(r"""["'][ \t]{0,3}\{[^{}]{0,300}?\b(?:default|value)\s{0,10}=""")
_BY_SPACE = late_pattern(
    r"""(?:(?:\A|\s|["'])--|[\s({\[]:|\#define\s{1,9}|\b(?i:ENV|setenv)\s{1,3}|"""
    r"""\b(?:fastcgi_param|uwsgi_param|proxy_set_header|add_header)\s{1,9}|"""
    r"""\bmachine\s{1,9}\S{0,60}bill\.com\s{1,9}(?:login\s{1,9}\S{1,80}\s{1,9})?|\bsetenv\s{1,3}|\bsetx\s{1,3}|\bset\s{1,3}-\w+\s{1,3})\Z"""
)
_WORD_BEHIND = late_pattern(
    r"""["']?,?[ \t]{1,3}(?P<value>"[^"\n]{1,400}"|'[^'\n]{1,400}'|"""
    r"""[^\s"'\\-](?:[^\s"'\\]|\\.){0,400})(?P<more>[ \t]+[^-\s|&;\\#>])?"""
)
_BODY_BEHIND = late_pattern(
    r"""["']?[ \t]{1,3}(?:--body|-b|--value|--secret-string)[ =]?"""
    r"""(?P<value>"[^"\n]{1,400}"|'[^'\n]{1,400}'|\S{1,400})"""
)
_PAIR_CALL = late_pattern(
    r"""(?:env|header|headers|set|add|put|append|default|get|fetch|param|field|with|cookie|environ|"""
    r"""property|variable|secret|insert|replace|store|write|save|pair|entry|tuple|of)\w{0,20}!?\(\s{0,40}[bru]?["'`]\Z""",
    re.IGNORECASE,
)
_PAIR_OF_TWO = late_pattern(r"""[(\[]\s{0,20}[bru]?\\{0,3}["'`]\Z""")
_DEFAULT_ARGUMENT = late_pattern(r"""["']\s{0,3},[^()\n]{0,200}?\bdefault\s?=""")
_SURE_BEHIND = late_pattern(r"""[\s:=\[\](<"'`|]{1,4}(?P<value>[\w-]{20,100})(?![\w(.])""")
_IN_WORDS = late_pattern(
    r"(?:'s)? (?:\w{1,20} )?(?:password|dev key|developer key|api token|app key|session id|"
    r"username)\b",
    re.IGNORECASE,
)
_COMMENT = late_pattern(r"\s*(?:#|//|/?\*|--|;|<!--|REM\b|rem\b)")
_ASSIGNED_LINE = late_pattern(
    r"\s{0,20}(?:export\s|set\s|ENV\s|ARG\s|-\s|#\s?|//\s?)?\s{0,10}[\"']?\Z"
)
_NEXT_OF_FORM = late_pattern(r"&(?:amp;)?[\w.%\[\]-]{1,60}=|&(?:amp;)?\w{0,20}\Z")
_NEXT_OF_COOKIE = late_pattern(r";\s?[\w-]{1,40}(?:=|\Z)")
_NEXT_OF_MAP = late_pattern(r"""[,;]\s{0,3}[\\"'{]{0,3}[\w. -]{1,40}["']?\s{0,2}[:=]""")
_END_COMMENT = late_pattern(r"\s[#;](?:\s|\Z).*|\s//\s.*|\s(?:-->|\*/).*")


def values_at_names(text: str, file: str = "") -> Iterator[Named]:
    """The secrets at BILL's own names in a text, and at shared names beside those."""
    lowered = _lowered(text)
    stems = stems_in(lowered)
    if stems is None:
        return
    style = style_of(file)
    seen = -1
    for match in stems.finditer(lowered):
        if match.start() < seen:
            continue
        place = _Place(text, match.start(), style)
        seen = place.end
        rule = place.rule
        if rule is not None:
            value = place.secret(rule)
            if value:
                yield Named(place.start, place.name, rule, value)
    if style is Style.TABLE or style is Style.TEXT:
        for each in values_in_columns(text):
            yield Named(*each)


def _lowered(text: str) -> str:
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(each.lower() if each.isascii() else each for each in text)


_AROUND = late_pattern(r"[\w-]{0,60}")
_BEFORE = late_pattern(r"[\w.-]{1,60}\Z")
_ESCAPE_IN_FRONT = late_pattern(r"\\u[0-9a-fA-F]{4}|\\[nrtbf]|%[0-9A-Fa-f]{2}")
_PARTS = late_pattern(r"(?:\.[A-Za-z][\w-]{1,40}){1,4}")
_KEY = late_pattern(r" key\b", re.IGNORECASE)
_DEVELOPERS = frozenset({"dev", "developer"})
_WORDS_FOR_BILL = frozenset({"bill", "billcom", "bill-com", "bill_com"})
_WINDOW = 300
_MARKS = late_pattern(r"(?:[ \t]{1,4}(?:!!str|&[\w-]{1,40}))?(?=[ \t]|$)|")
_IS_FIRST = late_pattern(r"""\\{0,3}["'`]\s{0,20},""")
_BEFORE_BARE = frozenset({"=", ":", ":=", "::=", "?=", "+=", "=>", "%3D", "%3d", "%3A", "%3a"})
_BILL = late_pattern(r"\bbill(?:com)?\b|bill[-_.]", re.IGNORECASE)
_BESIDE = late_pattern(
    r"dev_?-?key|org(?:anization)?_?-?id\b|[\b./@]bill\.com|/connect/v3|\bBILL_[A-Z]|remember_?me|"
    r"Login\.json|^\s*[\"']?bill(?:_?com|\.com)?[\"']?\s*[:=]\s*\{?\s*$|\[[\w.-]*\bbill[\w.-]*\]|"
    r"[\"']bill(?:_?com|\.com)?[\"']\s*[:=]\s*[{(]|\bbill\s?=\s?(?:dict\(|\{)",
    re.IGNORECASE | re.MULTILINE,
)
_SIGN_IN = late_pattern(r"dev_?-?key|app_?-?key", re.IGNORECASE)
_ELEMENT = late_pattern(r"<(?:[\w-]{1,20}:)?\Z|<[\w:.-]{1,40}\s[^<>]{0,120}=\s?[\"']\Z")
_SHELL_DEFAULT = late_pattern(r"(?P<op>:?[-=+])(?P<value>[^{}\r\n]{1,400})\}")
_CELL = late_pattern(r"(?P<value>[^|\r\n]{1,200})\|")
_NAME_LIKE = late_pattern(r"[A-Za-z]+(?:[_-][A-Za-z]+)+|[a-z]+(?:[A-Z][a-z]+)+")
_HEADER = late_pattern(r"(?:-H|--header|headers?[:=]?|>|<|^)\s{0,3}[\"']\Z")


class _Place:
    """A name in a text and what is around it."""

    def __init__(self, text: str, stem: int, style: Style) -> None:
        self._text = text
        self._style = style
        self.start, self.qualified = _beginning_of_name(text, stem)
        around = _AROUND.match(text, stem)
        self.end = around.end() if around else stem
        self.name = text[self.start : self.end]
        self._first = self.start - len(self.qualified)
        self.in_words = False
        is_bill = self.name.lower() in _WORDS_FOR_BILL
        in_words = _IN_WORDS if is_bill else _KEY if self.name.lower() in _DEVELOPERS else None
        words = in_words.match(text, self.end) if in_words else None
        if words:
            self.end, self.in_words = words.end(), True
            self.name = text[self.start : self.end]
        parts = _PARTS.match(text, self.end) if is_bill and not words else None
        if parts:  # ``bill.dev-key`` of a properties file
            self.end = parts.end()
            self.qualified, _, self.name = text[self._first : self.end].rpartition(".")
            self.qualified += "."
            self.start = self.end - len(self.name)

    @property
    def rule(self) -> Rule | None:
        """The rule of the name, if it is BILL's own or stands beside such a one."""
        rule = rules.by_own_name(self.name)
        if rule is None and _BILL.search(self.qualified):
            rule = rules.by_own_name(f"{self.qualified}{self.name}")
        if rule is not None:
            return rule
        rule = rules.by_shared_name(self.name)
        beside = _SIGN_IN if rule is not None and rule.id == "bill-username" else _BESIDE
        return rule if rule is not None and self._is_beside(beside) else None

    def secret(self, rule: Rule) -> str:
        """The secret value of the name; empty where there is none."""
        for value in self._values():
            is_prose = self.in_words and not (
                value_checks.looks_chosen(value) or value_checks.is_machine_made(value)
            )
            if value and not is_prose and value_checks.is_secret_value(rule, value):
                return value
        return ""

    def _is_beside(self, names: re.Pattern[str]) -> bool:
        before = self._text[max(0, self.start - _WINDOW) : self.start].rpartition("\n\n")[2]
        after = self._text[self.end : self.end + _WINDOW].partition("\n\n")[0]
        return bool(names.search(before) or names.search(after))

    @property
    def _before(self) -> str:
        """What is on the line before the name, and not too far away."""
        begin = self._text.rfind("\n", max(0, self._first - _WINDOW), self._first) + 1
        return self._text[max(begin, self._first - _WINDOW) : self._first]

    def _values(self) -> Iterator[str]:
        text, before = self._text, self._before
        closed = _CLOSED.match(text, self.end)
        end = closed.end() if closed else self.end
        wide = text[max(0, self._first - _WINDOW) : self._first]
        last = before[-1:]
        if wide.rstrip()[-1:] in _BEFORE_NAME_OF_PAIR and _NAME_OF_PAIR.search(wide[-_NEAR:]):
            yield from self._of_pair(wide)
        if last in _QUOTES and _DECLARED.search(before[-_NEAR:]):
            found = _DEFAULT.match(text, self.end)
            if found:
                yield from self._behind("=", found.end(), before)
        tags = _TAGS.match(text, self.end)
        if tags and (before.rstrip().endswith(">") or before.endswith(("<", "</"))):
            yield from self._of_cell(tags["value"])
        if (
            last in _BEFORE_ELEMENT
            and _ELEMENT.search(before)
            and (tag := _IN_TAGS.match(text, self.end))
        ):
            yield tag["value"].strip()
        if last in _BEFORE_OPTION and _BY_SPACE.search(before):
            yield from self._by_space()
        if body := _BODY_BEHIND.match(text, self.end):
            yield body["value"].strip("\"'")
        if quoted_default := _DEFAULT_ARGUMENT.match(text, self.end):
            yield from self._behind("=", quoted_default.end(), before)
        if (sure := _SURE_BEHIND.match(text, self.end)) and value_checks.is_machine_made(
            sure["value"]
        ):
            yield sure["value"]
        typed = _TYPE.match(text, end)
        if typed:
            end = typed.end()
        if before.endswith("${") and (default := _SHELL_DEFAULT.match(text, self.end)):
            yield default["value"].strip("\"'")
            return
        operator = _OPERATOR.match(text, end)
        if operator is None:
            return
        if operator["op"] == ":" and text[max(0, self.start - 2) : self.start] == "${":
            return  # ``${NAME:?message}``
        op, quoted = operator["op"], bool(closed and closed["quote"])
        if op == "," and text[end - 1 : end] in (")", "]"):
            quoted = False
        if before.endswith("://"):
            return
        yield from self._behind(op, operator.end(), before, quoted=quoted)

    def _of_pair(self, wide: str) -> Iterator[str]:
        if found := _VALUE_BEFORE.search(wide):
            yield found["value"]
        if found := _VALUE_OF_PAIR.match(self._text, self.end):
            yield from self._behind(":", found.end(), "")

    def _of_cell(self, value: str) -> Iterator[str]:
        if value_checks.looks_chosen(value) or value_checks.is_machine_made(value):
            yield value.strip()

    def _by_space(self) -> Iterator[str]:
        found = _WORD_BEHIND.match(self._text, self.end)
        if found is None:
            return
        value = found["value"].strip("\"'")
        if value.endswith("="):
            return  # another argument
        if found["more"] and not (
            value_checks.looks_chosen(value) or value_checks.is_machine_made(value)
        ):
            return  # words about the option
        yield value

    def _behind(self, op: str, start: int, before: str, *, quoted: bool = False) -> Iterator[str]:
        """What stands behind an operator."""
        text = self._text
        if op in (">", "->") and not _ELEMENT.search(before):
            return
        if op == "|":
            cell = _CELL.match(text, start)
            if cell and before.lstrip().startswith("|"):
                yield from self._of_cell(cell["value"].strip(" `*"))
            return
        opened = _OPEN.match(text, start)
        if opened:
            value = until_quote_closes(text, opened.end(), opened["quote"])
            if "(" in opened.group(0) and _IS_FIRST.match(text, opened.end() + len(value)):
                return  # of several
            if op == ",":
                yield from self._of_list(value, quoted, opened.end())
            elif not (opened["quote"] == "`" and self._style is Style.SHELL):
                yield value
            return
        if op == ",":
            if self._style is Style.TABLE and not before.strip(" \"'"):
                yield cell_at(text, start)
            return
        block = _BLOCK.match(text, start) if op == ":" else None
        if block:
            yield block["value"].strip()
            return
        start = _MARKS.match(text, start).end()  # type: ignore[union-attr]
        bare = _BARE.match(text, start) if op in _BEFORE_BARE else None
        if bare:
            before = before.removesuffix('"').removesuffix("'") if quoted else before
            yield from self._bare(op, bare["value"], before)

    def _of_list(self, value: str, quoted: bool, start: int) -> Iterator[str]:
        """The second of two strings, where the first is the name of it."""
        if not quoted:
            return
        wide = self._text[max(0, self.start - 80) : self.start]
        if _PAIR_CALL.search(wide) or wide.endswith(("--", "-D")):
            yield value
            return
        behind = self._text[start + len(value) : start + len(value) + 20]
        is_pair = _PAIR_OF_TWO.search(wide) and re.match(r"""\\{0,3}["'`]\s{0,3}[)\]}]""", behind)
        if (
            value_checks.looks_chosen(value)
            or value_checks.is_machine_made(value)
            or (is_pair and not _NAME_LIKE.fullmatch(value))
        ):
            yield value

    def _bare(self, op: str, value: str, before: str) -> Iterator[str]:
        """A value that stands in no quotes of its own."""
        quote = open_quote_in(before)
        commented = bool(_COMMENT.match(before))
        if quote:
            value = before_quote(value, quote)
        is_form = op in ("=", "%3D", "%3d") and (
            before.endswith(("&", "?", "&amp;"))
            or (not self.name.isupper() and bool(_NEXT_OF_FORM.search(value)))
        )
        if is_form:
            value = _NEXT_OF_FORM.split(value, maxsplit=1)[0]
            value = unquote_plus(re.split(r"[\s\"'<>#]", value, maxsplit=1)[0])
            yield value
            return
        value = value.strip()
        if self._style is Style.CODE and not quote and not commented:
            if _ASSIGNED_LINE.fullmatch(before) and not value_checks.is_expression(value):
                first = value.split(None, 1)[0].rstrip(",;") if value else ""
                if value_checks.is_machine_made(first) or (
                    op == "="
                    and self.name.isupper()
                    and value_checks.looks_chosen(first)
                    and not value_checks.is_identifier(first)
                ):
                    yield first
            return
        yield from self._loose(op, value, before, quote, commented)

    def _loose(
        self, op: str, value: str, before: str, quote: str, commented: bool
    ) -> Iterator[str]:
        value = _END_COMMENT.sub("", value).strip() if not quote else value
        value = _NEXT_OF_COOKIE.split(value, maxsplit=1)[0]
        if op != "=" or quote or not _ASSIGNED_LINE.fullmatch(before):
            value = without_brackets_behind(_NEXT_OF_MAP.split(value, maxsplit=1)[0].rstrip(",; "))
        first = shell_word(value)
        if not first:
            return
        if self._style in (Style.TEXT, Style.CODE) or commented or quote:
            if value_checks.is_expression(value) or value_checks.is_expression(first):
                return
            if op == "=" and not self.name.isupper() and value.endswith(";"):
                return
            own_line = op == "=" and _ASSIGNED_LINE.fullmatch(before) and self.name.isupper()
            if (
                value_checks.has_many_words(value)
                and not own_line
                and not (quote and (_HEADER.search(before) or self._style is Style.SHELL))
            ):
                if op == ":" and not (
                    value_checks.looks_chosen(first) or value_checks.is_machine_made(first)
                ):
                    return
                value = first
            if not self.name.isupper() and value_checks.is_prose(value):
                return
        elif op == ":" and not self.name.isupper() and value_checks.is_prose(value):
            return
        elif op != ":" and not (self._style is Style.LINES and _ASSIGNED_LINE.fullmatch(before)):
            value = first
        if self._style is Style.SHELL and value.startswith(("`", "$")):
            return
        yield value


def _beginning_of_name(text: str, stem: int) -> tuple[int, str]:
    """Where a name begins that holds what is at ``stem``, and what qualifies it with dots."""
    before = text[max(0, stem - 60) : stem]
    found = _BEFORE.search(before)
    if found is None:
        return stem, ""
    chain = found.group(0)
    begin = stem - len(chain)
    escape = _ESCAPE_IN_FRONT.match(text, begin - 1) if begin else None
    if escape:
        chain = chain[escape.end() - begin :]
    qualified, dot, name = chain.rpartition(".")
    name = name.lstrip("-")
    return stem - len(name), qualified + dot

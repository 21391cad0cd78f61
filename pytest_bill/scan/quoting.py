"""Where a value ends: by its quotes, by brackets around it, as a word of a shell or as a cell."""

from __future__ import annotations

import re

from pytest_bill.patterns import late_pattern

_UNTIL = {quote: late_pattern(rf"(?:[^\\{quote}\r\n]|\\.){{0,400}}") for quote in ('"', "'", "`")}


def until_quote_closes(text: str, start: int, quote: str) -> str:
    """The text up to the end of the quote."""
    if quote[:1] == "\\" or len(quote) > 1:
        end = text.find(quote, start, start + 400)
        return text[start : end if end >= 0 else start + 400].partition("\n")[0]
    found = _UNTIL[quote].match(text, start)
    return found.group(0) if found else ""


_QUOTE = late_pattern(r"""\\*(?:"|(?<![A-Za-z0-9])'|'(?![A-Za-z0-9])|`)""")


def open_quote_in(before: str) -> str:
    """The quote that is open at the end of this part of a line; an apostrophe is none."""
    open_quote = ""
    for match in _QUOTE.finditer(before):
        quote = match.group(0)
        if not open_quote:
            open_quote = quote
        elif open_quote == quote:
            open_quote = ""
    return open_quote


def before_quote(value: str, quote: str) -> str:
    """The value up to the closing quote, or to a line break that is written as an escape."""
    return re.split(rf"{re.escape(quote)}|\\[nr]", value, maxsplit=1)[0]


_OPENS = {"}": "{", "]": "[", ")": "("}


def without_brackets_behind(value: str) -> str:
    """A value without the brackets behind it that close what began before it."""
    while value and value[-1] in _OPENS and value.count(value[-1]) > value.count(_OPENS[value[-1]]):
        value = value[:-1].rstrip(",; ")
    return value


_CELL = late_pattern(r"[^,;\t\r\n]{0,400}")
_SHELL_WORD = late_pattern(r"(?:[^\s\\]|\\.){1,400}")


def shell_word(value: str) -> str:
    """The first word of a value, as a shell reads it."""
    found = _SHELL_WORD.match(value)
    return found.group(0).rstrip(",;") if found else ""


def cell_at(text: str, start: int) -> str:
    """The cell of a table that begins there."""
    found = _CELL.match(text, start)
    return found.group(0).strip() if found else ""

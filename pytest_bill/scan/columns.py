"""The values below the names of columns, where a file is a table."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from pytest_bill.patterns import late_pattern
from pytest_bill.scan import rules
from pytest_bill.scan.bill_names import own_placeholder
from pytest_bill.scan.findings import Rule
from pytest_bill.scan.value_checks import is_secret_value

_HEADING = late_pattern(r"\ufeff?\s*[|]?[\w\" .-]{1,60}(?:[,;\t|][\w\" .-]{0,60}){1,60}")
_MOST_ROWS = 100_000


def values_in_columns(text: str) -> Iterator[tuple[int, str, Rule, str]]:
    """The secrets in the columns that a first line names: where, name, rule and value."""
    first, _, rest = text.partition("\n")
    heading = first.rstrip("\r")
    if len(heading) > 4000 or not _HEADING.fullmatch(heading):
        return
    separator = max(",;\t|", key=heading.count)
    names = [name.strip(' "\ufeff') for name in heading.split(separator)]
    columns = {
        number: rule
        for number, name in enumerate(names)
        if (rule := rules.by_own_name(name) or rules.by_shared_name(name)) is not None
    }
    if not any(own_placeholder(name) for name in names):
        return
    position = len(first) + 1
    for line in rest.split("\n")[:_MOST_ROWS]:
        cells = _cells(line.rstrip("\r"), separator)
        for number, rule in columns.items():
            if number < len(cells) == len(names) and is_secret_value(rule, cells[number]):
                yield position, names[number], rule, cells[number]
        position += len(line) + 1


def _cells(line: str, separator: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=separator), [])]
    except csv.Error:
        return []

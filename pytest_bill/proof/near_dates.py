"""Dates near today in recorded requests, which code may have made where no other day was tried.

A date that BILL answered before, in the same recording, is not the clock's.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from urllib.parse import unquote_plus, urlsplit

from pytest_bill.interaction import Interaction
from pytest_bill.patterns import late_pattern

_NEAR_DAYS = 40
_DATE = late_pattern(
    r"(?<!\d)(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?!\d)"
    r"|(?<!\d)(?P<us_month>\d{2})/(?P<us_day>\d{2})/(?P<us_year>\d{4})(?!\d)"
)


def near_dates(interactions: Iterable[Interaction], today: date) -> list[tuple[Interaction, str]]:
    """The requests with a date within 40 days of today that no earlier answer had, and the date."""
    found = []
    answered: set[date] = set()
    for each in interactions:
        query = unquote_plus(urlsplit(each.url).query)
        asked = f"{query}\n{unquote_plus(each.body.decode('utf-8', 'replace'))}"
        for text, day in _dates_in(asked):
            if abs((day - today).days) <= _NEAR_DAYS and day not in answered:
                found.append((each, text))
                break
        answered.update(day for _, day in _dates_in(each.answer_body.decode("utf-8", "replace")))
    return found


def _dates_in(text: str) -> Iterable[tuple[str, date]]:
    for match in _DATE.finditer(text):
        parts = match.groupdict()
        year, month, day = (parts[name] or parts[f"us_{name}"] for name in ("year", "month", "day"))
        try:
            yield match.group(), date(int(year), int(month), int(day))
        except ValueError:  # the 31st of February
            continue

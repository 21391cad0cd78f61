"""How old a recording may be, and what is done with an older one: two settings, taken apart."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from pytest_bill.exceptions import SettingsError
from pytest_bill.patterns import late_pattern

_UNITS = {"w": timedelta(weeks=1), "d": timedelta(days=1), "h": timedelta(hours=1)}
_LONGEST_SHOWN = 10
_AGE = late_pattern(r"(\d{1,5})([wdh])")


class Stale(StrEnum):
    """What is done where a recording is older. Each equals its plain word."""

    WARN = "warn"
    """The summary tells."""

    FAIL = "fail"
    """The summary tells, and the run fails."""

    RECORD = "record"
    """It is recorded anew."""


STALE = tuple(each.value for each in Stale)


class MaxAge(NamedTuple):
    """The age, as it was ``said``, and what is done.

    ``may_record`` says whether a run may record where nothing else asks for it; else ``why_not`` is
    the reason.
    """

    age: timedelta
    said: str
    stale: Stale = Stale.WARN
    may_record: bool = True
    why_not: str = ""

    @property
    def records(self) -> bool:
        """Whether a recording that is older is recorded anew."""
        return self.stale is Stale.RECORD and self.may_record

    def limit(self, now: datetime) -> datetime:
        """What was recorded before is older."""
        return now - self.age


def age_of(said: str, where: str = "bill_max_age") -> timedelta:
    """The age that an option says. ``where`` it was said is for the message.

    Raises:
        SettingsError: it is none.
    """
    found = _AGE.fullmatch(said.strip().lower())
    if found is None or not int(found[1]):
        shown = repr(said) if len(said) <= _LONGEST_SHOWN else "something else"
        raise SettingsError(
            f"{where} is {shown}, which is no age.\n"
            "Write a number and w, d or h for weeks, days or hours: --bill-max-age=90d."
        )
    return int(found[1]) * _UNITS[found[2]]

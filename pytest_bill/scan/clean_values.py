"""A first look at a cassette's values: which of them need a closer one?

Most values were met before, or are so short of what secrets are made of that no rule and no
detector finds anything in them, wherever they stand: one expression tells them, for all new values
of a file at once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from itertools import filterfalse
from typing import Any

from pytest_bill.patterns import late_pattern
from pytest_bill.scan.body_values import (
    LONGEST_NAME,
    LONGEST_PLAIN,
    SHORTEST_SECRET,
    BodyValue,
    Lookup,
    values_of_string,
)
from pytest_bill.scan.findings import Rule

LONGEST_RUN = 20
"""Of what needs no closer look, BILL's ids have the longest runs (see ``needs``)."""
_ID = r"[0-9a-z]{3}[0-9A-Z]{17}"
"""The usual form of BILL's ids: the first of ``false_positives.is_id``."""
_TIME = (
    r"[0-9]{4}(?:-[0-9]{2}){2}T[0-9]{2}(?::[0-9]{2}){1,2}(?:\.[0-9]{1,9})?"
    r"(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_WORD = r"[\w.+~-]{1,12}+"
"""No card number, no base64 and no token is in words that are no longer."""
_BETWEEN = r"(?:[^\w.+~/\\=%{\[\"\n -]++| (?![0-9]{3})|(?<![0-9]{3}) )"
"""Nothing that could nest or encode, and no space between groups of digits."""
_QUIET = rf"{_BETWEEN}*+(?:{_WORD}{_BETWEEN}++)*+(?:{_WORD})?+$"
_WITHOUT_NAMES = rf"(?:[^:\n]*+|[^\n]{{0,{LONGEST_PLAIN}}})$"
_LOUD = late_pattern(rf"\n(?!{_ID}$|{_TIME}$|(?={_WITHOUT_NAMES}){_QUIET})([^\n]*+)", re.MULTILINE)
"""A line that needs a closer look."""
_MAIL = late_pattern(r"[A-Za-z][\w.-]{0,18}@[a-z-]{1,24}(?:\.[a-z-]{1,24}){1,4}")
"""No token, no card and nothing encoded is in such an address; detectors have to be asked."""
_ID_IN_PATH = late_pattern(rf"(?<=[^/])/({_ID})(?=/|\Z)")
_MOST_KEPT = 20_000
_OBJECT = object()
"""In the place of each object within another: its pairs stand by themselves."""
_NUMBERS = (int, float)
_Pair = tuple[str, Any]


class CleanValues:
    """The values in which nothing was found before: they need no second look.

    Those of one file are kept when nothing was found in the whole of it.
    """

    def __init__(self) -> None:
        self.known: set[tuple[str, str]] = set()
        """Headers, by name and value, and reasons, by no name."""
        self.met: list[tuple[str, str]] = []
        self.short_runs: list[str] = []
        """Texts of this file with no longer run than ``LONGEST_RUN`` where no closer look is."""
        self.addresses: list[str] = []
        """Mail addresses of this file, with whatever runs, where no closer look is needed."""
        self._lookups: dict[str, tuple[Lookup, Lookup]] = {}
        self._met_urls: dict[str, tuple[Lookup, Lookup]] = {}
        self._bodies: dict[Lookup, _Bodies] = {}

    def keep(self) -> None:
        """Keep what was met: nothing was found in it."""
        if len(self.known) > _MOST_KEPT:  # what comes again is soon here again
            self.known.clear()
        if len(self._lookups) > _MOST_KEPT:
            self._lookups.clear()
        self.known.update(self.met)
        self._lookups.update(self._met_urls)
        for each in self._bodies.values():
            each.keep()
        self.forget()

    def forget(self) -> None:
        """Do not keep what was met: something may be in it."""
        self.met.clear()
        self.short_runs.clear()
        self.addresses.clear()
        self._met_urls.clear()
        for each in self._bodies.values():
            each.forget()

    def lookups_of(self, url: str) -> tuple[Lookup, Lookup] | None:
        """The lookups of a URL in which nothing is found; None where it needs a closer look.

        Ids in its path change neither.
        """
        plain, ids = _without_ids(url)
        self.short_runs += ids
        return self._lookups.get(plain)

    def met_url(self, url: str, lookups: tuple[Lookup, Lookup]) -> None:
        """A URL got a closer look, and has these lookups."""
        self._met_urls[_without_ids(url)[0]] = lookups

    def loud_in(self, body: bytes, lookup: Lookup) -> Iterable[BodyValue] | None:
        """The values of a JSON body that surely need a closer look; None where all of it does.

        Of the others, ``loud_in_rest`` tells which do.
        """
        if body[:1] not in (b"{", b"["):
            return None
        bodies = self._bodies.get(lookup)
        if bodies is None:
            bodies = self._bodies[lookup] = _Bodies(lookup)
        return bodies.loud_in(body)

    def loud_in_rest(self) -> Iterator[BodyValue]:
        """The other values of all bodies of this file that need a closer look."""
        for bodies in self._bodies.values():
            yield from bodies.loud_in_rest(self.short_runs, self.addresses)


def _without_ids(url: str) -> tuple[str, list[str]]:
    path, mark, rest = url.partition("?")
    if "#" in path:
        return url, []
    pieces = _ID_IN_PATH.split(path)  # each second is an id
    return "/".join(pieces[::2]) + mark + rest, pieces[1::2]


class _Bodies:
    """JSON bodies whose names have the same rules."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._known: set[_Pair] = set()
        self._met: list[_Pair] = []
        self._texts: list[tuple[str, str]] = []
        """What of this file nobody has looked at."""
        self._names: set[str] = set()
        """Names that have no rule."""
        self._pairs: list[_Pair] = []
        extend = self._pairs.extend

        def take(pairs: list[_Pair]) -> object:
            extend(pairs)
            return _OBJECT

        self._decode = json.JSONDecoder(object_pairs_hook=take).decode

    def keep(self) -> None:
        if len(self._known) > _MOST_KEPT:
            self._known.clear()
        self._known.update(self._met)
        self._met.clear()

    def forget(self) -> None:
        self._met.clear()
        self._texts.clear()

    def loud_in(self, body: bytes) -> list[BodyValue] | None:
        pairs = self._pairs
        pairs.clear()
        try:
            whole = self._decode(body.decode("utf-8"))
        except (ValueError, RecursionError):
            return None
        lists: list[tuple[str, list[Any]]] = []
        if b"[" in body:
            lists = [pair for pair in pairs if pair[1].__class__ is list]
            pairs = [pair for pair in pairs if pair[1].__class__ is not list]
            if isinstance(whole, list):
                lists.append(("", whole))
        new = list(filterfalse(self._known.__contains__, pairs))
        loud: list[BodyValue] = []
        names = {pair[0] for pair in (*new, *lists)} - self._names
        if names:
            ruled = self._ruled(names)
            in_places = None if ruled is None else self._in_secret_places(new, lists, ruled)
            if ruled is None or in_places is None:
                return None
            loud = in_places
            new = [pair for pair in new if pair[0] not in ruled]
        new += _within(lists)
        for name, value in new:
            if value.__class__ in _NUMBERS and len(str(value)) >= SHORTEST_SECRET:
                loud.append(BodyValue("", name.lower(), None, str(value)))
        # Numbers do not come again, and an equal one may be written otherwise.
        self._met += [pair for pair in new if pair[1].__class__ not in _NUMBERS]
        self._texts += [
            pair for pair in new if pair[1].__class__ is str and len(pair[1]) >= SHORTEST_SECRET
        ]
        return loud

    def _ruled(self, names: set[str]) -> dict[str, Rule] | None:
        """Those of new names that have a rule; None where one is so long that it may hold more."""
        ruled: dict[str, Rule] = {}
        for name in names:
            if len(name) > LONGEST_NAME:
                return None
            rule = self._lookup(name)
            if rule is not None:
                ruled[name] = rule
            elif len(self._names) < _MOST_KEPT:
                self._names.add(name)
        return ruled

    def _in_secret_places(
        self, new: list[_Pair], lists: list[tuple[str, list[Any]]], ruled: dict[str, Rule]
    ) -> list[BodyValue] | None:
        """The values at names with a rule; None where more is below one: it is secret, too."""
        if any(name in ruled for name, _ in lists):
            return None
        found = []
        for name, value in new:
            rule = ruled.get(name)
            if rule is not None and value is _OBJECT:
                return None
            if rule is not None and value is not None and value.__class__ is not bool:
                found.append(BodyValue("", name.lower(), rule, str(value)))
        return found

    def loud_in_rest(self, short_runs: list[str], addresses: list[str]) -> Iterator[BodyValue]:
        if not self._texts:
            return
        joined = "\n".join(["", *[value for _, value in self._texts]])
        loud = set(_LOUD.findall(joined))
        mails = list(filter(_MAIL.fullmatch, loud))
        loud.difference_update(mails)
        addresses += mails
        short_runs.append(joined)
        has_lines = joined.count("\n") != len(self._texts)
        for name, value in self._texts if loud or has_lines else ():
            if value in loud or (has_lines and "\n" in value):
                yield from values_of_string(value, "", name.lower(), None, self._lookup, 0)
        self._texts.clear()


def _within(lists: list[tuple[str, list[Any]]]) -> Iterator[_Pair]:
    """The values in lists, with the lists' names."""
    while lists:
        name, items = lists.pop()
        for item in items:
            if isinstance(item, list):
                lists.append((name, item))
            else:
                yield name, item

"""Ids that BILL handed out while recording, and those that it hands out in their place now.

A recorded request asks for ``/v3/bills/00n01…`` because an answer before it named that id. Asked
again, the same list may name another one there: then that one is asked for. The marks of pages
(``nextPage``) are handed out likewise.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pytest_bill.patterns import late_pattern

_NAMES = late_pattern(r"(\A(id|uuid|nextPage|prevPage)|[a-z0-9]I[dD])\Z")
_OWN = frozenset({"id", "uuid"})
_TOKEN = late_pattern(r"[\w.~+-]{6,}=*")
_SHORTEST = 6
# What v2 answers where there is no id.
_NO_ID = late_pattern(r"0+\Z")


class HandedOut:
    """What recorded answers handed out, and what stands in its place in live ones."""

    def __init__(self) -> None:
        self._by: dict[str, str] = {}
        self._now: dict[str, str] = {}
        self._changed_by: dict[str, str] = {}

    def learn(self, asked: str, answer: Any, operation: str) -> None:
        """Know what a recorded answer handed out, by which operation.

        What was asked for is not handed out by the answer that repeats it.
        """
        known = set(_TOKEN.findall(asked))
        for value in _ids_in(answer):
            if value not in known:
                self._by.setdefault(value, operation)

    def pair(self, recorded: Any, live: Any) -> None:
        """Know what a live answer hands out in the place of what was recorded."""
        if isinstance(recorded, dict) and isinstance(live, dict):
            for name in recorded.keys() & live.keys():
                was, now = _id(name, recorded[name]), _id(name, live[name])
                if was and now:
                    self._now.setdefault(was, now)
                else:
                    self.pair(recorded[name], live[name])
        elif isinstance(recorded, list) and isinstance(live, list):
            self._pair_items(recorded, live)

    def _pair_items(self, recorded: list[Any], live: list[Any]) -> None:
        """The same record where it is there still, else the next that was not there before."""
        still = {_own_id(each): each for each in live if _own_id(each)}
        before = {_own_id(each) for each in recorded}
        others = iter([each for each in live if _own_id(each) not in before])
        for each in recorded:
            now = still.get(_own_id(each)) or next(others, None)
            if now is not None:
                self.pair(each, now)

    def change(self, url: str, sent: Any, answer: Any, operation: str) -> None:
        """Know what a request made or changed that is not made again.

        That is what its path names, and the records that are sent and answered: not those that they
        only refer to, as a bill does to its vendor. Of v2's actions, such as ``VoidAPPayment``, it
        is all that they name.
        """
        is_action = "/v2/" in operation and "/Crud/" not in operation
        sent_ids = _ids_in(sent, is_own=not is_action)
        for value in (*self._in(url), *sent_ids, *_ids_in(answer, is_own=True)):
            self._changed_by.setdefault(value, operation)

    def now(self, text: str) -> str:
        """A text of a request with the ids of now."""
        return _TOKEN.sub(lambda match: self._now.get(match[0], match[0]), text)

    def changed_by(self, text: str, answer: Any) -> str:
        """The operation that changed what a request asks for; empty where none did.

        Looked for in what was asked, and in the record that was answered.
        """
        for value in (*self._in(text), _own_id(answer)):
            if value in self._changed_by:
                return self._changed_by[value]
        return ""

    def lost(self, text: str) -> str:
        """The operation that handed out an id in a text, and hands it out no more; else empty."""
        return next((self._by[each] for each in self._in(text) if each not in self._now), "")

    def _in(self, text: str) -> Iterator[str]:
        """The known ids in a text."""
        for match in _TOKEN.finditer(text):
            if match[0] in self._by or match[0] in self._changed_by:
                yield match[0]


def _ids_in(node: Any, *, is_own: bool = False) -> Iterator[str]:
    """The ids in JSON; with ``is_own`` only those of its records, and not what they refer to."""
    if isinstance(node, dict):
        for name, value in node.items():
            found = _id(name, value)
            if not found:
                yield from _ids_in(value, is_own=is_own)
            elif not is_own or name in _OWN:
                yield found
    elif isinstance(node, list):
        for value in node:
            yield from _ids_in(value, is_own=is_own)


def _id(name: str, value: Any) -> str:
    """The id that a field holds; empty where it holds none."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not _NAMES.search(name):
        return ""
    if len(value) < _SHORTEST or _NO_ID.match(value) or not _TOKEN.fullmatch(value):
        return ""
    return value


def _own_id(node: Any) -> str:
    """The id of a record, also of one in v2's envelope."""
    if not isinstance(node, dict):
        return ""
    data = node.get("response_data")
    record = data if isinstance(data, dict) else node
    return _id("id", record.get("id"))

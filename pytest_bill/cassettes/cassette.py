"""One open cassette: its recorded exchanges, what was played, and what is new."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from pytest_bill.cassettes import store
from pytest_bill.cassettes.decoding import readable
from pytest_bill.cassettes.matching import Difference, Matcher, MatchKey, Seen
from pytest_bill.cassettes.own_values import OwnValues, Personal
from pytest_bill.exchange import Exchange
from pytest_bill.scrubbing.personal import found_in
from pytest_bill.scrubbing.places import Kind


@dataclass(frozen=True)
class Nearest:
    """The recorded request most like one that was not found, and what differs."""

    exchange: Exchange
    differences: list[Difference]


class Cassette:
    """Plays recorded answers in order, each once, and keeps new exchanges until saved.

    Lookup is by match key. It is safe to use from several threads. The record modes are VCR's:
    ``none`` only plays; ``once`` records while there is no file; ``new_episodes`` plays what is
    there and records the rest; ``all`` plays nothing and records anew.
    """

    def __init__(self, path: Path, record_mode: str, matcher: Matcher) -> None:
        self.path = path
        self.record_mode = record_mode
        self.recorded: list[Exchange] = []
        self.wider: list[Cassette] = []
        self.own_values = OwnValues()
        self._data_recorded: tuple[int, Collection[tuple[Kind, str]]] | None = None
        self._matcher = matcher
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"<Cassette {self.path} ({self.record_mode})>"

    def add_wider(self, other: Cassette) -> None:
        """Know the cassette of a fixture that the user of this one uses."""
        self.wider.append(other)
        self.own_values.add_wider(other.own_values)

    @cached_property
    def _loaded(self) -> store.Recording | None:
        return store.load(self.path)

    @property
    def exists(self) -> bool:
        """Whether there was a file when the cassette was first used."""
        return self._loaded is not None

    @property
    def exchanges(self) -> list[Exchange]:
        """What the file held."""
        return self._loaded.exchanges if self._loaded is not None else []

    @cached_property
    def data_in_file(self) -> Collection[tuple[Kind, str]]:
        """The bank and personal data in the file."""
        return found_in(map(readable, self.exchanges))

    @property
    def data_recorded(self) -> Collection[tuple[Kind, str]]:
        """The bank and personal data that BILL and the test sent, in what is new."""
        if self._data_recorded is None or self._data_recorded[0] != len(self.recorded):
            found = found_in(map(readable, self.recorded))
            self._data_recorded = len(self.recorded), found
        return self._data_recorded[1]

    @property
    def environment_name(self) -> str:
        """Where the file says it was recorded from; empty where it does not say."""
        return str(self._about.get("environment", ""))

    @cached_property
    def stood_in(self) -> frozenset[str]:
        """The kinds of data for which the file says that it holds stand-ins."""
        return frozenset(map(str, self._about_stand_ins.get("kinds") or ()))

    @property
    def only_stand_ins(self) -> bool:
        """Whether all data of these kinds in the file is made up."""
        return not self._about_stand_ins.get("mixed")

    @property
    def _about_stand_ins(self) -> dict[str, Any]:
        told = self._about.get("stand_ins")
        return told if isinstance(told, dict) else {}

    @property
    def _about(self) -> dict[str, Any]:
        told = self._loaded.metadata.get("pytest_bill") if self._loaded is not None else None
        return told if isinstance(told, dict) else {}

    @property
    def can_record(self) -> bool:
        """Whether a request that is not in the cassette may be sent and recorded."""
        if self.record_mode == "once":
            return not self.exists
        return self.record_mode != "none"

    @cached_property
    def _positions(self) -> dict[MatchKey, _Waiting]:
        positions: dict[MatchKey, _Waiting] = defaultdict(_Waiting)
        for index, exchange in enumerate(self.exchanges):
            seen = self._matcher.seen(exchange, self.stood_in)
            positions[seen.key].add(index, seen.personal)
        return positions

    def play(self, request: Exchange) -> Exchange | None:
        """The next recorded exchange for this request, or None."""
        if self.record_mode == "all":
            return None
        with self._lock:
            if not self.exchanges:
                return None
            seen = self._matcher.seen(request, self.stood_in, self.own_values.to_stand_ins)
            waiting = self._positions.get(seen.key)
            if waiting is None:
                return None
            index = self._take(waiting, request, seen)
            if index is None:
                return None
            recorded = self.exchanges[index]
            self.own_values.learn(seen.personal, waiting.personal_of[index])
            if not self.own_values:
                return recorded
            plain = readable(recorded)
            restored = self.own_values.restored(plain)
            return recorded if restored == plain else with_length(restored, recorded)

    def _take(self, waiting: _Waiting, request: Exchange, seen: Seen) -> int | None:
        if not self._matcher.custom:
            return waiting.take(self.own_values.with_stand_ins(seen.personal))
        for index in waiting.indexes():
            if self._custom_matchers_agree(request, self.exchanges[index]):
                waiting.played.add(index)
                return index
        return None

    def _custom_matchers_agree(self, request: Exchange, recorded: Exchange) -> bool:
        left, right = store.to_vcr(request)[0], store.to_vcr(recorded)[0]
        for matcher in self._matcher.custom:
            try:
                if matcher(left, right) is False:
                    return False
            except AssertionError:
                return False
        return True

    def record(self, exchange: Exchange) -> None:
        """Keep a new exchange, in :attr:`recorded`."""
        with self._lock:
            self.recorded.append(exchange)

    def nearest(self, request: Exchange) -> Nearest | None:
        """The recorded request that differs from this one in the fewest parts."""
        best: Nearest | None = None
        for exchange in self.exchanges:
            differences = self._matcher.differences(request, exchange, self.stood_in)
            if best is None or len(differences) < len(best.differences):
                best = Nearest(exchange, differences)
                if not differences:
                    break
        return best


class _Waiting:
    """The recorded exchanges of one match key that were not played yet."""

    def __init__(self) -> None:
        self.personal_of: dict[int, Personal] = {}
        self.played: set[int] = set()
        self._in_order: deque[int] = deque()
        self._by_personal: dict[Personal, deque[int]] = defaultdict(deque)

    def add(self, index: int, personal: Personal) -> None:
        self.personal_of[index] = personal
        self._in_order.append(index)
        self._by_personal[personal].append(index)

    def take(self, personal: Personal) -> int | None:
        """The first with the same data, else the first."""
        for queue in (self._by_personal.get(personal), self._in_order):
            while queue:
                index = queue.popleft()
                if index not in self.played:
                    self.played.add(index)
                    return index
        return None

    def indexes(self) -> list[int]:
        return [index for index in self._in_order if index not in self.played]


def with_length(exchange: Exchange, original: Exchange) -> Exchange:
    """Mend Content-Length where scrubbing or decoding changed a body's length."""
    headers, answer_headers = dict(exchange.headers), dict(exchange.answer_headers)
    if len(exchange.body) != len(original.body):
        for name in headers:
            if name.lower() == "content-length":
                headers[name] = str(len(exchange.body))
    if len(exchange.answer_body) != len(original.answer_body) and exchange.method != "HEAD":
        for name in answer_headers:
            if name.lower() == "content-length":
                answer_headers[name] = [str(len(exchange.answer_body))]
    return replace(exchange, headers=headers, answer_headers=answer_headers)

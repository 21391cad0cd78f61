"""One open cassette: its recorded exchanges, what was played, and what is new."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from pytest_bill.cassettes import store
from pytest_bill.cassettes.decoding import readable
from pytest_bill.cassettes.matching import Difference, Matcher, MatchKey
from pytest_bill.scrub import Exchange


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
        self._matcher = matcher
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"<Cassette {self.path} ({self.record_mode})>"

    @cached_property
    def _loaded(self) -> store.Recording | None:
        recording = store.load(self.path)
        if recording is not None:
            # Plain vcrpy keeps packed bodies, and Content-Encoding beside unpacked ones.
            recording.exchanges = [readable(exchange) for exchange in recording.exchanges]
        return recording

    @property
    def exists(self) -> bool:
        """Whether there was a file when the cassette was first used."""
        return self._loaded is not None

    @property
    def exchanges(self) -> list[Exchange]:
        """What the file held."""
        return self._loaded.exchanges if self._loaded is not None else []

    @property
    def environment_name(self) -> str:
        """Where the file says it was recorded from; empty where it does not say."""
        metadata = self._loaded.metadata.get("pytest_bill") if self._loaded is not None else None
        return str(metadata.get("environment", "")) if isinstance(metadata, dict) else ""

    @property
    def can_record(self) -> bool:
        """Whether a request that is not in the cassette may be sent and recorded."""
        if self.record_mode == "once":
            return not self.exists
        return self.record_mode != "none"

    @cached_property
    def _positions(self) -> dict[MatchKey, deque[int]]:
        positions: dict[MatchKey, deque[int]] = defaultdict(deque)
        for index, exchange in enumerate(self.exchanges):
            positions[self._matcher.key(exchange)].append(index)
        return positions

    def play(self, request: Exchange) -> Exchange | None:
        """The next recorded exchange for this request, or None."""
        if self.record_mode == "all":
            return None
        with self._lock:
            if not self.exchanges:
                return None
            waiting = self._positions.get(self._matcher.key(request))
            if not waiting:
                return None
            index = self._take(waiting, request)
            if index is None:
                return None
            return self.exchanges[index]

    def _take(self, waiting: deque[int], request: Exchange) -> int | None:
        if not self._matcher.custom:
            return waiting.popleft()
        for index in waiting:
            if self._custom_matchers_agree(request, self.exchanges[index]):
                waiting.remove(index)
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
            differences = self._matcher.differences(request, exchange)
            if best is None or len(differences) < len(best.differences):
                best = Nearest(exchange, differences)
                if not differences:
                    break
        return best


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

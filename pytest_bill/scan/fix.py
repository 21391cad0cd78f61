"""Rewriting cassettes scrubbed: what was found becomes placeholders, by place and by value.

All cassettes of one call share the placeholders, so the same secret looks the same in all of them.
A file is replaced whole or left as it was.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vcr.serialize import deserialize, serialize
from vcr.serializers import jsonserializer, yamlserializer

from pytest_bill.cassettes import store
from pytest_bill.cassettes.cassette import with_length
from pytest_bill.cassettes.decoding import readable
from pytest_bill.credentials import PLACEHOLDER_PREFIX
from pytest_bill.registry import SHORTEST_BY_VALUE, SecretRegistry
from pytest_bill.scan import rules
from pytest_bill.scan.findings import Hit
from pytest_bill.scrub import Exchange, Scrubber, ScrubRules


@dataclass(frozen=True)
class _Loaded:
    path: Path
    raw: bytes
    serializer: Any
    exchanges: list[Exchange]
    metadata: Mapping[str, Any]


class Fixer:
    """Scrubs cassettes that hold secrets: :meth:`learn` all of them, then :meth:`fix` each."""

    def __init__(self, known: SecretRegistry) -> None:
        """``known`` are the secrets that have placeholders already; what is learnt is added."""
        self._registry = known
        self._loaded: dict[Path, _Loaded] = {}
        self._scrubber = Scrubber(known, ScrubRules(fields=frozenset(rules.MONEY_FIELDS)))

    def learn(self, path: Path, raw: bytes, hits: Iterable[Hit]) -> bool:
        """Remember a cassette and its secrets; False where vcrpy itself could not read it."""
        loaded = _load(path, raw)
        if loaded is None:
            return False
        self._loaded[path] = loaded
        for hit in hits:
            long_enough = len(hit.value) >= SHORTEST_BY_VALUE
            if hit.rule.fix and long_enough and hit.rule.id != rules.KNOWN.id:
                self._registry.add(hit.value, PLACEHOLDER_PREFIX + hit.rule.fix)
        for exchange in loaded.exchanges:
            self._scrubber.learn(exchange)
        return True

    def fix(self, path: Path, count: Callable[[bytes], int]) -> bool:
        """Rewrite a cassette; False where that would not make it better, and nothing was written.

        ``count`` says how many findings a content has.

        Raises:
            CassetteError: the file system refused.
        """
        loaded = self._loaded[path]
        scrubbed = [
            with_length(self._scrubber.scrub(exchange), exchange) for exchange in loaded.exchanges
        ]
        text = _serialized(scrubbed, loaded)
        fresh = text.encode("utf-8")
        if fresh == loaded.raw or count(fresh) >= count(loaded.raw):
            return False
        # Through a link to the file that it names, and with that file's own mode.
        target = Path(os.path.realpath(path))
        mode = stat.S_IMODE(target.stat().st_mode)
        store.replace_file(target, text, mode)
        return True


def _load(path: Path, raw: bytes) -> _Loaded | None:
    try:
        text = raw.decode("utf-8-sig")
        serializer = jsonserializer if text.lstrip()[:1] == "{" else yamlserializer
        if _MAKES_OBJECTS.search(text):
            return None
        requests, responses, *metadata = deserialize(text, serializer)
        exchanges = [
            readable(store.from_vcr(request, response))
            for request, response in zip(requests, responses, strict=True)
        ]
    except Exception:
        return None  # whatever vcrpy makes of a broken file
    return _Loaded(path, raw, serializer, exchanges, dict(metadata[0]) if metadata else {})


_MAKES_OBJECTS = re.compile(r"!!python/(?!unicode|str|tuple|bytes)|!<tag:|!python/|tag:yaml\.org")
"""vcrpy's loader makes any object that a file asks for: such a file is not given to it."""


def _serialized(exchanges: list[Exchange], loaded: _Loaded) -> str:
    pairs = [store.to_vcr(exchange) for exchange in exchanges]
    data: dict[str, Any] = {
        "requests": [request for request, _ in pairs],
        "responses": [response for _, response in pairs],
    }
    if loaded.metadata:
        data["metadata"] = loaded.metadata
    text: str = serialize(data, loaded.serializer)
    comments = _COMMENTS.match(loaded.raw.decode("utf-8-sig"))
    return (comments.group(0) if comments else "") + text


_COMMENTS = re.compile(r"(?:#[^\n]*\n|[ \t]*\n)+")

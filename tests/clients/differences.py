"""What a replay may show otherwise than a plain run: the table, once, with a reason each.

A cassette holds of each answer its status, its reason, its headers by name and its plain body, in
the form that vcrpy gave it. What user code sees beyond that, a replay cannot know. Everything else
has to be the same. The run that records differs in one thing, which has a table of its own; a run
that asks other hosts in nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.clients.servers.scenarios import COOKIES, PACKED, PLAIN

Told = dict[str, Any]
"""A line of a run's observations: client, kind, scenarios, and what was seen."""
Change = Callable[[Any], Any]
GONE: Any = object()
"""What a change gives for what is not compared."""

PACKED_SCENARIOS = ("packed", "chunked-packed")
CHUNKED_SCENARIOS = ("chunked", "trailers", "chunked-nothing", "chunked-packed", "steps")
COOKIE_SCENARIOS = ("set-cookies", "forget-cookies")
UNANSWERED_SCENARIOS = ("cut", "too-short", "garbage", "never", "stalls")
"""Where the answer does not come, or not in full."""


def scenarios_of(told: Told) -> set[str]:
    """What a kind asked the servers for, without the details."""
    return {each.partition("/")[0] for each in told["scenarios"]}


@dataclass(frozen=True)
class Difference:
    """One thing that a cassette does not hold, and how both sides are made comparable in it.

    ``keys`` are names of what was seen, wherever they stand; without any, the change is made to
    every text. It applies to kinds that ask for one of the ``scenarios``, or whose name begins with
    one of ``kinds``; where neither is given, to all.
    """

    reason: str
    change: Change
    keys: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    clients: tuple[str, ...] = ()

    def applies_to(self, told: Told) -> bool:
        if self.clients and told["client"] not in self.clients:
            return False
        if not self.scenarios and not self.kinds:
            return True
        is_kind = bool(self.kinds) and told["kind"].startswith(self.kinds)
        return is_kind or not scenarios_of(told).isdisjoint(self.scenarios)


def _gone(_: Any) -> Any:
    return GONE


def _by_name(headers: Any) -> Any:
    """Headers in the order of their names; those of one name stay as they are."""
    if not isinstance(headers, list):
        return headers
    return sorted(headers, key=lambda pair: _plain(pair[0]).lower())


def _without(*names: str) -> Change:
    def change(headers: Any) -> Any:
        if not isinstance(headers, list):
            return headers
        return [pair for pair in headers if _plain(pair[0]).lower() not in names]

    return change


def _plain(name: str) -> str:
    return name.removeprefix("b'").removesuffix("'")


def _unpacked(text: str) -> str:
    return repr(PLAIN) if text in _PACKED else text


_PACKED = {repr(packed) for packed in PACKED.values()}


def _without_cookies(text: str) -> str:
    return _COOKIE.sub("(cookie)", text)


_VALUES = [each.partition("=")[2].partition(";")[0] for each in COOKIES]
_COOKIE = re.compile("|".join([*_VALUES, r"PLACEHOLDER_COOKIE\w*"]))


def _at_its_address(text: str) -> str:
    for bills, ours in _ADDRESSES:
        text = text.replace(bills, ours)
    return text


_ADDRESSES = (
    ("https://gateway.stage.bill.com", "(base)"),
    ("gateway.stage.bill.com", "(base host)"),
    ("(base):443", "(base)"),
    ("127.0.0.1", "(base host)"),
)


def _without_connecting(events: Any) -> Any:
    return [event for event in events if not event[0].startswith(("connection_", "dns_"))]


def _without_connections(logs: Any) -> Any:
    return [
        [logger, level, text]
        for logger, level, text in logs
        if not logger.startswith("httpcore")
        if not text.startswith(("Starting new HTTP", "Resetting dropped connection"))
    ]


def _without_version(logs: Any) -> Any:
    return [[*about, re.sub(r"\bHTTP/[0-9.]+", "HTTP", text)] for *about, text in logs]


def _without_length(logs: Any) -> Any:
    """urllib3 logs how much of the body is to come."""
    return [[*about, re.sub(r'(" \d{3}) \w+$', r"\1", text)] for *about, text in logs]


HTTPX = ("httpx", "async_httpx", "trio_httpx")
HEADERS = ("headers", "headers_as_text", "header_lines", "header_items")

DIFFERENCES = (
    Difference("it has headers by name, in the order of the names", _by_name, HEADERS),
    Difference("it has headers in the order of the names", sorted, ("said",)),
    Difference("it has BILL's own addresses", _at_its_address),
    Difference("it has placeholders for cookies", _without_cookies, scenarios=COOKIE_SCENARIOS),
    Difference(
        "it has the body unpacked",
        _without("content-encoding", "content-length"),
        HEADERS,
        PACKED_SCENARIOS,
    ),
    Difference("it has the body unpacked", _unpacked, scenarios=PACKED_SCENARIOS),
    Difference(
        "it has the body unpacked, so what counts packed bytes counts others",
        _gone,
        ("downloaded", "framing", "content_length", "tell", "pieces"),
        PACKED_SCENARIOS,
    ),
    Difference(
        "it has the body unpacked, which urllib3 1.26 does not do for zstd",
        _gone,
        ("text", "json", "encoding", "apparent_encoding", "lines", "logs"),
        kinds=("zstd",),
        clients=("requests",),
    ),
    Difference(
        "it has the body in one piece",
        _gone,
        ("pieces", "in_step"),
        (*CHUNKED_SCENARIOS, "steps-of-known-length", "until-close"),
    ),
    Difference(
        "it has no version of HTTP, and HTTP/2 has more than versions",
        _gone,
        ("http_version", "version", "extensions"),
        ("old",),
        ("http2",),
    ),
    Difference("it has no version of HTTP", _without_version, ("logs",), ("old",), ("http2",)),
    Difference(
        "it has the body unpacked, of another length",
        _without_length,
        ("logs",),
        PACKED_SCENARIOS,
    ),
    Difference(
        "no server counts what is replayed",
        _without("x-connection", "x-use"),
        HEADERS,
        kinds=("redirect_to_another_host", "stream_left_unread", "few_pools"),
    ),
    Difference(
        "no proxy is asked", _without("proxy-authorization"), ("sent",), kinds=("by_proxy",)
    ),
    Difference("nothing is connected", _gone, ("socket", "socket_after")),
    Difference("nothing is connected", _without_connections, ("logs",)),
    Difference("nothing is connected", _without_connecting, ("trace",), clients=("aiohttp",)),
    Difference(
        "nothing is connected, written or read",
        _gone,
        ("trace",),
        clients=HTTPX,
    ),
)


STEP_SCENARIOS = ("chunked", "steps", "steps-of-known-length", "stalls")
_WHOLE = "an answer is read whole before it is given, so that it is recorded however it is read"

RECORDED = (
    Difference(_WHOLE, _gone, ("pieces", "in_step"), STEP_SCENARIOS),
    Difference(
        f"{_WHOLE}: its connection is free for the next request",
        _without("x-connection", "x-use"),
        HEADERS,
        kinds=("stream_left_unread",),
    ),
    Difference(_WHOLE, _without_connections, ("logs",), clients=HTTPX),
    Difference(_WHOLE, sorted, ("trace",), clients=HTTPX),
    Difference(_WHOLE, _gone, ("logs",), kinds=("cancelled_in_the_body",), clients=HTTPX),
    Difference(
        f"{_WHOLE}: no pool is full", _gone, ("refused", "after", "logs"), kinds=("pool_timeout",)
    ),
    Difference(
        "a body is sent with its head, whatever the answer to Expect",
        _gone,
        ("socket",),
        kinds=("expectation_refused",),
        clients=("aiohttp",),
    ),
)
"""What the run that records may show otherwise."""


def as_seen(told: Told) -> Any:
    """What was seen, all of it."""
    return told["seen"]


def as_recorded(told: Told) -> Any:
    """What was seen, with the differences of a recording taken out."""
    return _without_differences(told, RECORDED)


def as_replayed(told: Told) -> Any:
    """What was seen, with the differences of a replay taken out."""
    return _without_differences(told, DIFFERENCES)


def _without_differences(told: Told, differences: Iterable[Difference]) -> Any:
    seen = told["seen"]
    for difference in differences:
        if difference.applies_to(told):
            seen = _changed(seen, difference)
    return seen


def _changed(seen: Any, difference: Difference) -> Any:
    if isinstance(seen, dict):
        changed = {}
        for name, value in seen.items():
            new = (
                difference.change(value) if name in difference.keys else _changed(value, difference)
            )
            if new is not GONE:
                changed[name] = new
        return changed
    if isinstance(seen, list):
        return [_changed(each, difference) for each in seen]
    if isinstance(seen, str) and not difference.keys:
        return difference.change(seen)
    return seen


def is_unanswered(plain: Told) -> bool:
    """Whether a kind's answer did not come in full: then it is in no cassette.

    A cut that the plain client takes for the end of an answer is one.
    """
    if scenarios_of(plain).isdisjoint(UNANSWERED_SCENARIOS):
        return False
    if plain["kind"].startswith("cut_in_headers"):
        return True  # http.client takes headers that were cut for whole ones
    return bool(errors_in(plain["seen"])) or "cancelled" in plain["seen"].get("result", {})


def errors_in(seen: Any) -> list[str]:
    """The errors that user code saw, by their types; not what those came from."""
    if isinstance(seen, list):
        return [each for value in seen for each in errors_in(value)]
    if not isinstance(seen, dict):
        return []
    nested = [value for name, value in seen.items() if name != "error"]
    return [*([seen["error"]["type"]] if "error" in seen else []), *errors_in(nested)]


def differing(expected: Any, seen: Any) -> list[str]:
    """The places in which two observations differ, a line each."""
    left, right = dict(_leaves(expected)), dict(_leaves(seen))
    return [
        f"{place}: {_shown(left, place)} -> {_shown(right, place)}"
        for place in {**left, **right}
        if left.get(place, GONE) != right.get(place, GONE)
    ]


def _leaves(seen: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(seen, dict) and seen:
        for name, value in seen.items():
            yield from _leaves(value, f"{place}.{name}" if place else name)
    elif isinstance(seen, list) and seen:
        for number, value in enumerate(seen):
            yield from _leaves(value, f"{place}[{number}]")
    else:
        yield place, seen


_LONGEST = 160


def _shown(leaves: dict[str, Any], place: str) -> str:
    text = repr(leaves[place]) if place in leaves else "(nothing)"
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"

"""Encodings that must be undone as a whole: packed streams, UTF-16 and UTF-32.

Base64 has a module of its own, ``pytest_bill.scrubbing.search.base64``.

What is found in a container is replaced in its content, which is then encoded again, so that
whoever decodes it still can.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pytest_bill.scrubbing.search.budget import DEEPEST, Budget, Level
from pytest_bill.scrubbing.search.packed import (
    deflate,
    may_hold_streams,
    streams_in,
    whole_deflate,
    whole_streams,
)
from pytest_bill.scrubbing.search.wide_text import may_hold_wide_texts, wide_texts_in


@dataclass(frozen=True, repr=False)
class Container:
    """An encoded stretch of data; ``plain`` is None where it is too large to be searched."""

    start: int
    end: int
    plain: bytes | None
    encode: Callable[[bytes], bytes]
    is_likely: bool = True
    """Whether the content makes sense as a whole, not only where something was found in it."""
    is_within: bool = False
    """Whether it begins within another, and may be found in that one, too."""
    is_whole: bool = False
    """Whether the content is the whole of something, as what stood in base64 is."""


def may_hold_containers(data: bytes) -> bool:
    """Whether there may be a packed stream or a wide text in the data."""
    return may_hold_streams(data) or may_hold_wide_texts(data)


def containers_in(data: bytes, budget: Budget) -> Iterator[Container]:
    """The packed streams and the wide texts in the data.

    Raises:
        TooMuch: there are more than there is a budget for.
    """
    for stream in streams_in(data, budget):
        yield Container(
            stream.start, stream.end, stream.plain, stream.pack, is_within=stream.is_within
        )
    for start, end, encoding in wide_texts_in(data):
        budget.spend(4 * (end - start))
        plain = data[start:end].decode(encoding, "replace").encode("utf-8")
        yield Container(start, end, plain, _to_wide(encoding))


def all_containers_in(data: bytes, at: Level) -> Iterator[Container]:
    """As ``containers_in``, and the data itself where it is packed without saying so.

    Raises:
        TooMuch: there are more than there is a budget for.
    """
    # First, because of two that span the same the first is replaced: brotli may store a wide text
    # as it is.
    if at.depth == 0 and not data.isascii():
        for stream, is_whole in whole_streams(data, at.budget):
            yield Container(stream.start, stream.end, stream.plain, stream.pack, is_whole)
    elif at.is_whole and (plain := whole_deflate(data, at.budget)):
        yield Container(0, len(data), plain, deflate)
    yield from containers_in(data, at.budget)


def level_within(container: Container, at: Level) -> Level:
    """The level of what a container holds that was found at another."""
    # Or the work would double with each of many that stand one in the other.
    depth = max(at.depth + 1, DEEPEST - 2) if container.is_within else at.depth + 1
    return Level(depth, at.budget, container.is_whole)


def _to_wide(encoding: str) -> Callable[[bytes], bytes]:
    return lambda plain: plain.decode("utf-8", "replace").encode(encoding)

"""What is packed within bytes, as text: for reading the names that stand there."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_bill.scrubbing.body_text import as_text
from pytest_bill.scrubbing.search.budget import Budget, TooMuch
from pytest_bill.scrubbing.search.utf8 import is_utf8

_DEEPEST = 4


def packed_texts_in(data: bytes, budget: Budget) -> Iterator[str]:
    """The texts in all that is packed in the data, or wide: streams, files in archives, layers.

    They end where the budget does: what is made of more cannot be searched either, and is not kept.
    """
    if is_plain(data):
        return
    try:
        for plain in _within(data, _DEEPEST, budget):
            yield as_text(plain, "")[0]
    except TooMuch:
        return


def may_hold_packed_texts(data: bytes) -> bool:
    """Whether something may be packed in the data."""
    if is_plain(data):
        return False
    if not is_utf8(data):
        return True
    from pytest_bill.scrubbing.search.containers import may_hold_containers

    return may_hold_containers(data)


def is_plain(data: bytes) -> bool:
    """Whether nothing is packed in the data, as is seen at a glance of most."""
    return data.isascii() and b"\0" not in data and b"PK" not in data


def _within(data: bytes, depth: int, budget: Budget) -> Iterator[bytes]:
    budget.spend(len(data))
    for plain in _unpacked(data, budget):
        yield plain
        if depth > 1:
            yield from _within(plain, depth - 1, budget)


def _unpacked(data: bytes, budget: Budget) -> Iterator[bytes]:
    from pytest_bill.scrubbing.search.containers import containers_in
    from pytest_bill.scrubbing.search.packed import whole_streams

    found = False
    for container in containers_in(data, budget):
        found = True
        if container.plain:
            yield container.plain
    if not found and not is_utf8(data):
        for stream, is_whole in whole_streams(data, budget):
            if is_whole and stream.plain:
                yield stream.plain

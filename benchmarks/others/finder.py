"""Whether a secret can be read in a cassette; nothing of the tools takes part in it."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from copy import deepcopy
from typing import Any

import brotli
import yaml

from benchmarks.others.cases import Case
from tests.promises.test_secrets_property import PACKINGS, zstd

UNPACKINGS: list[Callable[[bytes], bytes]] = [
    gzip.decompress,
    zlib.decompress,
    lambda data: zlib.decompress(data, -15),
    brotli.decompress,
    zstd.decompress,
]


def unpacked(data: bytes, layers: int = 2) -> Iterator[bytes]:
    """The data, and what comes out where it turns out to be compressed."""
    yield data
    if layers and data:
        for unpack in UNPACKINGS:
            with suppress(Exception):  # each says in its own way that this is something else
                yield from unpacked(unpack(data), layers - 1)


def with_body(interaction: dict, side: str, body: bytes) -> dict:
    changed = deepcopy(interaction)
    changed[side]["body"] = {"string": body} if side == "response" else body
    changed[side]["headers"]["Content-Length"] = [str(len(body))]
    return changed


def also_unpacked(interaction: dict) -> Iterator[dict]:
    """The interaction, with its bodies as they are, decompressed or compressed again.

    A recorder may store a body either way, and leave a Content-Length that is wrong.
    """
    yield interaction
    for side in ("request", "response"):
        body = interaction[side]["body"]
        body = (body.get("string") if isinstance(body, dict) else body) or b""
        data = body.encode() if isinstance(body, str) else body
        if data:
            yield from (with_body(interaction, side, each) for each in unpacked(data))
            yield from (with_body(interaction, side, p[0](data)) for p in PACKINGS.values())


def texts_in(node: Any) -> Iterator[str]:
    """Every text of an interaction, its keys and compressed bodies included."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from texts_in(key)
            yield from texts_in(value)
    elif isinstance(node, list):
        for item in node:
            yield from texts_in(item)
        yield "".join(map(str, node))
    elif isinstance(node, bytes):
        for data in unpacked(node):
            yield data.decode("utf-8", "replace")
            yield data.decode("utf-16", "replace")
    elif isinstance(node, str):
        yield node
        yield node.replace("\r\n ", "")  # a folded header


def standing(case: Case, interaction: dict) -> Iterator[str]:
    """What stands in the place of the case, then whatever else stands in the interaction."""
    for each in also_unpacked(interaction):
        with suppress(Exception):  # the place is gone, or is not what it was
            yield case.put.back(each)
    yield from texts_in(interaction)


def finds(case: Case, cassette: str) -> bool:
    """Whether the secret can be read in the cassette by decoding what stands there."""
    if case.secret in cassette:
        return True
    for text in standing(case, yaml.load(cassette, yaml.CSafeLoader)["interactions"][-1]):
        if case.secret in text or case.written in text:
            return True
        with suppress(Exception):  # not in this encoding any more
            if case.secret in case.encoding.decode(text):
                return True
    return False

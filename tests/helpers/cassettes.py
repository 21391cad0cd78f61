"""Cassettes as pytest-bill writes them, made without recording anything."""

from __future__ import annotations

from pathlib import Path

from pytest_bill.cassettes import store
from pytest_bill.interaction import Interaction

API = "https://gateway.stage.bill.com/connect"
OURS = {"pytest_bill": {"environment": "sandbox"}}


def answered(path: str) -> Interaction:
    """A GET of BILL's v3 API with its answer."""
    headers = {"content-type": ["application/json"]}
    return Interaction("GET", API + path, {}, b"", 200, "OK", headers, b"{}", "sandbox")


def write_cassette(file: Path, *paths: str, metadata: dict | None = None) -> None:
    """A cassette with the answers to GETs of these paths."""
    held = store.Recording(list(map(answered, paths)), OURS if metadata is None else metadata)
    store.save(file, held, lambda _: None)


def paths_in(file: Path) -> list[str]:
    """What the requests in a cassette asked for."""
    held = store.load(file)
    assert held is not None
    return [each.url.removeprefix(API) for each in held.interactions]

"""All clients and their kinds; a client's module is imported only where it takes part."""

from __future__ import annotations

from importlib import import_module

from tests.clients.traffic.kinds import Kind, Kinds

CLIENTS = {
    "httpx": "with_httpx",
    "async_httpx": "with_async_httpx",
    "trio_httpx": "with_trio_httpx",
    "requests": "with_requests",
    "urllib3": "with_urllib3",
    "aiohttp": "with_aiohttp",
    "http_client": "with_http_client",
    "urllib": "with_urllib",
}


def kinds_of(client: str) -> Kinds:
    return import_module(f"tests.clients.traffic.{CLIENTS[client]}").KINDS


def is_wanted(client: str, kind: str, only: list[str]) -> bool:
    """Whether a kind is among these: names of clients, or of kinds (``urllib3-kept_alive``)."""
    return client in only or f"{client}-{kind}" in only


def chosen(only: list[str], run: str) -> list[tuple[str, Kind]]:
    """What takes part in a run: ``plain``, ``other``, ``recorded``, or the last with ``_tls``."""
    name, _, tls = run.partition("_")
    return [
        (client, kind)
        for client in dict.fromkeys(each.partition("-")[0] for each in only)
        for kind in kinds_of(client).values()
        if is_wanted(client, kind.name, only)
        if name == "plain" or name in kind.runs
        if name in ("plain", "other") or kind.tls == bool(tls)
    ]

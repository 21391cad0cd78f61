"""The cassettes that are replayed: written once, by vcrpy.

cassetter reads the same files, but no YAML of more than 250,000 nodes: 10,000 interactions it gets
in TOML, the fastest of its own formats.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from pathlib import Path
from typing import Any

from vcr.request import Request
from vcr.serialize import serialize
from vcr.serializers import yamlserializer

from benchmarks.measured.traffic import GATEWAY, Interaction, answer_headers, traffic

REQUEST_HEADERS = {
    "Accept": "*/*",
    "Accept-Encoding": "gzip, deflate",
    "Connection": "keep-alive",
    "User-Agent": "python-requests/2.34.2",
}
MOST_FOR_CASSETTER = 1_000


def write(path: Path, interactions: list[Interaction]) -> None:
    """As vcrpy writes what it recorded."""
    text = serialize(
        {
            "requests": [_request(interaction) for interaction in interactions],
            "responses": [_response(interaction) for interaction in interactions],
        },
        yamlserializer,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _request(interaction: Interaction) -> Request:
    return Request(interaction.method, *_sent(interaction))


def _sent(interaction: Interaction) -> tuple[str, bytes | None, dict[str, str]]:
    headers, body = dict(REQUEST_HEADERS), None
    if interaction.body is not None:
        body = json.dumps(interaction.body).encode()
        headers |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
    return GATEWAY + interaction.path, body, headers


def _response(interaction: Interaction) -> dict[str, Any]:
    return {
        "status": {"code": 200, "message": "OK"},
        "headers": _answer_headers(interaction),
        "body": {"string": interaction.answer},
    }


def _answer_headers(interaction: Interaction) -> dict[str, list[str]]:
    # Lists of its own: YAML would write a shared one as an alias, and no recording has any.
    return {name: [value] for name, value in answer_headers(interaction.answer).items()}


def write_with_cassetter(path: Path, interactions: list[Interaction]) -> None:
    """As cassetter writes what it recorded; the suffix says in which format."""
    from cassetter.cassette import Cassette
    from cassetter.recording import RecordMode

    path.parent.mkdir(parents=True, exist_ok=True)
    cassette = Cassette(path, record_mode=RecordMode.ALL)
    cassette.load()
    for interaction in interactions:
        url, body, headers = _sent(interaction)
        cassette.record(
            interaction.method,
            url,
            {name: [value] for name, value in headers.items()},
            body,
            200,
            _answer_headers(interaction),
            interaction.answer,
        )
    cassette.save()


class Shelf:
    """Cassettes by name (``get_1000``), made when first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, name: str, tool: str, folder: Path) -> None:
        """Copy one into a project, dated an hour back: users' cassettes are not brand new."""
        folder.mkdir(parents=True, exist_ok=True)
        age(shutil.copy(self._made(name, tool), folder))

    def put_many(self, count: int, size: int, folder: Path) -> None:
        """So many equal ones, ``test_0000.yaml`` and on, each with ``size`` interactions."""
        folder.mkdir(parents=True, exist_ok=True)
        source = self._made(f"get_{size - 1}", "vcrpy")
        for number in range(count):
            age(shutil.copy(source, folder / f"test_{number:04}.yaml"))

    def _made(self, name: str, tool: str) -> Path:
        kind, _, size = name.partition("_")
        is_own = tool == "cassetter" and int(size) > MOST_FOR_CASSETTER
        path = self._folder / (f"{name}.toml" if is_own else f"{name}.yaml")
        if not path.exists():
            make = write_with_cassetter if is_own else write
            make(path, traffic(kind, int(size)))
        return path


def age(path: Path) -> None:
    earlier = time.time() - 3600
    os.utime(path, (earlier, earlier))

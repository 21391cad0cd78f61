"""The cassettes that are replayed: written once by vcrpy, and by cassetter for itself."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from vcr.request import Request
from vcr.serialize import serialize
from vcr.serializers import yamlserializer

from benchmarks.measured.traffic import GATEWAY, Exchange, traffic

ANSWER_HEADERS = {
    "content-type": ["application/json"],
    "date": ["Tue, 24 Nov 2026 12:49:11 GMT"],
    "server": ["nginx"],
}
REQUEST_HEADERS = {
    "Accept": "*/*",
    "Accept-Encoding": "gzip, deflate",
    "Connection": "keep-alive",
    "User-Agent": "python-requests/2.34.2",
}


def write(path: Path, exchanges: list[Exchange]) -> None:
    """As vcrpy writes what it recorded."""
    text = serialize(
        {
            "requests": [_request(exchange) for exchange in exchanges],
            "responses": [_response(exchange) for exchange in exchanges],
        },
        yamlserializer,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _request(exchange: Exchange) -> Request:
    headers = dict(REQUEST_HEADERS)
    body = None
    if exchange.body is not None:
        body = json.dumps(exchange.body).encode()
        headers |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
    return Request(exchange.method, GATEWAY + exchange.path, body, headers)


def _response(exchange: Exchange) -> dict:
    # Lists of its own: YAML would write a shared one as an alias, and no recording has any.
    headers = {name: list(values) for name, values in ANSWER_HEADERS.items()}
    headers["content-length"] = [str(len(exchange.answer))]
    return {
        "status": {"code": 200, "message": "OK"},
        "headers": headers,
        "body": {"string": exchange.answer},
    }


class Shelf:
    """Cassettes by name (``get_1000``), made when first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, name: str, tool: str, where: Path) -> None:
        """Copy one into a project, dated an hour back: users' cassettes are not brand new."""
        where.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(self._own(name, tool), where)
        age(where)

    def put_many(self, count: int, size: int, tool: str, folder: Path) -> None:
        """So many equal ones, ``test_0000.yaml`` and on, each with ``size`` interactions."""
        folder.mkdir(parents=True, exist_ok=True)
        source = self._own(f"get_{size - 1}", tool)
        for number in range(count):
            copy = folder / f"test_{number:04}.yaml"
            shutil.copy(source, copy)
            age(copy)

    def _own(self, name: str, tool: str) -> Path:
        path = self._folder / "vcrpy" / f"{name}.yaml"
        if not path.exists():
            kind, _, size = name.partition("_")
            write(path, traffic(kind, int(size)))
        if tool != "cassetter":
            return path
        converted = self._folder / "cassetter" / f"{name}.yaml"
        if not converted.exists():
            converted.parent.mkdir(parents=True, exist_ok=True)
            command = [Path(sys.executable).parent / "cassetter", "convert", path, converted]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return converted


def age(path: Path) -> None:
    earlier = time.time() - 3600
    os.utime(path, (earlier, earlier))

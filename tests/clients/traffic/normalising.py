"""What differs from run to run by chance, made the same: ports, addresses of objects, boundaries.

Nothing else is touched here. What a cassette cannot hold is in ``differences``.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.clients.traffic.place import Addresses

_CHANCE = (
    (re.compile(r"\b0x[0-9a-f]{6,}"), "(address)"),
    (re.compile(r"\b[0-9a-f]{32}\b"), "(boundary)"),
    (re.compile(r"\bcancel scope [0-9a-f]+"), "cancel scope (address)"),
    (re.compile(r"\bfd=\d+"), "fd=(number)"),
    # The ports that clients were given, in what sockets say of themselves.
    (re.compile(r"(laddr|raddr)=\('[^']*', \d+\)"), r"\1=(socket)"),
)


class Normaliser:
    """Makes what two runs saw comparable."""

    def __init__(self, addresses: Addresses, folder: Path, *, tls: bool) -> None:
        base = addresses.base_tls if tls else addresses.base
        known = {
            "base": base,
            "elsewhere": addresses.elsewhere,
            "proxy": addresses.proxy,
            "closed": addresses.closed,
        }
        self._ports: dict[int, str] = {}
        self._texts: list[tuple[str, str]] = [(str(folder), "(folder)")]
        self._texts.append((str(Path(addresses.authority).parent), "(certificates)"))
        for name, origin in known.items():
            parts = urlsplit(origin)
            self._ports[parts.port or 0] = f"({name} port)"
            self._texts += [(origin, f"({name})"), (parts.netloc, f"({name} host)")]
        numbers = "|".join(map(str, self._ports))
        self._port = re.compile(rf"\b({numbers})\b")

    def __call__(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {self(name): self(each) for name, each in value.items()}
        if isinstance(value, list):
            return [self(each) for each in value]
        if isinstance(value, str):
            return self._text(value)
        if type(value) is int and value in self._ports:
            return self._ports[value]
        return value

    def _text(self, text: str) -> str:
        for known, name in self._texts:
            text = text.replace(known, name)
        text = self._port.sub(lambda found: self._ports[int(found.group())], text)
        for pattern, name in _CHANCE:
            text = pattern.sub(name, text)
        return text

"""What differs from run to run by chance, made the same: ports, addresses of objects, boundaries.

Nothing else is touched here. What a cassette cannot hold is in ``differences``.
"""

from __future__ import annotations

import re
from pathlib import Path
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
    """Makes what two runs saw comparable: first the numbers in it, then the text that holds it."""

    def __init__(self, addresses: Addresses, folder: Path, *, tls: bool) -> None:
        known = {
            "base": addresses.base_tls if tls else addresses.base,
            "elsewhere": addresses.elsewhere,
            "proxy": addresses.proxy,
            "closed": addresses.closed,
        }
        self._ports: dict[int, str] = {}
        self._texts = [
            (str(folder), "(folder)"),
            (str(Path(addresses.authority).parent), "(certificates)"),
        ]
        for name, origin in known.items():
            parts = urlsplit(origin)
            self._ports[parts.port or 0] = f"({name} port)"
            self._texts += [(origin, f"({name})"), (parts.netloc, f"({name} host)")]
        self._port = re.compile(rf"\b({'|'.join(map(str, self._ports))})\b")

    def number(self, number: int) -> int | str:
        """A port by its name."""
        return self._ports.get(number, number)

    def text(self, text: str) -> str:
        """JSON without what is there by chance."""
        for known, name in self._texts:
            text = text.replace(known, name)
        text = self._port.sub(lambda found: self._ports[int(found.group())], text)
        for pattern, name in _CHANCE:
            text = pattern.sub(name, text)
        return text

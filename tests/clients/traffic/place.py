"""Where one kind of traffic goes: addresses and files, as a run hands them to it."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Addresses:
    """What a whole run is told; ``base`` is BILL, or the host that stands in for it."""

    base: str
    base_tls: str
    elsewhere: str
    proxy: str
    closed: str
    control: str
    authority: str
    stranger: str

    @classmethod
    def read(cls, text: str) -> Addresses:
        return cls(**json.loads(text))


@dataclass
class Place:
    """The addresses of one kind; ``scenarios`` are those that it asked for."""

    addresses: Addresses
    client: str
    kind: str
    tls: bool
    scenarios: list[str] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return self.addresses.base_tls if self.tls else self.addresses.base

    @property
    def host(self) -> str:
        return urlsplit(self.origin).hostname or ""

    @property
    def port(self) -> int:
        return urlsplit(self.origin).port or 0

    @property
    def root(self) -> str:
        """The path below which all of this kind lies; BILL's v3 begins so."""
        return f"/connect/v3/{self.client}/{self.kind}"

    def path(self, scenario: str) -> str:
        self.scenarios.append(scenario)
        return f"{self.root}/{scenario}"

    def url(self, scenario: str) -> str:
        return self.origin + self.path(scenario)

    def elsewhere(self, scenario: str) -> str:
        """The same at a host that is never BILL's."""
        return f"{self.addresses.elsewhere}{self.path(scenario)}"

    def closed(self, scenario: str) -> str:
        """The same where nobody listens."""
        return f"{self.addresses.closed}{self.path(scenario)}"

    @property
    def proxy(self) -> str:
        return self.addresses.proxy

    @property
    def authority(self) -> str:
        """The file of the authority that signed the servers' certificate."""
        return self.addresses.authority

    @property
    def stranger(self) -> str:
        """The file of an authority that signed nothing here."""
        return self.addresses.stranger

    @property
    def folder(self) -> Path:
        """For files of this kind; it is there once there is one."""
        return Path("files", self.client, self.kind).absolute()

    def file(self, name: str, content: bytes) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / name
        path.write_bytes(content)
        return path

    def go_on(self) -> bool:
        """Let a paced body go on; whether the server was still waiting for that."""
        parts = urlsplit(self.addresses.control)
        with socket.create_connection((parts.hostname, parts.port), 5) as control:
            control.sendall(self.root.strip("/").encode() + b"\n")
            return control.recv(1) == b"1"

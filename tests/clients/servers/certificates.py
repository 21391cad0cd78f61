"""An authority of our own, and the certificate of the loopback servers."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path

import trustme


@dataclass(frozen=True)
class Certificates:
    """Files of two authorities, only the first of which has signed the servers' certificate."""

    authority: Path
    stranger: Path
    server: ssl.SSLContext


def make(folder: Path) -> Certificates:
    authority, stranger = folder / "authority.pem", folder / "stranger.pem"
    ours = trustme.CA()
    ours.cert_pem.write_to_path(str(authority))
    trustme.CA().cert_pem.write_to_path(str(stranger))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.issue_cert("127.0.0.1", "127.0.0.2", "localhost").configure_cert(server)
    server.set_alpn_protocols(["h2", "http/1.1"])
    return Certificates(authority, stranger, server)

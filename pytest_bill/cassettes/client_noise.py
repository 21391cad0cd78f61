"""What is not recorded of a request: headers that say nothing to BILL, only how a client sends.

They differ from one client, or one version of it, to the next. Cassettes that hold them replay.
"""

from __future__ import annotations

from collections.abc import Mapping

CLIENT_NOISE = frozenset(
    # From hop to hop (RFC 9110, 7.6.1).
    {"connection", "keep-alive", "proxy-connection", "te", "transfer-encoding", "upgrade"}
    # What the client is, what it can unpack, and how long what it sends is.
    | {"user-agent", "accept-encoding", "content-length"}
)
"""The names of such headers, in lower case. Matchers leave them out, too."""


def without_noise(headers: Mapping[str, str]) -> Mapping[str, str]:
    """The headers of a request that are recorded."""
    return {name: value for name, value in headers.items() if name.lower() not in CLIENT_NOISE}

"""Links that BILL handed out: to files that lie elsewhere, such as exports and uploads.

BILL's reference fetches them without a credential (https://developer.bill.com/reference/getdownloadlink,
https://developer.bill.com/reference/createreceiptuploadurl) and does not say where they lead. So a
request to an address that stood in an answer of BILL's belongs to the same recording.
"""

from __future__ import annotations

import re

_LINK = re.compile(rb'https?:(?:\\?/){2}[^\s"<>]+')
_MOST = 10_000


class Links:
    """The addresses that stood in answers, the latest of them."""

    def __init__(self) -> None:
        self._known: dict[str, None] = {}
        self._origins: set[str] = set()

    def __contains__(self, url: str) -> bool:
        return bool(self._known) and _as_asked(url) in self._known

    def lead_to(self, url: str) -> bool:
        """Whether one of them leads to the origin of a URL."""
        return bool(self._known) and _origin_of(url) in self._origins

    def look_in(self, body: bytes) -> bool:
        """Remember the addresses in an answer's body; tells whether one leads somewhere new."""
        if b"http" not in body:
            return False
        known = len(self._origins)
        for found in _LINK.findall(body):
            link = found.replace(b"\\/", b"/").replace(b"\\u0026", b"&").decode("utf-8", "replace")
            while len(self._known) >= _MOST:
                self._known.pop(next(iter(self._known)))
            self._known[_as_asked(link)] = None
            self._origins.add(_origin_of(link))
        return len(self._origins) > known


def _origin_of(url: str) -> str:
    return "/".join(url.split("/", 3)[:3]).lower()


def _as_asked(url: str) -> str:
    return url.partition("#")[0]

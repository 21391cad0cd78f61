"""Links that BILL handed out: to files that lie elsewhere, such as exports and uploads.

BILL's reference fetches them without a credential
(https://developer.bill.com/reference/getdownloadlink,
https://developer.bill.com/reference/createreceiptuploadurl) and does not say where they lead. So a
request to an address that stood in an answer of BILL's belongs to the same recording, and it is
recorded and replayed as one to BILL; in the cassette what makes the link work is a placeholder.

What stands in such a link, a signature, a token, may be sent to the host that the link names, by
any client: who gave it meant it to be sent there. Nothing else may, and nowhere else. Where that
host leads on by a redirect, what it says is a link, too: it can tell nothing that it does not know.
Addresses in its files are none.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from pytest_bill.patterns import late_pattern
from pytest_bill.urls import split

_SLASH = rb"(?:\\*/|\\+u002[fF]|&#(?:47|[xX]2[fF]);)"
_LINK = late_pattern(rb'[hH][tT][tT][pP][sS]?:%b{2}[^\s"<>]+' % _SLASH)
_MOST = 10_000
_DEFAULT_PORTS = {"https": 443, "http": 80}


_ESCAPE = late_pattern(r"\\+u([0-9a-fA-F]{4})")
_ESCAPED_SLASH = late_pattern(r"\\+/")
_END = late_pattern(r'[\\\s"<>]')
_AFTER_A_LINK = ".,;:!?)]}'*`"


class Links:
    """The addresses that stood in answers, the latest of them."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._origins: set[str] = set()

    def __contains__(self, url: str) -> bool:
        return bool(self._known) and _as_asked(url) in self._known

    def lead_to(self, url: str) -> bool:
        """Whether one of them leads to the origin of a URL."""
        return bool(self._known) and _origin_of(url) in self._origins

    def lead_to_host(self, host: str) -> bool:
        """Whether one of them leads to a host."""
        return any(split(origin).hostname == host for origin in [*self._origins] if origin)

    def hold(self, secret: str, url: str) -> bool:
        """Whether a secret stands in a link that leads to the origin of a URL."""
        origin, text = _origin_of(url), _plainly(secret)
        return any(text in link for link, leads_to in self._known.items() if leads_to == origin)

    def look_in(self, body: bytes) -> bool:
        """Remember the addresses in an answer; tells whether one leads somewhere new."""
        if not may_hold_links(body):
            return False
        known = len(self._origins)
        for found in _LINK.findall(body):
            for link in _meant_by(found):
                self._add(link)
        return len(self._origins) > known

    def _add(self, link: str) -> None:
        while len(self._known) >= _MOST:
            self._known.pop(next(iter(self._known)))
        origin = self._known[_as_asked(link)] = _origin_of(link)
        self._origins.add(origin)


def may_hold_links(body: bytes) -> bool:
    """Whether an address may stand in an answer's body: in most there is none."""
    return b"http" in body or b"HTTP" in body


def _meant_by(found: bytes) -> Iterator[str]:
    """The links that what looks like one may mean: unescaped, and without what ends a sentence."""
    text = _ESCAPE.sub(lambda each: chr(int(each[1], 16)), found.decode("utf-8", "replace"))
    text = _END.split(_ESCAPED_SLASH.sub("/", text), maxsplit=1)[0]
    for link in dict.fromkeys((text, html.unescape(text))):
        yield link
        for shorter in (link.partition("'")[0], link.rstrip(_AFTER_A_LINK)):
            if shorter != link:
                yield shorter


def _origin_of(url: str) -> str:
    try:
        parts = split(url)
        port = parts.port or _DEFAULT_PORTS.get(parts.scheme)
    except ValueError:  # a port out of range, a broken IPv6 host
        return ""
    return f"{parts.scheme}://{parts.hostname or ''}:{port}"


def _as_asked(url: str) -> str:
    """A URL as all clients send it: they write the same in more than one way."""
    try:
        parts = split(url)
    except ValueError:
        return url
    query = parts.query.replace("+", " ")
    return f"{_origin_of(url)}{_plainly(parts.path) or '/'}?{_plainly(query)}"


def _plainly(text: str) -> str:
    return unquote_to_bytes(text).decode("utf-8", "replace")

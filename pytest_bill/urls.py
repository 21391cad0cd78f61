"""Taking URLs apart, once for all who ask."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit


def split(url: str) -> SplitResult:
    """As ``urlsplit``, which remembers the latest URLs it took apart.

    It remembers them by how it was asked. Asked so, it has the URLs that ``requests`` and
    ``http.cookiejar`` gave to ``urlparse``.

    Raises:
        ValueError: the host is a broken IPv6 address.
    """
    return urlsplit(url, "", True)


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL, and nothing else of it; empty where it has none."""
    try:
        parts = split(url)
        port, host = parts.port, parts.hostname or ""
    except ValueError:  # a port out of range, a broken IPv6 host
        return ""
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}" + (f":{port}" if port is not None else "") if host else ""


_PROXY = "the proxy "


def through_proxy(place: str) -> str:
    """How a proxy is named that reads what goes through it, by its host and port."""
    return _PROXY + place


def is_proxy(place: str) -> bool:
    """Whether ``through_proxy`` gave that name."""
    return place.startswith(_PROXY)

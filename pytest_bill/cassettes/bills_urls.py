"""Which URLs are BILL's: those of its hosts, of the configured address, and links it handed out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pytest_bill import environments
from pytest_bill.environments import Environment
from pytest_bill.guards.links import Links, may_hold_links
from pytest_bill.interaction import Interaction
from pytest_bill.urls import split

_AFTER_SCHEME = len("https://")
_BILLS, _SOME_ARE_BILLS, _NOBODYS = "BILL's", "some are BILL's", "nobody's"
_MOST_ORIGINS = 1000


class BillsUrls:
    """The URLs that requests to BILL have in a run."""

    def __init__(self, environment: Environment) -> None:
        self.links = Links()
        self._environment = environment
        self._whose: dict[str, str] = {}

    def __contains__(self, url: str) -> bool:
        whose = self._whose_is(url)
        if whose is _SOME_ARE_BILLS:
            here = self._environment
            return here.owns(url) or here.gives_tokens(url) or url in self.links
        return whose is _BILLS

    def have_origin_of(self, url: str) -> bool:
        """Whether some URL of that origin is BILL's."""
        return self._whose_is(url) is not _NOBODYS

    def _whose_is(self, url: str) -> str:
        """Whose the URLs of an origin are; it is known from then on."""
        origin = origin_of(url)
        whose = self._whose.get(origin)
        if whose is None:
            whose = _NOBODYS
            if environments.is_bills_own(url):
                whose = _BILLS
            elif self._environment.is_at_origin(url) or self.links.lead_to(url):
                whose = _SOME_ARE_BILLS
            if len(self._whose) >= _MOST_ORIGINS:
                self._whose.clear()
            self._whose[origin] = whose
        return whose

    def add_links_in(self, interaction: Interaction) -> None:
        """Know the links in an answer; of what a link leads to, only the redirect is one."""
        headers, body = interaction.answer_headers, interaction.answer_body
        links = [each for values in headers.values() for each in values if "://" in each]
        if not links and not may_hold_links(body):
            return
        if not environments.is_bill(interaction.url, self._environment):
            links, body = [*_locations_in(headers)], b""
        news = [self.links.look_in(each) for each in ("\n".join(links).encode(), body)]
        if any(news):
            self._whose.clear()


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL, as they are written in it."""
    end = url.find("/", _AFTER_SCHEME)
    return url[:end] if end > 0 else url


def shown_path(url: str) -> str:
    """A URL of BILL's as its documentation writes paths (``/v3/bills?max=2``); others whole."""
    try:
        parts = split(url)
    except ValueError:  # a broken IPv6 host
        return url
    if not environments.is_bills_host(parts.hostname or ""):
        return url
    path = parts.path or "/"
    for base, api in (("/connect", "/v"), ("/api", "/v2/")):
        if path.startswith(base + api):
            path = path.removeprefix(base)
            break
    return f"{path}?{parts.query}" if parts.query else path


def _locations_in(headers: Mapping[str, list[str]]) -> Iterator[str]:
    for name, values in headers.items():
        if name.lower() == "location":
            yield from values

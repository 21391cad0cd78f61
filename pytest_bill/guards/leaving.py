"""Whether a request may leave: to BILL, to production, or to another host."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pytest_bill import environments
from pytest_bill.environments import Environment
from pytest_bill.exceptions import NetworkRefused, PlaceholderSent
from pytest_bill.guards.links import Links
from pytest_bill.guards.production import (
    PRODUCTION_REFUSED,
    refuse_unwatched,
    why_not_unwatched,
)
from pytest_bill.interaction import Interaction
from pytest_bill.patterns import late_pattern
from pytest_bill.scrubbing.placeholders import find_placeholder
from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.scrubbing.search.budget import UNSEARCHABLE
from pytest_bill.scrubbing.search.late import search_for
from pytest_bill.urls import is_proxy

if TYPE_CHECKING:
    from pytest_bill.scrubbing.search.search import Search

# A word that goes on, also one that is written with references, and a line as base64 is wrapped.
_ENDS_WITHIN = late_pattern(
    rb"(?:[^\s\"'<>{}\[\](),;:&]{8}|&#?\w{0,10};?[^\s\"'<>]{0,7}|[A-Za-z0-9+/=_-]{40}\s+)\Z"
)
_LONGEST_WORD = 2048
_URL = "URL"
_REQUEST_LINE = late_pattern(rb"[^\r\n]* HTTP/[0-9.]+(?:\r\n|\Z)")
# Names of users and organizations are no credentials: an application may well tell them to others.
_NO_CREDENTIAL = late_pattern(r"(USERNAME|ORGANIZATION_ID|TOKEN_NAME|ADMIN_EMAIL)(_\d+)?$")
_AUTHORIZATION = late_pattern(r"AUTHORIZATION(_\d+)?$")
_COOKIE = late_pattern(r"COOKIE(_\d+)?$")
# What signs in, or shows that somebody has, is sent nowhere else though it stands in a link.
_LOADED = late_pattern(
    r"(PASSWORD|DEV_KEY|SESSION_ID|API_TOKEN|APP_KEY|TOKEN_VALUE|CLIENT_SECRET|REMEMBER_ME_ID"
    r"|DEVICE|SECURITY_KEY|STAND_IN_KEY|COOKIE)(_\d+)?$"
)


class Leaving:
    """Stops requests that must not be sent.

    ``described`` gives a request as messages show it, ``test_now`` the test that runs.
    """

    def __init__(
        self,
        environment: Environment,
        registry: SecretRegistry,
        described: Callable[[Interaction], str],
        *,
        allow_production: bool = False,
        allowed_changes: frozenset[str] = frozenset(),
        test_now: Callable[[], str] = str,
        links: Links | None = None,
    ) -> None:
        """``links`` are those that BILL handed out."""
        self._environment = environment
        self._registry = registry
        self._described = described
        self._allow_production = allow_production
        self.why_not_unwatched = why_not_unwatched(allow_production, allowed_changes)
        self._allowed_changes = allowed_changes
        self._test_now = test_now
        self._links = Links() if links is None else links
        self._cookies: dict[tuple[str, str], set[str]] = {}
        self._searched: tuple[tuple[int, int, int], Search] | None = None
        self._searched_beside_links: tuple[dict[str, str], Search] | None = None

    def check_sendable(self, request: Interaction) -> None:
        """Stop a request to BILL that must not be sent.

        Raises:
            PlaceholderSent: it carries a placeholder.
            NetworkRefused: it goes to production, and nobody allowed that, or not what it would
                change there; it goes to BILL in a run of the local sandbox; it would go to BILL
                unencrypted; or it opens a websocket.
        """
        self._check_production(request)
        self._check_local(request)
        if environments.is_bills_own(request.url) and urlsplit(request.url).scheme != "https":
            raise NetworkRefused(
                f"{self._described(request)} was not sent: it would go to BILL unencrypted.\n"
                "Write the address with https."
            )
        if any(name.lower() == "upgrade" for name in request.headers):
            raise NetworkRefused(
                f"{self._described(request)} was not sent: it asks for another protocol, and a "
                "cassette holds HTTP only.\nLeave out the header Upgrade."
            )
        for place, content in _places_of(request).items():
            placeholder = find_placeholder(content)
            if placeholder is not None:
                raise PlaceholderSent(
                    f"{self._described(request)} was not sent: its {place} holds {placeholder}, "
                    "which stands for a secret during replay.\n"
                    "Take credentials from the fixture when the request is made "
                    "(session.credential_headers()), and set the credential's variables."
                )

    def check_unwatched(self, url: str) -> None:
        """Stop what is asked of production where no test uses BILL: nobody looks into it.

        Raises:
            NetworkRefused: nobody allowed that.
        """
        refuse_unwatched(environments.host_of(url), self.why_not_unwatched)

    def set_cookies(self, host: str, cookies: Iterable[str]) -> None:
        """Remember cookies as an answer set them; ``host`` set them, empty for BILL."""
        for cookie in cookies:
            self._cookies.setdefault(_pair_of(cookie.partition(";")[0]), set()).add(host)

    def check_elsewhere(self, request: Interaction) -> None:
        """Stop a request to another host than the configured BILL that carries a credential.

        What stands in a link that BILL handed out may be sent there, in the URL.

        Raises:
            NetworkRefused: a password, key, token, cookie or sessionId is in its URL, headers or
                body.
        """
        for place, content in _places_of(request).items():
            self._check_content(request.url, place, content)

    def check_bytes(self, where: str, sent: bytes) -> None:
        """The same for what a client sends to another host, or to where a URL leads.

        Its head is looked at line by line, since most lines are the same each time.
        """
        if self._registry.has_none_of(sent):
            return
        head, _, body = sent.partition(b"\r\n\r\n")
        if _REQUEST_LINE.match(head) is None:
            self._check_content(where, "header or body", sent)
            return
        line, *headers = head.split(b"\r\n")
        self._check_content(where, _URL, line)
        for header in headers:
            self._check_content(where, _header_named(header), header)
        others = [each for each in headers if not _is_for_proxy(where, _header_named(each))]
        self._check_content(where, "headers", b"\r\n".join(others))
        self._check_content(where, "body", body)

    def ends_between_words(self, content: bytes) -> bool:
        """Whether no secret can begin in this text and end in what follows it.

        Nor a text that holds one in an encoding: that is one word, or lines of letters.
        """
        if _ENDS_WITHIN.search(content[-_LONGEST_WORD:]):
            return False
        return not any(
            _begins_at_end(content, form)
            for value, _ in self._known_credentials()
            for form in (value.encode("utf-8", "surrogatepass"), json.dumps(value)[1:-1].encode())
        )

    def _check_content(self, where: str, place: str, content: str | bytes) -> None:
        if isinstance(content, str):
            content = _as_it_leaves(content)
        if self._registry.find(content) is None:
            return
        found = self._credentials().find(content)
        if found is not None and _is_for_proxy(where, place):
            found = self._but_authorizations().find(content)
        if found is not None and place == _URL and self._links.lead_to(where):
            found = self._but_those_of_links(where).find(content)
        if found is None and place.lower() == "header cookie":
            found = self._cookie_of_bill(where, content)
        if found is not None:
            raise NetworkRefused(self._refusal(where, place, found))

    def _refusal(self, where: str, place: str, found: str) -> str:
        to = self._registry.hide(environments.host_of(where) or where or "another host")
        what = f"the secret of {found}"
        if found == UNSEARCHABLE:
            what = "packed data that cannot be searched for secrets"
        place = self._registry.hide(place)
        message = f"A request to {to} was not sent: its {place} holds {what}.\n"
        if is_proxy(where):
            return (
                f"{message}A proxy reads what goes through it without TLS. Leave it out for this "
                "address: put the host into NO_PROXY, or give the client no proxy."
            )
        return (
            f"{message}Credentials go to the configured BILL only "
            f"({self._environment.gateway}). Check the address, and redirects."
        )

    def _credentials(self) -> Search:
        """The search for those secrets of the run that are credentials."""
        registry = self._registry
        known = len(registry), registry.public_count, sum(map(len, self._cookies.values()))
        if self._searched is None or self._searched[0] != known:
            self._searched = known, search_for(dict(self._known_credentials()))
        return self._searched[1]

    def _but_authorizations(self) -> Search:
        """The search for those that are known from elsewhere than a header ``Authorization``.

        What a proxy is told to let somebody through stands in a header of that kind, too.
        """
        known = self._known_credentials()
        return search_for({value: name for value, name in known if not _AUTHORIZATION.search(name)})

    def _but_those_of_links(self, url: str) -> Search:
        """The search for those that stand in no link that leads to the origin of a URL."""
        of_bill = environments.is_bills_own(url)
        others = {
            value: placeholder
            for value, placeholder in self._known_credentials()
            if (_LOADED.search(placeholder) and not of_bill) or not self._links.hold(value, url)
        }
        # The same ones for link after link.
        if self._searched_beside_links is None or self._searched_beside_links[0] != others:
            self._searched_beside_links = others, search_for(others)
        return self._searched_beside_links[1]

    def _known_credentials(self) -> Iterator[tuple[str, str]]:
        of_bill = {value for (_, value), hosts in self._cookies.items() if "" in hosts}
        for value, placeholder in self._registry.known_by_value().items():
            if _NO_CREDENTIAL.search(placeholder):
                continue
            if _COOKIE.search(placeholder) and not (
                _is_random(value) and value.strip('"') in of_bill
            ):
                continue
            yield value, placeholder

    def _cookie_of_bill(self, where: str, header: bytes) -> str | None:
        """The placeholder of a cookie that BILL set and that host did not."""
        for cookie in header.decode("latin-1").partition(":")[2].split(";"):
            hosts = self._cookies.get(_pair_of(cookie), set())
            if "" in hosts and _host_and_port(where) not in hosts:
                return self._registry.find(cookie)
        return None

    def _check_local(self, request: Interaction) -> None:
        if self._environment.name != "local" or not environments.is_bills_own(request.url):
            return
        instead = environments.SANDBOX.moved_to(self._environment, request.url)
        instead = environments.PRODUCTION.moved_to(self._environment, instead)
        where = self._environment.gateway if instead == request.url else _without_query(instead)
        raise NetworkRefused(
            f"{self._described(request)} was not sent: with --bill-environment=local nothing goes "
            f"to BILL's own hosts.\nThe local sandbox is at {self._registry.hide(where)}: take "
            "the address from session.base_url or from the fixture bill_environ."
        )

    def _check_production(self, request: Interaction) -> None:
        if not environments.is_production(request.url):
            return
        if not self._allow_production:
            raise NetworkRefused(f"{self._described(request)} was not sent.\n{PRODUCTION_REFUSED}")
        from pytest_bill.guards.production_operations import change_by

        names = frozenset(name.lower() for name in request.headers)
        change = change_by(request.method, request.url, names)
        if change is None or change.group in self._allowed_changes:
            return
        test = self._test_now()
        what = f"{change.method} {self._registry.hide(change.path)}"
        operation = f" ({change.operation})" if change.operation else ""
        raise NetworkRefused(
            f"{what}{operation} was not sent to BILL's production: it {change.effect}.\n"
            + (f"Asked for by {self._registry.hide(test)}.\n" if test else "")
            + "If that is meant, type --bill-allow-production-changes="
            f"{change.group} on the command line."
        )


def _without_query(url: str) -> str:
    return url.partition("?")[0]


_LEAST_OF_ONE = 4
_LEAST_RANDOM = 16


def _begins_at_end(content: bytes, secret: bytes) -> bool:
    """Whether some letters at the end are the first ones of a secret."""
    begin = secret[:_LEAST_OF_ONE]
    at = content.find(begin, max(0, len(content) - len(secret)))
    while at >= 0:
        if secret.startswith(content[at:]):
            return True
        at = content.find(begin, at + 1)
    return False


def _is_random(value: str) -> bool:
    """Whether a cookie's value is one that nobody has by chance, unlike a region or a language."""
    return len(value) >= _LEAST_RANDOM and any(map(str.isdigit, value))


def _is_for_proxy(where: str, place: str) -> bool:
    return is_proxy(where) and place.lower() == "header proxy-authorization"


def _pair_of(cookie: str) -> tuple[str, str]:
    name, _, value = cookie.strip().partition("=")
    return name.strip(), value.strip().strip('"')


def _host_and_port(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].lower()


def _header_named(line: bytes) -> str:
    return f"header {line.partition(b':')[0].decode('latin-1')}"


def _places_of(request: Interaction) -> dict[str, str | bytes]:
    places: dict[str, str | bytes] = {_URL: request.url, "body": request.body}
    places |= {f"header {name}": f"{name}: {value}" for name, value in request.headers.items()}
    return places | {"method": request.method}


def _as_it_leaves(text: str) -> bytes:
    """A URL or a header in bytes: each of its characters stands for one, where it can."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")

"""Whether a request may leave: to BILL, to production, or to another host."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from pytest_bill import environments
from pytest_bill.consequential import change_by
from pytest_bill.environments import Environment
from pytest_bill.exceptions import NetworkRefused, PlaceholderSent
from pytest_bill.exchange import Exchange
from pytest_bill.guards.production import refuse_unwatched, why_not_unwatched
from pytest_bill.scrubbing.registry import (
    SHORTEST_BY_VALUE,
    SecretRegistry,
    find_placeholder,
)
from pytest_bill.scrubbing.search import Search


class Leaving:
    """Stops requests that must not be sent.

    ``described`` gives a request as messages show it, ``test_now`` the test that runs.
    """

    def __init__(
        self,
        environment: Environment,
        registry: SecretRegistry,
        described: Callable[[Exchange], str],
        *,
        allow_production: bool = False,
        allowed_changes: frozenset[str] = frozenset(),
        test_now: Callable[[], str] = str,
    ) -> None:
        self._environment = environment
        self._registry = registry
        self._described = described
        self._allow_production = allow_production
        self.why_not_unwatched = why_not_unwatched(allow_production, allowed_changes)
        self._allowed_changes = allowed_changes
        self._test_now = test_now
        self._searched: tuple[int, Search] | None = None

    def check_sendable(self, request: Exchange) -> None:
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

    def check_elsewhere(self, request: Exchange) -> None:
        """Stop a request to another host than the configured BILL that carries a credential.

        Raises:
            NetworkRefused: a password, key, token or sessionId is in its URL, headers or body.
        """
        host = urlsplit(request.url).hostname or "another host"
        for place, content in _places_of(request).items():
            self._check_content(host, place, content)

    def check_bytes(self, host: str, sent: bytes) -> None:
        """The same for a piece of what a client sends to another host.

        Its head is looked at line by line, since most lines are the same each time.
        """
        if self._registry.has_none_of(sent):
            return
        for line in sent.split(b"\r\n"):
            self._check_content(host, "header or URL", line)
        self._check_content(host, "body", sent)

    def _check_content(self, host: str, place: str, content: str | bytes) -> None:
        if self._registry.find(content) is None:
            return
        if isinstance(content, str):
            content = content.encode("utf-8", "surrogatepass")
        found = self._credentials().find(content)
        if found is not None:
            raise NetworkRefused(
                f"A request to {self._registry.hide(host)} was not sent: its {place} holds the "
                f"secret of {found}.\nCredentials go to the configured BILL only "
                f"({self._environment.gateway}). Check the address, and redirects."
            )

    def _credentials(self) -> Search:
        """The search for those secrets of the run that are credentials."""
        if self._searched is None or self._searched[0] != len(self._registry):
            known = self._registry.known()
            self._searched = (
                len(known),
                Search(
                    {
                        value: placeholder
                        for value, placeholder in known.items()
                        if len(value) >= SHORTEST_BY_VALUE
                        and not _NO_CREDENTIAL.search(placeholder)
                    }
                ),
            )
        return self._searched[1]

    def _check_local(self, request: Exchange) -> None:
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

    def _check_production(self, request: Exchange) -> None:
        if not environments.is_production(request.url):
            return
        if not self._allow_production:
            raise NetworkRefused(
                f"{self._described(request)} was not sent.\n{environments.PRODUCTION_REFUSED}"
            )
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


# Names of users and organizations are no credentials: an application may well tell them to others.
# The signature of a URL is for the host that the URL names.
_NO_CREDENTIAL = re.compile(
    r"(USERNAME|ORGANIZATION_ID|TOKEN_NAME|ADMIN_EMAIL|COOKIE|URL_SIGNATURE)(_\d+)?$"
)


def _places_of(request: Exchange) -> dict[str, str | bytes]:
    places: dict[str, str | bytes] = {"URL": request.url, "body": request.body}
    return places | {f"header {name}": value for name, value in request.headers.items()}

"""Whether a request may leave: to BILL, to production, or to another host."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from pytest_bill import environments
from pytest_bill.consequential import change_by
from pytest_bill.credentials import PLACEHOLDER_PREFIX
from pytest_bill.environments import Environment
from pytest_bill.exceptions import NetworkRefused, PlaceholderSent
from pytest_bill.exchange import Exchange
from pytest_bill.scrubbing.registry import SecretRegistry, find_placeholder


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
        self._allowed_changes = allowed_changes
        self._test_now = test_now

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
        places: dict[str, str | bytes] = {**_places_of(request), "body": request.body}
        for place, content in places.items():
            placeholder = find_placeholder(content)
            if placeholder is not None:
                raise PlaceholderSent(
                    f"{self._described(request)} was not sent: its {place} holds {placeholder}, "
                    "which stands for a secret during replay.\n"
                    "Take credentials from the fixture when the request is made "
                    "(session.credential_headers()), and set the credential's variables."
                )

    def check_elsewhere(self, request: Exchange) -> None:
        """Stop a request to another host than the configured BILL that carries a credential.

        Raises:
            NetworkRefused: a password, key, token or sessionId is in its URL, headers or body.
        """
        for place, text in _places_of(request).items():
            self._check_text(urlsplit(request.url).hostname or "another host", place, text)

    def check_bytes(self, host: str, sent: bytes) -> None:
        """The same for a piece of what a client sends to another host.

        Its head is looked at line by line, since most lines are the same each time.
        """
        if self._registry.has_none_of(sent):
            return
        for line in sent.split(b"\r\n"):
            self._check_text(host, "header or URL", line.decode("latin-1"))
        self._check_text(host, "body", sent.decode("latin-1"))

    def _check_text(self, host: str, place: str, text: str) -> None:
        hidden = self._registry.hide(text)
        if hidden is text or hidden == text:
            return
        found = _CREDENTIAL.search(hidden)
        if found is not None and found.group(0) not in text:
            raise NetworkRefused(
                f"A request to {self._registry.hide(host)} was not sent: its {place} holds the "
                f"secret of {found.group(0)}.\nCredentials go to the configured BILL only "
                f"({self._environment.gateway}). Check the address, and redirects."
            )

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
_NO_CREDENTIALS = "USERNAME|ORGANIZATION_ID|TOKEN_NAME|ADMIN_EMAIL|COOKIE|URL_SIGNATURE"
_CREDENTIAL = re.compile(rf"{PLACEHOLDER_PREFIX}(?!\w*({_NO_CREDENTIALS})\b)[A-Z0-9_]+")


def _places_of(request: Exchange) -> dict[str, str]:
    places = {"URL": request.url, "body": request.body.decode("latin-1")}
    return places | {f"header {name}": value for name, value in request.headers.items()}

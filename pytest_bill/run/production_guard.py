"""Keeps BILL's production from being asked where no BILL fixture watches over it.

That is from the start of a pytest run to its end: in a conftest, while test modules are imported,
in hooks, and in tests that use no BILL. No socket is opened to a host of production, in any run.
Where the run has anything of BILL's, its variables, options or tests, each client is looked at,
too: behind a proxy, or with a resolver of its own, no socket tells where a request goes.

pytest imports this module in every run: it imports nothing itself.
"""

from __future__ import annotations

import sys
from contextlib import ExitStack, nullcontext
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest


class ProductionGuard:
    """Refuses production in one pytest run, until the run of a BILL fixture does so by itself."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._is_on = False
        self._stack = ExitStack()
        self._watches_clients = False
        self.bills_hosts: set[str] = set()
        """BILL's hosts that were asked without a BILL fixture; who looks for them clears it."""

    def start(self) -> None:
        """Refuse from now on."""
        self._is_on = True
        _guards.append(self)
        _install()

    def watch_clients(self) -> None:
        """Look at what each client asks, too, and not at sockets only."""
        if self._watches_clients:
            return
        from pytest_bill.clients import base

        self._watches_clients = True
        self._stack.enter_context(base.served_by(Watch(self)))

    def stop(self) -> None:
        """Refuse nothing any more."""
        self._is_on = False
        if self in _guards:
            _guards.remove(self)
        self._stack.close()

    def step_aside(self) -> None:
        """The run of a BILL fixture looks at sockets now."""
        self._is_on = False

    def check(self, host: str) -> None:
        """Stop what would reach a host of production.

        Raises:
            NetworkRefused: nobody allowed that.
        """
        from pytest_bill import environments

        if environments.is_bills_host(host):
            self.bills_hosts.add(host)
        if environments.is_production_host(host):
            from pytest_bill.guards.production import refuse_unwatched

            refuse_unwatched(host, self.why_not())

    def check_socket(self, event: str, arguments: tuple[Any, ...]) -> None:
        """The same for what opens a socket, or looks a host up."""
        if not self._is_on:
            return
        from pytest_bill.guards.sockets import place_of

        host, _ = place_of(event, arguments)
        if host:
            self.check(host)

    def why_not(self) -> str:
        """Why production is not asked; empty where it may be."""
        from pytest_bill.exceptions import SettingsError
        from pytest_bill.guards.production import production_consent, why_not_unwatched

        try:
            consent = production_consent(self._config)
        except SettingsError:  # it is told when a test uses BILL
            return why_not_unwatched(False, ())
        return why_not_unwatched(consent.production, consent.changes)


class Watch:
    """Whom the clients ask while no BILL fixture was used: it lets all pass but production."""

    is_run = False
    may_play = False
    may_send = False
    fails_early = False

    def __init__(self, guard: ProductionGuard) -> None:
        self._guard = guard

    def takes(self, url: str) -> bool:
        """It takes nothing.

        Raises:
            NetworkRefused: it is production, and nobody allowed that.
        """
        from pytest_bill import environments

        self._guard.check(environments.host_of(url))
        return False

    def takes_at(self, url: str) -> bool:
        """As ``takes``."""
        return self.takes(url)

    def check_elsewhere(self, *_: Any) -> None:
        """No BILL test is running."""

    def is_in_test(self) -> bool:
        """No BILL test is running."""
        return False

    def may_go_on(self, *_: Any) -> bool:
        """As ``is_in_test``: everything may."""
        return True

    def sending(self) -> Any:
        """Nothing of this is asked for here."""
        return nullcontext()

    def ask(self, *_: Any) -> Any:
        """It takes nothing, so nobody asks for it."""
        raise NotImplementedError

    may_connect = recorded_for = learn_head = answered = unanswered = abandoned = ask


_guards: list[ProductionGuard] = []
_installed = False


def _install() -> None:
    """Once for the process: an audit hook cannot be removed."""
    global _installed
    if not _installed:
        sys.addaudithook(_audit)
        _installed = True


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    # Of runs within each other, as of a plugin's own tests, the innermost one.
    if _guards and event.startswith("socket."):
        _guards[-1].check_socket(event, arguments)

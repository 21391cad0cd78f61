"""``--bill-block-network``: no test of a run reaches another machine but those that are allowed.

It is imported where that is asked for only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pytest

from pytest_bill import environments
from pytest_bill.exceptions import SettingsError
from pytest_bill.guards.network import BlockedNetwork
from pytest_bill.options import is_on
from pytest_bill.patterns import late_pattern
from pytest_bill.run.first_checks import place
from pytest_bill.run.state import RunState

_BETWEEN = late_pattern(r"[\s,]+")


def blocked_network(config: pytest.Config, state: RunState) -> BlockedNetwork:
    """What blocks the network in this run.

    A run that a test of another one has started may ask nobody whom that test may not ask.

    Raises:
        pytest.UsageError: what is allowed is no host.
    """
    given = ",".join(config.getoption("bill_allow_hosts") or [config.getini("bill_allow_hosts")])
    allowed = [each for each in _BETWEEN.split(given) if each]
    above = state.hosts_allowed_above
    if above is not None:
        is_blocked_here = is_on(config, "bill_block_network")
        allowed = [each for each in allowed if each in above] if is_blocked_here else sorted(above)
    try:
        return BlockedNetwork(allowed, lambda: state.nodeid, _BillOfRun(state))
    except SettingsError as error:
        where = place(config, "bill_allow_hosts")
        said = str(error).replace("--bill-allow-hosts", where, 1)
        raise pytest.UsageError(said) from None


@contextmanager
def blocked(network: BlockedNetwork) -> Iterator[None]:
    """The block in which the tests run."""
    network.set()
    try:
        yield
    finally:
        network.lift()


class _BillOfRun:
    """What a run says of BILL's hosts; there is none before a test uses BILL."""

    def __init__(self, state: RunState) -> None:
        self._state = state

    def is_bills(self, host: str) -> bool:
        run = self._state.run
        if run is None:
            return environments.is_bills_host(host)
        return environments.is_host_of(host, run.recorder.environment)

    def is_guarded(self) -> bool:
        return self._state.run is not None

    def may_reach(self, host: str) -> bool:
        run = self._state.run
        return run is not None and run.recorder.may_reach(host)

    def hosts(self) -> Iterable[str]:
        run = self._state.run
        return () if run is None else environments.hosts_of(run.recorder.environment)

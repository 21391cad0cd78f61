"""Which connections a run refuses, whatever opens them."""

from __future__ import annotations

from pytest_bill import environments
from pytest_bill.cassettes.client_requests import ClientRequests
from pytest_bill.guards.production import PRODUCTION_REFUSED, PRODUCTION_UNSEEN
from pytest_bill.guards.production_groups import UNKNOWN
from pytest_bill.guards.sockets import Guard
from pytest_bill.settings import Settings

_REPLAY_ONLY = (
    "The record mode allows replay only: give the test a BILL fixture or "
    "@pytest.mark.bill_cassette, and record it with --bill-record-mode=once."
)
_UNSEEN = (
    "pytest-bill does not see what is asked there, so it would not be recorded.\n"
    "Ask with a client that it sees (docs/own-clients.md), or run with --bill-live."
)


def socket_guards(settings: Settings, recorder: ClientRequests) -> tuple[Guard, ...]:
    """What looks at each connection during a run."""
    return (
        Guard(
            lambda host: environments.is_host_of(host, recorder.environment),
            lambda: recorder.can_record_now or (settings.verify and recorder.sees_requests),
            _REPLAY_ONLY,
        ),
        Guard(
            environments.is_production_host,
            lambda: settings.allow_production,
            PRODUCTION_REFUSED,
        ),
        Guard(
            environments.is_production_host,
            lambda: recorder.sees_requests or UNKNOWN in settings.allowed_changes,
            PRODUCTION_UNSEEN,
        ),
        Guard(
            lambda host: environments.is_host_of(host, recorder.environment),
            lambda: recorder.live or recorder.sees_requests,
            _UNSEEN,
        ),
        *_guards_of_sandbox(recorder),
    )


def _guards_of_sandbox(recorder: ClientRequests) -> tuple[Guard, ...]:
    """On loopback there are other servers; the sandbox has a port of its own."""
    hosts, port = environments.loopback_of(recorder.environment)
    if not port:
        return ()
    return (
        Guard(
            hosts.__contains__,
            lambda: recorder.live or recorder.sees_requests or recorder.current is None,
            _UNSEEN,
            port,
        ),
    )

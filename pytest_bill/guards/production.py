"""What BILL's production refuses, and who may allow it.

The operations that need more than leave to ask production are in ``production_operations``, which
is imported when it is asked for: processes that tests start have no need of it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple

from pytest_bill import environments
from pytest_bill.environments import Environment
from pytest_bill.exceptions import NetworkRefused, SettingsError
from pytest_bill.record_modes import RecordMode
from pytest_bill.secret import repr_unless_secret

if TYPE_CHECKING:
    import pytest

PRODUCTION_REFUSED = (
    "It is BILL's production; allow it with --bill-allow-production.\n"
    "It counts where it is typed, not in addopts or PYTEST_ADDOPTS."
)
PRODUCTION_UNSEEN = (
    "It is BILL's production, and pytest-bill does not see what this client would do there.\n"
    "Ask in a test with a BILL fixture or @pytest.mark.bill_cassette, with a client that it sees, "
    "or allow it with --bill-allow-production-changes=unknown."
)


class ProductionConsent(NamedTuple):
    """What the person who typed the command allows: production, and groups of changes there."""

    production: bool
    changes: frozenset[str]


def production_consent(config: pytest.Config) -> ProductionConsent:
    """Read the consent from the command line as it was typed, and from nowhere else.

    A file must not be able to agree to anything; see ``command_line``.

    Raises:
        SettingsError: an unknown group of changes.
    """
    from pytest_bill.command_line import options_in, typed_arguments
    from pytest_bill.guards.production_groups import GROUPS

    typed = options_in(
        typed_arguments(config),
        {
            "--bill-allow-production": {"action": "store_true"},
            "--bill-allow-production-changes": {"action": "append", "default": []},
        },
    )
    given = ",".join(typed.bill_allow_production_changes)
    changes = [name.strip() for name in given.split(",") if name.strip()]
    unknown = [name for name in changes if name not in GROUPS]
    if unknown:
        raise SettingsError(
            f"--bill-allow-production-changes has no group {repr_unless_secret(unknown[0])}.\n"
            f"Name what may be done there, each by itself: {', '.join(GROUPS)}."
        )
    return ProductionConsent(typed.bill_allow_production, frozenset(changes))


def refuse_production(
    environment: Environment, record_mode: RecordMode, *, is_live: bool, verifies: bool = False
) -> None:
    """Refuse a run, or a test of it, that would send requests to production.

    Raises:
        SettingsError: the environment is production's, and this mode would send.
    """
    if not environments.is_production(environment.gateway):
        return
    if is_live or verifies or record_mode.may_send:
        doing = f"record mode {record_mode}"
        if is_live or verifies:
            doing = "going live" if is_live else "--bill-verify"
        raise SettingsError(
            f"BILL_ENVIRONMENT is production and {doing} would send requests there.\n"
            "Use --bill-environment=sandbox, or allow it with --bill-allow-production, typed on "
            "the command line (addopts and PYTEST_ADDOPTS do not count)."
        )


def why_not_unwatched(is_allowed: bool, changes: Collection[str]) -> str:
    """Why production is not asked where nobody looks into it; empty where that was allowed too.

    ``changes`` are the groups of changes that were allowed.
    """
    from pytest_bill.guards.production_groups import UNKNOWN

    if not is_allowed:
        return PRODUCTION_REFUSED
    return "" if UNKNOWN in changes else PRODUCTION_UNSEEN


def refuse_unwatched(host: str, why_not: str) -> None:
    """Stop what would reach a host of production where no test uses BILL.

    Raises:
        NetworkRefused: it is production's, and ``why_not`` says why it is not asked.
    """
    if why_not and environments.is_production_host(host):
        raise NetworkRefused(f"A connection to {host} was refused.\n{why_not}")

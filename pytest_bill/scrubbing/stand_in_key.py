"""The key of a run's stand-ins; the docstring of ``stand_ins`` says why this one."""

from __future__ import annotations

import secrets

from pytest_bill.credentials.env_file import Variables
from pytest_bill.credentials.kinds import KINDS, STAND_IN_KEY
from pytest_bill.exceptions import SettingsError
from pytest_bill.scrubbing.stand_ins import SHORTEST_KEY, derived_key

_KEYS = frozenset({"key", "client_secret"})


def stand_in_key(own: Variables, used: Variables) -> bytes:
    """From ``BILL_STAND_IN_KEY``, else from the first key of BILL that is ``used``.

    Raises:
        SettingsError: ``BILL_STAND_IN_KEY`` is too short.
    """
    given = own.get(STAND_IN_KEY)
    if given is not None:
        if len(given) < SHORTEST_KEY:
            raise SettingsError(
                f"{STAND_IN_KEY} has fewer than {SHORTEST_KEY} characters: they could be guessed "
                "one by one.\nSet a random one that all who record share, or leave it out."
            )
        return derived_key(given)
    for kind in KINDS:
        for variable in kind.variables:
            value = used.get(variable.name) if variable.role in _KEYS else None
            if value is not None:
                return derived_key(value)
    return secrets.token_bytes()

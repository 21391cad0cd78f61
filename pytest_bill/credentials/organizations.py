"""One credential and several organizations: the Console's token signs in to each of its clients.

Source: https://developer.bill.com/docs/bill-accountant-console-operations. A sign-in is for one
organization, so each has one of its own, with its own cassette and its own session. An organization
that no variable names has a placeholder with a fingerprint of its id, as where the code under test
signs in by itself (see ``cassettes.client_sign_ins``).
"""

from __future__ import annotations

from collections.abc import Mapping

from pytest_bill.credentials.kinds import PLACEHOLDER_PREFIX, Kind, Variable, with_fingerprint
from pytest_bill.secret import SecretStr

_ROLE = "organization_id"
_OTHERS = "BILL_ORGANIZATION_ID"


def in_organization(kind: Kind, organization_id: str, known: Mapping[str, str]) -> Kind:
    """The same credential, signing in to that organization; itself for the one of its variable.

    ``organization_id`` is an id, or a placeholder as cassettes have it; ``known`` are the
    placeholders of the run's secrets, by value.
    """
    name = _name_of(organization_id, known)
    if any(name == each.name for each in kind.variables):
        return kind
    its_own = Variable(name, _ROLE, value=SecretStr(organization_id))
    return kind._replace(
        key=f"{kind.key}_{name.removeprefix(f'{_OTHERS}_').lower()}",
        variables=tuple(its_own if each.role == _ROLE else each for each in kind.variables),
    )


def _name_of(organization_id: str, known: Mapping[str, str]) -> str:
    """What its placeholder is called, without the prefix of all placeholders."""
    hidden = known.get(organization_id, organization_id)
    if hidden.startswith(PLACEHOLDER_PREFIX):
        return hidden.removeprefix(PLACEHOLDER_PREFIX)
    return with_fingerprint(_OTHERS, organization_id)

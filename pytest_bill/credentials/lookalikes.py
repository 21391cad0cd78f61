"""Variables that are set and look like ours, and are none: nobody reads them."""

from __future__ import annotations

from pytest_bill.credentials.env_file import Variables
from pytest_bill.credentials.kinds import KINDS, STAND_IN_KEY
from pytest_bill.did_you_mean import nearest
from pytest_bill.environments import OAUTH_URL

KNOWN = frozenset(
    {variable.name for kind in KINDS for variable in kind.all_variables}
    | {STAND_IN_KEY, OAUTH_URL, "BILL_ENVIRONMENT", "BILL_BASE_URL"}
    | {"BILL_SIGN_IN", "BILL_SYNC_SIGN_IN"}
)
"""All variables that are read."""


_BEGINNINGS = ("BILL_", "BIL_")
_SURELY = 0.85
_PERHAPS = 0.7


def lookalikes(variables: Variables, *, wanted: frozenset[str] = frozenset()) -> dict[str, str]:
    """The names of variables that are set, each with the one that was meant.

    A suite has variables of its own: where none of ours is ``wanted``, only what is very much like
    one counts. What is set under its right name, too, is left out.
    """
    found: dict[str, str] = {}
    for name in variables.names():
        if not name.upper().startswith(_BEGINNINGS) or name in KNOWN:
            continue
        meant = nearest(name, wanted or KNOWN, _PERHAPS if wanted else _SURELY)
        if meant and variables.get(meant) is None:
            found[name] = meant
    return found

"""The page that steers the sandbox: its clock, sign-ins, rules, faults, snapshots.

What it changes it changes by the paths of ``sandbox.control``, as a test does.
"""

from __future__ import annotations

from pytest_bill.sandbox import control_paths
from pytest_bill.sandbox.control_paths import PREFIX
from pytest_bill.sandbox.core.http import Request, Response, json_response
from pytest_bill.sandbox.core.oauth import Scope
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.routing import Route
from pytest_bill.sandbox.pages.hiding import Hiding
from pytest_bill.sandbox.pages.routes import Served, page
from pytest_bill.sandbox.pages.sending import signing_in
from pytest_bill.sandbox.pages.sending.signing_in import SignIns

PATH = PREFIX + "control"
STATE_PATH = PATH + "/state"

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_STEPS = (
    ("36 minutes", 36 * _MINUTE, "a session expires after 35"),
    ("49 hours", 49 * _HOUR, "the session of a sync token after 48"),
    ("A day", _DAY, ""),
)
_UNITS = (("minutes", _MINUTE), ("hours", _HOUR), ("days", _DAY))
_SCOPES = ((Scope.FULL, "Full access"), (Scope.ACCOUNTING, "Accounting data access"))
_PATHS = {
    "state": STATE_PATH,
    "clock": control_paths.CLOCK_PATH,
    "expire": control_paths.EXPIRE_SESSIONS_PATH,
    "mfa": control_paths.MFA_PATH,
    "accounts": control_paths.ACCOUNTS_PATH,
    "oauth": control_paths.OAUTH_PATH,
    "faults": control_paths.FAULTS_PATH,
    "clear_faults": control_paths.CLEAR_FAULTS_PATH,
    "reset": control_paths.RESET_PATH,
    "snapshots": control_paths.SNAPSHOTS_PATH,
    "sign_in": signing_in.SIGN_IN_PATH,
    "sign_out": signing_in.SIGN_OUT_PATH,
}


def routes(served: Served, sign_ins: SignIns) -> list[Route]:
    """The page, and how things stand."""
    state, hiding = served.state, Hiding(served.state)
    names = sorted(each.name for each in served.operations)

    def standing() -> Record:
        told: Record = hiding.hidden(
            {
                "now": state.timestamp(),
                "sign_ins": sign_ins.told(),
                "mfa": state.mfa.required,
                "accounts": state.verifies_accounts,
                "oauth": {
                    "scope": state.tokens.scope,
                    "lifetime": int(state.tokens.lifetime.total_seconds()),
                },
                "faults": [
                    {
                        "number": each.number,
                        "operation": each.operation,
                        "times": each.times,
                        "what": each.fault.in_words(),
                    }
                    for each in state.faults.to_come()
                ],
                "snapshots": [
                    {"id": number, "time": time} for number, time in state.snapshots().items()
                ],
            }
        )
        return told

    async def control(_request: Request) -> Response:
        """The page."""
        told = standing()
        return page(
            "control.html.j2",
            PATH,
            ("control.js",),
            {"state": told, "paths": _PATHS},
            state=told,
            steps=_STEPS,
            units=_UNITS,
            scopes=_SCOPES,
            operations=names,
        )

    async def as_it_stands(_request: Request) -> Response:
        """How things stand: the clock's time ``now``, who is signed in, rules, faults to come."""
        return json_response(standing())

    return [Route(PATH, control), Route(STATE_PATH, as_it_stands)]

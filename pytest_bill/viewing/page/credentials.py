"""Which credential a recorded request was made with, as far as its placeholders tell."""

from __future__ import annotations

from pathlib import PurePath

from pytest_bill.cassettes.matchers.session import session_in_form, session_in_headers
from pytest_bill.cassettes.naming import SIGN_INS
from pytest_bill.credentials.kinds import KINDS
from pytest_bill.interaction import Interaction
from pytest_bill.patterns import late_pattern
from pytest_bill.scrubbing.registry import SecretRegistry

UNKNOWN = "not known"
NONE = "none"
_NUMBER = late_pattern(r"_[0-9]+$")
_OF_SESSION = {kind.session_placeholder.reveal(): kind.title for kind in KINDS}
_OF_VARIABLE = {
    variable.placeholder.reveal().encode(): kind.title
    for kind in reversed(KINDS)
    for variable in kind.variables
    if variable.role != "organization_id"
}
_OF_SIGN_IN = {kind.key: kind.title for kind in KINDS}
_KEYS = frozenset({"devkey", "appkey", "apitoken", "authorization", "sessionid"})


def credential_of(request: Interaction, file: str) -> str:
    """The title of a credential; ``none`` where the request carries none that BILL takes.

    ``file`` is the cassette: that of a sign-in names its credential.
    """
    path = PurePath(file)
    if path.parent.name == SIGN_INS and path.stem in _OF_SIGN_IN:
        return _OF_SIGN_IN[path.stem]
    nothing = SecretRegistry()
    session = session_in_headers(request, nothing) or session_in_form(request, nothing)
    known = _OF_SESSION.get(_NUMBER.sub("", session))
    if known is not None:
        return known
    carried = "\n".join(request.headers.values()).encode("utf-8", "replace") + request.body
    for placeholder, title in _OF_VARIABLE.items():
        if placeholder in carried:
            return title
    has_key = any(name.lower() in _KEYS for name in request.headers)
    return UNKNOWN if session or has_key or b"sessionId" in request.body else NONE

"""Compares whose session asks: ``session``.

It is no part of the match key: of a session that is not known, any is the same. By which way that
session was signed in does not matter: a token stands for the same credential as what it replaced.
"""

from __future__ import annotations

from pytest_bill.credentials.kinds import AUTHORIZATION, KINDS, OAUTH_CLIENT, SPEND_API_TOKEN
from pytest_bill.interaction import Interaction
from pytest_bill.patterns import late_pattern
from pytest_bill.scrubbing.placeholders import is_placeholder
from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.scrubbing.secret_names import without_scheme
from pytest_bill.v2_forms import form_in

SESSION = "session"
"""The part of ``match_on`` that tells two credentials' sessions apart."""

SESSION_HEADERS = frozenset({"sessionid", "apitoken", AUTHORIZATION})
_LENGTHS = frozenset(map(len, SESSION_HEADERS))
_PLACEHOLDERS = frozenset(
    {kind.session_placeholder.reveal() for kind in KINDS}
    | {variable.placeholder.reveal() for variable in SPEND_API_TOKEN.variables}
)
_SAME = {
    SPEND_API_TOKEN.session_placeholder.reveal(): variable.placeholder.reveal()
    for variable in SPEND_API_TOKEN.variables
}
"""The session of a credential that has one only where OAuth takes its place."""
_OAUTH = OAUTH_CLIENT.session_placeholder.reveal()
_MOVED = {kind.session_placeholder.reveal() for kind in KINDS if kind.may_be_oauth}
_MOVED |= set(_SAME.values())
_NUMBER = late_pattern(r"_[0-9]+$")
_CLIENT = late_pattern(r"PLACEHOLDER_BILL_CONSOLE_API_TOKEN_[A-Z0-9_]+_SESSION_ID")
"""The session of a client organization that ``for_organization`` signed in to."""


def session_in_headers(request: Interaction, registry: SecretRegistry) -> str:
    """The placeholder of the session or token that asks; empty where that is not known."""
    authorized = ""
    for name, value in request.headers.items():
        if len(name) in _LENGTHS and (lowered := name.lower()) in SESSION_HEADERS:
            if lowered != AUTHORIZATION:
                return _placeholder_of(value, registry)
            # Beside a session it may be for what stands before BILL.
            authorized = _placeholder_of(without_scheme(value), registry)
    return authorized


def session_in_form(request: Interaction, registry: SecretRegistry) -> str:
    """As ``session_in_headers``, for the v2 API, which has it in the body."""
    form = form_in(request.headers, request.body)
    return _placeholder_of(form.session_id, registry) if form is not None else ""


def are_different(session: str, other: str) -> bool:
    """Whether two sessions are surely those of two credentials.

    Of a session that no credential of the run has, the name depends on what came before it. That of
    OAuth's may be of a test that had another one before it moved to OAuth.
    """
    first, second = _NUMBER.sub("", session), _NUMBER.sub("", other)
    if first == second or not (_is_named(first) and _is_named(second)):
        return False
    return not (_OAUTH in (first, second) and _MOVED & {first, second})


def are_same(session: str, other: str) -> bool:
    """Whether two sessions are surely those of one credential of the run."""
    first, second = _NUMBER.sub("", session), _NUMBER.sub("", other)
    return _SAME.get(first, first) == _SAME.get(second, second) and _is_named(first)


def _is_named(session: str) -> bool:
    """Whether it is one of a fixture's, whose name is the same in each run."""
    return session in _PLACEHOLDERS or _CLIENT.fullmatch(session) is not None


def _placeholder_of(value: str, registry: SecretRegistry) -> str:
    hidden = value if is_placeholder(value) else registry.hide(value)
    return _SAME.get(hidden, hidden) if is_placeholder(hidden) else ""

"""Why BILL gave no session for a sign-in, in words: what it said, and what to do next.

Each cause has its own advice, and none says to check a password where that is not the cause: each
wrong sign-in counts towards BILL's lock.

Sources: the codes are those of https://developer.bill.com/docs/common-api-error-codes and
https://developer.bill.com/docs/faq (BDC_1101, BDC_1102), the limits and how long they last those of
https://developer.bill.com/docs/api-rate-limits (BDC_1144, BDC_1322), multi-factor authentication
that of https://developer.bill.com/reference/generatechallenge. That a user name is locked after 10
wrong sign-ins, and that a new password unlocks it, is told by BILL's support pages of its web app.
Not documented: how the address of OAuth tokens refuses (taken to be by the words of RFC 6749,
section 5.2), the HTTP status of most codes, how a token is unlocked, and whether BILL sends
``Retry-After``, which is HTTP's (RFC 9110).
"""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from urllib.parse import urljoin

from pytest_bill.bill_errors import problems_in
from pytest_bill.credentials.kinds import Kind
from pytest_bill.environments import OAUTH_URL, Environment, asked_for_by
from pytest_bill.interaction import Interaction
from pytest_bill.limits import (
    CALLS_AT_ONCE,
    CALLS_IN_PERIOD,
    limit_codes,
    next_hour,
    seconds_to_wait,
)
from pytest_bill.patterns import late_pattern
from pytest_bill.urls import origin_of

_ROLES_OF_CODES = {
    "BDC_1101": ("username", "password"),
    "BDC_1102": ("key",),
    "BDC_1123": ("organization_id",),
}
"""What BILL says is wrong, by its code."""

_GIVEN = "the id that for_organization was given"
"""What is no variable's value."""
_OAUTH_CLIENT = frozenset({"invalid_client", "unauthorized_client", "access_denied"})
_OAUTH_DOWN = frozenset({"server_error", "temporarily_unavailable"})
_LOCKED = "BDC_1110"
_MFA_CODES = frozenset({"BDC_1354", "BDC_1358", "BDC_1361", "BDC_1374", "BDC_5324"})
_SYSTEM_ERRORS = frozenset({"BDC_1001", "BDC_1002"})
_NOT_SUPPORTED = "BDC_1121"
_CODES_PAGE = "https://developer.bill.com/docs/common-api-error-codes"
_MFA_PAGE = "https://developer.bill.com/reference/generatechallenge"
NOT_TRUSTED = (
    "BILL took the sign-in, and MFA does not trust its session: BILL_REMEMBER_ME_ID is over (after "
    "30 days), not known, or that of another BILL_DEVICE.\nBILL refuses payments in it with "
    "BDC_1361. Get another one: run pytest-bill trust."
)
"""What is said where BILL took a sign-in with an MFA id that is not good."""
_LONGEST_SAID = 200
_TITLE = late_pattern(rb"<title[^>]*>(.{1,200}?)</title", re.IGNORECASE | re.DOTALL)


def refusal(answered: Interaction, kind: Kind, environment: Environment, now: datetime) -> str:
    """What an answer that is no session says, and what to do: two lines.

    It may hold what BILL repeats of the request.
    """
    about = _Answer(answered, kind, environment, now)
    for lines in (
        about.locked,
        about.limited,
        about.wrong_client,
        about.wrong_value,
        about.mfa,
        about.down,
        about.redirected,
        about.wrong_address,
        about.not_json,
        about.refused,
    ):
        found = lines()
        if found is not None:
            return "\n".join(found)
    return "\n".join(about.without_session())


def refused_token(answered: Interaction, kind: Kind, environment: Environment) -> str:
    """As ``refusal``, of a credential that has no sign-in: BILL refused it where it was used."""
    (variable,) = kind.variables
    said = seen(answered, kind, environment)
    return (
        f"{kind.fixture}: BILL refused the {kind.title} ({said}).\n"
        f"Check {variable.name}, and that it is of this environment ({asked_for_by(environment)}): "
        "BILL's sandbox and production share nothing."
    )


def seen(answered: Interaction, kind: Kind, environment: Environment) -> str:
    """The status of an answer and what BILL said, in one line. It may repeat the request."""
    return _Answer(answered, kind, environment, datetime.min).seen()


def blames_values(answered: Interaction) -> bool:
    """Whether a refusal may be due to the values that were sent."""
    codes = {problem.code for problem in problems_in(answered.status, answered.answer_body)}
    is_named = not codes.isdisjoint(_ROLES_OF_CODES)
    return is_named or (answered.status in (400, 401) and not any(codes))


def times(count: int) -> str:
    """How often, in words."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


_Lines = tuple[str, str] | None


class _Answer:
    """An answer to a sign-in, asked for each cause whether it is that one."""

    def __init__(
        self, answered: Interaction, kind: Kind, environment: Environment, now: datetime
    ) -> None:
        self._answered = answered
        self._kind = kind
        self._environment = environment
        self._now = now
        self._problems = problems_in(answered.status, answered.answer_body)
        self._codes = {problem.code for problem in self._problems}
        self._data = _json_in(answered.answer_body)

    def locked(self) -> _Lines:
        said = " ".join(problem.message for problem in self._problems).lower()
        if _LOCKED not in self._codes and self._answered.status != 423 and "locked" not in said:
            return None
        user, secret = self._all_names()[:2]
        if self._kind.has_password:
            what = (
                f"Do not try again: set a new password at BILL's sign-in page, which unlocks {user}"
                f", and put it into {secret}."
            )
        else:
            what = (
                f"Do not try again: how BILL unlocks a token ({user}) is not documented; make a "
                f"new one, put it into {secret}, or ask BILL's support."
            )
        return self._first("BILL has locked the user name of the"), what

    def limited(self) -> _Lines:
        codes = limit_codes(self._answered)
        if not codes and self._answered.status != 429:
            return None
        return (
            self._first("BILL takes no sign-in for now with the"),
            f"The credential is not the cause. {self._when(codes)}",
        )

    def _when(self, codes: frozenset[str]) -> str:
        seconds = seconds_to_wait(self._answered, self._now)
        if seconds is not None:
            at = self._now + timedelta(seconds=seconds)
            return f"BILL asks to wait {seconds:.0f} s: run again after {_clock(at)}."
        if CALLS_AT_ONCE in codes:
            return (
                "BILL takes 3 calls at once for a key and an organization: wait for other runs, or "
                "use fewer workers (-n)."
            )
        if CALLS_IN_PERIOD in codes:
            return (
                "BILL takes 200 sign-ins an hour with a key: run again after "
                f"{_clock(next_hour(self._now))}, when the next hour begins."
            )
        return "It does not say for how long (no Retry-After): run again in some minutes."

    def wrong_value(self) -> _Lines:
        roles = {role for code in self._codes for role in _ROLES_OF_CODES.get(code, ())}
        if not roles:
            return None
        names = self._names(tuple(role.role for role in self._kind.variables if role.role in roles))
        first = self._first("BILL refused the sign-in with the")
        return first, self._check(names or self._all_names())

    def wrong_client(self) -> _Lines:
        """A refusal in the words of OAuth."""
        error = self._oauth_error()
        if not self._kind.is_oauth or not error or error in _OAUTH_DOWN:
            return None
        first = self._first("BILL refused the sign-in with the")
        if error in _OAUTH_CLIENT:
            return first, self._check(self._all_names())
        return first, (
            "The credential may be right: that address takes another request than BILL documents; "
            f"check it ({OAUTH_URL})."
        )

    def _oauth_error(self) -> str:
        error = self._data.get("error") if isinstance(self._data, dict) else None
        return error if isinstance(error, str) and self._answered.status >= 400 else ""

    def mfa(self) -> _Lines:
        if not self._codes & _MFA_CODES:
            return None
        how = " (run pytest-bill trust)" if self._kind.trust else ""
        return (
            self._first("BILL asks for multi-factor authentication (MFA) for the"),
            f"A person has to answer BILL's challenge for this user first{how}; the password is "
            f"not the cause. See {_MFA_PAGE}.",
        )

    def down(self) -> _Lines:
        is_down = self._codes & _SYSTEM_ERRORS or self._oauth_error() in _OAUTH_DOWN
        if self._answered.status < 500 and not is_down:
            return None
        return (
            self._first("BILL has a fault of its own and did not look at the"),
            "The credential is not the cause: run again later, or replay with "
            "--bill-record-mode=none.",
        )

    def redirected(self) -> _Lines:
        if not 300 <= self._answered.status < 400:
            return None
        location = next(iter(_header(self._answered, "location")), "")
        target = origin_of(urljoin(self._answered.url, location)) if location else ""
        return self._not_bill(f"a redirect to {target or 'nowhere'}")

    def wrong_address(self) -> _Lines:
        if self._answered.status not in (404, 405, 410) and _NOT_SUPPORTED not in self._codes:
            return None
        return self._not_bill("that it has no sign-in there")

    def not_json(self) -> _Lines:
        body, status = self._answered.answer_body, self._answered.status
        if self._data is not None:
            return None
        if not body:
            # Whoever refuses may say nothing; a session that is missing is another thing.
            return self._not_bill("an empty body") if status < 300 else None
        if body.lstrip()[:1] in (b"{", b"["):
            return self._not_bill(f"JSON that is cut off or broken, {len(body):,} bytes")
        kind = self._answered.answer_content_type.partition(";")[0] or "no content type"
        title = _TITLE.search(body)
        named = f' "{_one_line(title[1].decode("utf-8", "replace"))}"' if title else ""
        return self._not_bill(f"{kind}{named}, {len(body):,} bytes, where BILL answers JSON")

    def refused(self) -> _Lines:
        status = self._answered.status
        if status < 300 and not self._problems:
            return None
        first = self._first("BILL refused the sign-in with the")
        if any(self._codes):
            return first, f"BILL's message says why; its codes are listed at {_CODES_PAGE}."
        if status in (400, 401):
            return first, self._check(self._all_names())
        return first, (
            "It does not say why: ask BILL whether this user and organization may use its API in "
            f"this environment ({asked_for_by(self._environment)})."
        )

    def without_session(self) -> tuple[str, str]:
        wanted = "an access_token" if self._kind.is_oauth else "a sessionId"
        return self._not_bill(f"JSON without {wanted}")

    def _first(self, what: str) -> str:
        return f"{self._kind.fixture}: {what} {self._kind.title} ({self.seen()})."

    def seen(self) -> str:
        """The status and what BILL said, in one line."""
        said = "; ".join(f"{code} {message}".strip() for code, message in self._problems)
        if isinstance(self._data, dict) and isinstance(self._data.get("error_description"), str):
            said = f"{self._oauth_error()} {self._data['error_description']}".strip()
        if not said:
            return f"HTTP {self._answered.status}, no code of BILL's"
        return f"HTTP {self._answered.status}: {_one_line(said).rstrip('.')}"

    def _not_bill(self, what: str) -> tuple[str, str]:
        address = origin_of(self._answered.url)
        return (
            f"{self._kind.fixture}: {address} is not BILL, or something stands before it: it "
            f"answered the sign-in with {what} (HTTP {self._answered.status}).",
            "The credential is not the cause: check the address "
            f"({self._asked_for_by()}), and whether a proxy or a network's own sign-in "
            "page answers.",
        )

    def _asked_for_by(self) -> str:
        asked = asked_for_by(self._environment)
        return f"{asked}, or {OAUTH_URL}" if self._kind.is_oauth else asked

    def _all_names(self) -> list[str]:
        return self._names(tuple(variable.role for variable in self._kind.variables))

    def _names(self, roles: tuple[str, ...]) -> list[str]:
        """The variables of these roles, as messages name them, in the order of the roles."""
        by_role = {variable.role: variable for variable in self._kind.variables}
        return [
            _GIVEN
            if by_role[role].value is not None
            else by_role[role].name
            + (f" (or {other})" if (other := by_role[role].default_from) else "")
            for role in roles
        ]

    def _check(self, names: list[str]) -> str:
        listed = " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
        return (
            f"Check {listed}, and that {'it is' if len(names) == 1 else 'they are'} of this "
            f"environment ({asked_for_by(self._environment)}): BILL's sandbox and production share "
            "nothing."
        )


def _json_in(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _header(answered: Interaction, wanted: str) -> list[str]:
    return next(
        (each for name, each in answered.answer_headers.items() if name.lower() == wanted), []
    )


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_SAID else line[:_LONGEST_SAID] + "…"


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M:%S} {moment.tzname() or ''}".rstrip()

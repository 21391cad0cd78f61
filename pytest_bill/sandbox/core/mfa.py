"""Multi-factor authentication: the codes that BILL sends to phones, and the devices it remembers.

Pages: https://developer.bill.com/reference/generatechallenge, /validatechallenge, /setup,
/validate and /stepupsession beside it,
https://developer.bill.com/changelog/2024-09-16-new-v3-api-endpoint-for-an-mfa-step-up-api-session.

The sandbox sends no messages: every code is ``TOKEN``. BILL documents no such code for its own
sandbox, where codes go to a real phone.

An MFA id is remembered for 30 days, together with the name of its device (the login page). Not
documented: how long a code is good, here 5 minutes (public clients report minutes), and how often
it may be answered wrongly, here 3 times (public clients report that and BDC_1358). A challenge
belongs to its user, not to the session that asked for it, as public clients see it. They also
report that a device name of 49 characters is refused (BDC_1143); where the limit lies is not known,
here it is 48.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.clock import Clock
from pytest_bill.sandbox.core.records import Record

TOKEN = "123456"  # noqa: S105  (the code of every sandbox, no secret)
CODE_LIFE = timedelta(minutes=5)
WRONG_ANSWERS = 3
REMEMBERED_FOR = timedelta(days=30)
LONGEST_DEVICE = 48


@dataclass
class _Code:
    """A code that was sent to a user's phone, and what it confirms."""

    user_id: str
    until: datetime
    about: Record
    wrong_answers: int = 0


class Codes:
    """Codes that wait for their answer, by an id; ``id_field`` is how operations call that id."""

    def __init__(self, clock: Clock, id_field: str) -> None:
        self._clock = clock
        self._id_field = id_field
        self._waiting: dict[str, _Code] = {}

    def send(self, user_id: str, about: Record | None = None) -> str:
        """Send a code; gives its id."""
        code_id = secrets.token_hex(16)
        self._waiting[code_id] = _Code(user_id, self._clock.now() + CODE_LIFE, about or {})
        return code_id

    def latest(self, user_id: str) -> str | None:
        """The id of the code that was sent to the user last and waits; None if none does."""
        return next(
            (i for i in reversed(self._waiting) if self._waiting[i].user_id == user_id), None
        )

    def answer(self, code_id: str, user_id: str, token: str) -> Record:
        """What the code was about. Each code is answered once; a refusal for a wrong answer."""
        code = self._waiting.get(code_id)
        if code is None or code.user_id != user_id:
            raise errors.bad_request(errors.invalid_value(self._id_field, code_id))
        if code.wrong_answers >= WRONG_ANSWERS:
            raise errors.too_many_tokens()
        if self._clock.now() >= code.until:
            raise errors.token_expired()
        if token != TOKEN:
            code.wrong_answers += 1
            raise errors.bad_request(errors.invalid_value("token", token))
        del self._waiting[code_id]
        return code.about


@dataclass(frozen=True)
class _Device:
    user_id: str
    name: str
    until: datetime


@dataclass
class Mfa:
    """The state of multi-factor authentication of one sandbox. Used by the server's loop alone.

    ``required`` says whether trusted operations need an MFA-trusted session, as in production. They
    do not in BILL's own sandbox when MFA is disabled for the developer key.
    """

    clock: Clock
    required: bool = False
    challenges: Codes = field(init=False)
    setups: Codes = field(init=False)
    _devices: dict[str, _Device] = field(init=False, default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.challenges = Codes(self.clock, "challengeId")
        self.setups = Codes(self.clock, "setupId")

    def remember(self, user_id: str, device: str) -> str:
        """Remember the user's device; gives the MFA id."""
        remember_me_id = secrets.token_hex(32)
        self._devices[remember_me_id] = _Device(user_id, device, self.clock.now() + REMEMBERED_FOR)
        return remember_me_id

    def remembers(self, user_id: str, remember_me_id: str, device: str) -> bool:
        """Whether an MFA id and a device make the user's session trusted."""
        known = self._devices.get(remember_me_id)
        return (
            known is not None
            and bool(device)
            and (known.user_id, known.name) == (user_id, device)
            and self.clock.now() < known.until
        )

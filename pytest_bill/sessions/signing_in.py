"""How a run signs in with one credential: once for all who ask, and a refusal is final.

A session that BILL refuses is renewed once. Where that did not help, nobody renews one any more: a
session that BILL goes on refusing costs a run one sign-in, not one for each test. An access token
is renewed before it ends, too, where its answer says when that is (``expires_in``, RFC 6749).
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from datetime import datetime
from functools import partial

import requests

from pytest_bill.cassettes import times
from pytest_bill.cassettes.client_requests import ClientRequests
from pytest_bill.cassettes.decoding import readable
from pytest_bill.credentials.kinds import REMEMBERED, Credential, Kind
from pytest_bill.credentials.sign_in import (
    is_untrusted,
    lifetime_in,
    session_id_in,
    sign_in_request,
)
from pytest_bill.environments import is_on_this_machine
from pytest_bill.exceptions import BillWarning, SignInFailed
from pytest_bill.interaction import Interaction
from pytest_bill.secret import NeverPickled, SecretStr
from pytest_bill.sessions.known_sign_ins import KnownSignIn, KnownSignIns
from pytest_bill.sessions.retrying import Retrying

_MARGIN_SECONDS = 60.0
"""So long before its end an access token is renewed, at most."""

Network = Callable[[Interaction], Interaction]
"""Sends a request that carries credentials, past every cassette, and gives the answer.

It raises requests.RequestException where there is none.
"""

Record = Callable[[Interaction], None]
"""Keeps an answered sign-in."""


def record_nothing(answered: Interaction) -> None:
    """A renewal leaves no trace in cassettes."""


class SigningIn(NeverPickled):
    """The sign-ins of one credential in a run."""

    def __init__(
        self,
        kind: Kind,
        *,
        recorder: ClientRequests,
        network: Network,
        known: KnownSignIns,
        retrying: Retrying,
        now: Callable[[], datetime] = times.now,
    ) -> None:
        self._kind = kind
        self._recorder = recorder
        self._network = network
        self._known = known
        self._retrying = retrying
        self._now = now
        self._failed = ""
        self._warned = False
        self._unproven: str | None = None
        self._renewed_at: float | None = None
        self.asked = 0
        """How many sign-ins BILL saw in this run, as far as is known here."""

    def require_none_failed(self) -> None:
        """Stop where a sign-in of the run has failed: it is not repeated.

        Raises:
            SignInFailed: one has.
        """
        if not self._failed:
            with self._known.holding(self._kind.key) as known:
                self._failed = known.failed
        if self._failed:
            raise SignInFailed(self._failed)

    def session(self, credential: Credential, record: Record = record_nothing) -> SecretStr:
        """The session of the run, a new one where there is none yet.

        Raises:
            SignInFailed: BILL gave none, now or before.
        """
        with self._known.holding(self._kind.key) as known:
            if known.session_id is None:
                return self._new_session(credential, known, record)
            return self._taken(known)

    def renewed_session(
        self, credential: Credential, stale: SecretStr, *, is_refused: bool
    ) -> SecretStr:
        """The session of the run in place of a stale one: another's, or a new one.

        It is the stale one where BILL refused that, and a renewal has not helped before.

        Raises:
            SignInFailed: BILL gave none, now or before.
        """
        with self._known.holding(self._kind.key) as known:
            if known.session_id is not None and known.session_id != stale:
                return self._taken(known)
            if is_refused and (known.has_given_up or known.unproven == stale):
                known.has_given_up = True
                self.asked = known.asked
                return stale
            session = self._new_session(credential, known, record_nothing)
            known.unproven = self._unproven = str.__str__(session)
            return session

    @property
    def has_ended(self) -> bool:
        """Whether the access token of the run ends now, or has."""
        return self._renewed_at is not None and self._now().timestamp() >= self._renewed_at

    def accepted(self, session: SecretStr | None) -> None:
        """BILL took a session: it may be renewed when it expires."""
        if self._unproven is None or session != self._unproven:
            return
        self._unproven = None
        with self._known.holding(self._kind.key) as known:
            if known.unproven == session:
                known.unproven = None

    def give_up(self) -> None:
        """A renewal did not help."""
        with self._known.holding(self._kind.key) as known:
            known.has_given_up = True
            self.asked = known.asked

    def token_refused(self, answered: Interaction) -> SignInFailed:
        """The error where BILL refused a credential that has no sign-in; it is final."""
        from pytest_bill.credentials import refusals

        text = refusals.refused_token(answered, self._kind, self._recorder.environment)
        with self._known.holding(self._kind.key) as known:
            return self._failure(f"{text}\n{_asked('once with this token')}", known)

    def _taken(self, known: KnownSignIn) -> SecretStr:
        """What another one signed in to."""
        self._require_none_failed(known)
        self.asked, self._unproven = known.asked, known.unproven
        self._renewed_at = known.renewed_at
        return SecretStr(known.session_id or "")

    def _new_session(self, credential: Credential, known: KnownSignIn, record: Record) -> SecretStr:
        self._require_none_failed(known)
        environment = self._recorder.environment
        request = sign_in_request(credential, environment)
        failure: requests.RequestException | None = None
        before = self._recorder.counts.sign_ins
        try:
            answered = self._answer(request, known)
        except requests.RequestException as error:
            failure = error
        self.asked = known.asked
        if failure is not None:
            from pytest_bill.credentials import refusals
            from pytest_bill.sessions.network_faults import unreached

            tried = refusals.times(self._recorder.counts.sign_ins - before)
            text = unreached(failure, request.url, environment, tried)
            raise self._failure(f"{self._kind.fixture}: {text}", known)
        session = session_id_in(answered)
        if session is None:
            raise self._refused(credential, answered, known)
        # Known before the cassette is written, under this credential's own name.
        self._recorder.registry.add(session, self._kind.session_placeholder.reveal())
        record(answered)
        if REMEMBERED in credential.values and is_untrusted(answered):
            self._warn_of_no_trust()
        known.session_id = str.__str__(session)
        known.renewed_at = self._renewed_at = self._time_to_renew(answered)
        return session

    def _refused(
        self, credential: Credential, answered: Interaction, known: KnownSignIn
    ) -> SignInFailed:
        from pytest_bill.credentials import refusals
        from pytest_bill.credentials.slips import seen_in

        text = refusals.refusal(answered, self._kind, self._recorder.environment, self._now())
        asked = _asked(f"{refusals.times(known.asked)} for a sign-in with it")
        seen = seen_in(credential) if refusals.blames_values(answered) else ""
        text += f"\n{seen}" if seen else ""
        return self._failure(f"{text}\n{asked}", known)

    def _warn_of_no_trust(self) -> None:
        from pytest_bill.credentials import refusals

        if not self._warned:
            self._warned = True
            warnings.warn(f"{self._kind.fixture}: {refusals.NOT_TRUSTED}", BillWarning, 2)

    def _time_to_renew(self, answered: Interaction) -> float | None:
        seconds = lifetime_in(answered) if self._kind.is_oauth else None
        if seconds is None:
            return None
        return self._now().timestamp() + seconds - min(_MARGIN_SECONDS, seconds / 10)

    def _answer(self, request: Interaction, known: KnownSignIn) -> Interaction:
        """What BILL answers in the end; the local sandbox is not asked again."""
        send = partial(self._send, request, known)
        if self._recorder.environment.name == "local":
            return send()
        is_near = is_on_this_machine(request.url)
        return self._retrying.answer(self._recorder.described(request), send, is_near=is_near)

    def _send(self, request: Interaction, known: KnownSignIn) -> Interaction:
        self._recorder.counts.sign_ins += 1
        known.asked += 1
        try:
            return readable(self._network(request))
        except requests.RequestException as error:
            from pytest_bill.sessions.network_faults import was_never_sent

            known.asked -= was_never_sent(error)
            raise

    def _failure(self, text: str, known: KnownSignIn) -> SignInFailed:
        """The error that each test gets from now on."""
        self._failed = known.failed = self._recorder.registry.hide(text)
        return SignInFailed(self._failed)

    def _require_none_failed(self, known: KnownSignIn) -> None:
        if known.failed:
            self._failed = known.failed
            raise SignInFailed(known.failed)


def _asked(how: str) -> str:
    return f"BILL was asked {how} in this run, and is not asked again."

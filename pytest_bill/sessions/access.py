"""Access to BILL with one credential: signs in when first needed, and again when it expired."""

from __future__ import annotations

import threading
import time
import warnings
from collections.abc import Callable
from datetime import datetime

from pytest_bill.cassettes import times
from pytest_bill.cassettes.client_requests import ClientRequests
from pytest_bill.cassettes.decoding import readable
from pytest_bill.cassettes.use import OpenCassette, Use
from pytest_bill.credentials.kinds import (
    Credential,
    Kind,
    placeholder_credential,
    placeholders_of_ways,
    too_short,
)
from pytest_bill.credentials.sign_in import (
    SignedIn,
    credential_as_recorded,
    session_id_in,
    sign_in_request,
)
from pytest_bill.exceptions import BillWarning, SignInFailed
from pytest_bill.interaction import Interaction
from pytest_bill.real_files import relative_to_here
from pytest_bill.scrubbing.registry import SHORTEST_BY_VALUE
from pytest_bill.secret import NeverPickled, SecretStr
from pytest_bill.sessions.known_sign_ins import KnownSignIns, OwnSignIns
from pytest_bill.sessions.retrying import Retrying
from pytest_bill.sessions.signing_in import Network, Record, SigningIn, record_nothing

_MARGIN_MINUTES = 5
_UNAUTHORIZED = 401


class Access(NeverPickled):
    """One credential during one test run, shared by all its sessions. Safe to use from threads.

    While answers come from cassettes it holds placeholders only; the real sign-in waits until a
    request is really sent.
    """

    def __init__(
        self,
        kind: Kind,
        *,
        load: Callable[[], Credential],
        recorder: ClientRequests,
        network: Network,
        sign_in_use: Callable[[], Use],
        load_replaced: Callable[[str], SecretStr] | None = None,
        known: KnownSignIns | None = None,
        retrying: Retrying | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = times.now,
    ) -> None:
        """``known`` is what all who sign in with it know, where that is more than one process.

        ``load_replaced`` gives a value, by its role, of the credential whose place it took.
        """
        self.kind = kind
        self.retrying = retrying or Retrying()
        """Who asks again where BILL says so."""
        self._load = load
        self._recorder = recorder
        self._sign_in_use = sign_in_use
        self._load_replaced = load_replaced
        self._signing_in = SigningIn(
            kind,
            recorder=recorder,
            network=network,
            known=known or OwnSignIns(),
            retrying=self.retrying,
            now=now,
        )
        self._lock = threading.RLock()
        self._real: SignedIn | None = None
        self._replayed: SignedIn | None = None
        self._monotonic = monotonic
        self._last_used = monotonic()
        self._warned = False
        self._was_accepted = False

    def __repr__(self) -> str:
        state = "signed in" if self._real else "replayed" if self._replayed else "not signed in"
        return f"<Access with the {self.kind.title}: {state}>"

    def sign_in(self) -> None:
        """Sign in for the first time: from the sign-in's cassette, or really.

        Raises:
            NotInCassette: only replay is allowed, and the sign-in is not recorded.
            MissingCredentials: a real sign-in is needed and a variable has no value.
            SignInFailed: BILL gave no session, now or before in this run.
        """
        with self._lock:
            if self._real is None and self._replayed is None:
                self._first_sign_in()

    def real_headers(self) -> dict[str, SecretStr]:
        """Headers to send, after a real sign-in if there was none yet.

        Raises:
            MissingCredentials, SignInFailed: as ``sign_in``.
        """
        with self._lock:
            if self._real is None:
                self._real = self._signed_in()
            elif self._signing_in.has_ended:
                self._renew(self._real, is_refused=False)
            self._last_used = self._monotonic()
            return self._real.headers()

    def renewed_headers(self, refused: dict[str, SecretStr]) -> dict[str, SecretStr]:
        """Headers after BILL refused those: another's newer sign-in, or a new one.

        They are the same where there is nothing to renew, or a renewal has not helped before.

        Raises:
            SignInFailed: BILL gave no session.
        """
        with self._lock:
            if self._real is not None and self._real.headers() == refused:
                self._renew(self._real, is_refused=True)
            return self.real_headers()

    def accepted(self, answered: Interaction) -> None:
        """What BILL answered to a request with these headers is no refusal of the session.

        Raises:
            SignInFailed: it refuses a token that it has not accepted before in this process.
        """
        if self.kind.signs_in:
            real = self._real
            self._signing_in.accepted(real.session_id if real is not None else None)
        elif answered.status == _UNAUTHORIZED and not self._was_accepted:
            with self._lock:
                self._real = None
            raise self._signing_in.token_refused(answered)
        self._was_accepted = True

    def refused_again(self) -> None:
        """BILL refused what a renewal gave: there will be no other."""
        if self.kind.signs_in:
            self._signing_in.give_up()

    @property
    def seen_by_bill(self) -> int:
        """How many sign-ins with it BILL saw in this run, as far as is known here."""
        return self._signing_in.asked

    def headers(self) -> dict[str, SecretStr]:
        """What other HTTP clients should send now.

        Real where a request might be sent, placeholders where all answers are recorded. Nobody
        else could renew a session for them, so one that was idle for long is renewed first.
        """
        self.sign_in()
        with self._lock:
            if not self._recorder.can_record_now:
                return self._known.headers()
            idle_minutes = (self._monotonic() - self._last_used) / 60
            if self._real is not None and idle_minutes > self.kind.idle_minutes - _MARGIN_MINUTES:
                self._renew(self._real, is_refused=False)
            return self.real_headers()

    def placeholder_headers(self) -> dict[str, SecretStr]:
        """What stands for the headers in cassettes; nothing is signed in for it."""
        with self._lock:
            known = self._replayed or SignedIn(
                placeholder_credential(self.kind), self.kind.session_placeholder
            )
            return known.headers()

    def value(self, role: str) -> SecretStr:
        """One value of the credential as it goes into requests now: real, or its placeholder.

        Raises:
            KeyError: it has none of that role.
            MissingCredentials: it is one of the credential whose place it took, and is not set.
        """
        replaced = next((each for each in self.kind.replaced if each.role == role), None)
        if replaced is not None and self._load_replaced is not None:
            may_send = self._recorder.can_record_now
            return self._load_replaced(role) if may_send else replaced.placeholder
        self.sign_in()
        with self._lock:
            if self._recorder.can_record_now:
                self.real_headers()
            return self._known.credential[role]

    @property
    def _known(self) -> SignedIn:
        known = self._real or self._replayed
        if known is None:
            raise RuntimeError("sign_in() comes first")
        return known

    def _first_sign_in(self) -> None:
        placeholders = placeholder_credential(self.kind)
        if self._recorder.live:
            self._real = self._signed_in()
        elif not self.kind.signs_in:
            self._replayed = SignedIn(placeholders, None)
        elif not self.kind.has_cassette:
            self._replayed = SignedIn(placeholders, self.kind.session_placeholder)
        else:
            self._signing_in.require_none_failed()
            self._sign_in_with_cassette(placeholders)

    def _sign_in_with_cassette(self, placeholders: Credential) -> None:
        with self._recorder.aside(self._sign_in_use()) as opened:
            played = self._recorded_sign_in(opened)
            if played is None:
                self._real = self._signed_in(
                    lambda answered: self._recorder.record(answered, opened)
                )
                return
            played = readable(played)
            session_id = session_id_in(played)
            if session_id is None:
                raise SignInFailed(
                    f"{self.kind.fixture}: the sign-in in {relative_to_here(opened.use.path)} has "
                    f"no session (HTTP {played.status}).\n"
                    "Delete that file, and record it anew with --bill-record-mode=once."
                )
            # One that was recorded by another way has a session of the same name.
            self._replayed = SignedIn(credential_as_recorded(played, placeholders), session_id)
            self._recorder.counts.sign_ins += 1

    def _recorded_sign_in(self, opened: OpenCassette) -> Interaction | None:
        """What is recorded of its sign-in, by whichever way that was made.

        Raises:
            NotInCassette: nothing is, and it must not be made.
        """
        recorder = self._recorder
        ways = placeholders_of_ways(self.kind)
        requests = [sign_in_request(each, recorder.environment) for each in ways]
        for request in requests:
            played = opened.cassette.play(request)
            if played is not None:
                recorder.count_played(played, opened)
                return played
        return recorder.play(requests[0], opened)[0]

    def _signed_in(self, record: Record = record_nothing) -> SignedIn:
        credential = self._loaded()
        if not self.kind.signs_in:
            self._signing_in.require_none_failed()
            return SignedIn(credential, None)
        session_id = self._signing_in.session(credential, record)
        return self._with_session(credential, session_id)

    def _renew(self, real: SignedIn, *, is_refused: bool) -> None:
        if real.session_id is not None:
            credential = self._loaded()
            session_id = self._signing_in.renewed_session(
                credential, real.session_id, is_refused=is_refused
            )
            self._real = self._with_session(credential, session_id)

    def _with_session(self, credential: Credential, session_id: SecretStr) -> SignedIn:
        self._recorder.registry.add(session_id, self.kind.session_placeholder.reveal())
        return SignedIn(credential, session_id)

    def _loaded(self) -> Credential:
        credential = self._load()
        for variable in credential.variables:
            placeholder = variable.placeholder.reveal()
            self._recorder.registry.add(credential[variable.role], placeholder)
        self._warn_of_short_values(credential)
        return credential

    def _warn_of_short_values(self, credential: Credential) -> None:
        names = too_short(credential, SHORTEST_BY_VALUE)
        if names and not self._warned:
            self._warned = True
            warnings.warn(
                f"{self.kind.fixture}: {', '.join(names)} has fewer than {SHORTEST_BY_VALUE} "
                "characters, so in cassettes and reports it is hidden in its known places only "
                "(headers, sign-in fields), not wherever it occurs. Use a longer value.",
                BillWarning,
                stacklevel=2,
            )

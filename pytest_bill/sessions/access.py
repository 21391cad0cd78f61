"""Access to BILL with one credential: signs in when first needed, and again when it expired."""

from __future__ import annotations

import json
import os
import tempfile
import threading
import time
import warnings
from collections.abc import Callable
from pathlib import Path

from pytest_bill.cassettes.client_requests import ClientRequests
from pytest_bill.cassettes.decoding import readable
from pytest_bill.cassettes.use import Use
from pytest_bill.credentials.kinds import Credential, Kind, placeholder_credential, too_short
from pytest_bill.credentials.sign_in import (
    SignedIn,
    credential_as_recorded,
    session_id_in,
    sign_in_request,
)
from pytest_bill.exceptions import BillWarning, SignInFailed
from pytest_bill.fakes import without_fakes
from pytest_bill.interaction import Interaction
from pytest_bill.private_folder import RunEnded, locked
from pytest_bill.scrubbing.registry import SHORTEST_BY_VALUE
from pytest_bill.secret import NeverPickled, SecretStr

Network = Callable[[Interaction], Interaction]
"""Sends a request that carries credentials, past every cassette, and gives the answer."""


_MARGIN_MINUTES = 5


class SharedSignIns:
    """Sign-ins that the workers of one test run share, in a file that only this user may read."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "sign_ins.json"

    def get_or_make(self, key: str, stale: str | None, make: Callable[[], str]) -> str:
        """The shared sessionId of a credential; a new one where there is none or it is stale.

        Only one worker at a time makes one; the others wait and take it.
        """
        try:
            with locked(self._file.parent, "sign_ins.lock"):
                known = self._read()
                session_id = known.get(key)
                if session_id is None or session_id == stale:
                    session_id = str.__str__(make())
                    self._write(known | {key: session_id})
                return session_id
        except RunEnded as error:
            raise SignInFailed(f"Nobody signs in any more: {error}.") from None

    def _read(self) -> dict[str, str]:
        try:
            known: dict[str, str] = json.loads(self._file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except ValueError:  # its words quote the file
            raise SignInFailed(
                f"{self._file}, by which the workers of this run share sign-ins, is damaged.\n"
                "Something else has written there; run again."
            ) from None
        return known

    def _write(self, known: dict[str, str]) -> None:
        # mkstemp's files are for this user only; replacing is whole or not at all.
        descriptor, new = tempfile.mkstemp(dir=self._file.parent)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(known, file)
        os.replace(new, self._file)


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
        sync_sign_in: str = "v3",
        shared: SharedSignIns | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.kind = kind
        self._load = load
        self._recorder = recorder
        self._network = network
        self._sign_in_use = sign_in_use
        self._sync_sign_in = sync_sign_in
        self._shared = shared
        self._lock = threading.RLock()
        self._real: SignedIn | None = None
        self._replayed: SignedIn | None = None
        self._monotonic = monotonic
        self._last_used = monotonic()
        self._warned = False

    def __repr__(self) -> str:
        state = "signed in" if self._real else "replayed" if self._replayed else "not signed in"
        return f"<Access with the {self.kind.title}: {state}>"

    def sign_in(self) -> None:
        """Sign in for the first time: from the sign-in's cassette, or really.

        Raises:
            NotInCassette: only replay is allowed, and the sign-in is not recorded.
            MissingCredentials: a real sign-in is needed and a variable has no value.
            SignInFailed: BILL refused.
        """
        with self._lock:
            if self._real is None and self._replayed is None:
                self._first_sign_in()

    def real_headers(self) -> dict[str, SecretStr]:
        """Headers to send, after a real sign-in if there was none yet."""
        with self._lock:
            if self._real is None:
                self._real = self._really(self._send_sign_in)
            self._last_used = self._monotonic()
            return self._real.headers()

    def renewed_headers(self, refused: dict[str, SecretStr]) -> dict[str, SecretStr]:
        """Headers after BILL refused those: another thread's newer sign-in, or a new one."""
        with self._lock:
            if self._real is not None and self._real.headers() == refused:
                stale = self._real.session_id
                self._real = self._really(self._send_sign_in, stale=stale)
            return self.real_headers()

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
                return self.renewed_headers(self._real.headers())
            return self.real_headers()

    def placeholder_headers(self) -> dict[str, SecretStr]:
        """What stands for the headers in cassettes; nothing is signed in for it."""
        with self._lock:
            known = self._replayed or SignedIn(
                placeholder_credential(self.kind), self.kind.session_placeholder
            )
            return known.headers()

    def value(self, role: str) -> SecretStr:
        """One value of the credential as it goes into requests now: real, or its placeholder."""
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
            self._real = self._really(self._send_sign_in)
        elif not self.kind.signs_in:
            self._replayed = SignedIn(placeholders, None)
        else:
            self._sign_in_with_cassette(placeholders)

    def _sign_in_with_cassette(self, placeholders: Credential) -> None:
        request = sign_in_request(placeholders, self._recorder.environment, self._sync_sign_in)
        with self._recorder.aside(self._sign_in_use()) as opened:
            played, _ = self._recorder.play(request, opened)
            if played is not None:
                played = readable(played)
                session_id = session_id_in(played, self.kind)
                self._replayed = SignedIn(credential_as_recorded(played, placeholders), session_id)
                self._recorder.counts.sign_ins += 1
                return

            def send_and_record(request: Interaction) -> Interaction:
                answered = self._send_sign_in(request)
                self._recorder.record(answered, opened)
                return answered

            self._real = self._really(send_and_record)

    def _really(self, send: Network, stale: SecretStr | None = None) -> SignedIn:
        credential = self._load()
        registry = self._recorder.registry
        for variable in self.kind.variables:
            registry.add(credential[variable.role], variable.placeholder.reveal())
        self._warn_of_short_values(credential)
        if not self.kind.signs_in:
            return SignedIn(credential, None)

        def make() -> SecretStr:
            request = sign_in_request(credential, self._recorder.environment, self._sync_sign_in)
            return session_id_in(send(request), self.kind)

        if self._shared is None:
            session_id = make()
        else:
            with without_fakes():
                session_id = SecretStr(self._shared.get_or_make(self.kind.key, stale, make))
        registry.add(session_id, self.kind.session_placeholder.reveal())
        return SignedIn(credential, session_id)

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

    def _send_sign_in(self, request: Interaction) -> Interaction:
        self._recorder.counts.sign_ins += 1
        answered = readable(self._network(request))
        # Known before the cassette is written, under this credential's own name.
        session_id = session_id_in(answered, self.kind)
        self._recorder.registry.add(session_id, self.kind.session_placeholder.reveal())
        return answered

"""What a run knows of the sign-in of each credential: its session, or why there is none.

All who sign in with a credential ask here first, one at a time: its tests, their reruns, and the
workers of one run. So a refusal is as final as a session is good.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from pytest_bill import real_files
from pytest_bill.exceptions import SignInFailed
from pytest_bill.fakes import without_fakes
from pytest_bill.private_folder import RunEnded, locked
from pytest_bill.secret import NeverPickled


@dataclass(repr=False)
class KnownSignIn(NeverPickled):
    """What is known of one credential's sign-in. All of it can be written as JSON."""

    session_id: str | None = None
    asked: int = 0
    """How many sign-ins BILL saw."""
    failed: str = ""
    """Why nobody signs in any more: the message that each test gets."""
    unproven: str | None = None
    """The session of a renewal, until BILL has taken it once."""
    renewed_at: float | None = None
    """When an access token has to be renewed, in seconds since 1970; None where nothing says."""
    has_given_up: bool = False
    """Whether a renewal did not help: no refused session is renewed any more."""


class KnownSignIns(Protocol):
    """Where a run keeps what it knows."""

    def holding(self, key: str) -> AbstractContextManager[KnownSignIn]:
        """The block in which nobody else signs in with a credential; what it changes is kept."""


class OwnSignIns(NeverPickled):
    """What one process knows by itself."""

    def __init__(self) -> None:
        self._known: dict[str, KnownSignIn] = {}
        self._lock = threading.RLock()

    @contextmanager
    def holding(self, key: str) -> Iterator[KnownSignIn]:
        """As ``KnownSignIns.holding``."""
        with self._lock:
            yield self._known.setdefault(key, KnownSignIn())


class SharedSignIns(NeverPickled):
    """What the workers of one run know, in a file that only this user may read."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "sign_ins.json"

    @contextmanager
    def holding(self, key: str) -> Iterator[KnownSignIn]:
        """As ``KnownSignIns.holding``; the other workers wait.

        Raises:
            SignInFailed: the run has ended.
        """
        ended: RunEnded
        try:
            with without_fakes(), locked(self._file.parent, "sign_ins.lock"):
                all_known = self._read()
                known = all_known.setdefault(key, KnownSignIn())
                before = replace(known)
                try:
                    yield known
                finally:
                    if known != before:
                        self._write(all_known)
                return
        except RunEnded as error:
            ended = error
        raise SignInFailed(f"Nobody signs in any more: {ended}.")

    def _read(self) -> dict[str, KnownSignIn]:
        try:
            known = json.loads(self._file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except ValueError:  # its words quote the file
            raise SignInFailed(
                f"{self._file}, by which the workers of this run share sign-ins, is damaged.\n"
                "Something else has written there; run again."
            ) from None
        return {key: KnownSignIn(**fields) for key, fields in known.items()}

    def _write(self, known: dict[str, KnownSignIn]) -> None:
        text = json.dumps({key: vars(each) for key, each in known.items()})
        real_files.replace_file(self._file, text.encode(), 0o600)

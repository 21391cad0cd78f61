"""How a run signs in with one of its credentials, once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_bill.credentials.kinds import Kind, load_credential
from pytest_bill.sessions.access import Access
from pytest_bill.sessions.known_sign_ins import SharedSignIns
from pytest_bill.sessions.retrying import Retrying
from pytest_bill.sessions.transport import sign_in_network

if TYPE_CHECKING:
    from pytest_bill.run.run import Run


def access_of(
    run: Run, kind: Kind, shared_folder: Path | None, tell_now: Callable[[str], object]
) -> Access:
    """The access with a credential; workers share what is in their ``shared_folder``."""
    return Access(
        kind,
        load=lambda: load_credential(kind, run.variables),
        recorder=run.recorder,
        network=sign_in_network(run.recorder),
        sign_in_use=lambda: run.cassettes.of_sign_in(kind),
        sync_sign_in=run.settings.sync_sign_in,
        known=SharedSignIns(shared_folder) if shared_folder is not None else None,
        retrying=Retrying(tell_now),
    )

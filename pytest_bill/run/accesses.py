"""How a run signs in with one of its credentials, once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_bill.credentials import kinds
from pytest_bill.credentials.kinds import Kind, load_credential, load_replaced, signed_in_by
from pytest_bill.credentials.organizations import in_organization
from pytest_bill.fakes import without_fakes
from pytest_bill.sessions import session
from pytest_bill.sessions.access import Access
from pytest_bill.sessions.known_sign_ins import SharedSignIns
from pytest_bill.sessions.retrying import Retrying
from pytest_bill.sessions.transport import sign_in_network

if TYPE_CHECKING:
    from pytest_bill.run.run import Run


def access_of(
    run: Run, kind: Kind, shared_folder: Path | None, tell_now: Callable[[str], object]
) -> Access:
    """The access with a credential, which signs in as the run says.

    Workers share what is in their ``shared_folder``.
    """
    kind = signed_in_by(kind, run.settings.way_of(kind))
    return Access(
        kind,
        load=lambda: load_credential(kind, run.variables),
        recorder=run.recorder,
        network=sign_in_network(run.recorder),
        sign_in_use=lambda: run.cassettes.of_sign_in(kind),
        load_replaced=lambda role: load_replaced(kind, role, run.variables),
        known=SharedSignIns(shared_folder) if shared_folder is not None else None,
        retrying=Retrying(tell_now),
    )


def signed_in(run: Run, kind: str, session_class: str) -> Iterator[Any]:
    """The session of a fixture, signed in; ``kind`` and its class are named as in their modules."""
    with without_fakes():  # who asks may have a file system of its own by now
        access = run.access(getattr(kinds, kind))
        access.sign_in()
    more = [partial(_access_to, run)] if kind == "CONSOLE_API_TOKEN" else []
    with getattr(session, session_class)(access, run.recorder, *more) as made:
        yield made


def _access_to(run: Run, organization_id: str) -> Access:
    """The access of the Console's token to one of its client organizations, signed in."""
    known = run.recorder.registry.known()
    access = run.access(in_organization(kinds.CONSOLE_API_TOKEN, organization_id, known))
    with without_fakes():
        access.sign_in()
    return access

"""The local sandbox of a run: started in one process, shared with the workers of pytest-xdist."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pytest_bill.exceptions import SettingsError
from pytest_bill.private_folder import elsewhere

if TYPE_CHECKING:
    from pytest_bill.sandbox import AttachedSandbox, BillSandbox, LocalSandbox

_FILE = "sandbox.json"


def start_sandbox() -> LocalSandbox:
    """Start a local sandbox in this process.

    Raises:
        SettingsError: its packages are not installed.
    """
    from pytest_bill.sandbox import LocalSandbox

    # A test run on this machine is faster than BILL lets anyone be: 60 calls of Spend & Expense,
    # BILL's limit for a minute, take it half a second.
    try:
        return LocalSandbox(rate_limits=False).start()
    except ImportError as error:
        raise SettingsError(
            f"The local sandbox needs a package that is not installed: {error.name}.\n"
            "Install it with: pip install 'pytest-bill[sandbox]'"
        ) from None


def lasting(of_run: LocalSandbox | AttachedSandbox | None) -> Iterator[BillSandbox]:
    """The sandbox of a run, while it lasts; one of its own for a run that has none."""
    if of_run is not None:
        yield of_run
        return
    sandbox = start_sandbox()
    yield sandbox
    sandbox.stop()


def share_sandbox(sandbox: LocalSandbox, folder: Path) -> None:
    """Leave word for the workers where the sandbox is; only this user may read it."""
    descriptor = os.open(folder / _FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump({"origin": sandbox.origin, "variables": sandbox.variables}, file)


def attach_sandbox(folder: Path) -> AttachedSandbox:
    """The sandbox that the controller of this worker started.

    Raises:
        SettingsError: it started none, since only a fixture in the workers asks to record; or this
            worker is on another machine, and does not reach it.
    """
    from pytest_bill.sandbox import LocalSandbox

    try:
        known = json.loads((folder / _FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(
            "bill_config asks to record from the local sandbox in a run with several workers.\n"
            "Give the mode on the command line: --bill-record-mode=once."
        ) from None
    if elsewhere(folder) is not None:
        _check_within_reach(known["origin"])
    return LocalSandbox.attach(known["origin"], known["variables"])


def _check_within_reach(origin: str) -> None:
    address = urlsplit(origin)
    try:
        socket.create_connection((address.hostname or "", address.port or 0), timeout=5).close()
    except OSError:
        raise SettingsError(
            f"The local sandbox answers at {origin}, on the machine of pytest-xdist's controller: "
            "this worker is on another one.\nRecord from it with workers on that machine (-n), or "
            "start `pytest-bill sandbox` where all reach it and give its BILL_BASE_URL."
        ) from None

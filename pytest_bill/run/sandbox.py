"""The local sandbox of a run: started in one process, shared with the workers of pytest-xdist."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pytest_bill import real_files
from pytest_bill.environments import asked_for_by
from pytest_bill.exceptions import SettingsError
from pytest_bill.private_folder import elsewhere
from pytest_bill.record_modes import RecordMode

if TYPE_CHECKING:
    from pytest_bill.run.run import Run
    from pytest_bill.sandbox import AttachedSandbox, BillSandbox, LocalSandbox

_FILE = "sandbox.json"


def start_sandbox(
    steered: Callable[[str], None] | None = None, *, for_several: bool = False
) -> LocalSandbox:
    """Start a local sandbox in this process.

    ``steered`` is called with the path of each call that steers it, before that is done, and may
    refuse it. It refuses a fourth call at once as BILL does, unless it is ``for_several`` workers:
    they would refuse each other's tests by chance.

    Raises:
        SettingsError: its packages are not installed.
    """
    from pytest_bill.sandbox import LocalSandbox

    # A test run on this machine is faster than BILL lets anyone be: 60 calls of Spend & Expense,
    # BILL's limit for a minute, take it half a second.
    try:
        sandbox = LocalSandbox(rate_limits=False, three_at_once=not for_several)
        sandbox.steered = steered
        return sandbox.start()
    except ImportError as error:
        raise SettingsError(
            f"The local sandbox needs a package that is not installed: {error.name}.\n"
            "Install it with: pip install 'pytest-bill[sandbox]'"
        ) from None


def lasting(run: Run) -> Iterator[BillSandbox]:
    """The sandbox of a run, while it lasts; one of its own for a run that has none."""
    if run.sandbox is not None:
        yield run.sandbox
        return
    sandbox = start_sandbox(lambda path: refuse_to_steer_nobody(run, path))
    yield sandbox
    sandbox.stop()


def refuse_to_steer_nobody(run: Run, path: str) -> None:
    """Refuse to steer a sandbox that answers nothing of the test that runs.

    Where the test replays what the local sandbox answered, what that was steered to is in its
    recording. A fixture that is wider than one test may be there for what it makes only.

    Raises:
        SettingsError: nothing of what is steered would be seen.
    """
    opened = run.recorder.current
    if run.is_second:
        return
    if opened is None:
        if not (run.recorder.live and run.recorder.is_test_running):
            return
        owner, why = "bill_sandbox", f"this run asks BILL ({asked_for_by(run.environment)})"
        command = "pytest --bill-environment=local --bill-live"
    else:
        use, cassette = opened.use, opened.cassette
        if use.fixture or (cassette.exists and cassette.environment_name == "local"):
            return
        mode = cassette.record_mode
        owner, command = use.owner, use.record_command
        why = f"this run records from BILL ({asked_for_by(run.environment)})"
        if not mode.may_send:
            shown = real_files.relative_to_here(use.path)
            what = "was not recorded from it" if cassette.exists else "does not exist"
            why = f"this run replays (record mode {mode}), and {shown} {what}"
        wanted = RecordMode.ALL if cassette.exists else RecordMode.ONCE
        if "--bill-environment=" not in command:
            command += " --bill-environment=local"
        command += f" --bill-record-mode={wanted}"
    name = path.rpartition("/")[2]
    raise SettingsError(
        f"{owner}: bill_sandbox would be steered ({name}) and answers nothing here: {why}.\n"
        f"Let it answer, and record that: {command}\n"
        "A sandbox of your own is LocalSandbox(); see docs/sandbox.md."
    )


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

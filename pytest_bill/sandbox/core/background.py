"""What BILL does in the background: documents that are taken in, identities that are checked.

BILL says that this takes minutes, or a person in its web app. Here it is done at the second look at
it, so that a client that polls need not wait, and in any case two minutes later by the clock.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from pytest_bill.sandbox.core.operations import Call

DURATION = timedelta(minutes=2)

_TABLE = "background"


def start_work(call: Call, record_id: str) -> None:
    """From now on BILL works on the record of that id."""
    call.table(_TABLE)[record_id] = {"since": call.state.timestamp(), "looks": 0}


def is_done(call: Call, record_id: str, *, look: bool = True) -> bool:
    """Whether BILL is done with the record; ``look`` says that the caller is told the answer."""
    work = call.table(_TABLE).get(record_id)
    if work is None:
        return True
    work["looks"] += look
    elapsed = call.state.clock.now() - datetime.fromisoformat(work["since"])
    if work["looks"] < 2 and elapsed < DURATION:
        return False
    stop_work(call, record_id)
    return True


def stop_work(call: Call, record_id: str) -> None:
    """BILL no longer works on the record; what was searched before may be out of date."""
    call.table(_TABLE).pop(record_id, None)
    call.state.changed()

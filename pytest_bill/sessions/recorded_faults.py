"""Faults that a BILL session meets: noted where they come, raised again as they were recorded."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import requests

from pytest_bill.cassettes.faults import Fault
from pytest_bill.interaction import Interaction

CUT = "The answer ended within its head."
_FAULT = "_pytest_bill_fault"
"""The attribute of an error that says what fault it was, and what came before it."""
_TEXTS = {
    Fault.UNRESOLVED: "Failed to resolve the host: Name or service not known",
    Fault.REFUSED: "Failed to establish a new connection: Connection refused",
    Fault.CONNECT_TIMEOUT: "Connection to the host timed out.",
    Fault.TIMEOUT: "Read timed out.",
    Fault.RESET: "Connection aborted: Connection reset by peer",
    Fault.CLOSED: "Connection aborted: Remote end closed connection without response",
    Fault.HEAD: CUT,
    Fault.CUT: "Connection broken: IncompleteRead",
    Fault.NO_HTTP: "Connection aborted: BadStatusLine",
}


def note(error: Exception, fault: Fault | None, head: Interaction) -> None:
    """Keep with an error what fault it was, and what had come of the answer."""
    vars(error)[_FAULT] = fault, head


def noted_in(error: Exception) -> tuple[Fault | None, Interaction | None]:
    """What was kept with an error, if it was."""
    found: tuple[Fault | None, Interaction | None] = vars(error).get(_FAULT, (None, None))
    return found


def with_head(head: Interaction, response: requests.Response) -> Interaction:
    """What came of an answer so far."""
    raw: Any = response.raw
    return replace(
        head,
        status=response.status_code,
        reason=response.reason or "",
        answer_headers={name: raw.headers.getlist(name) for name in raw.headers},
    )


def error_of(recorded: Interaction) -> requests.RequestException:
    """The error that was met when a fault was recorded."""
    fault = Fault(recorded.fault)
    text = _TEXTS.get(fault, f"as recorded: {fault}")
    if fault is Fault.CONNECT_TIMEOUT:
        return requests.ConnectTimeout(text)
    if fault in (Fault.TIMEOUT, Fault.TOTAL_TIMEOUT, Fault.CANCELLED) and not recorded.status:
        return requests.ReadTimeout(text)
    if fault in (Fault.CERTIFICATE, Fault.TLS):
        return requests.exceptions.SSLError(text)
    return requests.ConnectionError(text)

"""Faults in a cassette's file: they stand in the metadata, where plain vcrpy does not look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pytest_bill.cassettes import times
from pytest_bill.cassettes.faults import Fault
from pytest_bill.cassettes.handed_over import as_bytes, as_text, one_of_each
from pytest_bill.interaction import Interaction

_OWN = "pytest_bill"
_FAULTS = "faults"


def parted(
    interactions: Iterable[Interaction], metadata: Mapping[str, Any]
) -> tuple[list[Interaction], dict[str, Any]]:
    """What is written as interactions, and the metadata with the faults among them."""
    answered: list[Interaction] = []
    faults: list[dict[str, Any]] = []
    for each in interactions:
        if each.fault:
            faults.append(_entry(each, len(answered)))
        else:
            answered.append(each)
    if not faults:
        return answered, dict(metadata)
    own = metadata.get(_OWN)
    about = {**(own if isinstance(own, dict) else {}), _FAULTS: faults}
    return answered, {**metadata, _OWN: about}


def joined(
    interactions: Sequence[Interaction], metadata: Mapping[str, Any]
) -> tuple[list[Interaction], dict[str, Any]]:
    """The interactions with the faults of the metadata where they came, and the rest of that.

    Raises:
        ValueError, TypeError, KeyError, AttributeError: the metadata's faults are none.
    """
    own = metadata.get(_OWN)
    own = own if isinstance(own, dict) else {}
    entries = own.get(_FAULTS)
    if not entries:
        return list(interactions), dict(metadata)
    together: list[Interaction] = []
    begun = 0
    for entry in sorted(entries, key=lambda each: int(each["before"])):
        until = max(begun, int(entry["before"]))
        together += interactions[begun:until]
        together.append(_fault_from(entry))
        begun = min(until, len(interactions))
    together += interactions[begun:]
    rest = {name: value for name, value in own.items() if name != _FAULTS}
    return together, {**metadata, _OWN: rest}


def _entry(fault: Interaction, before: int) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "before": before,
        "fault": str(fault.fault),
        "request": {
            "body": _written_body(fault.body),
            "headers": dict(fault.headers),
            "method": fault.method,
            "uri": fault.url,
        },
    }
    for name in ("answered_by", "recorded_at"):
        if getattr(fault, name):
            entry[name] = getattr(fault, name)
    if fault.status:
        entry["response"] = {
            "headers": {name: list(values) for name, values in fault.answer_headers.items()},
            "status": {"code": fault.status, "message": fault.reason},
        }
    return entry


def _written_body(body: bytes) -> str | bytes | None:
    if not body:
        return None
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body


def _fault_from(entry: Mapping[str, Any]) -> Interaction:
    request, response = entry["request"], entry.get("response")
    recorded_at = entry.get("recorded_at", "")
    sent = dict(request.get("headers") or {})
    fault = Interaction(
        str(request["method"]),
        str(request["uri"]),
        one_of_each((name, _first(each)) for name, each in sent.items()),
        as_bytes(request.get("body")),
        answered_by=str(entry.get("answered_by", "")),
        recorded_at=recorded_at if isinstance(recorded_at, str) else times.written(recorded_at),
        fault=Fault(entry["fault"]),
    )
    if not response:
        return fault
    status = response["status"]
    return replace(
        fault,
        status=int(status["code"]),
        reason=str(status.get("message") or ""),
        answer_headers={
            str(name): [as_text(value) for value in values]
            for name, values in (response.get("headers") or {}).items()
        },
    )


def _first(values: Any) -> Any:
    return values[0] if isinstance(values, list) else values

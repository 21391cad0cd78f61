"""How a live answer differs from a recorded one: by status, BILL's error, format and shape."""

from __future__ import annotations

from pytest_bill.bill_errors import problems_in
from pytest_bill.drift.bodies import answer_in, media_type_of
from pytest_bill.drift.shape import Change, changes, shape_of
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.personal_places import personal_fields


def is_refusal(answered: Interaction) -> bool:
    """Whether BILL refused the request; v2 says so with HTTP 200."""
    return answered.status >= 400 or bool(_codes(answered))


def differences(recorded: Interaction, live: Interaction) -> list[Change]:
    """What differs; bodies are unpacked before.

    Answers of another status, or a refusal instead of a success, have another shape by nature: of
    these only that is told.
    """
    if recorded.status != live.status or is_refusal(recorded) != is_refusal(live):
        return [Change("", f"status {_outcome(recorded)} → {_outcome(live)}")]
    found = []
    if _codes(recorded) != _codes(live):
        found.append(Change("", f"error {_listed(recorded)} → {_listed(live)}"))
    before, now = (media_type_of(each.answer_content_type) for each in (recorded, live))
    if before != now:
        return [*found, Change("", f"Content-Type {before or 'none'} → {now or 'none'}")]
    was, is_ = answer_in(recorded), answer_in(live)
    if was.why_not or is_.why_not:
        if bool(was.why_not) != bool(is_.why_not) and recorded.method != "HEAD":
            told = "is not JSON any more" if is_.why_not else "is JSON now"
            found.append(Change("", f"the answer {told}"))
        return found
    fields = personal_fields(recorded.url)
    return [
        *found,
        *changes(
            shape_of(was.value),
            shape_of(is_.value),
            lambda name: fields.kind_anywhere(name) is not None,
        ),
    ]


def _codes(answered: Interaction) -> list[str]:
    problems = problems_in(answered.status, answered.answer_body)
    return sorted({code for code, _ in problems if code})


def _outcome(answered: Interaction) -> str:
    return f"{answered.status}{f' ({_listed(answered)})' if _codes(answered) else ''}"


def _listed(answered: Interaction) -> str:
    return ", ".join(_codes(answered)) or "none"

"""Tells what is not saved of a recording, as nobody should keep it: see ``cassettes.keeping``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_bill.run.notices import Notice, NoticeKind

if TYPE_CHECKING:
    from pytest_bill.cassettes.keeping import Reason
    from pytest_bill.cassettes.use import OpenCassette
    from pytest_bill.interaction import Interaction
    from pytest_bill.run.run import Run
    from pytest_bill.run.state import RunState

_MOST = 3
_BY_FIXTURES = 'bill_config["keep"]'


def may_be_saved(state: RunState, run: Run, owner: str, opened: OpenCassette) -> bool:
    """Whether what a user recorded, who came to a good end, may be saved; if not, that is told."""
    if not (opened.cassette.recorded or opened.lost):
        return True
    from pytest_bill.cassettes.keeping import take_out  # with requests

    unkept = take_out(opened, run.environment, lambda: _is_told_to_fail(run))

    def told(interaction: Interaction, reason: Reason) -> str:
        return run.recorder.registry.hide(f"{run.recorder.described(interaction)} {reason.what}")

    for interaction, reason in unkept.retried:
        text = f"{told(interaction, reason)}, and asked again at once: only the last is recorded"
        state.notices.append(Notice(NoticeKind.RETRIED, owner, text))
    lines = [told(*each) for each in unkept.refused] + opened.lost
    if not lines:
        return True
    reasons = [reason for _, reason in unkept.refused]
    state.notices.append(Notice(NoticeKind.UNKEPT, owner, _text(lines, reasons, opened)))
    return False


def tell_of_unanswered(state: RunState, run: Run, owner: str, opened: OpenCassette) -> None:
    """Tell of the requests without an answer of a test that did not end well."""
    lines = list(opened.lost)
    for each in opened.cassette.recorded:
        if each.fault:
            lines.append(f"{run.recorder.described(each)} was sent and not answered: {each.fault}")
    state.notices += [Notice(NoticeKind.UNRECORDED, owner, line) for line in lines]


def _text(lines: list[str], reasons: list[Reason], opened: OpenCassette) -> str:
    from pytest_bill.bill_advice import FEWER_AT_ONCE  # few answers are not kept
    from pytest_bill.limits import CALLS_AT_ONCE

    names = list(dict.fromkeys(reason.names[0] for reason in reasons))
    more = f"… and {len(lines) - _MOST} more" if len(lines) > _MOST else ""
    advice = f"Record it again: {opened.use.record_command} --bill-record-mode=all."
    if CALLS_AT_ONCE in names:
        advice = f"{FEWER_AT_ONCE}\n{advice}"
    if names:
        where = _BY_FIXTURES if opened.use.fixture else "@pytest.mark.bill_cassette"
        keep = f"{where} = {names}" if opened.use.fixture else f"{where}(keep={names})"
        advice += f"\nTo record it as it was, name it: {keep}"
    return "\n".join([*lines[:_MOST], *filter(None, [more]), advice])


def _is_told_to_fail(run: Run) -> bool:
    return run.sandbox is not None and run.sandbox.was_told_to_fail

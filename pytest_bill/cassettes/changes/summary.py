"""What the end of a run says of the cassettes that it recorded anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from pytest_bill.cassettes.changes.quiet import Decision, Outcome
from pytest_bill.counted import counted

_MOST_CHANGES = 10
_AS_BEFORE = (Outcome.AS_BEFORE, Outcome.DATED)


def lines(decisions: Sequence[Decision], root: Path) -> list[str]:
    """How many cassettes are as before, and of each other one what really changed in it.

    There is nothing to say of a run that recorded nothing, or only what is new.
    """
    if all(each.outcome is Outcome.NEW for each in decisions):
        return []
    counts = Counter(each.outcome for each in decisions)
    as_before = sum(counts[outcome] for outcome in _AS_BEFORE)
    others = [
        f"{counts[outcome]} {outcome}"
        for outcome in (Outcome.CHANGED, Outcome.FOLLOWED, Outcome.NEW)
        if counts[outcome]
    ]
    all_of_them = counted(len(decisions), "cassette")
    first = ", ".join([f"bill: {as_before} of {all_of_them} as before", *others])
    if counts[Outcome.DATED]:
        first += f" ({counts[Outcome.DATED]} of those as before got new dates)"
    return [first, *(line for each in decisions for line in _of(each, root))]


def _of(decision: Decision, root: Path) -> Iterator[str]:
    path = decision.path
    shown = path.relative_to(root) if path.is_relative_to(root) else path
    if decision.outcome is Outcome.CHANGED:
        yield f"  {shown}"
        yield from (f"    {line}" for line in decision.changes[:_MOST_CHANGES])
        if len(decision.changes) > _MOST_CHANGES:
            more = counted(len(decision.changes) - _MOST_CHANGES, "more change")
            yield f"    … and {more}"
    elif decision.outcome is Outcome.FOLLOWED:
        yield f"  {shown}: new ids only, which it shares with a cassette that changed"

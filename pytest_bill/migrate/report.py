"""What a migration would do or did, as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pytest_bill.migrate.configs import Said
from pytest_bill.migrate.edits import diff
from pytest_bill.migrate.plan import Change, Move, Plan, State, shown
from pytest_bill.migrate.words import counted, escaped

_WORDS = {
    State.WRITE: ("to be written", "written"),
    State.REWRITE: ("to be scrubbed where it is", "scrubbed where it is"),
    State.STAYS: ("replays where it is", "replays where it is"),
    State.THERE: ("is there already", "is there already"),
    State.CANNOT: ("cannot move", "cannot move"),
}
_BODIES = (
    "pytest-bill also compares the bodies of requests, which vcrpy does only where match_on says "
    "so.\n  Where a body holds a time or a random id, leave it out: "
    'bill_config["match_on"], or @pytest.mark.bill_cassette(match_on=[…]).'
)


def is_left(plan: Plan) -> bool:
    """Whether something is left to do by hand."""
    by_moves = any(not each.replays or each.left_out for each in plan.moves)
    said = any(each.is_left for each in plan.said)
    return by_moves or said or bool(plan.missing) or bool(plan.suite.trouble)


def has_work(plan: Plan) -> bool:
    """Whether there is anything that ``--apply`` does."""
    return bool(plan.changes) or any(
        each.state in (State.WRITE, State.REWRITE) for each in plan.moves
    )


def as_text(plan: Plan, *, applied: bool, kept: Sequence[Path] = ()) -> str:
    """All of it, with diffs of the code; what is left to do comes last."""
    return "\n".join(_lines(plan, applied=applied, kept=kept)) + "\n"


def as_json(plan: Plan, *, applied: bool, kept: Sequence[Path] = ()) -> str:
    """The same as data."""
    root = plan.suite.rootdir
    data = {
        "applied": applied,
        "rootdir": str(root),
        "cassettes": [_move(each, root) for each in plan.moves],
        "changes": [
            {"file": shown(each.path, root), "diff": _diff(each, plan)} for each in plan.changes
        ],
        "settings": [each._asdict() for each in plan.said],
        "without_cassette": {
            test: [shown(each, root) for each in paths] for test, paths in plan.missing.items()
        },
        "unused": [shown(each, root) for each in plan.unused],
        "kept": [shown(each, root) for each in kept],
        "not_collected": plan.suite.trouble,
        "left_to_do": is_left(plan),
    }
    return json.dumps(data, indent=2, ensure_ascii=True) + "\n"


def _move(move: Move, root: Path) -> dict[str, Any]:
    return {
        "from": move.source,
        "tests": [each.nodeid for each in move.tests],
        "old": [shown(each, root) for each in move.old],
        "new": shown(move.new, root),
        "name": move.name,
        "state": str(move.state),
        "why": move.why,
        "interactions": move.interactions,
        "other_hosts": dict(move.others),
        "findings": move.findings,
    }


def _lines(plan: Plan, *, applied: bool, kept: Sequence[Path]) -> Iterator[str]:
    root = plan.suite.rootdir
    if not (plan.moves or plan.missing or plan.said or plan.changes or plan.suite.trouble):
        yield "Nothing to migrate: no test here has a cassette of another recorder."
        return
    yield from _of_cassettes(plan.moves, root, applied=applied)
    for change in plan.changes:
        yield ""
        yield escaped(_diff(change, plan).replace("\r\n", "\n")).rstrip("\n")
    notes = [each for each in plan.said if not each.is_left]
    if notes:
        yield "\nSettings that are not needed any more:"
        yield from map(_said, notes)
    yield from _left_to_do(plan, root)
    yield ""
    yield from _ending(plan, root, applied=applied, kept=kept)


def _of_cassettes(moves: Sequence[Move], root: Path, *, applied: bool) -> Iterator[str]:
    for move in moves:
        old = " + ".join(shown(each, root) for each in move.old)
        what = _WORDS[move.state][applied]
        count = f", {counted(move.interactions, 'request')}" if move.interactions else ""
        yield f"{escaped(old)} ({move.source}{count})"
        if move.state is State.CANNOT:
            yield f"  cannot move: {escaped(move.why)}"
            continue
        yield f"  -> {escaped(shown(move.new, root))}: {what}"
        if move.findings:
            yield (
                f"     {counted(move.findings, 'value')} in it may still be secret: look with "
                f"pytest-bill scan"
            )


def _left_to_do(plan: Plan, root: Path) -> Iterator[str]:
    left = [_said(each) for each in plan.said if each.is_left]
    for move in plan.moves:
        names = ", ".join(each.nodeid for each in move.tests)
        if move.others:
            hosts = ", ".join(f"{host} ({count})" for host, count in sorted(move.others.items()))
            left.append(
                f"  {escaped(names)}: requests to {escaped(hosts)} are not BILL's and are left "
                "out: they stay in the old file"
            )
        if move.left_out:
            what = counted(move.left_out, "exchange")
            left.append(f"  {escaped(names)}: {what} by gRPC or web sockets stay in the old file")
    for test, paths in plan.missing.items():
        where = ", ".join(shown(each, root) for each in paths)
        left.append(
            f"  {escaped(test)} has no cassette ({escaped(where)} is not there): record it with "
            f"pytest {escaped(test)} --bill-record-mode=once"
        )
    if plan.suite.trouble:
        left.append("  pytest could not collect all tests; those are not looked at:")
        left += [f"    {escaped(line)}" for line in plan.suite.trouble.splitlines()]
    if left:
        yield "\nLeft to do by hand:"
        yield from left
    if plan.unused:
        yield "\nCassettes that no test here reads; they stay where they are:"
        yield from (f"  {escaped(shown(each, root))}" for each in plan.unused)


def _ending(plan: Plan, root: Path, *, applied: bool, kept: Sequence[Path]) -> Iterator[str]:
    if any(each.replays for each in plan.moves) or plan.changes:
        yield _BODIES
    if not has_work(plan):
        yield "Nothing to do."
    elif not applied:
        yield "Nothing was changed. To do it: pytest-bill migrate --apply"
    else:
        yield "Done. Replay it without network: pytest --bill-block-network"
        old = [each for move in plan.moves for each in move.old if each != move.new]
        if old or kept:
            yield "The old cassettes stay; delete them when all replays:"
            yield from (f"  {escaped(shown(each, root))}" for each in [*dict.fromkeys(old), *kept])


def _diff(change: Change, plan: Plan) -> str:
    return plan.hide(diff(shown(change.path, plan.suite.rootdir), change.old, change.new))


def _said(said: Said) -> str:
    return escaped(f"  {said.where}: {said.setting}: {said.text}")

"""What the end of a run says of cassettes that were recorded anew."""

from __future__ import annotations

from pathlib import Path

from pytest_bill.cassettes.changes.quiet import Decision, Outcome
from pytest_bill.cassettes.changes.summary import lines

ROOT = Path("/work")


def decision(name: str, outcome: Outcome, *changes: str) -> Decision:
    return Decision(ROOT / "cassettes" / name, outcome, None, changes)


def test_where_nothing_changed_one_line_says_so():
    same = [decision(f"{number}.yaml", Outcome.AS_BEFORE) for number in range(26)]
    assert lines(same, ROOT) == ["bill: 26 of 26 cassettes as before"]


def test_what_changed_is_told_by_cassette():
    found = lines(
        [
            decision("a.yaml", Outcome.AS_BEFORE),
            decision("b.yaml", Outcome.CHANGED, "GET /v3/vendors: field `foo` added"),
            decision("c.yaml", Outcome.FOLLOWED),
            decision("d.yaml", Outcome.NEW),
            decision("e.yaml", Outcome.DATED),
            decision("f.yaml", Outcome.CHANGED, *(f"line {number}" for number in range(12))),
        ],
        ROOT,
    )
    assert found[:4] == [
        "bill: 2 of 6 cassettes as before, 2 changed, 1 new ids only, 1 new "
        "(1 of those as before got new dates)",
        "  cassettes/b.yaml",
        "    GET /v3/vendors: field `foo` added",
        "  cassettes/c.yaml: new ids only, which it shares with a cassette that changed",
    ]
    assert found[-2:] == ["    line 9", "    … and 2 more changes"]


def test_of_what_is_all_new_there_is_nothing_to_say():
    assert lines([decision("a.yaml", Outcome.NEW)], ROOT) == []
    assert lines([], ROOT) == []
    outside = Decision(Path("/elsewhere/a.yaml"), Outcome.FOLLOWED)
    assert lines([outside], ROOT)[1].startswith("  /elsewhere/a.yaml")

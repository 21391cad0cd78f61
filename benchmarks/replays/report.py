"""The page that says what they said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from textwrap import fill

from benchmarks.replays.runs import AGAIN, NEXT_DAY, RECORDED, REPLAYED, RUNS, Ran
from tests.proof.cases import Case

Results = Mapping[str, Mapping[str, Mapping[str, Ran]]]
"""By case, tool and run."""

LONGEST = 150
WHEN = {
    RECORDED: "when it is recorded",
    REPLAYED: "in the first replay",
    NEXT_DAY: "in another order, the next day",
    AGAIN: "when it is recorded again",
}
TITLES = {
    RECORDED: "recorded",
    REPLAYED: "replayed",
    NEXT_DAY: "replayed the next day, in the opposite order",
    AGAIN: "recorded again",
}


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = list(heads)
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def when_told(runs: Mapping[str, Ran]) -> str:
    """When somebody is told for the first time."""
    name = next((name for name in RUNS if runs[name].is_told), "")
    first = WHEN[name] if name else "never"
    if name and not runs[name].has_failed:
        first += ", as a warning"
    asked = sum(runs[name].reached for name in (REPLAYED, NEXT_DAY))
    return f"{first}; replays ask BILL" if asked else first


def cell(ran: Ran) -> str:
    """What a run said, short."""
    parts = [ran.outcomes, *(f"`{shortened(each)}`" for each in dict.fromkeys(ran.said) if each)]
    if ran.reached:
        parts.append(f"{ran.reached} request{'s' * (ran.reached > 1)} went to BILL")
    return "<br>".join(parts)


def shortened(text: str) -> str:
    text = " ".join(text.split()).replace("|", "\\|").replace("`", "'")
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def report(cases: Iterable[Case], results: Results, day: date, versions: Iterable[str]) -> str:
    cases = list(cases)
    tools = list(results[cases[0].name])
    introduction = fill(
        "Seven tests that pass while they are recorded, and what recorders say of them. Written on "
        f"{day} by `make replays` (`python -m benchmarks.replays`), with {', '.join(versions)}.",
        100,
    )
    pages = [
        f"# What replays\n\n{introduction}\n\n{NOTES}",
        table(
            ["told that it does not replay", *tools],
            (
                [each.what, *(when_told(results[each.name][tool]) for tool in tools)]
                for each in cases
            ),
        ),
    ]
    for case in cases:
        rows = [[tool, *(cell(results[case.name][tool][run]) for run in RUNS)] for tool in tools]
        what = case.what[0].upper() + case.what[1:]
        pages.append(
            f"## {what}\n\n```python\n{body_of(case)}\n```\n\n"
            + table(["tool", *TITLES.values()], rows)
        )
    return "\n\n".join(pages) + "\n"


def body_of(case: Case) -> str:
    """A suite without its docstring."""
    return case.text.partition('"""\n')[2].strip()


NOTES = """\
- **Cases**: the suites below (`tests/proof/cases/`). `bill` asks BILL: by requests with a session
  that was signed in before, or by `bill_dev_session`. They are recorded from the local sandbox, by
  HTTP.
- **Runs**: recorded with `once`; replayed with `none`; replayed once more in the opposite order and
  on the next day (time-machine moves the clock of the process); recorded anew from a sandbox to
  which the same records were given in the opposite order, as BILL promises none. The sandbox runs
  during the replays, so that what reaches it is counted.
- **The other tools** have the settings that they come with, and a hook (`before_record_response`)
  that keeps a supplier's name out of the cassette; *bodies compared* adds `body` to vcrpy's
  `match_on`. pytest-bill has stand-ins for that, which it makes of what BILL itself answers, and
  of the local sandbox's answers where that is asked for.
- **Told** is what ends a run with a status other than 0, and what pytest-bill's summary says of
  recordings, which ends it so with `--bill-strict`. What they say is quoted as it was
  printed, its first line, up to 150 characters. pytest-bill keeps no recording that does not
  replay: what follows is a replay of nothing."""

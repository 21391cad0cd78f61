"""What a test that failed while it was recorded is told of the stand-ins that it was shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_bill.cassettes.use import OpenCassette

TITLE = "bill: stand-ins"


def add_section(report: pytest.TestReport, opened: OpenCassette) -> None:
    """Tell of them in a section of the report, without a value: by number and kind."""
    shown = {place for each in opened.cassette.shown.with_fixtures() for place in each.seen}
    if not shown:
        return
    kinds = sorted({kind.choice for kind, _ in shown})
    off = ", ".join(f'"{kind}": False' for kind in kinds)
    what = "1 value was" if len(shown) == 1 else f"{len(shown)} values were"
    text = (
        f"{what} shown to this test as stand-ins, as in each replay: {', '.join(kinds)}.\n"
        "Compare with what the test sent itself or with another answer, not with BILL's value; or "
        f'record a kind as it is: bill_config["stand_ins"] = {{{off}}}.'
    )
    report.sections.append((TITLE, text))

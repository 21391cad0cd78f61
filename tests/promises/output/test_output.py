"""No secret, and no piece of one, in anything that a run shows or leaves, whoever reports it.

The placements are the tests of `suite/`, the outputs those of `runs.py`; who reports is a plugin
that many suites have. CI runs a few tests of each with what it has installed; the night all.
"""

from __future__ import annotations

import pytest

from tests.promises.output.ends import ENDS, End
from tests.promises.output.runs import RUNS, Ran, Run, cases, done, ended, named_in, placements
from tests.promises.output.spellings import SPELLINGS
from tests.promises.output.values import SHAPES

IN_CI = "both of CI"
ONE_IN = 48
ENDS_IN_CI = 60


def table() -> list[tuple[str, str]]:
    """Every placement with every output that it is looked for in."""
    shown = [*placements(), *named_in("fresh", "at_collection")]
    return [
        (test, f"{output}, {run.name}")
        for run in RUNS
        for output in run.outputs
        for test in shown
        if test not in run.left_out
    ]


def has_none(ran: Ran) -> None:
    """Fail with what was found, by kind; an assert would cut it."""
    found = sorted(ran.found().items())
    if found:
        kinds = [f"{' x '.join(kind)}: {count} pieces" for kind, count in found]
        pytest.fail("\n".join(kinds), pytrace=False)


def test_there_are_enough_of_them():
    assert len(set(table())) == len(table()) >= 2_000


def test_the_whole_has_each_shape_in_each_comparison_and_each_spelling_by_each_client():
    shown: dict[str, set[str]] = {}
    for start in range(len(RUNS)):
        for test, origins in cases(start * 2, 2).items():
            shown.setdefault(test, set()).update(map(str, origins))
    for test in named_in("texts", "values", "objects"):
        assert len(shown[test]) >= len(SHAPES), test
    for test in named_in("fresh"):
        assert shown[test] == set(SPELLINGS), test


@pytest.mark.nightly
@pytest.mark.parametrize("run", RUNS, ids=[run.name for run in RUNS])
def test_no_piece_of_a_secret_is_shown_or_left(run: Run, tmp_path):
    if not run.is_possible:
        pytest.skip(f"not installed: {', '.join(run.plugins)}")
    ran = done(run, tmp_path, start=RUNS.index(run) * 2, count=2)
    assert ran.code in (0, 1), ran.texts["errors"][-2000:]
    assert ("page.html" in ran.texts) == any("page.html" in each for each in run.args)
    has_none(ran)


@pytest.mark.parametrize("run", [run for run in RUNS if run.name == IN_CI], ids=[IN_CI])
def test_a_few_of_each_with_what_ci_has(run: Run, tmp_path):
    ran = done(run, tmp_path, start=RUNS.index(run), each=ONE_IN)
    assert ran.code == 1, ran.texts["errors"][-2000:]
    assert "PLACEHOLDER_BILL_" in ran.texts["terminal"]
    has_none(ran)


@pytest.mark.parametrize("end", ENDS, ids=[end.name for end in ENDS])
@pytest.mark.sampled(ENDS_IN_CI)
def test_no_piece_of_a_secret_is_shown_however_a_run_ends(end: End, tmp_path):
    ran = ended(end, tmp_path)
    has_none(ran)
    # It was there, or there was nothing to hide.
    assert end.is_silent or "PLACEHOLDER_BILL_" in ran.texts["terminal"] + ran.texts["errors"]

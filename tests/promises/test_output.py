"""No secret, and no piece of one, in anything that a run shows or leaves, whoever reports it."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from tests.promises.runs import PLUGINS, RUNS, Run, Ran, cases, done, placements, tests_in

IN_CI = ("long", "annotations")
FEW = 9


def table() -> list[tuple[str, str]]:
    """Every placement with every output that it is looked for in."""
    shown = [*placements(), *tests_in("fresh", "at_collection")]
    return [(test, output) for output in dict.fromkeys(outputs()) for test in shown]


def outputs() -> list[str]:
    return [f"{output}, {run.name}" for run in RUNS for output in run.outputs]


def complaints(ran: Ran) -> list[str]:
    """What was found, by kind, most frequent first."""
    return [
        f"{test} × {output} × {secret}: {count} pieces"
        for (test, output, secret), count in ran.found().most_common()
    ]


def test_there_are_enough_of_them():
    assert len(table()) == len(set(table())) >= 2_000


def test_every_test_gets_each_shape_and_each_spelling_in_the_whole():
    got = {}
    for start in range(len(RUNS)):
        for test, origins in cases(start, 2).items():
            got.setdefault(test, set()).update(map(str, origins))
    assert min(len(each) for test, each in got.items() if test in tests_in("texts")) >= 9


@pytest.mark.parametrize(
    "run",
    [
        pytest.param(run, id=run.name, marks=() if run.name in IN_CI else pytest.mark.nightly)
        for run in RUNS
    ],
)
def test_no_piece_of_a_secret_is_shown_or_left(run: Run, tmp_path):
    if not run.is_possible:
        pytest.skip(f"not installed: {', '.join(run.plugins)}")
    ran = done(run, tmp_path, start=RUNS.index(run), count=2)
    assert ran.code in (0, 1), ran.texts["errors"][-2000:]
    assert complaints(ran) == []

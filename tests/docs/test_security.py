"""SECURITY.md names tests, modules, options and figures that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pytest_bill.credentials.kinds import DEVELOPER_KEY, SYNC_TOKEN
from pytest_bill.guards.production_groups import GROUPS
from pytest_bill.scrubbing.registry import SHORTEST_BY_VALUE
from pytest_bill.scrubbing.search import budget, views

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
FLAT = " ".join(TEXT.split())
PROMISES = {
    int(number): (promise, re.findall(r"`([\w/]+\.py)`", tests))
    for number, promise, tests in re.findall(r"(?m)^\| (\d+) \| (.*) \| (.*) \|$", TEXT)
}


def test_the_promises_are_numbered_as_the_threats_count_them():
    assert sorted(PROMISES) == list(range(1, 14))
    counted = re.findall(r"promises? (\d+)(?: to (\d+))?", FLAT)
    assert counted
    assert all(1 <= int(number) <= 13 for pair in counted for number in pair if number)


@pytest.mark.parametrize("number", PROMISES)
def test_each_promise_names_test_modules_that_exist(number):
    _, named = PROMISES[number]
    assert named
    for name in named:
        assert Path(name).name.startswith("test_"), name
        module = ROOT / "tests" / name
        assert module.is_file(), f"tests/{name}"
        assert re.search(r"(?m)^(async )?def test_", module.read_text(encoding="utf-8")), name


def test_every_file_that_is_named_exists():
    named = set(re.findall(r"`([\w/.-]+\.(?:py|md|yaml|toml))`", TEXT)) - {"conftest.py"}
    assert len(named) > 20
    there = {name for name in named if (ROOT / name).exists() or (ROOT / "tests" / name).exists()}
    assert named - there == set()


def test_the_groups_of_production_are_all_there():
    listed = FLAT.partition("each group by itself:")[2].partition(". There is no `all`")[0]
    assert re.findall(r"`([a-z-]+)`", listed) == list(GROUPS)


def test_the_options_that_are_named_exist(pytester):
    shown = pytester.runpytest_subprocess("--help").stdout.str()
    named = set(re.findall(r"--bill-[a-z-]+", TEXT))
    assert named
    assert [option for option in sorted(named) if option not in shown] == []


@pytest.mark.parametrize(
    "sentence",
    [
        f"shorter than {SHORTEST_BY_VALUE} characters",
        f"more than {budget.MOST_UNPACKED // 2**20} MiB",
        f"after {DEVELOPER_KEY.idle_minutes} minutes without use",
        f"after {SYNC_TOKEN.idle_minutes // 60} hours",
        "up to six escapes within each other, and up to twelve of base64",
        "500 cases in CI, 10,000 with `make nightly`",
    ],
)
def test_the_figures_are_those_of_the_code(sentence):
    assert sentence in FLAT
    assert (views._DEEPEST, budget.DEEPEST) == (6, 12)
    profiles = (ROOT / "conftest.py").read_text(encoding="utf-8")
    assert '"ci", max_examples=500' in profiles
    assert '"nightly", max_examples=10_000' in profiles

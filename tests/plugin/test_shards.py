"""Shards: each run has a part of the tests, and their reports are judged together."""

from __future__ import annotations

import json

import pytest

from pytest_bill.cli import main
from tests.plugin.suites import NO_CACHE, RECORD

pytestmark = pytest.mark.nightly

SPLIT = """
import os


def pytest_collection_modifyitems(items):
    # As pytest-split and pytest-shard do.
    shard = os.environ.get("SHARD")
    if shard is not None:
        items[:] = items[int(shard)::2]
"""
SUITE = """
import pytest


@pytest.mark.bill_cassette("shared")
@pytest.mark.parametrize("size", [1, 2, 3])
def test_shared(bill_dev_session, size):
    assert bill_dev_session.call("GET", "/v3/vendors", params={"max": size})


@pytest.mark.parametrize("size", range(4))
def test_own(bill_dev_session, size):
    assert bill_dev_session.call("GET", "/v3/bills", params={"max": size + 1})
"""


@pytest.fixture
def shards(pytester, monkeypatch, capsys):
    """Run both shards of a recorded suite; what the reports say together."""
    pytester.makeconftest(SPLIT)
    pytester.makepyfile(test_a=SUITE)
    assert pytester.runpytest_subprocess(*NO_CACHE, *RECORD).ret == 0

    def shards(*numbers: str, workers: str = "0") -> str:
        for number in numbers:
            monkeypatch.setenv("SHARD", number)
            options = (f"--bill-report={number}.json", "-n", workers)
            assert pytester.runpytest_subprocess(*NO_CACHE, *options).ret == 0
        monkeypatch.delenv("SHARD")
        monkeypatch.chdir(pytester.path)
        capsys.readouterr()
        reports = [f"{number}.json" for number in numbers]
        main(["report", "merge", *reports, "--output", "all.json", "--strict"])
        return capsys.readouterr().out

    return shards


@pytest.mark.parametrize("workers", ["0", "2"])
def test_nothing_is_left_over_by_all_of_them(shards, pytester, workers):
    told = shards("0", "1", workers=workers)
    assert "left over: 0 unused, 0 of tests that are gone, 0 with answers" in told
    assert "more may be left over" not in told
    outcomes = json.loads((pytester.path / "all.json").read_text())["usage"]["outcomes"]
    assert len(outcomes) == 7


def test_what_none_of_them_uses_is_counted_over_all(shards, pytester):
    cassettes = pytester.path / "cassettes"
    (cassettes / "old.yaml").write_bytes((cassettes / "shared.yaml").read_bytes())
    gone = cassettes / "test_a/test_gone.yaml"
    gone.write_bytes((cassettes / "shared.yaml").read_bytes())
    told = shards("0", "1")
    assert "left over: 1 unused, 1 of tests that are gone" in told
    assert "cassettes/old.yaml: no test names it" in told
    assert "cassettes/test_a/test_gone.yaml: test_a.py has no such test" in told


def test_a_shard_without_a_report_is_missed(shards):
    assert "3 of 7 tests that use BILL ended in none of these runs" in shards("0")

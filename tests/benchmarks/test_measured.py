"""What runs in the measured processes, with three requests and the tools that are installed."""

from __future__ import annotations

import itertools
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.bench import QUICK, Bench, Extent
from benchmarks.measured.traffic import KINDS, elsewhere, spread, traffic, vendor_number
from benchmarks.project import Project
from benchmarks.recorded import how_to_record, requests_in
from benchmarks.rows.elsewhere import SECRET
from benchmarks.rows.scan import Scan
from benchmarks.serving import serving

pytestmark = pytest.mark.nightly  # what is measured, not what users have

HERE = ("bill", "vcrpy", "floor")


@pytest.fixture
def bench():
    with Bench(Extent()) as bench:
        yield bench


@pytest.fixture(scope="module")
def loopback():
    """The origin of the server of ready answers."""
    with serving("benchmarks.loopback") as origin:
        yield origin


@pytest.fixture
def measured(pytester, monkeypatch):
    """Run a measured test module in this process: what it kept, and pytest's result."""

    def run(project: Project, test: str, *options: str, variables=None, **plan):
        made = project.plan(**plan)
        for name in [name for name in os.environ if name.startswith(("BILL_", "PYTEST_"))]:
            monkeypatch.delenv(name)
        for name, value in (project.environment(made) | (variables or {})).items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(project.folder)
        result = pytester.inline_run("--rootdir=.", *project.options(), *options, test)
        return result, json.loads((project.folder / "report.json").read_text())

    return run


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("tool", HERE)
@pytest.mark.sampled(4)
def test_each_tool_replays_each_kind(bench, measured, tool, kind):
    project = bench.project(tool, f"{kind}_10", f"{kind}_3")
    result, kept = measured(project, "test_replay.py", kind=kind, size=3, rounds=2)
    result.assertoutcome(passed=3)
    assert kept["requests"] == [3, 3]
    assert all(milliseconds > 0 for milliseconds in kept["wall"] + kept["cpu"])


def test_a_tool_that_answers_something_else_is_not_measured(bench, measured):
    project = bench.project("vcrpy", "get_10", "get_3")
    cassette = project.cassettes / "get_3.yaml"
    cassette.write_text(cassette.read_text().replace("2027.97", "2027.98"))
    result, kept = measured(project, "test_replay.py", kind="get", size=3)
    result.assertoutcome(passed=1, failed=1)
    assert set(kept) == {"peak_memory"}  # of the process; no time of a request


def test_opening_is_timed_and_its_memory_taken(bench, measured):
    result, kept = measured(bench.project("bill", "get_10", "get_3"), "test_opening.py", size=3)
    result.assertoutcome(passed=2)
    assert kept["wall"][0] > 0
    assert kept["memory"][0] > 1


CLIENTS = ("httpx", "async-httpx", "requests", "urllib3", "aiohttp", "http.client")


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("tool", ["bill", "canned"])
@pytest.mark.sampled(6)
def test_other_clients_are_answered(bench, measured, loopback, tool, client):
    project = bench.project(tool, "get_10", "get_3")
    result, kept = measured(project, "test_clients.py", size=3, client=client, origin=loopback)
    result.assertoutcome(passed=2)
    assert kept["requests"] == [3]


@pytest.mark.parametrize("client", ["httpx", "urllib3"])
@pytest.mark.sampled(2)
def test_vcrpy_answers_the_clients_that_it_is_compared_with(bench, measured, client):
    project = bench.project("vcrpy", "get_10", "get_3")
    result, kept = measured(project, "test_clients.py", size=3, client=client)
    result.assertoutcome(passed=2)
    assert kept["requests"] == [3]


@pytest.mark.parametrize("what", ["2027.97", "nginx"])
def test_a_client_that_is_answered_otherwise_is_not_measured(bench, measured, what):
    project = bench.project("bill", "get_10", "get_3")
    for cassette in project.cassettes.glob("get_*.yaml"):
        cassette.write_text(cassette.read_text().replace(what, what[:-1] + "y"))
    result, _ = measured(project, "test_clients.py", size=3, client="httpx")
    assert result.countoutcomes()[2] >= 1


@pytest.mark.parametrize("kind", ["get", "post"])
@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("tool", ["bill", "bare"])
@pytest.mark.sampled(6)
def test_another_host_is_asked(bench, measured, loopback, tool, client, kind):
    result, kept = measured(
        bench.project(tool, "get_10"),
        "test_elsewhere.py",
        variables=SECRET,
        kind=kind,
        size=30,
        client=client,
        origin=loopback,
    )
    # With pytest-bill, a request that carries the secret is refused as well.
    result.assertoutcome(**({"passed": 2} if tool == "bill" else {"passed": 1, "skipped": 1}))
    assert kept["requests"] == [20, 10]


def test_what_is_posted_elsewhere_is_about_a_kilobyte():
    sizes = [len(json.dumps(each.body)) for each in elsewhere("post", 1100)]
    assert min(sizes) > 950
    assert max(sizes) < 1100


@pytest.mark.parametrize("kind", ["get", "repeated"])
@pytest.mark.sampled(2)
def test_threads_lose_nothing(bench, measured, kind):
    project = bench.project("bill", f"{kind}_30")
    result, kept = measured(project, "test_threads.py", kind=kind, size=30, threads=3)
    result.assertoutcome(passed=2)
    assert (kept["lost"], kept["errors"]) == ([0], [0])


def test_what_threads_lose_is_seen(bench, measured):
    project = bench.project("bill", "repeated_30", "repeated_10")
    (project.cassettes / "repeated_10.yaml").replace(project.cassettes / "repeated_30.yaml")
    _, kept = measured(project, "test_threads.py", kind="repeated", size=30, threads=3)
    assert (kept["lost"], kept["errors"]) == ([20], [20])


@pytest.mark.parametrize("kind", ["get", "post"])
def test_a_mismatch_fails_with_the_nearest_request(bench, measured, kind):
    project = bench.project("bill", f"{kind}_3")
    result, kept = measured(project, "test_mismatch.py", kind=kind, size=3)
    result.assertoutcome(failed=1)
    assert kept["explained"] == [1]


@pytest.mark.parametrize("tool", ["bill", "bare", "responses"])
@pytest.mark.sampled(3)
def test_many_tests_run(bench, measured, tool):
    project = bench.project(tool)
    bench.shelf.put_many(3, 5, project.cassettes / "test_many")
    result, kept = measured(project, "test_many.py", size=5, tests=3)
    result.assertoutcome(passed=3)
    assert kept["peak_memory"][0] > 10


@pytest.mark.parametrize("tool", ["bill", "vcrpy"])
def test_what_a_server_answers_is_recorded(bench, measured, tool):
    project = bench.project(tool)
    options, variables = how_to_record(tool, bench.origin)
    result, kept = measured(
        project,
        "test_recording.py",
        *options,
        variables=variables,
        origin=bench.origin,
        kind="post",
        size=3,
        threads=0,
    )
    result.assertoutcome(passed=2)
    assert kept["requests"] == [3]
    assert kept["end_wall"][0] > 0
    assert len(requests_in(project)) == 4


def test_the_requests_left_to_slow_tools_are_evenly_spread():
    interactions = traffic("get", 999)
    chosen = [vendor_number(each.path) for each in spread(interactions, 100)]
    assert len(chosen) == 100
    assert {right - left for left, right in itertools.pairwise(chosen)} == {10}
    assert sum(chosen) / 100 == pytest.approx(499.5, abs=0.5)
    assert spread(interactions, 0) == interactions


def test_all_that_scan_find_what_was_planted_and_a_second_time_is_measured():
    with Bench(replace(QUICK, scanned=150, scanned_slowly=2)) as bench:
        (group,) = Scan().groups(bench)
        figures = {(each.point.case, each.point.tool): each.measure() for each in group}
        assert (bench.once("scanned-150", Path.mkdir) / ".pytest-bill-cache/scan.json").exists()
    assert all(each["cpu"] > 0 for each in figures.values())

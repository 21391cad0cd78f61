"""Many tests, many cassettes, many workers: what they cost beside pytest without the plugin."""

from __future__ import annotations

import json
import os
import re

import pytest
import yaml

from tests.helpers.suites import NO_NETWORK
from tests.scale.many import Many

WATCHES = """
import os
import sys

TOUCHED = []


def watch(event, args):
    if event in ("open", "os.scandir", "os.listdir", "glob.glob"):
        if "cassettes" in str(args[0]):
            TOUCHED.append(args[0])


sys.addaudithook(watch)


def pytest_unconfigure():
    with open("kept.json", "w") as file:
        file.write('{"tests": [], "seconds": 0}')
    assert TOUCHED == []
"""


def test_a_run_without_bill_does_not_look_at_the_cassettes(tmp_path):
    suite = Many(tmp_path / "many").with_bill(3)
    (suite.folder / "conftest.py").write_text(WATCHES)
    (suite.folder / "test_many.py").write_text("def test_one():\n    pass\n")
    # Named, since pytest itself looks into each folder for tests.
    assert "1 passed" in suite.run("test_many.py").printed


@pytest.mark.nightly
def test_ten_thousand_tests_are_replayed_by_eight_workers(tmp_path):
    suite = Many(tmp_path / "many").with_bill(10_000)
    replayed = suite.run("-n8", *NO_NETWORK, "--bill-report=report.json")
    assert "10000 passed" in replayed.printed
    counts = json.loads((suite.folder / "report.json").read_text())
    assert (counts["requests"], counts["replayed"]) == (10_000, 10_000)
    assert counts["notices"] == []
    bare = Many(tmp_path / "bare").without(10_000).run("-n8", "-p", "no:bill")
    # Most of it is pytest-xdist's own: each worker collects all tests.
    assert replayed.cpu < 4 * bare.cpu, (replayed, bare)


@pytest.mark.nightly
def test_the_memory_of_five_thousand_tests_grows_as_pytests_own(tmp_path):
    replayed = Many(tmp_path / "many").with_bill(5_000).run(*NO_NETWORK)
    bare = Many(tmp_path / "bare").without(5_000).run("-p", "no:bill")
    # Names and places: no request, no answer, no session of a test that has ended.
    assert replayed.growth(1_000) - bare.growth(1_000) < 4, (replayed.rss, bare.rss)


@pytest.mark.nightly
def test_eight_workers_record_and_nothing_is_lost(tmp_path):
    seconds = float(os.environ.get("SCALE_SECONDS", "20"))
    tests = 80
    suite = Many(tmp_path / "many").recording(tests, seconds * 8 / tests)
    record = ("--bill-environment=local", "--bill-record-mode=once", "--bill-strict")
    recorded = suite.run("-n8", *record, "--bill-report=report.json")
    asked = {each.name: int(each.read_text()) for each in (suite.folder / "asked").iterdir()}
    counts = json.loads((suite.folder / "report.json").read_text())
    # One worker signs in; the others play that, or are told of it.
    sign_in = yaml.safe_load((suite.folder / "cassettes/sign_in/developer_key.yaml").read_text())
    assert len(sign_in["interactions"]) == 1
    assert counts["recorded"] == sum(asked.values()) + 1
    # A worker that looked for the sign-in when it was not recorded yet has asked for it, too.
    assert 0 <= counts["requests"] - counts["recorded"] - counts["replayed"] < 8
    for path in (suite.folder / "cassettes/test_many").iterdir():
        number = re.search(r"\d+", path.name)[0]
        text = path.read_text()
        assert text.count("\n  request:\n") == asked[number]
    smallest = min(suite.folder.glob("cassettes/test_many/*"), key=lambda path: path.stat().st_size)
    assert yaml.safe_load(smallest.read_text())["version"] == 1
    assert f", {tests + 1} proven" in recorded.printed  # and the sign-in's
    replayed = suite.run(*NO_NETWORK, "--bill-report=report.json")
    assert f"{tests} passed" in replayed.printed

"""The plugin that writes down what was collected: in whatever suite, without its recorder."""

from __future__ import annotations

import json

from pytest_bill.migrate import collecting

NAMES = ["@pytest.mark.vcr", "@pytest.mark.default_cassette('a')", "@pytest.mark.block_network"]


def test_its_markers_are_known_where_markers_are_strict(pytester, monkeypatch):
    monkeypatch.setenv(collecting.OUTPUT, str(pytester.path / "out.json"))
    pytester.makepyfile("import pytest\n" + "\n".join(NAMES) + "\ndef test_one(): pass")
    result = pytester.runpytest_subprocess(
        *("--collect-only", "-q", "--strict-markers", "-p", collecting.__name__),
        *("-p", "no:recording"),
    )
    assert result.ret == 0, result.stdout.str()
    (test,) = json.loads((pytester.path / "out.json").read_text())["tests"]
    assert test["default_cassette"] == "a"
    assert test["markers"] == [{"args": [], "kwargs": []}]


def test_the_fixtures_of_a_recorder_itself_are_not_asked(pytester, monkeypatch):
    monkeypatch.setenv(collecting.OUTPUT, str(pytester.path / "out.json"))
    pytester.makepyfile("import pytest\n@pytest.mark.vcr\ndef test_one(): pass")
    result = pytester.runpytest_subprocess(
        *("--collect-only", "-q", "-p", collecting.__name__, "-p", "pytest_recording.plugin")
    )
    assert result.ret == 0, result.stdout.str()
    (test,) = json.loads((pytester.path / "out.json").read_text())["tests"]
    assert (test["folder"], test["own_name"], test["problems"]) == ("", "", [])

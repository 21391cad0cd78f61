"""The matrix has each version that is to work, and each lower bound."""

from __future__ import annotations

import re

from tests.versions.combinations import (
    BELOW,
    COMBINATIONS,
    EXTRAS,
    PROJECT,
    interpreter,
    lowest,
)


def test_each_pytest_runs_on_several_pythons_with_lowest_and_newest_below_it():
    plain = [each for each in COMBINATIONS if not each.beside]
    for version in ("8.2", "8.4", "9.0", "9.1", "9.2"):
        of_version = [each for each in plain if each.pytest == version]
        assert len({each.python for each in of_version}) > 1
        assert {bool(each.lowest) for each in of_version} == {True, False}


def test_each_python_that_is_declared_runs_with_the_newest_pytest():
    declared = re.findall(r"Python :: (3\.\d+)", "\n".join(PROJECT["classifiers"]))
    newest = {each.python for each in COMBINATIONS if each.pytest == "9.2"}
    assert len(declared) > 2
    assert set(declared) <= newest
    assert PROJECT["requires-python"] == f">={min(declared, key=lambda v: int(v[2:]))}"


def test_each_dependency_runs_with_its_lower_bound():
    assert {"pytest", *BELOW} == set(lowest())
    all_lowest = next(each for each in COMBINATIONS if each.lowest == BELOW)
    pins = " ".join(all_lowest.requirements)
    assert "pytest==8.2.0 " in pins
    for name, version in (lowest() | lowest(*EXTRAS)).items():
        assert f"{name}=={version}" in pins


def test_the_plugins_that_teams_have_stand_beside_ours():
    beside = {name for each in COMBINATIONS for name in each.beside}
    assert beside >= {"pytest-recording", "pytest-vcr", "cassetter", "pytest-socket", "responses"}
    assert beside >= {"pytest-httpx", "pytest-django"}


def test_names_are_told_apart():
    names = [each.name for each in COMBINATIONS]
    assert len(set(names)) == len(names)


def test_a_python_that_is_not_there_is_none(monkeypatch, tmp_path):
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    assert interpreter("3.99") is None
    there = tmp_path / "versions/3.99.1/bin/python"
    there.parent.mkdir(parents=True)
    there.write_text("#!/bin/sh\nexit 0\n")
    there.chmod(0o755)
    assert interpreter("3.99") == str(there)

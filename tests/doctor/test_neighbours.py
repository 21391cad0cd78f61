"""Other packages that are told of: those installed, and of plugins those that are loaded."""

from __future__ import annotations

from importlib import metadata

from pytest_bill.doctor.neighbours import MEANS, neighbours


def test_of_plugins_those_that_a_run_loads():
    found = {each["name"]: each for each in neighbours(["pytest-xdist", "Pytest_Socket"])}
    assert {"pytest-xdist", "pytest-socket"} <= set(found)
    assert not {"pytest-recording", "pytest-randomly"} & set(found)
    assert "responses" in found  # no plugin of pytest
    assert found["pytest-xdist"]["version"] == metadata.version("pytest-xdist")


def test_all_where_no_run_can_tell():
    found = {each["name"] for each in neighbours()}
    assert {"pytest-recording", "pytest-randomly", "pytest-xdist", "requests-mock"} <= found
    assert found <= set(MEANS)


def test_none_is_imported(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "responses", None)
    assert "responses" in {each["name"] for each in neighbours([])}


def test_two_that_refuse_each_other(tmp_path, monkeypatch):
    folder = tmp_path / "pytest_vcr-1.0.2.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: pytest-vcr\nVersion: 1.0.2\n")
    monkeypatch.syspath_prepend(tmp_path)
    found = {each["name"]: each["findings"] for each in neighbours()}
    (finding,) = found["pytest-vcr"]
    assert finding["what"].startswith("pytest-recording and pytest-vcr refuse each other")
    assert not found["pytest-recording"]

"""Where pytest-vcr has a test's cassettes."""

from __future__ import annotations

from pytest_bill.migrate.sources.pytest_vcr import PytestVcr
from tests.migrate.collected import collected


def test_beside_the_module_under_its_very_name(tmp_path):
    test = collected(tmp_path, name="test_one[a:b]", class_name="TestA")
    assert PytestVcr().find(test).missing == [tmp_path / "cassettes/TestA.test_one[a:b].yaml"]
    assert list(PytestVcr().folders(test)) == [tmp_path / "cassettes"]


def test_folder_and_name_may_be_the_suites(tmp_path):
    test = collected(tmp_path, folder=str(tmp_path / "x"), own_name="mine.yaml")
    assert PytestVcr().find(test).missing == [tmp_path / "x/mine.yaml"]


def test_a_test_without_marker_has_none(tmp_path):
    assert PytestVcr().find(collected(tmp_path, markers=[])) is None
    assert list(PytestVcr().folders(collected(tmp_path, markers=[]))) == []

"""Where cassetter has a test's cassettes."""

from __future__ import annotations

import pytest

from pytest_bill.migrate.sources.cassetter import Cassetter
from tests.migrate.collected import collected


def test_the_marker_names_it(tmp_path):
    folder = tmp_path / "cassettes/test_a"
    found = Cassetter().find(collected(tmp_path, args=["a.toml"], default_cassette="b"))
    assert found.missing == [folder / "a.toml"]
    assert found.is_named
    assert Cassetter().find(collected(tmp_path, default_cassette="b")).missing == [
        folder / "b.yaml"
    ]
    assert list(Cassetter().folders(collected(tmp_path))) == [folder]


@pytest.mark.parametrize("name", ["test_one[a-b].yaml", "test_one[a:b].yaml"])
def test_an_older_one_has_the_very_name(tmp_path, name):
    folder = tmp_path / "cassettes/test_a"
    folder.mkdir(parents=True)
    (folder / name).write_text("")
    assert Cassetter().find(collected(tmp_path, name="test_one[a:b]")).files == [folder / name]


def test_a_test_without_marker_has_none(tmp_path):
    assert Cassetter().find(collected(tmp_path, markers=[])) is None
    assert list(Cassetter().folders(collected(tmp_path, markers=[]))) == []

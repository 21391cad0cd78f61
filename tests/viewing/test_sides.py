"""Which cassettes are compared with which."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_bill.cassettes import store
from pytest_bill.exceptions import SettingsError
from pytest_bill.viewing.sides import Sides
from tests.helpers.recorded import recorded


def write(path: Path, answer: object) -> Path:
    kept = store.Recording([recorded("GET", "/v3/vendors", answer)])
    store.save(path, kept, lambda _: None)
    return path


def test_files_of_any_name(tmp_path):
    sides = Sides()
    sides.add_files(write(tmp_path / "a.txt", {}), write(tmp_path / "b", {"a": 1}))
    assert list(sides.pairs) == [(tmp_path / "b").as_posix()]
    assert sides.compared == 1


def test_folders_by_the_places_below_them(tmp_path):
    write(tmp_path / "old/x/a.yaml", {})
    write(tmp_path / "new/x/a.yaml", {"a": 1})
    write(tmp_path / "new/.unproven/x/a.yaml", {"a": 1})
    sides = Sides()
    sides.add_files(tmp_path / "old", tmp_path / "new")
    assert list(sides.pairs) == ["x/a.yaml"]


def test_what_is_the_same_to_the_byte_is_counted_only(tmp_path):
    sides = Sides()
    sides.add_files(write(tmp_path / "a.yaml", {}), write(tmp_path / "b.yaml", {}))
    assert (sides.pairs, sides.compared) == ({}, 1)


def test_what_cannot_be_read_is_told(tmp_path):
    broken = tmp_path / "b.yaml"
    broken.write_text("interactions: 1\n")
    sides = Sides()
    sides.add_files(broken, write(tmp_path / "a.yaml", {}))
    sides.add_files(write(tmp_path / "a.yaml", {}), broken)
    assert [each.split(" is ")[0] for each in sides.errors] == [
        f"Before: {tmp_path}/a.yaml:1",
        f"{tmp_path}/b.yaml:1",
    ]


def test_a_file_and_a_folder(tmp_path):
    with pytest.raises(SettingsError, match=r"is a file, and .* is a folder"):
        Sides().add_files(write(tmp_path / "a.yaml", {}), tmp_path)

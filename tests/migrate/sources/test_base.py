"""What the recorders' rules share."""

from __future__ import annotations

import pytest

from pytest_bill.migrate.sources.base import existing, own_file, with_suffix


@pytest.mark.parametrize("suffix", [".yaml", ".yml", ".json", ".toml"])
def test_whichever_serializer_wrote_it(tmp_path, suffix):
    file = tmp_path / f"test.1{suffix}"
    file.write_text("")
    assert own_file(tmp_path, "test.1").files == [file]
    assert with_suffix(file) == file


def test_one_that_is_not_there(tmp_path):
    found = own_file(tmp_path, "a")
    assert (found.files, found.missing) == ((), [tmp_path / "a.yaml"])
    assert list(existing([tmp_path / "a.yaml"])) == []

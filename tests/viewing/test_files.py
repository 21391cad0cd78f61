"""Which files are cassettes."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_bill.cassettes import store
from pytest_bill.exceptions import CassetteError, SettingsError
from pytest_bill.viewing.files import cassettes_in, check_there, is_cassette, recording_in
from tests.helpers.recorded import recorded


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    kept = store.Recording([recorded("GET", "/v3/vendors", {})])
    for name in ("a.yaml", "b/c.yml", ".unproven/d.yaml", "e.txt"):
        store.save(tmp_path / name, kept, lambda _: None)
    (tmp_path / "other.yaml").write_text("on: push\n")
    (tmp_path / "broken.yaml").write_text("interactions: 1\n")
    return Path()


def found(*paths: str) -> dict[str, type]:
    return {path.as_posix(): type(each) for path, each in cassettes_in(list(map(Path, paths)))}


def test_in_a_folder(folder):
    assert found(".") == {
        "a.yaml": store.Recording,
        "b/c.yml": store.Recording,
        "broken.yaml": CassetteError,
    }


def test_what_is_named_is_looked_at_whatever_its_name_is(folder):
    assert found("e.txt") == {"e.txt": store.Recording}
    assert found("other.yaml") == {"other.yaml": CassetteError}
    assert found(".unproven/d.yaml") == {".unproven/d.yaml": store.Recording}


def test_an_empty_file_holds_nothing():
    assert recording_in(Path("a.yaml"), b"") == store.Recording()


def test_json_may_be_one():
    assert is_cassette(b'{"version": 1, "interactions": []}')
    assert not is_cassette(b'{"version": 1}')


def test_what_is_not_there_is_told_from_where(folder, tmp_path):
    with pytest.raises(SettingsError) as refused:
        check_there([Path("a.yaml"), Path("no")], "show")
    assert str(refused.value) == (
        f"no: no such file or folder, seen from {tmp_path}.\n"
        "Name cassettes or a folder of them: pytest-bill show FOLDER"
    )

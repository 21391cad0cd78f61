"""Where pytest-recording has a test's cassettes: compared with pytest-recording itself."""

from __future__ import annotations

import random
from types import SimpleNamespace

import pytest
from pytest_recording import _vcr
from pytest_recording.plugin import get_default_cassette_name

from pytest_bill.migrate.sources.pytest_recording import PytestRecording, safe_name
from tests.migrate.collected import collected

CHARACTERS = "ab-_.[]<>?%*:|\"'/\\ äß"


@pytest.mark.parametrize("seed", range(20))
def test_names_are_its_own(seed):
    name = "".join(random.Random(seed).choices(CHARACTERS, k=30))
    for cls in (None, SimpleNamespace(__name__="TestA")):
        test = collected(name=name, class_name=cls.__name__ if cls else "")
        assert safe_name(test) == get_default_cassette_name(cls, name)


@pytest.mark.parametrize("length", [249, 250, 251, 300])
def test_long_names_are_its_own(tmp_path, length):
    name = f"test_a[{'x' * (length - 8)}]"
    config = SimpleNamespace(hook=SimpleNamespace(pytest_recording_configure=lambda **_: None))
    folder = tmp_path / "cassettes/test_a"
    used = _vcr.use_cassette(name, str(folder), "none", [], {}, config)
    (path,) = [used._args_getter()["path_transformer"](used._args_getter()["path"])]
    assert PytestRecording().find(collected(tmp_path, name=name)).missing == [folder / path]


def test_a_test_without_marker_has_none(tmp_path):
    test = collected(tmp_path, markers=[])
    assert PytestRecording().find(test) is None
    assert list(PytestRecording().folders(test)) == []


def test_folder_and_name_may_be_the_suites(tmp_path):
    test = collected(tmp_path, folder="../there", own_name="mine")
    assert PytestRecording().find(test).missing == [tmp_path.parent / "there/mine.yaml"]
    test = collected(tmp_path, folder=str(tmp_path / "x"), own_name="mine", default_cassette="a")
    found = PytestRecording().find(test)
    assert found.missing == [tmp_path / "x/a.yaml"]
    assert found.is_named


def test_cassettes_of_its_markers_are_added(tmp_path):
    folder = tmp_path / "cassettes/test_a"
    folder.mkdir(parents=True)
    for name in ("test_one.json", "more.yaml"):
        (folder / name).write_text("")
    found = PytestRecording().find(collected(tmp_path, args=["more.yaml", "gone.yaml"]))
    assert found.files == [folder / "test_one.json", folder / "more.yaml"]
    assert found.missing == [folder / "gone.yaml"]

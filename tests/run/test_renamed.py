"""Which test that is gone a test looks like that has no cassette."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_bill.cassettes.naming import cassette_of_test
from pytest_bill.run.renamed import Renamed


@pytest.fixture
def suite(tmp_path, monkeypatch):
    """A suite with these modules and cassettes; gives the hint for a test."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "cassettes"

    def suite(modules: dict[str, str], cassettes: list[str], nodeid: str) -> str:
        for name, text in modules.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
        for each in cassettes:
            path = folder / (each if each.endswith(".yaml") else cassette_of_test(each))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("interactions: []\nversion: 1\n")
        return Renamed(tmp_path, folder).hint(nodeid, folder / cassette_of_test(nodeid))

    return suite


NEW = "tests/test_a.py::test_all_vendors"
HERE = Path("cassettes/tests/test_a")


def test_a_test_of_a_similar_name_in_the_same_module(suite):
    hint = suite(
        {"tests/test_a.py": "def test_all_vendors(): ...\ndef test_every_vendor(): ..."},
        ["tests/test_a.py::test_vendors", "tests/test_a.py::test_every_vendor"],
        NEW,
    )
    assert hint == (
        "renamed? this looks like tests/test_a.py::test_vendors, which is gone: move "
        f"{HERE}/test_vendors.yaml to {HERE}/test_all_vendors.yaml"
    )


def test_a_test_that_is_still_there_was_not_renamed(suite):
    there = {"tests/test_a.py": "def test_all_vendors(): ...\ndef test_vendors(): ..."}
    assert suite(there, ["tests/test_a.py::test_vendors"], NEW) == ""


def test_a_test_of_the_same_name_in_a_module_that_is_gone(suite):
    old = "tests/deep/test_old.py::test_all_vendors"
    hint = suite({"tests/test_a.py": "def test_all_vendors(): ..."}, [old], NEW)
    assert f"this looks like {old}, which is gone" in hint
    assert "/deep/test_old/test_all_vendors.yaml to " in hint


def test_a_test_of_the_same_name_that_is_there_is_another(suite):
    modules = dict.fromkeys(("tests/test_a.py", "tests/test_b.py"), "def test_all_vendors(): ...")
    assert suite(modules, ["tests/test_b.py::test_all_vendors"], NEW) == ""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("tests/test_a.py::TestOld::test_vendors", "tests/test_a.py::TestNew::test_vendor"),
        ("tests/test_a.py::test_vendors[1-A]", "tests/test_a.py::test_vendor[1-A]"),
    ],
)
def test_classes_and_parameters(suite, old, new):
    hint = suite({"tests/test_a.py": "class TestNew:\n def test_vendor(): ..."}, [old], new)
    assert f"looks like {old.partition('[')[0]}, which is gone" in hint


@pytest.mark.parametrize(
    "other",
    [
        "tests/test_a.py::test_bills_of_a_month",
        "tests/test_a/fixture.all_vendors.yaml",
        "sign_in/test_all_vendors.yaml",
        ".unproven/tests/test_a/test_all_vendors.yaml",
    ],
)
def test_what_looks_otherwise_or_is_no_tests(suite, other):
    assert suite({"tests/test_a.py": "def test_all_vendors(): ..."}, [other], NEW) == ""


def test_a_cassette_that_a_marker_names(tmp_path):
    renamed = Renamed(tmp_path, tmp_path / "cassettes")
    assert renamed.hint(NEW, tmp_path / "cassettes/lists/vendors.yaml") == ""


def test_where_there_is_no_folder(suite):
    assert suite({}, [], NEW) == ""

"""Whether the module is still there whose cassettes lie in a folder."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from pytest_bill.cassettes.naming import folder_of_module
from pytest_bill.run.sources import Sources


@pytest.fixture
def suite(tmp_path):
    for name in ("test_a.py", "tests/test_a.py", "tests/te st/test_b.py", "../outside/test_c.py"):
        path = tmp_path / "suite" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path / "suite"


@pytest.mark.parametrize(
    "module", ["test_a.py", "tests/test_a.py", "tests/te st/test_b.py", "../outside/test_c.py"]
)
def test_a_module_that_is_there(suite, module):
    assert Sources(suite).of(folder_of_module(module)) == [module]


@pytest.mark.parametrize("module", ["test_b.py", "tests/te_st/test_b.py", "more/test_a.py"])
def test_a_module_that_is_gone(suite, module):
    assert Sources(suite).of(folder_of_module(module)) == []
    assert Sources(suite).of(PurePosixPath()) == []


def test_what_becomes_one_folder_is_all_looked_at(suite):
    (suite / "tests/test_a.txt").touch()
    assert sorted(Sources(suite).of(folder_of_module("tests/test_a.py"))) == [
        "tests/test_a.py",
        "tests/test_a.txt",
    ]

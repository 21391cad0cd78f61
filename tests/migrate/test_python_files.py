"""What is found in Python files, and where."""

from __future__ import annotations

import ast

import pytest

from pytest_bill.migrate.python_files import (
    forget,
    functions_named,
    markers_in,
    scopes_in,
    tree_of,
    uses_in,
)

CODE = """
import pytest
from pytest import mark

pytestmark = [mark.vcr(), mark.slow]


@pytest.mark.vcr
@pytest.mark.default_cassette("a")
class TestA:
    pytestmark = mark.block_network

    @pytest.mark.slow
    @mark.vcr(match_on=["uri"])
    def test_a(self):
        def inner():
            pass

    if True:
        async def test_b(self):
            pass


@other.vcr
def helper():
    vcr = 1
"""


@pytest.fixture
def file(tmp_path):
    def file(text: str | bytes):
        forget()
        path = tmp_path / "a.py"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return file


def test_markers(file):
    found = markers_in(file(CODE))
    assert [(each.name, each.prefix, each.qualname, each.is_decorator) for each in found] == [
        ("vcr", "mark.", "", False),
        ("vcr", "pytest.mark.", "TestA", True),
        ("default_cassette", "pytest.mark.", "TestA", True),
        ("block_network", "mark.", "TestA", False),
        ("vcr", "mark.", "TestA.test_a", True),
    ]
    assert [len(each.siblings) for each in found] == [2, 0, 0, 0, 0]
    assert found[1].beside == {"default_cassette"}
    assert [each.call is not None for each in found] == [True, False, True, False, True]


def test_scopes_have_the_names_that_python_gives(file):
    names = {name for _, name in scopes_in(ast.parse(CODE))}
    inner = "TestA.test_a.<locals>.inner"
    assert names == {"TestA", "helper", "TestA.test_a", "TestA.test_b", inner}


@pytest.mark.parametrize("text", ["def (:", b"\xff", b"# coding: latin-1\n\xe4 = 1", b"\0"])
def test_what_is_no_python_has_nothing(file, text):
    path = file(text)
    assert tree_of(path) is None
    assert markers_in(path) == uses_in(path) == functions_named(path, "vcr_config") == []


def test_uses_know_their_block(file):
    (use,) = uses_in(file("def a():\n    if x:\n        with vcr.use_cassette('b') as c: pass\n"))
    assert (use.qualname, use.path, use.is_decorator) == ("a", "b", False)
    assert use.block is not None


def test_functions_by_their_name(file):
    text = "def vcr_config(): pass\nclass A:\n    def vcr_config(self): pass\n"
    assert [name for _, name in functions_named(file(text), "vcr_config")] == [
        *("vcr_config", "A.vcr_config")
    ]

"""Changes of Python files: exactly what is meant, or nothing."""

from __future__ import annotations

import ast

import pytest

from pytest_bill.migrate import edits
from pytest_bill.migrate.edits import Edit, Unsafe

NAMES = ("vcr", "bill_cassette", "use_cassette")


def block_in(text: str) -> ast.With:
    return next(each for each in ast.walk(ast.parse(text)) if isinstance(each, ast.With))


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_block_is_left_with_its_comments_and_blank_lines(ending):
    old = (
        'def test_a():\n    é = "ß"\n    with vcr.use_cassette(\n        "a",\n    ):  # why\n'
        "        # first\n        a = [\n            1,\n        ]\n\n        if a:\n"
        "            b = 2\n    c = 3\n"
    ).replace("\n", ending)
    new = (
        'def test_a():\n    é = "ß"\n    # first\n    a = [\n        1,\n    ]\n\n    if a:\n'
        "        b = 2\n    c = 3\n"
    ).replace("\n", ending)
    edit = edits.without_block(old, block_in(old))
    assert edits.changed(old, [edit]) == new
    assert edits.same_but_for(old, new, NAMES)


@pytest.mark.parametrize(
    "old",
    [
        'def test_a():\n    with use_cassette("a"):\n        a = """\n        b"""\n',
        'def test_a():\n    with use_cassette("a"): a = 1\n',
        'def test_a():\n    if x: pass\n    with use_cassette("a"): a = 1; b = 2\n',
    ],
)
def test_a_block_that_cannot_be_left_safely_stays(old):
    with pytest.raises(Unsafe):
        edits.without_block(old, block_in(old))


def test_changes_that_overlap_are_none():
    with pytest.raises(Unsafe):
        edits.changed("abc", [Edit(0, 2, "x"), Edit(1, 3, "y")])


def test_what_would_be_no_python_is_no_change():
    with pytest.raises(Unsafe):
        edits.changed("abc = 1", [Edit(0, 3, "a b")])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("@p.mark.vcr\ndef a(): pass", "@p.mark.bill_cassette\ndef a(): pass"),
        ("pytestmark = [p.mark.vcr, p.mark.slow]", "pytestmark = [p.mark.slow]"),
        ("pytestmark = p.mark.vcr", "pytestmark = p.mark.bill_cassette('a')"),
        ("a = 1", "a = 1\n\n\ndef bill_config():\n    return {}\n"),
        (
            "class A:\n    @p.mark.vcr()\n    async def a(self): pass",
            "class A:\n    async def a(self): pass",
        ),
    ],
)
def test_the_same_program_but_for_markers(old, new):
    assert edits.same_but_for(old, new, NAMES)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("@p.mark.slow\ndef a(): pass", "def a(): pass"),
        ("a = 1", "a = 2"),
        ("pytestmark = [p.mark.vcr, p.mark.slow]", "pytestmark = [p.mark.vcr]"),
        ("with use_cassette('a'):\n    b = 1", "b = 2"),
        ("with use_cassette('a'), other():\n    b = 1", "b = 1"),
    ],
)
def test_another_program(old, new):
    assert not edits.same_but_for(old, new, NAMES)


@pytest.mark.parametrize(
    ("name", "left"), [("a", "x = [b, c]"), ("b", "x = [a, c]"), ("c", "x = [a, b]")]
)
def test_an_element_goes_with_its_comma(name, left):
    text = "x = [a, b, c]"
    elements = ast.parse(text).body[0].value.elts
    node = next(each for each in elements if each.id == name)
    assert edits.changed(text, [edits.without_element(text, node, elements)]) == left


def test_the_only_element_goes():
    text = "x = [a]"
    elements = ast.parse(text).body[0].value.elts
    assert edits.changed(text, [edits.without_element(text, elements[0], elements)]) == "x = []"


def test_a_diff_says_where_no_newline_is():
    assert edits.diff("a.py", "a = 1", "a = 2\n") == (
        "--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-a = 1\n\\ No newline at end of file\n+a = 2\n"
    )

"""Regular expressions that are compiled at their first use are right, and as fast from then on."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

import pytest

import pytest_bill
from pytest_bill.patterns import late_pattern

ROOT = Path(pytest_bill.__file__).parent
MODULES = sorted(
    ".".join(("pytest_bill", *path.relative_to(ROOT).with_suffix("").parts))
    for path in ROOT.rglob("*.py")
    if "late_pattern(" in path.read_text() and path.name != "patterns.py"
)


@pytest.mark.parametrize("name", MODULES)
def test_each_can_be_compiled(name):
    found = [each for each in vars(importlib.import_module(name)).values() if _is_late(each)]
    for each in found:
        assert re.compile(each.pattern, each.flags).pattern == each.pattern


def _is_late(value: object) -> bool:
    return type(value) is type(late_pattern("x"))


def test_no_module_compiles_one_when_it_is_imported():
    compiling = []
    for path in ROOT.rglob("*.py"):
        if path.name == "patterns.py" or "sandbox" in path.parts:
            continue
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
                continue
            compiling += [
                f"{path.name}:{each.lineno}"
                for each in ast.walk(node)
                if isinstance(each, ast.Attribute) and ast.unparse(each) == "re.compile"
            ]
    assert compiling == []


def test_it_is_what_re_compiles():
    late = late_pattern(r"(?P<a>a+)b", re.IGNORECASE)
    now = re.compile(r"(?P<a>a+)b", re.IGNORECASE)
    assert late.pattern == now.pattern
    for text in ("aab", "AAB x ab", ""):
        assert late.findall(text) == now.findall(text)
        assert late.sub("-", text) == now.sub("-", text)
        assert [each.span() for each in late.finditer(text)] == [
            each.span() for each in now.finditer(text)
        ]
    assert late.groupindex == now.groupindex


def test_it_is_found_at_once_from_the_second_use_on(monkeypatch):
    late = late_pattern("a")
    late.search("a")
    monkeypatch.setattr(re, "compile", None)
    assert late.search("ba") is not None
    assert late.match("b") is None


def test_an_error_is_raised_at_the_first_use():
    late = late_pattern("(")
    with pytest.raises(re.error):
        late.search("a")
    assert not hasattr(late, "nothing")

"""What can be imported is what its page says, and nothing dynamic hides a misspelt name."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import pytest_bill
from pytest_bill import exceptions

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
SOURCE = (ROOT / "pytest_bill" / "__init__.py").read_text(encoding="utf-8")
HEAVY = ("requests", "vcr", "yaml")


def documented(module: str) -> list[str]:
    """The names in the first column of the page's table of what a module has."""
    table = PAGE.partition(f"| from `{module}` | |\n| --- | --- |\n")[2].partition("\n\n")[0]
    return re.findall(r"`(\w+)`", " ".join(row.split("|")[1] for row in table.splitlines()))


@pytest.mark.parametrize("module", ["pytest_bill", "pytest_bill.sandbox"])
def test_the_page_names_what_is_public(module):
    assert sorted(documented(module)) == sorted(import_module(module).__all__)


def test_a_look_into_the_package_shows_what_is_public():
    assert dir(pytest_bill) == sorted(pytest_bill.__all__)


@pytest.mark.parametrize("name", pytest_bill.__all__)
def test_each_can_be_imported(name):
    each = getattr(pytest_bill, name)
    if name != "__version__":
        assert each.__module__.startswith("pytest_bill.")
        assert each.__name__ == name


def test_every_exception_is_public():
    names = {
        name
        for name, each in vars(exceptions).items()
        if isinstance(each, type) and issubclass(each, Exception)
    }
    assert names | {"BillError", "SessionRefused"} <= set(pytest_bill.__all__)


def test_no_other_module_has_an_error_that_a_test_may_meet():
    """``pytest-bill scan`` has two of its own, which it turns into lines of its output."""
    inherited = {name for name in pytest_bill.__all__ if hasattr(exceptions, name)}
    found = {
        node.name
        for path in (ROOT / "pytest_bill").rglob("*.py")
        if "sandbox" not in path.parts and path.name != "exceptions.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
        and inherited.intersection(ast.unparse(base) for base in node.bases)
    }
    assert found == {"CannotFix", "CannotScan"}


def test_type_checkers_see_the_same_from_the_same_modules():
    (seen,) = (
        node.body
        for node in ast.parse(SOURCE).body
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    )
    modules = {name.name: node.module for node in seen for name in node.names}
    assert modules.keys() | {"__version__"} == set(pytest_bill.__all__)
    given = {name: getattr(pytest_bill, name).__module__ for name in modules}
    assert given == modules


def test_any_other_name_is_an_error():
    with pytest.raises(AttributeError, match="module 'pytest_bill' has no attribute 'BillSesion'"):
        pytest_bill.BillSesion  # noqa: B018
    with pytest.raises(ImportError, match="BillSesion"):
        exec("from pytest_bill import BillSesion")


def test_to_import_the_package_and_the_plugin_is_cheap():
    """pytest imports both in every run, used or not."""
    program = f"""
import sys
sys.path[:] = {sys.path}
import pytest_bill.plugin
dir(pytest_bill)
print(*sys.modules)
"""
    # Without what makes a process that a BILL test starts ask the run of that test.
    run = subprocess.run(
        [sys.executable, "-S", "-c", program], capture_output=True, text=True, check=True
    )
    modules = set(run.stdout.split())
    assert "pytest_bill.plugin" in modules
    assert modules.isdisjoint({*HEAVY, "pytest_bill.exceptions"})

"""What is imported is declared, and what is declared is what is checked at the start of a run."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from pytest_bill.options import OLDEST_PYTEST

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NAME = re.compile(r"[\w.-]+")
IMPORT = re.compile(
    r"^ *(?:from (\w+)[\w.]* import |import (\w+)[\w.]*(?: as \w+)?(?: *#.*)?$)", re.MULTILINE
)

OF_THE_USER = {
    "aiohttp": "a client of the code under test: imported when that has imported it",
    "httpx": "a client of the code under test: imported when that has imported it",
    "tornado": "a client of the code under test: imported when that has imported it",
    "anyio": "httpx brings it, and nothing else here asks for it",
    "brotli": "what it packs is read where it is installed, and refused in words where not",
    "backports": "its zstd is read where it is installed, and refused in words where not",
    "compression": "Python's own from 3.14 on",
}
"""What is imported and not declared, and why."""


def names(requirements: list[str]) -> set[str]:
    return {normal(NAME.match(each)[0]) for each in requirements}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def imported() -> set[str]:
    """The top-level names of all that the package imports, wherever in a module."""
    found = set()
    for path in (ROOT / "pytest_bill").rglob("*.py"):
        for match in IMPORT.finditer(path.read_text(encoding="utf-8")):
            found.add(match[1] or match[2])
    return found - set(sys.stdlib_module_names) - {"pytest_bill"}


def test_all_that_is_imported_is_declared():
    declared = names(PROJECT["dependencies"])
    for requirements in PROJECT["optional-dependencies"].values():
        declared |= names(requirements)
    distributions = packages_distributions()
    undeclared = {
        module
        for module in imported() - set(OF_THE_USER)
        if not declared & {normal(each) for each in distributions.get(module, [])}
    }
    assert undeclared == set()
    assert set(OF_THE_USER) <= imported() | {"compression"}


def test_each_dependency_has_a_lower_bound_that_the_start_of_a_run_can_read():
    for requirement in PROJECT["dependencies"]:
        assert re.fullmatch(r"[\w-]+>=[\d.]+(,<\d+)?", requirement), requirement


def test_the_oldest_pytest_is_the_one_that_is_declared():
    oldest = ".".join(map(str, OLDEST_PYTEST))
    assert f"pytest>={oldest}" in PROJECT["dependencies"]


@pytest.mark.parametrize("extra", PROJECT["optional-dependencies"])
def test_extras_have_lower_bounds_too(extra):
    for requirement in PROJECT["optional-dependencies"][extra]:
        assert requirement.startswith("pytest-bill[") or ">=" in requirement

"""What may import what in the sandbox: `core` knows no part of the API, none knows the server."""

import ast
from pathlib import Path

import pytest

import pytest_bill.sandbox

FOLDER = Path(pytest_bill.sandbox.__file__).parent
PREFIX = "pytest_bill.sandbox."
FORBIDDEN = {
    "core": ("api", "description", "pages", "app", "server", "seed", "control", "remote"),
    "description": ("pages", "app", "server", "seed", "control", "remote"),
    "api": ("description", "pages", "app", "server", "seed", "control", "remote"),
    "pages": ("app", "server", "remote"),
}


def imported(path: Path) -> set[str]:
    """The modules and names that a module imports from the sandbox, below it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{each.name}" for each in node.names}
        if isinstance(node, ast.Import):
            names |= {each.name for each in node.names}
    return {name.removeprefix(PREFIX) for name in names if name.startswith(PREFIX)}


@pytest.mark.parametrize("folder", FORBIDDEN)
def test_no_module_imports_from_above_it(folder):
    wrong = [
        (path.relative_to(FOLDER).as_posix(), name)
        for path in (FOLDER / folder).rglob("*.py")
        for name in imported(path)
        if name.split(".")[0] in FORBIDDEN[folder]
    ]
    assert wrong == []

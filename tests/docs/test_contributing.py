"""What CONTRIBUTING.md says of the package and its tests is so."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "pytest_bill"
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def modules() -> list[Path]:
    """All modules but those of the sandbox, whose tests are arranged by area."""
    found = (path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))
    return sorted(
        path for path in found if path.parts[0] != "sandbox" and path.name != "__init__.py"
    )


def test_every_module_has_a_test_module_of_its_name():
    missing = [
        f"tests/{path.with_name(f'test_{path.name}')}"
        for path in modules()
        if not (ROOT / "tests" / path.with_name(f"test_{path.name}")).exists()
    ]
    assert missing == []


def cells(header: str, column: int) -> str:
    """A column of the table with that header."""
    table = TEXT.partition(header)[2].partition("\n\n")[0]
    return " ".join(row.split("|")[column] for row in table.splitlines() if "`" in row)


def test_every_folder_has_a_row_of_its_own():
    named = re.findall(r"`(\w+)/`", cells("| in `pytest_bill/` | its one job |", 1))
    folders = [path.parent.name for path in PACKAGE.glob("*/__init__.py")]
    assert sorted(named) == sorted(folders)


def test_every_place_to_go_to_is_there():
    named = re.findall(r"`([\w/]+/|[\w/]+\.[\w.]+)`", cells("| what | where |", 2))
    assert len(named) > 20
    assert [name for name in named if not (PACKAGE / name).exists()] == []


def test_every_make_target_that_is_named_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = re.findall(r"make (?:[A-Z]+=\S+ )?([a-z]+)", TEXT)
    assert {"test", "demo", "nightly"} <= set(named)
    missing = [name for name in named if not re.search(rf"^{name}:", makefile, re.MULTILINE)]
    assert missing == []

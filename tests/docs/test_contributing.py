"""What CONTRIBUTING.md says of the package and its tests is so."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "pytest_bill"
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def modules() -> list[Path]:
    """All modules but those of the sandbox, whose tests are arranged by operation."""
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


def rows() -> list[str]:
    table = TEXT.partition("| --- | --- |\n")[2].partition("\n\n")[0]
    return [row.split("|")[1] for row in table.splitlines()]


def test_every_name_in_the_table_is_a_module_or_a_folder():
    named = re.findall(r"`([\w/.]+)`", " ".join(rows()))
    assert len(named) > 10
    assert [name for name in named if not (PACKAGE / name).exists()] == []


def test_every_make_target_that_is_named_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = re.findall(r"make (?:[A-Z]+=\S+ )?([a-z]+)", TEXT)
    assert {"test", "demo", "nightly"} <= set(named)
    missing = [name for name in named if not re.search(rf"^{name}:", makefile, re.MULTILINE)]
    assert missing == []

"""Arrows point one way: nothing imports from what stands above it; and nothing grows too long.

What is imported within a function, or for its types only, counts as well.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "pytest_bill"

LAYERS: tuple[tuple[str, ...], ...] = (
    ("as_written", "counted", "did_you_mean", "no_collections", "patterns"),
    (
        "checksums",
        "exceptions",
        "fakes",
        "printable",
        "record_modes",
        "secret",
        "urls",
        "webhook_events",
    ),
    ("bill_advice",),
    (
        "bill_errors",
        "command_line",
        "environments",
        "installed",
        "interaction",
        "max_age",
        "multipart",
        "options",
        "private_folder",
        "real_files",
    ),
    ("limits", "json_files", "pages", "webhooks"),
    ("credentials",),
    ("scrubbing",),
    ("v2_forms",),
    ("guards",),
    ("bill_config",),
    ("settings",),
    ("cassettes",),
    ("clients",),
    ("sessions",),
    ("processes",),
    ("run.own_ids", "run.definitions"),
    ("run.production_guard", "run.collection", "run.notices", "run.timeline"),
    ("run.stale", "run.config_fixtures"),
    ("run.configs",),
    ("hiding",),
    ("run.plain_failures",),
    ("run.first_checks",),
    ("scan",),
    ("viewing",),
    ("sandbox",),
    ("drift", "run.record_command", "run.lookalikes", "run.sources"),
    ("run.renamed",),
    ("run.cassettes", "run.sandbox", "run.sockets", "run.team_variables"),
    ("run.accesses",),
    ("run.run",),
    ("run.state", "run.journal"),
    ("run.unkept",),
    (
        *("run.hiding", "run.silence", "run.terminal_summary"),
        *("run.shown_stand_ins", "run.usage", "run.waiting"),
    ),
    ("run.properties",),
    ("run.endings",),
    ("run.cassette_lifetimes",),
    ("run.of_session", "run.verification", "run.leftovers"),
    ("run.remote_files",),
    ("run.remote_controller",),
    ("run.remote_worker",),
    ("run.workers",),
    ("run.end_scan", "run.header", "run.network", "run.report"),
    ("run.page",),
    ("run.progress", "run.screen"),
    ("run.pruning",),
    ("run.end",),
    ("migrate",),
    ("proof",),
    ("plugin",),
    ("doctor",),
    ("cli",),
)
"""Modules and folders from low to high; those of one layer do not know each other."""

FRONT_DOOR = "__init__"
"""It hands out what is public, from wherever that is, and tells everybody the version."""

TYPES_ONLY = {
    (
        "run.state",
        "run.cassette_lifetimes",
    ): "one holder for what a run keeps, whoever keeps it there",
    ("run.state", "proof"): "one holder for what a run keeps, whoever keeps it there",
    ("run.state", "run.end_scan"): "one holder for what a run keeps, whoever keeps it there",
    ("run.state", "run.progress"): "one holder for what a run keeps, whoever keeps it there",
    ("run.state", "run.journal"): "one holder for what a run keeps, whoever keeps it there",
    ("run.journal", "run.state"): "it tells of what that keeps",
    ("run.accesses", "run.run"): "it makes a part of that",
    ("run.sandbox", "run.run"): "it makes a part of that",
    ("run.state", "run.remote_worker"): "one holder for what a run keeps, whoever keeps it there",
    ("run.state", "run.workers"): "one holder for what a run keeps, whoever keeps it there",
}
"""What stands higher and is imported for its types only, and why."""

SANDBOX_KNOWS = {
    "checksums",
    "did_you_mean",
    "environments",
    "multipart",
    "pages",
    "patterns",
    "printable",
    "scrubbing",
    "webhook_events",
}
"""The sandbox stands apart: it is BILL, and knows of the plugin what BILL's data looks like."""

LONGEST_MODULE = 500
LONGEST_CLASS = 250


def unit_of(module: str) -> str:
    """The module or folder in ``LAYERS`` that a module of the package belongs to."""
    _, *parts = module.split(".")
    # What makes up a run stands in layers of its own.
    return ".".join(parts[: 2 if parts[0] == "run" else 1]) if parts else FRONT_DOOR


@cache
def paths() -> dict[str, Path]:
    """The modules of the package by their dotted names."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == FRONT_DOOR else parts)] = path
    return found


@cache
def trees() -> dict[str, ast.Module]:
    return {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in paths().items()}


def imported(tree: ast.AST) -> Iterator[str]:
    """The modules of the package that a part of one imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name in paths())
        elif isinstance(node, ast.ImportFrom) and node.module in paths():
            for each in node.names:
                inner = f"{node.module}.{each.name}"
                yield inner if inner in paths() else node.module


def imported_for_types(tree: ast.AST) -> Iterator[str]:
    """Those below ``if TYPE_CHECKING``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            yield from imported(node)


HEIGHT = {unit: height for height, layer in enumerate(LAYERS) for unit in layer}


def test_every_module_stands_in_a_layer():
    found = {unit_of(module) for module in paths()} - {FRONT_DOOR, "run"}
    assert found == set(HEIGHT)


def arrows() -> Iterator[tuple[str, str, str]]:
    """Which module imports which unit, and what of it."""
    for module, tree in trees().items():
        for other in imported(tree):
            if unit_of(other) not in (unit_of(module), FRONT_DOOR):
                yield module, unit_of(other), other


def test_nothing_imports_from_above():
    wrong = [
        f"{module} imports {other}"
        for module, unit, other in arrows()
        if unit_of(module) != FRONT_DOOR
        and HEIGHT[unit] >= HEIGHT[unit_of(module)]
        and (unit_of(module), unit) not in TYPES_ONLY
    ]
    assert wrong == []


@pytest.mark.parametrize(("unit", "higher"), TYPES_ONLY)
def test_what_is_imported_from_above_is_imported_for_its_types_only(unit, higher):
    for module, tree in trees().items():
        if unit_of(module) == unit:
            found = [other for other in imported(tree) if unit_of(other) == higher]
            assert found
            assert sorted(found) == sorted(
                other for other in imported_for_types(tree) if unit_of(other) == higher
            )


def test_the_sandbox_knows_what_is_low_only():
    known = {unit for module, unit, _ in arrows() if unit_of(module) == "sandbox"}
    assert known <= SANDBOX_KNOWS


@pytest.mark.parametrize(
    "module",
    [
        *("plugin", "run.collection", "options", "run.screen", "run.state"),
        *("run.first_checks", "run.production_guard"),
    ],
)
def test_what_pytest_imports_in_every_run_imports_nothing_else_at_once(module):
    at_once = {
        unit_of(other)
        for node in trees()[f"pytest_bill.{module}"].body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for other in imported(node)
    }
    cheap = {
        "as_written",
        "options",
        "record_modes",
        "run.collection",
        "run.first_checks",
        "run.own_ids",
        "run.production_guard",
    }
    cheap |= {"run.screen", "run.state"}
    assert at_once <= {FRONT_DOOR, *cheap}


def longer() -> Iterator[str]:
    for module, tree in trees().items():
        if len(paths()[module].read_text(encoding="utf-8").splitlines()) > LONGEST_MODULE:
            yield module
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and _lines(node) > LONGEST_CLASS:
                yield f"{module}:{node.name}"


def _lines(node: ast.ClassDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_module_and_no_class_is_too_long():
    assert list(longer()) == []


def used_before_they_stand() -> Iterator[str]:
    for module, tree in trees().items():
        constants = {
            name.id: node.lineno
            for node in tree.body
            if isinstance(node, ast.Assign | ast.AnnAssign)
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            for name in ast.walk(target)
            if isinstance(name, ast.Name) and name.id.isupper()
        }
        for name in ast.walk(tree):
            if isinstance(name, ast.Name) and name.lineno < constants.get(name.id, 0):
                yield f"{module}: {name.id}"


def test_constants_stand_above_their_first_use():
    """A kind of record names the functions that name it."""
    found = [each for each in used_before_they_stand() if ".sandbox.api." not in each]
    assert found == []

"""Which tests use which cassettes: by the report of a run, or by the names of the files.

A run knows, and its report (``--bill-report``) says so. Without one, only what the names say is
told: of a test whose module is there and has no function of that name, that it may be gone.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from pytest_bill.cassettes.naming import FIXTURE, SIGN_INS
from pytest_bill.cli.report_shape import read_report
from pytest_bill.run.leftovers import leftovers
from pytest_bill.run.sources import Sources
from pytest_bill.run.usage import Usage
from pytest_bill.viewing.files import DEFAULT_FOLDER
from pytest_bill.viewing.page.cassettes import Use

USED, UNUSED, PERHAPS, UNKNOWN = "used", "unused", "perhaps unused", "not known"


class UsersByReport:
    """What the report of a run says."""

    def __init__(self, path: Path, root: Path) -> None:
        """``root`` is the rootdir of the suite.

        Raises:
            SettingsError: the file is no report of a run.
        """
        usage = Usage()
        then = f"Write one with: pytest --bill-report={path}"
        usage.add(read_report(path, then)["usage"])
        self._folder = root / usage.cassette_dir
        self._used = usage.used
        self._tests: dict[str, list[str]] = {}
        for test, file in usage.tests.items():
            self._tests.setdefault(file, []).append(test)
        self._left = {each.file: each for each in leftovers(usage, root)}

    def __call__(self, name: str) -> Use:
        """Who uses the cassette of that name, as seen from the current folder."""
        path = Path.cwd() / name
        file = (
            path.relative_to(self._folder).as_posix() if path.is_relative_to(self._folder) else name
        )
        tests = self._tests.get(file, [])
        left = self._left.get(file)
        if left is not None and not left.unplayed:
            return Use(tests, UNUSED, left.notice.text)
        if left is not None:
            return Use(tests, USED, f"of its answers, {left.notice.text}")
        if file in self._used:
            return Use(tests, USED, "the run used it")
        if tests:
            return Use(
                tests, UNKNOWN, "these tests would use it; this run did not run them to the end"
            )
        return Use(tests, UNKNOWN, "this run does not know who uses it")


class UsersByName:
    """What the names of the files say of the tests that lie below a folder."""

    def __init__(self, root: Path, folders: list[Path]) -> None:
        """``folders`` of cassettes are those that the user named."""
        self._root = root
        self._sources = Sources(root)
        self._folders = [each for each in folders if each.is_dir()]
        self._known: dict[str, frozenset[str] | None] = {}

    def __call__(self, name: str) -> Use:
        """Who uses the cassette of that name, as seen from the current folder."""
        place = self._below(PurePosixPath(name))
        if place.parts[0] == SIGN_INS:
            return Use([], UNKNOWN, "all tests that sign in with this credential")
        modules = self._sources.of(place.parent) if len(place.parts) > 1 else []
        if not modules:
            why = (
                f"{place.parent}.py is not here" if len(place.parts) > 1 else "it is no test's name"
            )
            return Use([], UNKNOWN, f"{why}; a marker may name it")
        stem = place.stem.removeprefix(FIXTURE)
        owners = [
            f"{module}::{owner.replace('.', '::')}"
            for module in modules
            for owner in self._owners(module, stem)
        ]
        if owners:
            of_fixture = place.name.startswith(FIXTURE)
            return Use(owners, USED, "by its name, a fixture" if of_fixture else "by its name")
        if any(self._functions(module) is None for module in modules):
            return Use([], UNKNOWN, f"{modules[0]} cannot be read")
        return Use([], PERHAPS, f"{' and '.join(modules)} defines no such test")

    def _below(self, name: PurePosixPath) -> PurePosixPath:
        """The place of a file below the cassette folder."""
        default = DEFAULT_FOLDER.as_posix()
        if default in name.parts[:-1]:
            last = len(name.parts) - 2 - name.parts[:-1][::-1].index(default)
            return PurePosixPath(*name.parts[last + 1 :])
        for folder in self._folders:
            if name.is_relative_to(folder.as_posix()):
                return name.relative_to(folder.as_posix())
        return name

    def _owners(self, module: str, stem: str) -> Iterator[str]:
        """The functions that a cassette of this name is named for, such as ``TestA.test_b``."""
        for name in self._functions(module) or ():
            if stem == name or stem.startswith(f"{name}-"):
                yield name

    def _functions(self, module: str) -> frozenset[str] | None:
        """All that a module defines, in its classes, too; None where it cannot be read."""
        if module not in self._known:
            try:
                tree = ast.parse((self._root / module).read_bytes())
            except (OSError, ValueError, SyntaxError, RecursionError, MemoryError):
                self._known[module] = None
            else:
                self._known[module] = frozenset(_functions_in(tree, ""))
        return self._known[module]


def _functions_in(node: ast.AST, prefix: str) -> Iterator[str]:
    for each in ast.iter_child_nodes(node):
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef):
            yield prefix + each.name
        elif isinstance(each, ast.ClassDef):
            yield from _functions_in(each, f"{prefix}{each.name}.")
        elif isinstance(each, ast.If | ast.Try | ast.With):
            yield from _functions_in(each, prefix)

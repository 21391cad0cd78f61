"""Markers and ``use_cassette`` in code become markers of ours, where the tests can move."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pytest_bill.migrate import edits
from pytest_bill.migrate.config_keys import KEYS
from pytest_bill.migrate.configs import Said, match_on_of
from pytest_bill.migrate.edits import Edit, Unsafe
from pytest_bill.migrate.plan import Change, Move, shown
from pytest_bill.migrate.python_files import (
    MarkerAt,
    UseCassette,
    markers_in,
    scopes_in,
    tree_of,
    uses_in,
)
from pytest_bill.migrate.suite import Collected, Suite
from pytest_bill.migrate.unturned import told_of_call, unturned

_OURS = "bill_cassette"
_TOUCHED = ("vcr", "default_cassette", "block_network", "allowed_hosts", "use_cassette", _OURS)
_OF_NETWORK = ("block_network", "allowed_hosts")


class CodeChanges:
    """The changes of a suite's Python files."""

    def __init__(
        self, suite: Suite, moves: Sequence[Move], configs: Mapping[Path, Sequence[Edit]]
    ) -> None:
        """``configs`` are the changes of fixtures, by file."""
        self._suite = suite
        self._configs = configs
        self._moves = {test.nodeid: move for move in moves for test in move.tests}
        self._edits: dict[Path, list[Edit]] = {}
        self.said: list[Said] = []

    def all(self) -> list[Change]:
        """The files that change; what cannot be changed is in ``said`` then."""
        defined: dict[Path, list[Collected]] = {}
        for each in self._suite.tests:
            defined.setdefault(each.defined_in, []).append(each)
        for path, tests in sorted(defined.items()):
            if self._is_of_others(path, tests):
                continue
            for marker in markers_in(path):
                self._change_marker(path, marker, tests)
            self._change_uses(path, tests)
            self.said += unturned(path, shown(path, self._suite.rootdir), tests, self._moves)
        conftests = {
            folder / "conftest.py"
            for each in defined
            for folder in each.parents
            if folder.is_relative_to(self._suite.rootdir)
        }
        for path in sorted(conftests):
            self._change_uses(path, [])
        for path, of_fixtures in self._configs.items():
            self._edits.setdefault(path, []).extend(of_fixtures)
        return list(self._changes())

    def _changes(self) -> Iterator[Change]:
        for path, wanted in sorted(self._edits.items()):
            text, _ = tree_of(path) or ("", None)
            try:
                new = edits.changed(text, wanted)
                if not edits.same_but_for(text, new, _TOUCHED):
                    raise Unsafe  # noqa: TRY301
            except Unsafe:
                where = shown(path, self._suite.rootdir)
                self._say(where, "markers", "cannot be changed safely: do it by hand")
                continue
            if new != text:
                yield Change(path, text, new)

    def _say(self, where: str, setting: str, text: str, *, is_left: bool = True) -> None:
        self.said.append(Said(where, setting, text, is_left))

    def _where(self, path: Path, node: ast.expr) -> str:
        return f"{shown(path, self._suite.rootdir)}:{node.lineno}"

    # --- markers -------------------------------------------------------------------------------

    def _change_marker(self, path: Path, marker: MarkerAt, tests: Sequence[Collected]) -> None:
        covered = [each for each in tests if each.markers and each.is_in(marker.qualname)]
        where = self._where(path, marker.node)
        if not covered or self._stays(covered, where, marker.name):
            return
        text, _ = tree_of(path) or ("", None)
        if marker.name in _OF_NETWORK:
            self._say(where, marker.name, KEYS[marker.name].said)
            if marker.is_decorator:
                edit = edits.without_lines(text, marker.node)
            elif marker.siblings:
                edit = edits.without_element(text, marker.node, marker.siblings)
            else:
                edit = edits.replacing(text, marker.node, "[]")
            self._edits.setdefault(path, []).append(edit)
            return
        new = self._marker(path, marker, covered, where)
        edit = (
            edits.replacing(text, marker.node, marker.prefix + new)
            if new
            else edits.without_lines(text, marker.node)
        )
        self._edits.setdefault(path, []).append(edit)

    def _is_of_others(self, path: Path, tests: Sequence[Collected]) -> bool:
        """Whether a file is none of the suite's: it is not changed, and that is told."""
        root = self._suite.rootdir
        if path.is_relative_to(root) and "site-packages" not in path.relative_to(root).parts:
            return False
        if any(each.markers for each in tests):
            text = "it is not in the rootdir, and is not changed: do it by hand"
            self._say(shown(path, root), "vcr", text)
        return True

    def _stays(self, covered: Sequence[Collected], where: str, name: str) -> bool:
        """Whether a marker has to stay: a test that it marks cannot move."""
        for test in covered:
            move = self._moves.get(test.nodeid)
            if move is not None and not move.replays:
                hosts = ", ".join(sorted(move.others))
                why = move.why or f"it also asks {hosts}, which pytest-bill does not replay"
                text = f"stays: {test.nodeid} cannot move ({why})"
                if move.others:
                    text += "; let a fake answer them (responses, respx), or split the test"
                self._say(where, name, text)
                return True
        return False

    def _match_on(self, call: ast.Call | None, path: Path, where: str) -> str:
        """What a call says of ``match_on``; of its other settings is told."""
        _, tree = tree_of(path) or ("", ast.Module([], []))
        settings, said = told_of_call(call, tree, where)
        self.said += said
        if "match_on" not in settings:
            return ""
        match_on, said = match_on_of(settings["match_on"], where)
        self.said += said
        return match_on

    def _marker(
        self, path: Path, marker: MarkerAt, covered: Sequence[Collected], where: str
    ) -> str:
        """The marker that takes the place of one; empty where none is needed."""
        moves = [self._moves.get(each.nodeid) for each in covered]
        names = {each.name if each is not None else "" for each in moves}
        name = next(iter(names)) if len(names) == 1 else ""
        if marker.name == "default_cassette":
            if not name and "vcr" in marker.beside and marker.is_decorator:
                return ""
            return _written(name, "")
        match_on = self._match_on(marker.call, path, where)
        uses_bill = all(each.uses_bill for each in covered)
        named_beside = "default_cassette" in marker.beside and bool(name)
        is_needed = match_on or not (uses_bill or named_beside) or (name and not named_beside)
        if not is_needed and marker.is_decorator:
            return ""
        return _written("" if named_beside else name, match_on)

    # --- use_cassette --------------------------------------------------------------------------

    def _change_uses(self, path: Path, tests: Sequence[Collected]) -> None:
        for use in uses_in(path):
            covered = [each for each in tests if each.qualname == use.qualname]
            where = self._where(path, use.node)
            if not use.is_readable and covered:
                text = (
                    "its path cannot be read: put the cassette where pytest-bill looks for it "
                    f"(docs/migration.md), and mark {use.qualname} with @pytest.mark.bill_cassette"
                )
                self._say(where, "use_cassette", text)
            elif not covered:
                self._say(
                    where,
                    "use_cassette",
                    f"{use.qualname} is no test: mark the tests that need it with "
                    "@pytest.mark.bill_cassette, or let them use a BILL fixture",
                )
            elif not self._stays(covered, where, "use_cassette"):
                self._change_use(path, use, covered, where)

    def _change_use(
        self, path: Path, use: UseCassette, covered: Sequence[Collected], where: str
    ) -> None:
        text, tree = tree_of(path) or ("", ast.Module([], []))
        moves = [self._moves[each.nodeid] for each in covered if each.nodeid in self._moves]
        if not moves:
            return  # it has no cassette, which is told
        call = use.node if isinstance(use.node, ast.Call) else None
        marker = f"pytest.mark.{_written(moves[0].name, self._match_on(call, path, where))}"
        try:
            if not _imports_pytest(tree):
                raise Unsafe  # noqa: TRY301
            found = self._edits.setdefault(path, [])
            if use.is_decorator:
                found.append(edits.replacing(text, use.node, marker))
            else:
                found += _without_with(text, tree, use, marker)
        except Unsafe:
            self._say(
                where,
                "use_cassette",
                f"cannot be taken out safely: take it out by hand, mark {use.qualname} with "
                f"@{marker}, and import pytest",
            )


def _without_with(text: str, tree: ast.Module, use: UseCassette, marker: str) -> list[Edit]:
    block = use.block
    if block is None or len(block.items) != 1:
        raise Unsafe
    bound = block.items[0].optional_vars
    scope = next((each for each, name in scopes_in(tree) if name == use.qualname), None)
    if scope is None or isinstance(scope, ast.ClassDef):
        raise Unsafe
    uses = [each for each in ast.walk(scope) if isinstance(each, ast.Attribute | ast.Name)]
    if sum(ast.unparse(each).endswith("use_cassette") for each in uses) != 1:
        raise Unsafe
    if bound is not None:
        name = ast.unparse(bound)
        if sum(isinstance(each, ast.Name) and each.id == name for each in uses) != 1:
            raise Unsafe
    first = min([scope.lineno, *(each.lineno for each in scope.decorator_list)])
    place = edits.Offsets(text).line(first)
    ending = "\r\n" if "\r\n" in text else "\n"
    line = " " * scope.col_offset + f"@{marker}{ending}"
    return [Edit(place, place, line), edits.without_block(text, block)]


def _imports_pytest(tree: ast.Module) -> bool:
    return any(
        isinstance(each, ast.Import)
        and any(name.name == "pytest" and name.asname is None for name in each.names)
        for each in tree.body
    )


def _written(name: str, match_on: str) -> str:
    arguments = [f'"{name}"'] if name else []
    if match_on:
        arguments.append(f"match_on={match_on}")
    return f"{_OURS}({', '.join(arguments)})" if arguments else _OURS

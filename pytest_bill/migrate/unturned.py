"""What stands in a suite's code and becomes nothing of ours: it is told, with what to do."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pytest_bill.migrate.configs import Said, said_of_call
from pytest_bill.migrate.plan import Move
from pytest_bill.migrate.python_files import (
    markers_in,
    recorders_in,
    settings_of,
    tree_of,
    uses_in,
)
from pytest_bill.migrate.suite import Collected

_OF_CASSETTES = ("path", "cassette_library_dir", "serializer")
"""Settings of ``use_cassette`` and ``VCR`` that say where a cassette is and how it is written."""


def unturned(
    path: Path, name: str, tests: Sequence[Collected], moves: Mapping[str, Move]
) -> Iterator[Said]:
    """What is told of a file with these tests; ``name`` is how messages call it."""
    yield from _of_markers(path, name, tests)
    yield from _of_fixtures(name, tests)
    yield from _of_test_cases(path, name, tests, moves)
    _, tree = tree_of(path) or ("", ast.Module([], []))
    if uses_in(path):
        for call in recorders_in(path):
            _, said = told_of_call(call, tree, f"{name}:{call.lineno}")
            yield from said


def told_of_call(
    call: ast.Call | None, tree: ast.Module, where: str
) -> tuple[dict[str, ast.expr], list[Said]]:
    """The settings of a marker, a ``use_cassette`` or a ``VCR``, and what is told of them."""
    if call is None:
        return {}, []
    settings, unread = settings_of(call, tree)
    said = [
        Said(where, each, "it cannot be read: look which of its settings bill_config needs", True)
        for each in unread
    ]
    of_recording = {key: each for key, each in settings.items() if key not in _OF_CASSETTES}
    return settings, [*said, *said_of_call(of_recording, where)]


def _of_markers(path: Path, name: str, tests: Sequence[Collected]) -> Iterator[Said]:
    """Tests that are marked where nothing of that is seen: by a hook, or a variable."""
    seen = [each.qualname for each in markers_in(path) if each.name == "vcr"]
    if tree_of(path) is None and any(each.markers for each in tests):
        yield Said(name, "vcr", "it is no Python in UTF-8: put bill_cassette in by hand", True)
        return
    unseen = [
        each.nodeid
        for each in tests
        if each.markers and not any(each.is_in(qualname) for qualname in seen)
    ]
    if unseen:
        text = (
            f"the marker of {', '.join(unseen)} stands in no decorator and no list of pytestmark: "
            "put bill_cassette in its place by hand"
        )
        yield Said(name, "vcr", text, True)


def _of_fixtures(name: str, tests: Sequence[Collected]) -> Iterator[Said]:
    """Tests that ask for a fixture of the recorder."""
    asked = {(each.qualname, one) for each in tests if each.markers for one in each.asks_for}
    for qualname, one in sorted(asked):
        text = f"{qualname} asks for this fixture of the recorder: take it out, and what uses it"
        yield Said(name, one, text, True)


def _of_test_cases(
    path: Path, name: str, tests: Sequence[Collected], moves: Mapping[str, Move]
) -> Iterator[Said]:
    """Classes that are vcrpy's own test cases."""
    opened = {each.qualname for each in uses_in(path)}
    classes = {
        each.qualname.rpartition(".")[0]
        for each in tests
        if each.nodeid in moves
        and moves[each.nodeid].source == "vcrpy"
        and each.qualname not in opened
    }
    for one in sorted(classes):
        text = f"let {one} be a unittest.TestCase, and mark it with @pytest.mark.bill_cassette"
        yield Said(name, "VCRTestCase", text, True)

"""What stands in Python files: markers, ``use_cassette`` and ``vcr_config``, each with its place.

By Python's own parser, which knows where each expression begins and ends: what is changed is cut
out there, and all else stays byte for byte (see ``edits``). A library that keeps whole trees with
their blanks, such as libcst, is not needed for that.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from pytest_bill.migrate import edits

_MARKERS = ("vcr", "default_cassette", "block_network", "allowed_hosts")
Function = ast.FunctionDef | ast.AsyncFunctionDef
_Scope = Function | ast.ClassDef


class MarkerAt(NamedTuple):
    """A marker of another recorder; ``qualname`` is what it marks, empty for a whole module.

    ``prefix`` is what stands before its name (``pytest.mark.``). ``decorators`` are the names of
    the markers of this kind at the same place.
    """

    name: str
    node: ast.expr
    prefix: str
    qualname: str
    is_decorator: bool
    siblings: Sequence[ast.expr] = ()
    """What else stands in the same list of ``pytestmark``; nothing where it is no list."""
    beside: frozenset[str] = frozenset()

    @property
    def call(self) -> ast.Call | None:
        """The call that it is; None where it has no arguments."""
        return self.node if isinstance(self.node, ast.Call) else None


class UseCassette(NamedTuple):
    """A ``use_cassette`` in a function: as its decorator, or with a block of its own.

    ``path`` is empty where it gives none, and where that cannot be read.
    """

    qualname: str
    path: str
    library: str
    is_decorator: bool
    node: ast.expr
    is_readable: bool = True
    block: ast.With | ast.AsyncWith | None = None


@lru_cache(maxsize=512)
def tree_of(path: Path) -> tuple[str, ast.Module] | None:
    """A file's text and its tree; None where it is none of Python's."""
    try:
        text = path.read_bytes().decode("utf-8")
        return text, edits.parsed(text)
    except (OSError, ValueError, SyntaxError):
        return None


def scopes_in(tree: ast.Module) -> Iterator[tuple[_Scope, str]]:
    """The functions and classes of a module with their qualified names, those within others too."""
    waiting: list[tuple[ast.AST, str]] = [(tree, "")]
    while waiting:
        node, outer = waiting.pop(0)
        for each in ast.iter_child_nodes(node):
            if isinstance(each, _Scope):
                name = f"{outer}{each.name}"
                yield each, name
                inside = f"{name}." if isinstance(each, ast.ClassDef) else f"{name}.<locals>."
                waiting.append((each, inside))
            elif not isinstance(each, ast.expr):
                waiting.append((each, outer))


def markers_in(path: Path) -> list[MarkerAt]:
    """The markers of other recorders in a file."""
    found = tree_of(path)
    if found is None:
        return []
    _, tree = found
    markers = list(_in_pytestmark(tree.body, ""))
    for scope, name in scopes_in(tree):
        markers += _marked(scope.decorator_list, name, is_decorator=True)
        if isinstance(scope, ast.ClassDef):
            markers += _in_pytestmark(scope.body, name)
    return markers


def _in_pytestmark(body: list[ast.stmt], qualname: str) -> Iterator[MarkerAt]:
    for each in body:
        targets = each.targets if isinstance(each, ast.Assign) else []
        if isinstance(each, ast.Assign) and [ast.unparse(one) for one in targets] == ["pytestmark"]:
            values = each.value.elts if isinstance(each.value, ast.List | ast.Tuple) else None
            for marker in _marked(values or [each.value], qualname, is_decorator=False):
                yield marker._replace(siblings=values or ())


def _marked(nodes: list[ast.expr], qualname: str, *, is_decorator: bool) -> list[MarkerAt]:
    found = []
    for node in nodes:
        function = node.func if isinstance(node, ast.Call) else node
        prefix, _, name = ast.unparse(function).rpartition(".")
        if name in _MARKERS and (prefix == "mark" or prefix.endswith(".mark")):
            found.append(MarkerAt(name, node, f"{prefix}.", qualname, is_decorator))
    names = frozenset(each.name for each in found)
    return [each._replace(beside=names - {each.name}) for each in found]


def forget() -> None:
    """Read files again that were read before, in the same process."""
    tree_of.cache_clear()
    uses_in.cache_clear()


@lru_cache(maxsize=512)
def uses_in(path: Path) -> list[UseCassette]:
    """Each ``use_cassette`` of a file that stands in a function or decorates one."""
    found = tree_of(path)
    if found is None:
        return []
    _, tree = found
    libraries = _libraries_in(tree)
    uses = []
    for scope, name in scopes_in(tree):
        if isinstance(scope, ast.ClassDef):
            continue
        uses += [
            _use(node, name, libraries, is_decorator=True)
            for node in scope.decorator_list
            if _is_use(node)
        ]
        for block in ast.walk(scope):
            if isinstance(block, ast.With | ast.AsyncWith):
                uses += [
                    _use(item.context_expr, name, libraries)._replace(block=block)
                    for item in block.items
                    if isinstance(item.context_expr, ast.Call) and _is_use(item.context_expr)
                ]
    return uses


def _is_use(node: ast.expr) -> bool:
    function = node.func if isinstance(node, ast.Call) else node
    name = function.attr if isinstance(function, ast.Attribute) else ast.unparse(function)
    return name == "use_cassette"


def _use(
    node: ast.expr, qualname: str, libraries: dict[str, str], *, is_decorator: bool = False
) -> UseCassette:
    call = node if isinstance(node, ast.Call) else ast.Call(node, [], [])
    given = {each.arg or "": each.value for each in call.keywords}
    path = _text(call.args[0]) if call.args else _text(given.get("path"))
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    library = _text(given.get("cassette_library_dir")) or (
        libraries.get(ast.unparse(owner), "") if owner is not None else ""
    )
    gives_one = bool(call.args or "path" in given)
    is_readable = bool(path) if gives_one else is_decorator
    return UseCassette(qualname, path, library, is_decorator, node, is_readable)


def settings_of(call: ast.Call, tree: ast.Module) -> tuple[dict[str, ast.expr], list[str]]:
    """The settings that a call gives, those of a module's dict too; and what cannot be read."""
    given: dict[str, ast.expr] = {}
    unread = []
    for each in call.keywords:
        held = _dict_at(each.value, tree) if each.arg is None else None
        if each.arg is not None:
            given[each.arg] = each.value
        elif held is not None:
            given |= held
        else:
            # Values in clear may stand in all else.
            node = each.value.func if isinstance(each.value, ast.Call) else each.value
            is_name = isinstance(node, ast.Name | ast.Attribute)
            unread.append(f"**{ast.unparse(node) if is_name else '…'}")
    return given, unread


def _dict_at(node: ast.expr, tree: ast.Module) -> dict[str, ast.expr] | None:
    """A dict with names as its keys, or the only one that a module has under a name."""
    if isinstance(node, ast.Name):
        found = [
            each.value
            for each in tree.body
            if isinstance(each, ast.Assign)
            and [ast.unparse(one) for one in each.targets] == [node.id]
        ]
        node = found[0] if len(found) == 1 else node
    if not isinstance(node, ast.Dict):
        return None
    keys = [each.value if isinstance(each, ast.Constant) else None for each in node.keys]
    if not all(isinstance(each, str) for each in keys):
        return None
    return {str(key): each for key, each in zip(keys, node.values, strict=True)}


def recorders_in(path: Path) -> list[ast.Call]:
    """Each ``VCR(…)`` of a file, whose settings count for what it opens."""
    found = tree_of(path)
    if found is None:
        return []
    calls = [each for each in ast.walk(found[1]) if isinstance(each, ast.Call)]
    return [each for each in calls if ast.unparse(each.func).rpartition(".")[2] == "VCR"]


def _libraries_in(tree: ast.Module) -> dict[str, str]:
    """The folders that ``VCR(cassette_library_dir=…)`` of a module name, by its variable."""
    found = {}
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)):
            continue
        for each in node.value.keywords:
            if each.arg == "cassette_library_dir":
                found.update({ast.unparse(target): _text(each.value) for target in node.targets})
    return found


def _text(node: ast.expr | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def functions_named(path: Path, name: str) -> list[tuple[Function, str]]:
    """The functions of a file with that name, and their qualified names."""
    found = tree_of(path)
    if found is None:
        return []
    return [
        (scope, qualname)
        for scope, qualname in scopes_in(found[1])
        if isinstance(scope, Function) and scope.name == name
    ]

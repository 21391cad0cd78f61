"""Changes of Python files: cut out where an expression stands, and proven before they count.

All else of a file stays byte for byte. What came out is parsed: it has to be the program that was
there, but for what was changed.
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pytest_bill.patterns import late_pattern

_LINE = late_pattern(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
"""A line as Python's parser counts them: no other character ends one."""


_MARK = "\ufeff"
"""Of UTF-8, with which editors on Windows begin a file: no column counts it."""


def parsed(text: str) -> ast.Module:
    """The tree of a file's text.

    Raises:
        SyntaxError, ValueError: it is no Python.
    """
    return ast.parse(text.removeprefix(_MARK))


class Edit(NamedTuple):
    """A piece of a text, by its offsets, and what takes its place."""

    start: int
    end: int
    text: str


class Unsafe(Exception):
    """A change would touch more than it should; nothing is changed."""


class Offsets:
    """Turns the lines and columns of a parser into offsets: columns are bytes of UTF-8."""

    def __init__(self, text: str) -> None:
        self._lines = _LINE.findall(text)
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line))

    def start_of(self, node: ast.expr | ast.stmt) -> int:
        """Where a node begins."""
        return self._at(node.lineno, node.col_offset)

    def end_of(self, node: ast.expr | ast.stmt) -> int:
        """Where a node ends."""
        return self._at(node.end_lineno or node.lineno, node.end_col_offset or 0)

    def line(self, number: int) -> int:
        """Where a line begins; the first is 1."""
        return self._starts[number - 1]

    def _at(self, line: int, column: int) -> int:
        mark = _MARK if line == 1 and self._lines[0].startswith(_MARK) else ""
        before = self._lines[line - 1].removeprefix(mark).encode()[:column].decode()
        return self._starts[line - 1] + len(mark) + len(before)


def replacing(text: str, node: ast.expr, new: str) -> Edit:
    """The change of an expression into another."""
    offsets = Offsets(text)
    return Edit(offsets.start_of(node), offsets.end_of(node), new)


def without_lines(text: str, node: ast.expr) -> Edit:
    """The change that takes the lines of a decorator out."""
    offsets = Offsets(text)
    end = node.end_lineno or node.lineno
    return Edit(offsets.line(node.lineno), offsets.line(end + 1), "")


def inserting_after(text: str, node: ast.stmt, new: str) -> Edit:
    """The change that puts lines behind a statement."""
    place = Offsets(text).line((node.end_lineno or node.lineno) + 1)
    return Edit(place, place, new)


def without_block(text: str, block: ast.With | ast.AsyncWith) -> Edit:
    """The change that takes a ``with`` away and leaves what stands in it, less one indentation.

    Raises:
        Unsafe: a text of several lines stands in it, or it shares a line with something else.
    """
    offsets, first = Offsets(text), block.body[0]
    last = block.body[-1].end_lineno or block.lineno
    start, inside, end = (
        offsets.line(each) for each in (block.lineno, block.items[-1].context_expr.lineno, last + 1)
    )
    head_end = _line_of_body(text, block)
    head = text[start : offsets.line(head_end)]
    shares_a_line = first.lineno < head_end or head[: block.col_offset].strip()
    if shares_a_line or inside > offsets.line(head_end):
        raise Unsafe
    dedent = first.col_offset - block.col_offset
    lines = _LINE.findall(text[offsets.line(head_end) : end])
    left = "".join(_dedented(line, dedent) for line in lines)
    before = [ast.dump(each) for each in block.body]
    try:
        body = ast.parse("if True:\n" + left).body[0].body  # type: ignore[attr-defined]
    except SyntaxError:
        raise Unsafe from None
    if [ast.dump(each) for each in body] != before:
        raise Unsafe
    return Edit(start, end, left)


def _dedented(line: str, by: int) -> str:
    if not line.strip():
        return line.lstrip(" \t")
    return line[by:] if not line[:by].strip(" \t") else line


def without_element(text: str, node: ast.expr, siblings: Sequence[ast.expr]) -> Edit:
    """The change that takes an element out of a list, with the comma that parts it from others."""
    offsets, place = Offsets(text), list(siblings).index(node)
    if place + 1 < len(siblings):
        return Edit(offsets.start_of(node), offsets.start_of(siblings[place + 1]), "")
    before = offsets.end_of(siblings[place - 1]) if place else offsets.start_of(node)
    return Edit(before, offsets.end_of(node), "")


def _line_of_body(text: str, block: ast.With | ast.AsyncWith) -> int:
    """The line behind the colon of a block: comments before its first statement belong to it."""
    ends = [item.optional_vars or item.context_expr for item in block.items]
    line = max(each.end_lineno or each.lineno for each in ends)
    lines = _LINE.findall(text)
    while line < block.body[0].lineno and not lines[line - 1].split("#")[0].rstrip().endswith(":"):
        line += 1
    return line + 1


def changed(text: str, edits: Iterable[Edit]) -> str:
    """A text with all of these changes.

    Raises:
        Unsafe: two of them overlap, or what comes out is no Python.
    """
    out: list[str] = []
    place = 0
    for edit in sorted(set(edits)):
        if edit.start < place:
            raise Unsafe
        out += (text[place : edit.start], edit.text)
        place = edit.end
    new = "".join([*out, text[place:]])
    try:
        parsed(new)
    except SyntaxError:
        raise Unsafe from None
    return new


def same_but_for(old: str, new: str, names: Sequence[str]) -> bool:
    """Whether two texts are one program but for markers, ``use_cassette`` and new functions."""
    return _kept(old, names) == _kept(new, names)


class _Kept(ast.NodeTransformer):
    """Takes out of a tree what a change may touch."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST | None:
        """A function less the decorators that may change; none that was put in."""
        if node.name == "bill_config":
            return None
        return self._less(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        """The same of one that is async."""
        return self._less(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        """The same of a class."""
        return self._less(node)

    def visit_Assign(self, node: ast.Assign) -> ast.AST | None:
        """An assignment; the values of ``pytestmark`` that may change are left out."""
        if [ast.unparse(each) for each in node.targets] == ["pytestmark"]:
            values = (
                node.value.elts if isinstance(node.value, ast.List | ast.Tuple) else [node.value]
            )
            left = [ast.unparse(each) for each in values if not self._may_change(each)]
            return ast.parse(f"pytestmark = {left!r}").body[0]
        return node

    def visit_With(self, node: ast.With) -> ast.AST | list[ast.stmt]:
        """A block; one of ``use_cassette`` is what stands in it."""
        return self._block(node)

    def visit_AsyncWith(self, node: ast.AsyncWith) -> ast.AST | list[ast.stmt]:
        """The same of one that is async."""
        return self._block(node)

    def _block(self, node: ast.With | ast.AsyncWith) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        if len(node.items) == 1 and self._may_change(node.items[0].context_expr):
            return node.body
        return node

    def _less(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> ast.AST:
        node.decorator_list = [each for each in node.decorator_list if not self._may_change(each)]
        self.generic_visit(node)
        return node

    def _may_change(self, node: ast.expr) -> bool:
        function = node.func if isinstance(node, ast.Call) else node
        return ast.unparse(function).rpartition(".")[2] in self._names


def _kept(text: str, names: Sequence[str]) -> str:
    return ast.dump(_Kept(names).visit(parsed(text)))


def diff(name: str, old: str, new: str) -> str:
    """The unified diff of a file, as git's are."""
    lines = difflib.unified_diff(_LINE.findall(old), _LINE.findall(new), f"a/{name}", f"b/{name}")
    unended = "\n\\ No newline at end of file\n"
    return "".join(line if line.endswith("\n") else line + unended for line in lines)

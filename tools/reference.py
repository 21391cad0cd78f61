"""Writes docs/reference/: what the code says of its options, fixtures, commands and public names.

``python -m tools.reference`` writes all pages anew; tests/docs/test_reference.py holds them to it.
"""

from __future__ import annotations

import argparse
import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest_bill
from pytest_bill import cli, options
from pytest_bill.cassettes import matchers
from pytest_bill.cassettes.matchers.session import SESSION
from pytest_bill.credentials.environ import NAMES
from pytest_bill.credentials.kinds import BY_WORD, KINDS
from tools.docstrings import first_sentence, in_markdown

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "reference"
_WRITTEN = "Written from the code by `make docs`.\n\n"
_MODULES = ("pytest_bill", "pytest_bill.sandbox")
_BY_VARIABLE = {
    "bill_environment": "BILL_ENVIRONMENT",
    "bill_sign_in": "BILL_SIGN_IN",
    "bill_sync_sign_in": "BILL_SYNC_SIGN_IN",
}
"""Options that a variable gives, too: see ``settings``."""
_OBJECT = re.compile(r"<[^<>]* at 0x[0-9a-f]+>")
"""How a default is shown that has no words of its own."""
_MADE_BY_USERS = ("LocalSandbox", "Clock")
"""Classes that users call; all others are given by a fixture, or raised."""


def pages() -> dict[str, str]:
    """The text of each page, by the name of its file."""
    written = {
        "options.md": _options,
        "fixtures.md": _fixtures,
        "commands.md": _commands,
        "api.md": _api,
    }
    return {name: page() for name, page in written.items()}


def main() -> None:
    """Write all of them."""
    FOLDER.mkdir(exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


# --- options ---------------------------------------------------------------------------------


def _options() -> str:
    rows = [
        (f"`{_typed(option)}`", option.help, f"`{option.name}`" if option.has_ini else "no")
        for option in options.OPTIONS
    ]
    only_ini = [(f"`{name} = true`", what) for name, what in options.YES_BY_DEFAULT.items()]
    by_variable = [(f"`{name}`", f"`{each}`") for name, each in _BY_VARIABLE.items()]
    return _page(
        "Options and ini settings",
        "Each option of pytest's command line is told in `pytest --help`, too. Where it has an ini "
        "setting, the command line counts before it; a flag is `true` or `false` there. What has "
        "none has to be typed. [Record modes](../record-modes.md), "
        "[cassettes](../cassettes.md), [secrets](../secrets.md), [is it still so](../verify.md) "
        "and [code with clients of its own](../own-clients.md) tell when to use which.",
        _table(("option", "meaning", "ini setting"), rows),
        "## Ini settings without an option of their name",
        _table(("setting", "meaning"), only_ini),
        "## Variables",
        "These count after the command line and before the ini file; `.env` may have them. Those "
        "of the credentials [stand with the fixtures](fixtures.md#variables). `BILL_BASE_URL` is "
        "any other address, `BILL_OAUTH_URL` where tokens are handed out; with `CI` set, only a "
        "record mode that is typed records.",
        _table(("setting", "variable"), by_variable),
    )


def _typed(option: options.Option) -> str:
    choices = "\\|".join(option.choices or ())
    return " ".join(filter(None, (option.typed, option.metavar or choices)))


# --- fixtures, marker, bill_config -----------------------------------------------------------


def _fixtures() -> str:
    rows = [(f"`{name}`", scope, given, what) for name, scope, given, what in _found_fixtures()]
    variables = [
        (f"`{kind.fixture}`", kind.title, _in_code(each.name for each in kind.all_variables))
        for kind in KINDS
    ]
    ways = [
        (f"`{word}`", f"`{kind.fixture}`", ", ".join(f"`{way}`" for way in kind.ways))
        for word, kind in BY_WORD.items()
    ]
    marker_rows = [(f"`{name}`", options.CONFIG_KEYS[name]) for name in options.MARKER_KEYS]
    parts = [
        *((f"`{name}`", first_sentence(matcher)) for name, matcher in matchers.MATCHERS.items()),
        (f"`{SESSION}`", "Whose session asks, whatever its id is."),
    ]
    return _page(
        "Fixtures, marker and `bill_config`",
        "What `pytest --fixtures` and `pytest --markers` tell. [Sessions](../sessions.md) and "
        "[the credentials](../credentials.md) have examples.",
        "## Fixtures",
        _table(("fixture", "scope", "gives", "what for"), rows),
        "## Variables",
        "From the environment, or from `.env` in the rootdir.",
        _table(("fixture", "credential", "variables"), variables),
        "How a credential signs in, where it has several ways, the default first "
        "(`--bill-sign-in=developer=oauth`):",
        _table(("word", "fixture", "ways"), ways),
        "## `bill_environ`",
        f"It knows {_in_code(NAMES)}.",
        "## The marker",
        f"`@pytest.mark.{options.MARKER.partition(':')[0]}`:{options.MARKER.partition(':')[2]}",
        _table(("keyword", "meaning"), marker_rows),
        "## `bill_config`",
        "A fixture of the session that gives a dict; all of its keys are optional.",
        _table(("key", "value"), [(f"`{key}`", what) for key, what in options.CONFIG_KEYS.items()]),
        "## Parts of `match_on`",
        f"By default {_in_code(matchers.DEFAULT_MATCH_ON)}; also functions of two requests.",
        _table(("part", "what is compared"), parts),
        "## Words of `keep`",
        f"HTTP statuses, BILL's codes (`BDC_1144`), and {_in_code(options.KEEP_WORDS)}.",
    )


def _found_fixtures() -> Iterator[tuple[str, str, str, str]]:
    """Name, scope, what it gives and the first sentence of each public fixture."""
    source = ROOT / "pytest_bill" / "plugin.py"
    for node in ast.parse(source.read_text(encoding="utf-8")).body:
        if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
            continue
        for decorator in map(ast.unparse, node.decorator_list):
            if decorator.startswith("pytest.fixture"):
                scope = "session" if "scope='session'" in decorator else "test"
                given = ast.unparse(node.returns) if node.returns else ""
                given = re.sub(r"^Iterator\[(.*)\]$", r"\1", given)
                what = _first_paragraph(ast.get_docstring(node) or "")
                yield node.name, scope, f"`{given}`", what


def _first_paragraph(text: str) -> str:
    return " ".join(text.partition("\n\n")[0].replace("``", "`").split())


# --- commands --------------------------------------------------------------------------------


def _commands() -> str:
    parts = []
    for name, what in cli.COMMANDS.items():
        parts += [f"## `pytest-bill {name}`", f"{what[0].upper()}{what[1:]}."]
        parts += _arguments(_parser_of(name))
    return _page(
        "Commands",
        "What `pytest-bill COMMAND --help` tells. All of them end with status 0 if all is well, 1 "
        "if something was found or failed, and 2 if it cannot be done so; 130 after Ctrl-C.",
        *parts,
    )


def _parser_of(command: str) -> argparse.ArgumentParser:
    parser = cli._parser([command])
    (parsers,) = (_commands_of(each) for each in parser._actions if _has_commands(each))
    return parsers[command]


def _commands_of(action: argparse.Action) -> Mapping[str, argparse.ArgumentParser]:
    """The parsers of the commands that an action chooses from, by name."""
    assert isinstance(action.choices, dict)
    return action.choices


def _arguments(parser: argparse.ArgumentParser, above: str = "") -> Iterator[str]:
    rows = []
    below: list[str] = []
    for action in parser._actions:
        if isinstance(action, argparse._HelpAction):
            continue
        if _has_commands(action):
            for name, each in _commands_of(action).items():
                below += _arguments(each, f"{above}{name} ")
            continue
        rows.append((f"`{above}{_invocation(action)}`", _help_of(parser, action)))
    if rows:
        yield _table(("argument", "meaning"), rows)
    yield from below


def _has_commands(action: argparse.Action) -> bool:
    return isinstance(action, argparse._SubParsersAction)


def _invocation(action: argparse.Action) -> str:
    value = action.metavar or "\\|".join(map(str, action.choices or ()))
    if not action.option_strings:
        repeated = " …" if action.nargs in ("*", "+") else ""
        return f"{value or action.dest}{repeated}"
    return f"{', '.join(action.option_strings)} {value}".strip()


def _help_of(parser: argparse.ArgumentParser, action: argparse.Action) -> str:
    text = parser._get_formatter()._expand_help(action) if action.help else ""
    return text.replace("|", "\\|").replace("<", "&lt;")


# --- what can be imported --------------------------------------------------------------------


def _api() -> str:
    parts = []
    for name in _MODULES:
        module = import_module(name)
        public = {each: getattr(module, each) for each in sorted(module.__all__, key=str.lower)}
        rows = [(f"`{each}`", _described(value)) for each, value in public.items()]
        parts += [f"## `{name}`", _table((f"from `{name}`", ""), rows)]
        for each, value in public.items():
            if callable(value):
                parts += _documented(each, value)
    return _page(
        "What can be imported",
        "All of it has type hints, which mypy and pyright know in their strict modes. The rest of "
        "the package may change.",
        *parts,
    )


def _described(value: Any) -> str:
    return first_sentence(value) if callable(value) else f"The version: `{value}`."


def _documented(name: str, value: Any) -> Iterator[str]:
    yield f"### `{name}`"
    if inspect.isclass(value):
        bases = list(filter(None, map(_base, value.__bases__)))
        if bases:
            yield f"A kind of {_in_code(bases)}."
        if name in _MADE_BY_USERS:
            yield _signature(name, value)
        yield in_markdown(value)
        for member, described in sorted(_members(value).items()):
            yield from _member(member, described)
    else:
        yield _signature(name, value)
        yield in_markdown(value)


def _base(base: type) -> str:
    """A class as its user imports it; none that is an inside of this package."""
    name, module = base.__name__, base.__module__
    if _is_ours(base):
        return name if name in pytest_bill.__all__ or module.startswith(_MODULES[1]) else ""
    if module in ("builtins", "abc"):
        return name if issubclass(base, BaseException) else ""
    package = module.partition(".")[0]
    return f"{package if hasattr(import_module(package), name) else module}.{name}"


def _is_ours(owner: type) -> bool:
    return owner.__module__.partition(".")[0] == _MODULES[0]


def _members(owner: type) -> Mapping[str, Any]:
    """Its public methods and properties, without those of classes that are told of elsewhere."""
    if issubclass(owner, BaseException | Warning):
        return {}
    ours = [each for each in reversed(owner.__mro__) if _is_ours(each)]
    here = [each for each in ours if each is owner or not _base(each)]
    others = {name for each in owner.__mro__ if not _is_ours(each) for name in dir(each)}
    found: dict[str, Any] = {}
    for each in here:
        found |= {name: value for name, value in vars(each).items() if _is_public(name, value)}
    return {name: value for name, value in found.items() if name not in others}


def _is_public(name: str, value: Any) -> bool:
    is_described = isinstance(value, property | classmethod) or inspect.isfunction(value)
    return not name.startswith("_") and is_described and bool(inspect.getdoc(value))


def _member(name: str, value: Any) -> Iterator[str]:
    if isinstance(value, property):
        yield f"**`.{name}`**"
        yield in_markdown(value)
        return
    function = value.__func__ if isinstance(value, classmethod) else value
    yield f"**`.{name}{_parameters(function, is_method=True)}`**"
    yield in_markdown(function)


def _signature(name: str, value: Callable[..., Any]) -> str:
    return f"`{name}{_parameters(value)}`"


def _parameters(function: Callable[..., Any], *, is_method: bool = False) -> str:
    signature = inspect.signature(function)
    given = list(signature.parameters.values())[1 if is_method else 0 :]
    signature = signature.replace(
        parameters=[each.replace(annotation=inspect.Parameter.empty) for each in given],
        return_annotation=inspect.Signature.empty,
    )
    return _OBJECT.sub("…", str(signature))


# --- Markdown --------------------------------------------------------------------------------


def _page(title: str, intro: str, *parts: str) -> str:
    wrapped = "\n".join(textwrap.wrap(intro, 108, break_long_words=False, break_on_hyphens=False))
    return "\n\n".join([f"# {title}", _WRITTEN + wrapped, *parts]) + "\n"


def _table(header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines: list[tuple[str, ...]] = [header, ("---",) * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |".replace("|  |", "| |") for line in lines)


def _in_code(names: Any) -> str:
    return ", ".join(f"`{each}`" for each in names)


if __name__ == "__main__":
    main()

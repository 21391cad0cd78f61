"""A ``vcr_config`` fixture becomes a ``bill_config`` fixture, as far as it can be read."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pytest_bill.cassettes.matchers import MATCHERS
from pytest_bill.cassettes.matchers.session import SESSION
from pytest_bill.migrate.config_keys import BY_HAND, KEYS, MATCH_ON, NAMES, SECRETS, UNKNOWN
from pytest_bill.migrate.edits import Edit, inserting_after
from pytest_bill.migrate.python_files import Function, functions_named, tree_of
from pytest_bill.scrubbing.placeholders import as_name
from pytest_bill.scrubbing.scrub import ScrubRules
from pytest_bill.scrubbing.secret_places import COOKIE_HEADERS, SECRET_FIELDS, SECRET_HEADERS

FIXTURE = "vcr_config"
_OURS = "bill_config"
_FILTERS = ("filter_headers", "filter_query_parameters", "filter_post_data_parameters")
_ORGANIZATION = "organizationid"
_SAME_PART = {"url": "uri"}
"""vcrpy's older word for a part."""


class Said(NamedTuple):
    """What is told of one setting; ``is_left`` says that there is something left to do."""

    where: str
    setting: str
    text: str
    is_left: bool


class TurnedConfig(NamedTuple):
    """A file's ``vcr_config``: the fixture that takes its place, and what is told of it.

    ``places`` are the secret ones that it names.
    """

    lines: str
    said: Sequence[Said]
    edit: Edit | None
    places: ScrubRules = ScrubRules()


def turned(path: Path, name: str) -> Iterator[TurnedConfig]:
    """Each ``vcr_config`` of a file; ``name`` is how messages call the file."""
    found = tree_of(path)
    if found is None:
        return
    text, _ = found
    has_ours = [each for each, _ in functions_named(path, _OURS)]
    for function, qualname in functions_named(path, FIXTURE):
        where = f"{name}:{function.lineno}"
        settings = _settings_of(function)
        if settings is None:
            said = Said(where, FIXTURE, "it is no plain dict: write bill_config by hand", True)
            yield TurnedConfig("", [said], None)
            continue
        rows, all_said = _rows(settings, where, text)
        places = _places_of(rows)
        if has_ours:
            held = _settings_of(has_ours[0]) or {}
            lacks = [f'"{key}": {each}' for key, each in rows.items() if key not in held]
            if lacks:  # else it was made by a first migration
                add = f"there is a bill_config: add {', '.join(lacks)} to it"
                yield TurnedConfig("", [Said(where, FIXTURE, add, True)], None, places)
            continue
        if not rows:
            yield TurnedConfig("", all_said, None)
            continue
        lines = _fixture(function, rows)
        if "." in qualname:
            left = Said(where, FIXTURE, f"it is in a class; put this there:\n{lines}", True)
            yield TurnedConfig(lines, [*all_said, left], None, places)
            continue
        ending = "\r\n" if "\r\n" in text else "\n"
        block = f"\n\n{lines}".replace("\n", ending)
        if not text.endswith("\n") and function.end_lineno == len(text.split("\n")):
            block = ending + block
        yield TurnedConfig(lines, all_said, inserting_after(text, function, block), places)


def folder_of_cassettes(module: Path, root: Path) -> Path | None:
    """The folder that the nearest ``vcr_config`` of a module names in clear; None where none does.

    ``cassette_library_dir`` is one from where pytest is started, cassetter's ``cassette_dir`` one
    beside the module, with a folder for each.
    """
    conftests = [each / "conftest.py" for each in module.parents if each.is_relative_to(root)]
    for path in (module, *conftests):
        for function, _ in functions_named(path, FIXTURE):
            settings = _settings_of(function) or {}
            named = {
                key: _text(settings.get(key)) for key in ("cassette_library_dir", "cassette_dir")
            }
            if named["cassette_library_dir"]:
                return Path(named["cassette_library_dir"]).absolute()
            if named["cassette_dir"]:
                return module.parent / named["cassette_dir"] / module.stem
            return None
    return None


def _text(node: ast.expr | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def said_of_call(settings: Mapping[str, ast.expr], where: str) -> Iterator[Said]:
    """What is told of the settings that a marker, ``use_cassette`` or a ``VCR`` has."""
    for key, node in settings.items():
        become = KEYS.get(key, UNKNOWN)
        if become.how == NAMES:
            written, said = _names(key, node, where)
            yield from said
            if written:
                yield Said(where, key, f'put {written} into bill_config["{key}"]', True)
        elif become.how == SECRETS:
            yield Said(where, key, 'put the values into bill_config["secrets"], by name', True)
        elif become.how != MATCH_ON:
            yield Said(where, key, become.said, become.how == BY_HAND)


def match_on_of(node: ast.expr, where: str) -> tuple[str, list[Said]]:
    """``match_on`` as it is written here, and what is told; empty where it cannot be read."""
    if not isinstance(node, ast.List | ast.Tuple | ast.Set):
        return "", [Said(where, MATCH_ON, "it is no plain list: write it by hand", True)]
    parts: list[str] = []
    said = []
    for each in node.elts:
        part = each.value if isinstance(each, ast.Constant) else None
        part = _SAME_PART.get(str(part), part)
        if isinstance(part, str) and part in (*MATCHERS, SESSION):
            parts.append(part)
        else:
            text = (
                f"{ast.unparse(each)} is no part of ours: put its function of two requests into "
                '"match_on", in its place'
            )
            said.append(Said(where, MATCH_ON, text, True))
    return _listed(parts) if parts else "", said


def _settings_of(function: Function) -> dict[str, ast.expr] | None:
    """What the fixture returns, by key; None where that is no dict of names."""
    returned = [each.value for each in ast.walk(function) if isinstance(each, ast.Return)]
    returned += [each.value for each in ast.walk(function) if isinstance(each, ast.Yield)]
    if len(returned) != 1 or returned[0] is None:
        return None
    value = returned[0]
    if isinstance(value, ast.Name):
        assigned = [
            each.value
            for each in ast.walk(function)
            if isinstance(each, ast.Assign)
            and [ast.unparse(target) for target in each.targets] == [value.id]
        ]
        value = assigned[0] if len(assigned) == 1 else value
    if isinstance(value, ast.Dict):
        keys = [each.value if isinstance(each, ast.Constant) else None for each in value.keys]
        if all(isinstance(each, str) for each in keys):
            return {str(key): each for key, each in zip(keys, value.values, strict=True)}
    names = ("dict", "Cassetter", "CassetteConfig")
    if not isinstance(value, ast.Call) or value.args or not all(e.arg for e in value.keywords):
        return None
    if ast.unparse(value.func).rpartition(".")[2] not in names:
        return None
    return {str(each.arg): each.value for each in value.keywords}


def _rows(
    settings: Mapping[str, ast.expr], where: str, text: str
) -> tuple[dict[str, str], list[Said]]:
    """The rows of ``bill_config``, as they are written, and what is told."""
    rows: dict[str, str] = {}
    said: list[Said] = []
    for key, node in settings.items():
        become = KEYS.get(key, UNKNOWN)
        if become.how == NAMES:
            written, told = _names(key, node, where)
        elif become.how == MATCH_ON:
            written, told = match_on_of(node, where)
        elif become.how == SECRETS:
            written, told = _secrets(node, where, text)
        else:
            written, told = "", [Said(where, key, become.said, become.how == BY_HAND)]
        said += told
        if written:
            rows[key if become.how != SECRETS else "secrets"] = written
    return rows, said


def _places_of(rows: Mapping[str, str]) -> ScrubRules:
    """The secret places that rows name; what names are is plain lists of texts."""
    names = {key: frozenset(ast.literal_eval(rows.get(key, "[]"))) for key in _FILTERS}
    headers, *fields = names.values()
    return ScrubRules(headers, frozenset().union(*fields))


def _names(key: str, node: ast.expr, where: str) -> tuple[str, list[Said]]:
    """The names that a filter has; how it replaces what stands there does not count here."""
    if not isinstance(node, ast.List | ast.Tuple | ast.Set):
        return "", [Said(where, key, "it is no plain list: write it by hand", True)]
    known = set(SECRET_FIELDS)
    if key == "filter_headers":
        known = {*SECRET_HEADERS, *COOKIE_HEADERS}
    names, hidden, said = [], [], []
    for each in node.elts:
        first = each.elts[0] if isinstance(each, ast.Tuple) and each.elts else each
        if not (isinstance(first, ast.Constant) and isinstance(first.value, str)):
            what = f"{ast.unparse(first)} is no plain name: write it by hand"
            said.append(Said(where, key, what, True))
        elif key == "filter_headers" and first.value.lower() == _ORGANIZATION:
            what = (
                f"{first.value}: a value of the variables is hidden always; others are kept, so "
                "that two organizations stay apart"
            )
            said.append(Said(where, key, what, False))
        elif first.value.lower() in known:
            hidden.append(first.value)
        else:
            names.append(first.value)
    if hidden:
        what = f"{', '.join(hidden)}: hidden always, as BILL's own"
        said.append(Said(where, key, what, False))
    return _listed(names) if names else "", said


def _secrets(node: ast.expr, where: str, text: str) -> tuple[str, list[Said]]:
    """The values of ``filter_sensitive_data``, each by the name that its placeholder has."""
    key = "filter_sensitive_data"
    by_hand = 'it cannot be read: put the values into bill_config["secrets"], each with its name'
    if not isinstance(node, ast.List | ast.Tuple):
        return "", [Said(where, key, by_hand, True)]
    pairs, said = [], []
    for each in node.elts:
        parts = each.elts if isinstance(each, ast.Tuple | ast.List) and len(each.elts) == 2 else []
        name = parts[0].value if parts and isinstance(parts[0], ast.Constant) else None
        written = ast.get_source_segment(text, parts[1]) if parts else None
        if not isinstance(name, str) or written is None or not _stands_alone(parts[1]):
            said.append(Said(where, key, by_hand, True))
        elif "BILL_" in written:
            said.append(Said(where, key, f"{name}: hidden always, as BILL's own", False))
        else:
            pairs.append(f"{_quoted(as_name(name))}: {' '.join(written.split())}")
    return f"{{{', '.join(pairs)}}}" if pairs else "", said


def _stands_alone(node: ast.expr) -> bool:
    """Whether an expression means the same in another function: it asks the environment only."""
    names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    is_text = isinstance(node, ast.Constant)
    return (
        not is_text
        and names <= {"os"}
        and not any(isinstance(each, ast.Lambda) for each in ast.walk(node))
    )


def _fixture(function: Function, rows: Mapping[str, str]) -> str:
    decorator = next(
        (
            ast.unparse(each.func if isinstance(each, ast.Call) else each)
            for each in function.decorator_list
        ),
        "pytest.fixture",
    )
    body = "".join(f'        "{key}": {written},\n' for key, written in rows.items())
    return f'@{decorator}(scope="session")\ndef {_OURS}():\n    return {{\n{body}    }}\n'


def _listed(names: Sequence[str]) -> str:
    return f"[{', '.join(map(_quoted, names))}]"


def _quoted(name: str) -> str:
    return '"{}"'.format(name.replace("\\", "\\\\").replace('"', '\\"'))

"""A request as a call of curl, in any POSIX shell."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from pytest_bill.sandbox.core.http import FORM_TYPE
from pytest_bill.sandbox.pages.snippets.plan import (
    Content,
    Elsewhere,
    Form,
    Gained,
    Pieces,
    Plan,
    SignIn,
    Tree,
    Value,
    Variable,
)

_NEXT_LINE = " \\\n  "
_AS_JSON = r"""json() { printf '"%s"' "$(printf %s "$1" | sed 's/[\\"]/\\&/g')"; }"""
"""A shell's function: its argument as a string of JSON."""
_MARK = "\ue000pytest-bill\ue000"
"""Stands for a value until the JSON around it is written."""


def code(plan: Plan) -> str:
    """The code; it prints the answer with its status and headers."""
    steps = [_sign_in(step) for step in plan.sign_ins]
    call = _call(plan)
    lines = [f"# {note}" for note in plan.notes]
    if any("$(json " in each for each in (*steps, call)):
        lines.append(_AS_JSON)
    return "\n".join([*lines, *steps, call, ""])


def _call(plan: Plan) -> str:
    options, before = list(_body(plan.body)), ""
    target = _word(plan.target)
    flags = ["curl -isS"]
    if any(each in target for each in "[]{}"):
        flags.append("--globoff")
    if plan.method == "HEAD":
        flags.append("--head")
    elif plan.method != ("POST" if options else "GET"):
        flags.append(f"-X {plan.method}")
    headers = list(plan.headers)
    if isinstance(plan.body, Form):
        headers = plan.without(FORM_TYPE)
    elif options and all(name != "Content-Type" for name, _ in headers):
        flags.append("-H 'Content-Type:'")  # curl would write one
    if isinstance(plan.body, Content):
        before = f"printf {_octal(plan.body.content)} | "
    written = [f"-H {_word([f'{name}: ', value])}" for name, value in headers]
    first = f'{" ".join(flags)} "$BILL_BASE_URL"{target}'
    return before + _NEXT_LINE.join([first, *written, *options])


def _body(body: Any) -> Iterable[str]:
    match body:
        case Tree(text=text) if text:
            yield f"--data-raw {_quoted(text)}"
        case Tree(value=value):
            yield f"--data-raw {_json(value)}"
        case Form(pairs=pairs):
            for name, value in pairs:
                yield f"--data-urlencode {_word([f'{quote(name)}=', value])}"
        case Pieces(parts=parts):
            yield f"--data-raw {_word(parts)}"
        case Content():
            yield "--data-binary @-"
        case Elsewhere():
            yield "--data-binary @body"


def _sign_in(step: SignIn) -> str:
    lines = [f'curl -sS "$BILL_BASE_URL"{step.path}']
    lines += [f"-H {_word([f'{name}: ', value])}" for name, value in step.headers.items()]
    if step.is_json:
        lines += ["-H 'Content-Type: application/json'", f"--data-raw {_json(step.fields)}"]
    else:
        lines += list(_body(Form(list(step.fields.items()))))
    name = step.gives[-1]
    found = rf"""sed 's/.*"{name}": *"\([^"]*\)".*/\1/'"""
    return f"session=$({_NEXT_LINE.join([*lines, '| ' + found])})"


def _json(value: Mapping[str, Any] | list[Any]) -> str:
    """JSON with values in it, as one word of the shell."""
    values: list[Variable | Gained] = []
    text = json.dumps(_marked(value, values), ensure_ascii=False)
    first, *rest = text.split(f'"{_MARK}"')
    word = _quoted(first)
    for each, piece in zip(values, rest, strict=True):
        word += f'"$(json {_expression(each)})"{_quoted(piece)}'
    return word


def _marked(value: Any, values: list[Variable | Gained]) -> Any:
    if isinstance(value, Mapping):
        return {name: _marked(each, values) for name, each in value.items()}
    if isinstance(value, list):
        return [_marked(each, values) for each in value]
    if isinstance(value, Variable | Gained):
        values.append(value)
        return _MARK
    return value


def _word(parts: Sequence[Value]) -> str:
    """One word of the shell."""
    word, text = "", ""
    for each in parts:
        if isinstance(each, str):
            text += each
            continue
        word += (_quoted(text) if text else "") + _expression(each)
        text = ""
    return word + (_quoted(text) if text or not word else "")


def _expression(value: Variable | Gained) -> str:
    if isinstance(value, Variable):
        return f'"${value.name}"'
    return f'"{value.before}$session"'


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _octal(content: bytes) -> str:
    """Bytes as the shell's own printf writes them."""
    return "'" + "".join(f"\\{each:03o}" for each in content) + "'"

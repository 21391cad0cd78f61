"""A request as Python, with requests or httpx."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pytest_bill.sandbox.core.http import FORM_TYPE, JSON_TYPE
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

_WIDTH = 88
_MARGIN = 16
_TIMEOUT = 60


def code(plan: Plan, client: str) -> str:
    """The code; ``client`` is "requests" or "httpx", whose calls are the same but for bytes."""
    lines = [f"# {note}" for note in plan.notes]
    lines += ["import os", "", f"import {client}", "", 'bill = os.environ["BILL_BASE_URL"]']
    for step in plan.sign_ins:
        lines += _sign_in(step, client)
    headers, argument = _body(plan, client)
    given = [
        _literal(plan.method),
        f"bill + {_joined(plan.target)}",
        *([f"headers={_shown(dict(headers))}"] if headers else []),
        *argument,
        f"timeout={_TIMEOUT}",
    ]
    lines += ["", f"answer = {client}.request(", *(_indented(f"{each},") for each in given), ")"]
    return "\n".join([*lines, "print(answer.status_code, answer.text)", ""])


def _sign_in(step: SignIn, client: str) -> list[str]:
    kind = "json" if step.is_json else "data"
    given = [
        f"bill + {_literal(step.path)}",
        *([f"headers={_shown(step.headers)}"] if step.headers else []),
        f"{kind}={_shown(step.fields)}",
        f"timeout={_TIMEOUT}",
    ]
    found = "".join(f"[{_literal(each)}]" for each in step.gives)
    return [
        f"signed_in = {client}.post(",
        *(_indented(f"{each},") for each in given),
        ")",
        f"session = signed_in.json(){found}",
    ]


def _body(plan: Plan, client: str) -> tuple[list[tuple[str, Value]], list[str]]:
    """The headers beside it, and the argument."""
    raw = "data" if client == "requests" else "content"
    match plan.body:
        case Tree(value=value):
            return plan.without(JSON_TYPE), [f"json={_shown(value)}"]
        case Form(pairs=pairs):
            return plan.without(FORM_TYPE), [f"data={_shown(_by_name(pairs))}"]
        case Pieces(parts=parts):
            text = _joined(parts)
            return plan.without(""), [f"{raw}={f'({text})' if len(parts) > 1 else text}.encode()"]
        case Content(content=content):
            return plan.without(""), [f"{raw}={content!r}"]
        case Elsewhere():
            return plan.without(""), [f'{raw}=open("body", "rb").read()']
        case None:
            return plan.without(""), []


def _by_name(pairs: Sequence[tuple[str, Value]]) -> dict[str, Any]:
    """A form as both clients take it: of a name that stands there twice a list."""
    found: dict[str, list[Value]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return {name: each if len(each) > 1 else each[0] for name, each in found.items()}


def _shown(value: Any, margin: int = _MARGIN) -> str:
    """The code of a value: on one line, or with a line for each that is in it."""
    is_map = isinstance(value, Mapping)
    if not (is_map or isinstance(value, list)):
        return _expression(value)
    if is_map:
        items = [f"{_literal(name)}: {_shown(each, margin + 4)}" for name, each in value.items()]
    else:
        items = [_shown(each, margin + 4) for each in value]
    opening, closing = "{}" if is_map else "[]"
    line = f"{opening}{', '.join(items)}{closing}"
    if len(line) + margin <= _WIDTH and "\n" not in line:
        return line
    return "\n".join([opening, *(_indented(f"{each},") for each in items), closing])


def _expression(value: Any) -> str:
    match value:
        case Variable(name=name):
            return f'os.environ["{name}"]'
        case Gained(before=before):
            return f"{_literal(before)} + session" if before else "session"
        case _:
            return _literal(value) if isinstance(value, str) else repr(value)


def _joined(parts: Sequence[Value]) -> str:
    return " + ".join(map(_expression, parts)) or '""'


def _literal(text: str) -> str:
    written = repr(text)
    return written if '"' in text else f'"{written[1:-1]}"'


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.split("\n"))

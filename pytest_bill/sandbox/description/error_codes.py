"""The codes of refusals, with what of each is BILL's: the text of docs/fidelity/error-codes.md.

It is made of the functions in ``core.errors`` that make refusals: each says in its docstring what
is refused, and where its code, status and text come from.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.errors import BillError, Problem

_SAMPLES = {
    "name": "vendorId",
    "value": "x",
    "most": 3,
    "period": "hour",
    "operator": "like",
    "number": "2026-01",
    "process_date": "2026-12-25",
    "roles": ("ADMINISTRATOR",),
    "user_id": "006…",
    "organization_id": "008…",
}
"""What the functions are called with, by the names of their parameters."""

OF_A_BODY = 400
"""The HTTP status of a problem that may stand beside others."""


@dataclass(frozen=True)
class Refusal:
    """One kind of refusal."""

    code: str
    status: int
    text: str
    about: str
    """When it comes, and what of it is documented."""


def refusals() -> list[Refusal]:
    """Every kind of refusal that ``core.errors`` makes, by code."""
    return sorted(_refusals(), key=lambda each: (each.code, each.text))


def _refusals() -> Iterator[Refusal]:
    for name, made in inspect.getmembers(errors, inspect.isfunction):
        parameters = inspect.signature(made).parameters
        if name.startswith("_") or made.__module__ != errors.__name__:
            continue
        needed = {each for each, one in parameters.items() if one.default is one.empty}
        if needed <= _SAMPLES.keys():
            yield _refusal(made, {each: _SAMPLES[each] for each in needed})


def _refusal(made: Callable[..., BillError | Problem], given: dict[str, object]) -> Refusal:
    answer = made(**given)
    about = " ".join((inspect.getdoc(made) or "").split())
    if isinstance(answer, Problem):
        return Refusal(answer.code, OF_A_BODY, answer.message, _without_code(about, answer.code))
    (problem,) = answer.problems
    return Refusal(problem.code, answer.status, problem.message, _without_code(about, problem.code))


def _without_code(about: str, code: str) -> str:
    text = about.removeprefix(f"{code}: ")
    return text[0].upper() + text[1:]

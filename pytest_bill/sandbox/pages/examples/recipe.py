"""What a recipe is: what the fields of an operation do not tell of a call that succeeds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pytest_bill.sandbox.pages.examples.known import Kind, Known
from pytest_bill.sandbox.pages.examples.values import Maker

Fields = dict[str, Any]
Make = Callable[[Known, Maker], Fields]


@dataclass(frozen=True)
class Recipe:
    """How an example is made. What ``body`` gives is laid over what the fields alone would give
    (of v2's forms: over ``data``), and None leaves a field out; so do ``query`` and ``headers``.

    ``path`` chooses records of the path, ``kinds`` says which are taken by the name of an id.
    ``first`` are operations to be sent before, always.
    """

    body: Make | None = None
    query: Make | None = None
    headers: Make | None = None
    path: Make | None = None
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    first: tuple[str, ...] = ()


def laid_over(made: Fields, changes: Fields) -> Fields:
    """The fields with the changes; None takes one away."""
    return {name: value for name, value in {**made, **changes}.items() if value is not None}

"""What an operation leaves out, and what BILL's pages do not say of it.

Some of it is said of the operation itself, some of the kinds of records that it answers: a gap of
a kind is one of each operation that shows it, so it stands at the ``Object`` that describes the
kind, once, and is found here in whatever an operation answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pytest_bill.sandbox.core.fields import Either, Field, Many, Object
from pytest_bill.sandbox.core.operations import Operation


@dataclass(frozen=True)
class Notes:
    """Sentences: the operation's own first, then those of what it answers."""

    missing: tuple[str, ...]
    """What the sandbox leaves out."""
    unsure: tuple[str, ...]
    """What BILL's pages do not say, or say in two ways, and what the sandbox does then."""


def notes_of(operation: Operation) -> Notes:
    """All that is left out of the operation, and all that is unsure about it."""
    kinds = list(_kinds_in(operation.answer)) if operation.answer is not None else []
    return Notes(
        _joined(operation.missing, [kind.missing for kind in kinds]),
        _joined(operation.unsure, [kind.unsure for kind in kinds]),
    )


def _joined(own: str, of_kinds: list[str]) -> tuple[str, ...]:
    """Without what is said twice: v2's operations repeat what is said of their entity."""
    known = tuple(dict.fromkeys(each for each in of_kinds if each))
    for each in known:
        own = own.replace(each, "")
    own = " ".join(own.split())
    return (own, *known) if own else known


def _kinds_in(field: Field) -> Iterator[Object]:
    """The objects that are answered, from the outside in."""
    if isinstance(field, Object):
        yield field
        for each in field.fields.values():
            yield from _kinds_in(each)
    elif isinstance(field, Many):
        yield from _kinds_in(field.item)
    elif isinstance(field, Either):
        for each in field.kinds:
            yield from _kinds_in(each)

"""The fields of v2's entities: where each stands in a record of v3, and how it is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field, replace
from typing import Any

from pytest_bill.sandbox.core.fields import Boolean, Date, Either, Field, Null, Number, Text
from pytest_bill.sandbox.core.operations import Call
from pytest_bill.sandbox.core.records import Record, lookup

NO_ID = "0" * 20
"""The id that refers to nothing."""


@dataclass(frozen=True, eq=False)
class Codec:
    """How a value of a record is written in v2, and the other way round."""

    read: Callable[[Any], Any]
    write: Callable[[Any], Any]


def _same(value: Any) -> Any:
    return value


_PLAIN = Codec(_same, _same)


def coded(codes: Mapping[str, Any]) -> Codec:
    """v2's codes for v3's values; a value without a code is answered as it is."""
    of_value = {value: code for code, value in codes.items()}
    return Codec(
        lambda value: of_value.get(value, str(value)),
        lambda code: codes[code],
    )


TIME = Codec(lambda value: value.replace("+00:00", "+0000"), _same)
"""v2 writes a time's offset without a colon."""


@dataclass(frozen=True, eq=False)
class Column:
    """One field of an entity."""

    kind: Field = field(default_factory=Text)
    path: str = ""
    """Where it is in the record, a dot into an object; without one it is kept beside the record."""
    _: KW_ONLY
    codec: Codec = _PLAIN
    absent: Any = None
    """What is answered without a value."""
    sent: bool = True
    """It can be sent."""
    sent_path: str = ""
    """The path in a body of v3, where that is another one."""
    otherwise: str = ""
    """Where the value is in a record that has none at ``path``."""
    made: Callable[[Call, Record], Any] | None = None
    """Gives what is answered from the record, in place of a path."""

    @property
    def answer(self) -> Field:
        """The field in an answer, where it always is: null for a value that there is not."""
        kind = self.kind.as_always_answered()
        return kind if self.absent is not None else Either((kind, Null()), required=True)

    def value(self, call: Call, record: Record, beside: Record, name: str) -> Any:
        """What is answered of a record, and of what is kept ``beside`` it under ``name``."""
        if self.made is not None:
            return self.made(call, record)
        value = lookup(record, self.path) if self.path else beside.get(name)
        if value is None and self.otherwise:
            value = lookup(record, self.otherwise)
        return self.absent if value in (None, "") else self.codec.read(value)


def text(path: str = "", *, required: bool = False, longest: int | None = None) -> Column:
    """A text."""
    return Column(Text(required=required, longest=longest), path)


def an_id(path: str = "", *, required: bool = False, sent_path: str = "") -> Column:
    """The id of another entity; twenty zeros if there is none."""
    return Column(Text(required=required), path, absent=NO_ID, sent_path=sent_path)


def code(path: str, codes: Mapping[str, Any], *, absent: str, required: bool = False) -> Column:
    """A value that v2 has a code for, which is a text."""
    return Column(
        Text(required=required, choices=tuple(codes)), path, codec=coded(codes), absent=absent
    )


def day(path: str = "", *, required: bool = False, otherwise: str = "") -> Column:
    """A date."""
    return Column(Date(required=required, or_empty=not required), path, otherwise=otherwise)


def number(path: str = "", *, required: bool = False) -> Column:
    """A number, which may be sent as a text."""
    return Column(Number(required=required, text=True), path)


def flag(path: str = "", *, absent: bool = False) -> Column:
    """A boolean."""
    return Column(Boolean(), path, absent=absent)


def fixed(value: Any, kind: Field | None = None) -> Column:
    """What the sandbox answers of every entity alike."""
    return Column(kind or Text(), absent=value, sent=False)


def read_only(column: Column) -> Column:
    """The column, which BILL sets itself."""
    return replace(column, sent=False)


def computed(kind: Field, value: Callable[[Call, Record], Any]) -> Column:
    """What is answered follows from the record."""
    return Column(kind, made=value, sent=False)

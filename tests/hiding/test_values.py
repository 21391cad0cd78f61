"""Values as they may be shown."""

import collections
import dataclasses
from collections.abc import Mapping
from typing import Any, NamedTuple

import attrs
import pytest

from pytest_bill.hiding.values import HiddenObject, hidden_object

SECRET = "secret-0123456789"
NUMBER = 12345678901234


def hide(text: str) -> str:
    return text.replace(SECRET, "***").replace(str(NUMBER), "###")


@dataclasses.dataclass(frozen=True)
class Login:
    user: str
    password: str
    more: Any = None


@dataclasses.dataclass(slots=True)
class Slotted:
    password: str


class Pair(NamedTuple):
    name: str
    value: str


@attrs.frozen
class OfAttrs:
    password: str


class Settings(Mapping[str, str]):
    def __init__(self, **values: str) -> None:
        self._values = values

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def __iter__(self) -> Any:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


class Client:
    def __init__(self, key: str) -> None:
        self.key = key

    def __repr__(self) -> str:
        return f"<Client {self.key}>"


class Broken:
    def __repr__(self) -> str:
        raise RuntimeError(SECRET)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (SECRET, "***"),
        ([SECRET, 1], ["***", 1]),
        (Login("me", SECRET, [SECRET]), Login("me", "***", ["***"])),
        (Slotted(SECRET), Slotted("***")),
        (Pair("a", SECRET), Pair("a", "***")),
        (OfAttrs(SECRET), OfAttrs("***")),
        (Settings(a=SECRET, b="c"), {"a": "***", "b": "c"}),
        (collections.OrderedDict(a=SECRET), {"a": "***"}),
        (collections.defaultdict(list, {SECRET: [1]}), {"***": [1]}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_keeps_its_kind_where_it_can(value, shown):
    before = repr(value)
    assert hidden_object(value, hide) == shown
    assert type(hidden_object(value, hide)) is type(shown)
    assert repr(value) == before


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (NUMBER, "###"),
        (-NUMBER, "-###"),
        (float(NUMBER), "###.0"),
        (Client(SECRET), "<Client ***>"),
        (collections.deque([SECRET]), "deque(['***'])"),
        (ValueError(SECRET), "ValueError('***')"),
    ],
    ids=repr,
)
def test_of_others_there_is_the_repr(value, text):
    shown = hidden_object(value, hide)
    assert type(shown) is HiddenObject
    assert repr(shown) == text


@pytest.mark.parametrize(
    "value",
    [
        *(None, True, 1, 2.5, "a", b"b", [1], {"a": [2]}, Login("a", "b"), Pair("a", "b")),
        *(Settings(a="b"), Client("a"), Broken(), object()),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_holds_no_secret_is_itself(value):
    assert hidden_object(value, hide) is value

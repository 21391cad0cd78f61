"""Exceptions that hold no secret, as a reporting plugin takes them from pytest."""

import json
import pickle
import traceback

import pytest

from pytest_bill.hiding.errors import hide_in_error

SECRET = "secret-0123456789"


def hide(text: str) -> str:
    return text.replace(SECRET, "***")


class WithAnAttribute(Exception):
    def __init__(self, token: str) -> None:
        self.told = {"token": [token]}

    def __str__(self) -> str:
        return f"told {self.told}"


class SaysIt(Exception):
    def __str__(self) -> str:
        return f"it is {SECRET}"


class WithSlots(Exception):
    __slots__ = ("token",)

    def __init__(self, token: str) -> None:
        self.token = token

    def __repr__(self) -> str:
        return f"WithSlots({self.token})"


class Frozen(Exception):
    def __init__(self, token: str) -> None:
        super().__init__(token)
        object.__setattr__(self, "token", token)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(name)


def decoding() -> UnicodeDecodeError:
    return UnicodeDecodeError("utf-8", SECRET.encode() + b"\xff", 17, 18, f"after {SECRET}")


def in_json() -> json.JSONDecodeError:
    return json.JSONDecodeError(f"Expecting {SECRET}", "{" + SECRET, 1)


def everything_of(error: BaseException) -> str:
    shown = [str(error), repr(error), repr(error.args), "".join(traceback.format_exception(error))]
    shown += [repr(getattr(error, name, "")) for name in dir(error) if not name.startswith("__")]
    return "\n".join([*shown, repr(getattr(error, "__notes__", ""))])


@pytest.mark.parametrize(
    "make",
    [
        lambda: ValueError(SECRET, [SECRET], {"a": SECRET.encode()}),
        lambda: KeyError(SECRET),
        lambda: OSError(2, f"no {SECRET}", f"/{SECRET}"),
        lambda: ImportError(SECRET, name=SECRET, path=SECRET),
        lambda: SyntaxError(SECRET, (SECRET, 1, 2, SECRET)),
        lambda: SystemExit(SECRET),
        lambda: UserWarning(SECRET),
        decoding,
        in_json,
        lambda: WithAnAttribute(SECRET),
        SaysIt,
        lambda: WithSlots(SECRET),
        lambda: Frozen(SECRET),
        lambda: ExceptionGroup(SECRET, [ValueError(SECRET), ExceptionGroup("b", [SaysIt()])]),
    ],
    ids=lambda make: type(make()).__name__,
)
def test_an_error_of_any_kind(make):
    error = make()
    error.add_note(f"note: {SECRET}") if not isinstance(error, Frozen) else None
    kind = type(error)
    assert SECRET in everything_of(error)
    hide_in_error(error, hide)
    assert SECRET not in everything_of(error)
    assert isinstance(error, kind)
    assert type(error).__qualname__ == kind.__qualname__
    assert type(error).__module__ == kind.__module__


def test_all_that_it_came_from():
    first, second, third = ValueError(SECRET), KeyError(SECRET), RuntimeError(SECRET)
    second.__context__ = first
    third.__cause__ = second
    first.__context__ = third  # some code makes a ring
    hide_in_error(third, hide)
    assert SECRET not in "".join(map(everything_of, (first, second, third)))


def test_without_a_secret_nothing_changes():
    told = {"a": [1, "b"]}
    error = WithAnAttribute("a")
    error.told = told
    kind = type(error)
    hide_in_error(error, hide)
    assert error.told is told
    assert type(error) is kind
    assert pickle.loads(pickle.dumps(ValueError("a"))).args == ("a",)

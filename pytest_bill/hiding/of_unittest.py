"""The assertions of unittest: where one fails, it is made again with hidden values.

unittest shortens what it compares, and reporting plugins take the two values from there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from unittest import TestCase

from pytest_bill.hiding.values import Hide, hidden_object

__unittest = True  # such frames are not shown

_OF_BLOCKS = ("Raises", "Warns", "Logs", "NoLogs", "RaisesRegex", "WarnsRegex")
"""Assertions that are made of a block of code, and not of values."""


def hidden_assertions(hide: Hide) -> dict[str, Callable[..., Any]]:
    """The methods of ``TestCase`` that compare values, by their names, with hidden values."""
    names = {f"assert{each}" for each in _OF_BLOCKS}
    return {
        name: _hidden(method, hide)
        for name, method in vars(TestCase).items()
        if name.startswith("assert") and name not in names and callable(method)
    }


def _hidden(method: Callable[..., Any], hide: Hide) -> Callable[..., Any]:
    @wraps(method)
    def compare(self: TestCase, *args: Any, **kwargs: Any) -> Any:
        try:
            return method(self, *args, **kwargs)
        except self.failureException:
            shown = [hidden_object(each, hide) for each in args]
            named = {name: hidden_object(each, hide) for name, each in kwargs.items()}
            changed = zip((*shown, *named.values()), (*args, *kwargs.values()), strict=True)
            if all(new is old for new, old in changed):
                raise
            _fail_again(method, self, shown, named)
            raise  # what is hidden would have passed

    return compare


def _fail_again(
    method: Callable[..., Any], case: TestCase, args: list[Any], kwargs: dict[str, Any]
) -> None:
    try:
        method(case, *args, **kwargs)
    except case.failureException as error:
        raise error from None

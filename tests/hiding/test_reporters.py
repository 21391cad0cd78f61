"""What reporting plugins are told round pytest; promises/output has the plugins themselves."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from pytest_bill.hiding.reporters import Reporters

SECRET = "secret-0123456789"


def hide(text: str) -> str:
    return text.replace(SECRET, "***")


class Result:
    """As those of allure: with lists of others like it."""

    __module__ = "allure_commons.model2"

    def __init__(self, **fields: Any) -> None:
        vars(self).update(fields)


@pytest.fixture
def allure(monkeypatch):
    """What allure's hooks were given, by their names."""
    given: dict[str, Any] = {}

    def taking(name: str) -> Any:
        return lambda **what: given.__setitem__(name, what)

    names = ("result", "container", "attached_data", "attached_file", "globals")
    hook = SimpleNamespace(**{f"report_{name}": taking(f"report_{name}") for name in names})
    module = ModuleType("allure_commons")
    module.plugin_manager = SimpleNamespace(hook=hook)
    monkeypatch.setitem(sys.modules, "allure_commons", module)
    return SimpleNamespace(hook=hook, given=given)


@pytest.fixture
def reporters(pytester, allure):
    reporters = Reporters(pytester.parseconfig(), hide)
    reporters.start()
    yield reporters
    reporters.stop()


def test_results_are_hidden_with_all_that_is_in_them(allure, reporters):
    parameter = Result(name="a", value=SECRET)
    step = Result(name=f"step {SECRET}", parameters=[parameter], steps=[])
    result = Result(name=SECRET, steps=[step], statusDetails=Result(message=SECRET), start=1)
    allure.hook.report_result(result=result)
    assert allure.given["report_result"] == {"result": result}
    assert (result.name, step.name, parameter.value) == ("***", "step ***", "***")
    assert (result.statusDetails.message, result.start) == ("***", 1)


@pytest.mark.parametrize("body", [SECRET, SECRET.encode()])
def test_what_is_attached_is_hidden_before_it_is_written(allure, reporters, body):
    allure.hook.report_attached_data(body=body, file_name="a.txt")
    shown = "***" if isinstance(body, str) else b"***"
    assert allure.given["report_attached_data"] == {"body": shown, "file_name": "a.txt"}


def test_a_file_that_is_attached_is_copied_without_the_secret(allure, reporters, tmp_path):
    clean, other = tmp_path / "clean", tmp_path / "other"
    clean.write_text("nothing")
    other.write_text(f"is {SECRET}")
    allure.hook.report_attached_file(source=str(clean), file_name="a")
    assert allure.given["report_attached_file"] == {"source": str(clean), "file_name": "a"}
    allure.hook.report_attached_file(source=str(other), file_name="b")
    assert allure.given["report_attached_data"] == {"body": b"is ***", "file_name": "b"}
    assert other.read_text() == f"is {SECRET}"


def test_afterwards_allure_is_as_it_was(allure, pytester):
    before = dict(vars(allure.hook))
    reporters = Reporters(pytester.parseconfig(), hide)
    reporters.start()
    assert dict(vars(allure.hook)) != before
    reporters.stop()
    assert dict(vars(allure.hook)) == before

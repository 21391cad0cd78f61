"""What pytest explains of an assertion: made of hidden values, whoever explains it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from _pytest.assertion import rewrite

from pytest_bill.hiding.values import Hide, hidden_object


def hidden_explanations(hide: Hide) -> dict[str, Callable[..., Any]]:
    """What rewritten assertions call, by its name in pytest's module, with hidden values.

    A hook cannot do it: each plugin's ``pytest_assertrepr_compare`` is given the same values.
    """
    compare, passed = rewrite._call_reprcompare, rewrite._call_assertion_pass

    def compare_hidden(
        ops: Sequence[str],
        results: Sequence[bool],
        expls: Sequence[str],
        each_obj: Sequence[object],
    ) -> str:
        values = [hidden_object(value, hide) for value in each_obj]
        return compare(ops, results, [hide(each) for each in expls], values)

    def passed_hidden(lineno: int, orig: str, expl: str) -> None:
        passed(lineno, hide(orig), hide(expl))

    return {"_call_reprcompare": compare_hidden, "_call_assertion_pass": passed_hidden}

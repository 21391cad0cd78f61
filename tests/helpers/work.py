"""How much Python has to do, counted: so a test can tell that work grows with the traffic."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from pytest_bill.patterns import late_pattern


def steps(work: Callable[[], object]) -> int:
    """How many instructions of Python's virtual machine a piece of work takes in this thread."""
    count = 0

    def count_one(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        if event == "call":
            frame.f_trace_lines = False
            frame.f_trace_opcodes = True
        count += event == "opcode"
        return count_one

    _compile_all()
    before = sys.gettrace()
    sys.settrace(count_one)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def _compile_all() -> None:
    """Compile the expressions of what is imported: that is done once, whatever the traffic."""
    kind = type(late_pattern(""))
    for module in [*sys.modules.values()]:
        if getattr(module, "__name__", "").startswith("pytest_bill"):
            for each in [*vars(module).values()]:
                if type(each) is kind:
                    each.groups  # noqa: B018

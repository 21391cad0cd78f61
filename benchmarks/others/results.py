"""What each tool recorded and let through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.others.cases import Case
from benchmarks.others.finder import finds
from benchmarks.others.tools import BLIND, CASSETTER_BY_NAME, CONTROL, TOOLS, Recorded


@dataclass(frozen=True)
class Results:
    """By tool, in the order of the cases."""

    made: list[Case]
    recorded: dict[str, Recorded] = field(default_factory=dict)
    through: dict[str, list[bool]] = field(default_factory=dict)

    def add(self, tool: str, recorded: Recorded) -> None:
        self.recorded[tool] = recorded
        self.through[tool] = [
            text is not None and finds(case, text)
            for case, text in zip(self.made, recorded, strict=True)
        ]

    def let_through(self, tool: str) -> list[Case]:
        pairs = zip(self.made, self.through[tool], strict=True)
        return [case for case, is_through in pairs if is_through]

    def count(self, tool: str, is_meant: Callable[[Case], bool] = lambda _: True) -> str:
        """`let through / cases`, of those that are meant."""
        let_through = sum(map(is_meant, self.let_through(tool)))
        return f"{let_through:,} / {sum(map(is_meant, self.made)):,}"

    def missed(self) -> list[Case]:
        """Cases that the finder did not find although nothing held them back.

        Without a credential loaded, pytest-bill holds back only what stands in places of BILL's.
        """
        return [
            case
            for tool in (CONTROL, BLIND, CASSETTER_BY_NAME)
            for case, text, is_through in zip(
                self.made, self.recorded[tool], self.through[tool], strict=True
            )
            if not is_through and not (tool != CONTROL and is_held_back(tool, case, text))
        ]


def is_held_back(tool: str, case: Case, text: str | None) -> bool:
    """Whether a tool is known to keep this out: its name is told, or it records no such thing."""
    if case.place.is_named:
        return True
    is_cassetter = tool == CASSETTER_BY_NAME
    return is_cassetter and (text is None or case.place.row == "response's reason")


def results_of(made: list[Case], python: str | Path, folder: Path) -> Results:
    results = Results(made)
    for number, (name, tool) in enumerate(TOOLS.items()):
        results.add(name, tool.record(made, folder / str(number), python, tool.told))
        print(f"{name}: {results.count(name)} let through")
    return results

"""Tests that pass while they record and do not replay, a small suite for each way to do so.

Each is as it is written for any recorder: the fixture ``bill`` asks BILL, and the suite that uses
them makes it. They are copied into suites of their own, as ``test_<name>.py``.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent


class Case(NamedTuple):
    """A case: its name, what is wrong in it, and what is there before it is recorded.

    ``vendors`` are in BILL, in this order; ``files`` are beside the suite. With ``stand_ins``
    personal data is replaced, also that of the local sandbox.
    """

    name: str
    what: str
    vendors: tuple[str, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    stand_ins: bool = False

    @property
    def text(self) -> str:
        """The suite."""
        return (FOLDER / f"{self.name}.py").read_text(encoding="utf-8")

    def write(self, folder: Path) -> None:
        """Write the suite, and what it needs beside it."""
        (folder / f"test_{self.name}.py").write_text(self.text, encoding="utf-8")
        for name, text in self.files:
            (folder / name).write_text(text, encoding="utf-8")


CASES = (
    Case(
        "replaced_value",
        "a replaced value compared by value",
        ("Happy Music Supplies Ltd",),
        stand_ins=True,
    ),
    Case("now_in_a_filter", "`datetime.now()` in a filter"),
    Case("uuid_in_a_body", "`uuid4` in a body"),
    Case("lost_by_a_thread", "an interaction lost by a thread"),
    Case("order_of_a_list", "a list whose order is BILL's whim", ("Order A", "Order B")),
    Case("data_used_up", "data that the test deletes itself", files=(("order.txt", "Acme\n"),)),
    Case("order_of_tests", "two tests that depend on each other's order"),
)

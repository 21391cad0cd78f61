"""What recurring bills and recurring invoices have alike: what comes due, and their operations."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from pytest_bill.sandbox.core import schedules
from pytest_bill.sandbox.core.operations import Call, Operation
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.resources import Resource
from pytest_bill.sandbox.core.state import SandboxState


@dataclass(frozen=True)
class Recurring:
    """Records of a table that make other records by their ``schedule``."""

    table: str
    make: Callable[[Call, Record, date], None]
    """Makes what is due on that day."""

    def make_all_due(self, state: SandboxState) -> None:
        """Make what has come due, of every organization."""
        for owner, _ in state.tables(self.table):
            call = Call.of(state, owner)
            for record in call.table(self.table).values():
                self.make_due(call, record)

    def make_due(self, call: Call, record: Record) -> None:
        """Make what has come due of one record."""
        if record.get("archived"):
            return
        for due in schedules.take_due(record["schedule"], call.state.clock.now().date()):
            self.make(call, record, due)


def new_lines(lines: Iterable[Record]) -> list[Record]:
    """The same line items, for another record: without their ids."""
    return [{name: value for name, value in line.items() if name != "id"} for line in lines]


def recurring_operations(
    resource: Resource, name: str, noun: str, *, missing: str, unsure: str, unsure_list: str = ""
) -> tuple[Operation, ...]:
    """The seven operations of a kind; ``name`` as BILL's operationIds have it."""
    offered = resource.operations
    writing = {"missing": missing, "unsure": unsure}
    return (
        offered.list(f"list{name}s", f"Get list of {noun}s", unsure=unsure_list),
        offered.create(f"create{name}", f"Create a {noun}", **writing),
        offered.get(f"get{name}", f"Get {noun} details"),
        offered.replace(f"replace{name}", f"Replace a {noun}", **writing),
        offered.update(f"update{name}", f"Update a {noun}", **writing),
        offered.archive(f"archive{name}", f"Archive a {noun}"),
        offered.restore(f"restore{name}", f"Restore an archived {noun}"),
    )

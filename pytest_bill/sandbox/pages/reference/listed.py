"""The list of all operations: how they are grouped, searched and filtered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from pytest_bill.sandbox.core.errors import V2_PREFIX
from pytest_bill.sandbox.core.operations import Caller, Operation
from pytest_bill.sandbox.pages.reference.callers import CREDENTIALS, may_call

VERSIONS = ("v3", "Spend & Expense", "partner", "webhooks", "v2")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

_V2_GROUPS = frozenset({"ap", "ar", "org"})
_WHOLE_V2_GROUPS = frozenset({"network", "auth"})


@dataclass(frozen=True)
class Row:
    """An operation in the list."""

    operation: Operation
    area: str
    version: str
    credentials: tuple[str, ...]
    """The names of those that may call it; empty for an operation that needs none."""

    @property
    def text(self) -> str:
        """What is searched, in lower case."""
        each = self.operation
        return f"{each.method} {each.path} {each.name} {each.summary} {self.area}".lower()

    @property
    def codes(self) -> str:
        """The credentials as the page's script has them: each a digit."""
        return "".join(str(CREDENTIALS.index(each)) for each in self.credentials)


@dataclass(frozen=True)
class Asked:
    """What the address asks for: words, and filters; each is empty for any."""

    words: str = ""
    credential: str = ""
    method: str = ""
    version: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Asked:
        """That of a query; what no filter can be is left out."""

        def one_of(name: str, known: Sequence[str]) -> str:
            given = query.get(name, "")
            return given if given in known else ""

        return cls(
            query.get("q", "").strip(),
            one_of("credential", CREDENTIALS),
            one_of("method", METHODS),
            one_of("version", VERSIONS),
        )

    @property
    def is_all(self) -> bool:
        """Whether nothing is asked for."""
        return self == Asked()

    def fits(self, row: Row) -> bool:
        """Whether an operation has all that is asked for."""
        return (
            all(word in row.text for word in self.words.lower().split())
            and (not self.credential or self.credential in row.credentials)
            and self.method in ("", row.operation.method)
            and self.version in ("", row.version)
        )


def rows(operations: Iterable[Operation]) -> list[Row]:
    """All of them, by area."""
    found = [
        Row(each, _area(each), _version(each), tuple(filter(None, may_call(each))))
        for each in operations
    ]
    # The areas in the order of their names, v2 at the end; within one as BILL's reference has them.
    return sorted(found, key=lambda row: (row.version == "v2", row.area))


@dataclass(frozen=True)
class Area:
    """An area with all its operations, and of each whether it fits."""

    name: str
    rows: tuple[tuple[Row, bool], ...]
    is_open: bool

    @property
    def count(self) -> int:
        """How many fit."""
        return sum(fits for _, fits in self.rows)


def areas(found: Iterable[Row], asked: Asked) -> list[Area]:
    """The areas; open are those where something fits of what is asked for."""
    return [
        Area(name, tuple((row, asked.fits(row)) for row in members), not asked.is_all)
        for name, members in groupby(found, lambda row: row.area)
    ]


def _area(operation: Operation) -> str:
    if not operation.path.startswith(V2_PREFIX):
        return operation.area
    # BILL's v2 reference names its parts in the addresses of its pages.
    parts = operation.page_url.rpartition("/")[2].split("-")
    if parts[0] in _V2_GROUPS:
        return f"v2: {parts[0]}-{parts[1]}"
    return f"v2: {parts[0]}" if parts[0] in _WHOLE_V2_GROUPS else "v2: general"


def _version(operation: Operation) -> str:
    if operation.path.startswith(V2_PREFIX):
        return "v2"
    if operation.caller is Caller.SPEND:
        return "Spend & Expense"
    if "/partner/" in operation.path:
        return "partner"
    return "webhooks" if operation.area == "Webhooks" else "v3"

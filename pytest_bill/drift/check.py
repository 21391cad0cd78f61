"""Holding recorded interactions against what BILL documents, without asking it.

A request is held only where BILL took it: that a test sends something wrong on purpose is no
finding. What cannot be held against anything is told, too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import parse_qsl

from pytest_bill.bill_errors import problems_in
from pytest_bill.cassettes.decoding import readable
from pytest_bill.drift.bodies import Content, answer_in, request_in
from pytest_bill.drift.documented import (
    Description,
    DifferenceKind,
    Documented,
    Schema,
    held,
    sandbox_url,
)
from pytest_bill.drift.operations import operation_of
from pytest_bill.drift.shape import shape_of
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.personal_places import personal_fields
from pytest_bill.urls import split

OPERATION, STATUS, ANSWER, REQUEST, QUERY = "operation", "status", "answer", "request", "query"
_UNDOCUMENTED, _MISSING = DifferenceKind.UNDOCUMENTED, DifferenceKind.MISSING


class Finding(NamedTuple):
    """One thing in one file that BILL does not document so.

    ``part`` is where: of the answer, of the request, … ``path`` is a field's, empty where it is
    about the whole.
    """

    file: str
    operation: str
    part: str
    kind: DifferenceKind
    path: str
    what: str
    page: str = ""

    def __str__(self) -> str:
        place = f" `{self.path}`" if self.path else ""
        return f"{self.part}{place} {self.what}"


class NotHeld(NamedTuple):
    """Interactions of one file that could not be held against anything, or only in part."""

    file: str
    operation: str
    why: str


@dataclass
class Checked:
    """What was found in some files; findings and what was not held, each with how often."""

    findings: Counter[Finding] = field(default_factory=Counter)
    not_held: Counter[NotHeld] = field(default_factory=Counter)
    interactions: int = 0

    def check(
        self, file: str, interactions: Iterable[Interaction], description: Description
    ) -> None:
        """Hold the interactions of one file against the description."""
        for recorded in interactions:
            self.interactions += 1
            _Holding(self, file, readable(recorded)).hold(description)


class _Holding:
    """One interaction, while it is held."""

    def __init__(self, checked: Checked, file: str, interaction: Interaction) -> None:
        self._checked = checked
        self._file = file
        self._interaction = interaction
        self._operation = operation_of(interaction)
        self._page = ""

    def hold(self, description: Description) -> None:
        interaction = self._interaction
        if interaction.fault:
            self._skip("it got no whole answer")
            return
        url = sandbox_url(interaction.url)
        if url is None:
            self._skip("it is not at an address of BILL's API")
            return
        documented = description.operation(interaction.method, url)
        if documented is None:
            self._unknown()
            return
        self._operation, self._page = documented.name, documented.page
        if not documented.answers(interaction.status):
            told = f"{interaction.status} is not documented (documented: {documented.statuses})"
            self._find(STATUS, _UNDOCUMENTED, told)
        else:
            self._hold_answer(documented)
        if interaction.status < 400 and not problems_in(
            interaction.status, interaction.answer_body
        ):
            self._hold_request(documented)
            self._hold_query(documented)

    def _unknown(self) -> None:
        if "/v2/" in self._operation:
            self._skip("the description of v2 does not have it")
        elif "/v3/" in self._operation:
            self._find(OPERATION, _UNDOCUMENTED, "is not in BILL's reference")
        else:
            self._skip("it is a file, which no operation describes")

    def _hold_answer(self, documented: Documented) -> None:
        interaction = self._interaction
        schema = documented.answer_schema(interaction.status)
        if interaction.method == "HEAD":
            return
        if schema is None:
            if interaction.status >= 400:
                self._skip("Spend & Expense documents no shape of its refusals")
            elif interaction.answer_body and documented.has_answer:
                self._skip("its answer is a file")
            elif interaction.answer_body:
                self._find(ANSWER, _UNDOCUMENTED, "has a body, and none is documented")
            return
        if not interaction.answer_body:
            self._find(ANSWER, _MISSING, "has no body, and one is documented")
            return
        self._hold_content(documented, ANSWER, answer_in(interaction), schema)

    def _hold_request(self, documented: Documented) -> None:
        interaction, bodies = self._interaction, documented.request_bodies
        if not interaction.body:
            if any("form" not in media_type for media_type in bodies):
                self._find(REQUEST, _MISSING, "has no body, and one is documented")
            return
        if not bodies:
            self._find(REQUEST, _UNDOCUMENTED, "has a body, and none is documented")
            return
        if "application/octet-stream" in bodies:
            return  # a file has no fields
        content = request_in(interaction)
        described = bodies.get(content.media_type)
        if described is None and not content.why_not:
            told = f"is {content.media_type}, documented is {', '.join(bodies)}"
            self._find(REQUEST, DifferenceKind.TYPE, told)
        else:
            schema = described["schema"] if described is not None else {}
            self._hold_content(documented, REQUEST, content, schema)

    def _hold_content(
        self, documented: Documented, part: str, content: Content, schema: Schema
    ) -> None:
        if content.why_not:
            self._skip(content.why_not)
            return
        for each in held(shape_of(content.value), schema, sent=part == REQUEST):
            name = each.path.rpartition(".")[2].partition("[")[0]
            if each.kind is _UNDOCUMENTED and documented.leaves_out(name):
                self._skip(f"the description leaves out `{each.path}`")
            elif not self._is_stand_in(each.kind, name):
                self._find(part, each.kind, each.what, each.path, each.places)

    def _is_stand_in(self, kind: DifferenceKind, name: str) -> bool:
        """Whether people's data stands there, in whose place a stand-in may be: always a text."""
        if kind not in (DifferenceKind.TYPE, DifferenceKind.VALUE):
            return False
        return personal_fields(self._interaction.url).kind_anywhere(name) is not None

    def _hold_query(self, documented: Documented) -> None:
        sent = dict(parse_qsl(split(self._interaction.url).query, keep_blank_values=True))
        for name in sent:
            if name not in documented.query:
                self._find(QUERY, _UNDOCUMENTED, "is not documented", name)
        for name, parameter in documented.query.items():
            if parameter["required"] and name not in sent:
                self._find(QUERY, _MISSING, "is missing, and is required", name)
            words = [str(each) for each in parameter["schema"].get("enum", ())]
            if name in sent and words and sent[name] not in words:
                told = f"has a value that is none of {', '.join(words)}"
                self._find(QUERY, DifferenceKind.VALUE, told, name)

    def _find(
        self, part: str, kind: DifferenceKind, what: str, path: str = "", places: int = 1
    ) -> None:
        found = Finding(self._file, self._operation, part, kind, path, what, self._page)
        self._checked.findings[found] += places

    def _skip(self, why: str) -> None:
        self._checked.not_held[NotHeld(self._file, self._operation, why)] += 1

"""How true the sandbox is to BILL, operation by operation: docs/fidelity.md and docs/fidelity/.

``python -m pytest_bill.sandbox.description.fidelity FOLDER`` writes the files (``make docs``). An
overview says what holds everywhere and when it was last held against BILL's pages; each area of the
API has a file of its own, with a section for each kind of record. A section has a table of its
operations, whose last column has the numbers of the notes below it: what is not emulated, and what
BILL's pages do not say. So a note is told once, and each operation that it concerns names it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from itertools import groupby
from pathlib import Path

from pytest_bill.sandbox import api
from pytest_bill.sandbox.core.errors import V2_PREFIX
from pytest_bill.sandbox.core.fields import Field, Text
from pytest_bill.sandbox.core.operations import Operation
from pytest_bill.sandbox.description import changelog, error_codes, everywhere, index, v2_index
from pytest_bill.sandbox.description.index import Indexed, Key, key, reference_index
from pytest_bill.sandbox.description.notes import Notes, notes_of

__all__ = ["Indexed", "Key", "key", "pages", "reference_index"]

OVERVIEW = "fidelity.md"
"""Below docs/; the other files are in the folder of the same name."""
_FOLDER = "fidelity"

_TITLES: Mapping[str, tuple[str, str]] = {
    "sign_in": ("sign-in", "Sign-in"),
    "payables": ("payables", "Accounts payable"),
    "receivables": ("receivables", "Accounts receivable"),
    "accounting": ("accounting", "Accounting"),
    "funding": ("funding", "Funding accounts"),
    "people": ("people", "Organizations, users, partners, network"),
    "files": ("files", "Files"),
    "spend": ("spend", "Spend & Expense"),
    "webhooks": ("webhooks", "Webhooks"),
    "v2": ("v2", "v2"),
}
"""File and title of each folder of ``api``."""
_NOT_EMULATED = ("not-emulated", "Not emulated")

_HEAD = """\
# How true the local sandbox is to BILL

The local sandbox emulates what BILL's documentation says. It has never been compared with BILL's
own answers: whatever stands here comes from the linked pages. *Emulated* says what the sandbox
does; *not emulated* what it leaves out; *unsure* what BILL's pages do not say, or say in two ways,
and what the sandbox does then.

These files are generated from the sandbox itself: `make docs`.
"""
_HELD = """
## When it was held against BILL

| What of BILL's | Last held against it |
| --- | --- |
| [reference](https://developer.bill.com/reference): each operation has a row here | {index} |
| [changelog](https://developer.bill.com/changelog): [each entry](fidelity/changelog.md) \
since 2025 | {changelog} |

BILL's pages were read in stored copies, some of them older than these days. BILL's
[list of its pages](https://developer.bill.com/llms.txt) was of {pages}: it names each operation
here but createAccessToken, which is later, and no other. Of the changelog single entries were read,
the newest of {newest}, as in that list; an entry that no copy shows is not here.
"""
_SOURCES = """
Refusals have BILL's shape and codes
([common API error codes](https://developer.bill.com/docs/common-api-error-codes),
[list of codes](https://developersupport.bill.com/hc/en-us/articles/208762056-Error-codes-list)).
Lists follow [search operations with lists](https://developer.bill.com/docs/search-op-with-lists),
[filterable fields](https://developer.bill.com/docs/filterable-fields) and
[sortable fields](https://developer.bill.com/docs/sortable-fields).
"""
_V2_HEAD = """\
BILL's older API, which [BILL's v2 reference](https://developer.bill.com/v2/reference) describes:
each of its operations, as of {day}, and those that public clients alone call.
Emulated so far: {emulated} of {all}.
"""
_COLUMNS = """\
| Operation | Emulated | Notes |
| --- | --- | --- |
"""
_ALL_OF_IT = Notes(("All of it: the sandbox answers BDC_1121.",), ())

Row = tuple[Indexed, Operation | None]
"""An operation as BILL's index has it, and as the sandbox emulates it, if it does."""


def pages(operations: Sequence[Operation]) -> dict[str, str]:
    """Every file by its path below docs/, in Markdown: a row for each operation of the index."""
    areas = _areas(operations)
    files = {
        f"{_FOLDER}/{file}.md": _area_page(title, rows) for (file, title), rows in areas.items()
    }
    return {
        OVERVIEW: _overview(areas),
        **files,
        f"{_FOLDER}/error-codes.md": _error_codes_page(),
        f"{_FOLDER}/changelog.md": _changelog_page(),
    }


# --- which operation stands where -------------------------------------------------------------


def _areas(operations: Sequence[Operation]) -> dict[tuple[str, str], list[Row]]:
    """The rows of each file, by its name and title."""
    known = {key(each.method, each.path): each for each in operations}
    homes = _homes()
    found: dict[tuple[str, str], list[Row]] = {
        title: [] for folder, title in _TITLES.items() if operations
    }
    for indexed in [*reference_index(), *v2_index.listed(operations)]:
        operation = known.get(indexed.key)
        if operation in homes:
            home = _TITLES[homes[operation]]
        else:
            home = _TITLES["v2"] if _is_v2(indexed) else _NOT_EMULATED
        found.setdefault(home, []).append((indexed, operation))
    return {title: rows for title, rows in found.items() if rows}


def _homes() -> dict[Operation | None, str]:
    """The folder of ``api`` that each operation is in."""
    return {
        operation: area.__name__.rpartition(".")[2]
        for area in api.AREAS
        for name in area.MODULES
        for operation in getattr(import_module(f"{area.__name__}.{name}"), "OPERATIONS", ())
    }


def _is_v2(indexed: Indexed) -> bool:
    return indexed.path.startswith(V2_PREFIX)


def _section_of(row: Row) -> str:
    indexed, operation = row
    if not _is_v2(indexed):
        return indexed.area if operation is None else operation.area
    # v2 has an operation for each verb and entity.
    *before, entity = indexed.path.removesuffix(".json").split("/")
    return entity if {"Crud", "List"} & set(before) else "Other operations"


# --- an area ----------------------------------------------------------------------------------


def _area_page(title: str, rows: Sequence[Row]) -> str:
    parts = [f"# {title}\n\n"]
    parts.append(f"What holds everywhere, and what the columns mean: [overview](../{OVERVIEW}).\n")
    if title == _TITLES["v2"][1]:
        emulated = sum(operation is not None for _, operation in rows)
        told = _V2_HEAD.format(day=v2_index.as_of(), emulated=emulated, all=len(rows))
        parts.append("\n" + told)
    ordered = sorted(rows, key=lambda row: (_section_of(row), row[0].path, row[0].method))
    for section, members in groupby(ordered, key=_section_of):
        parts.append(f"\n## {section}\n\n")
        parts.append(_section(list(members)))
    return "".join(parts)


def _section(rows: Sequence[Row]) -> str:
    """The table, and the notes that its rows name by their numbers."""
    numbers: dict[str, int] = {}
    lines = [_COLUMNS]
    for indexed, operation in rows:
        told = list(_told(_ALL_OF_IT if operation is None else notes_of(operation)))
        for each in told:
            numbers.setdefault(each, len(numbers) + 1)
        cells = (
            f"[{indexed.name}]({indexed.page_url})<br>`{indexed.method} {indexed.path}`",
            "" if operation is None else _emulated(operation),
            ", ".join(str(each) for each in sorted(numbers[each] for each in told)),
        )
        lines.append("| " + " | ".join(_cell(each) for each in cells) + " |\n")
    notes = [f"{number}. {each}\n" for each, number in numbers.items()]
    return "".join([*lines, "\n" if notes else "", *notes])


def _told(notes: Notes) -> Iterator[str]:
    for each in notes.missing:
        yield f"*Not emulated:* {' '.join(each.split())}"
    for each in notes.unsure:
        yield f"*Unsure:* {' '.join(each.split())}"


def _emulated(operation: Operation) -> str:
    notes = [operation.summary.rstrip(".")]
    if operation.filterable:
        notes.append("filters on " + ", ".join(f"`{name}`" for name in operation.filterable))
    fields = operation.form or operation.body
    if fields and not operation.partial:
        required = [_required(name, each) for name, each in fields.items() if each.required]
        if required:
            notes.append("required: " + ", ".join(required))
    if operation.trusted:
        notes.append("needs an MFA-trusted session where MFA is required")
    if operation.roles:
        notes.append(
            "refused to other roles than " + ", ".join(f"`{each}`" for each in operation.roles)
        )
    if not operation.sync:
        notes.append("refused to a sync token")
    return "; ".join(notes)


def _required(name: str, field: Field) -> str:
    replaced = isinstance(field, Text) and field.unless
    return f"`{name}` or `{replaced}`" if replaced else f"`{name}`"


def _cell(content: str) -> str:
    return " ".join(content.split()).replace("|", "\\|")


# --- the other files --------------------------------------------------------------------------


def _overview(areas: Mapping[tuple[str, str], Sequence[Row]]) -> str:
    rows = [row for members in areas.values() for row in members if not _is_v2(row[0])]
    emulated = sum(operation is not None for _, operation in rows)
    days = [each.day for each in changelog.entries() if each.day[-1].isdigit()]
    parts = [
        _HEAD,
        f"\nEmulated so far: {emulated} of {len(rows)} operations of BILL's reference.\n",
        _HELD.format(
            index=index.as_of(),
            pages=index.pages_of(),
            changelog=changelog.read_on(),
            newest=max(days),
        ),
        "\n## Areas\n\n",
        "| Area | Operations | Emulated | With a gap | With something unsure |\n",
        "| --- | --- | --- | --- | --- |\n",
    ]
    for (file, title), members in areas.items():
        told = [notes_of(each) for _, each in members if each is not None]
        gaps = len(members) - len(told) + sum(bool(each.missing) for each in told)
        unsure = sum(bool(each.unsure) for each in told)
        counts = " | ".join(str(each) for each in (len(members), len(told), gaps, unsure))
        parts.append(f"| [{title}]({_FOLDER}/{file}.md) | {counts} |\n")
    parts += ["\n## What holds everywhere\n", _SOURCES]
    for heading, told_of in (
        ("Not emulated", everywhere.MISSING),
        ("Unsure", everywhere.UNSURE),
    ):
        parts.append(f"\n### {heading}\n\n")
        parts.extend(f"- **{name}.** {text}\n" for name, text in told_of)
    return "".join(parts)


def _error_codes_page() -> str:
    rows = [
        f"| `{each.code}` | {each.status} | {_cell(each.text)} | {_cell(each.about)} |\n"
        for each in error_codes.refusals()
    ]
    return "".join(
        [
            "# Error codes\n\n",
            "What the sandbox refuses with, and what of it BILL documents. A text without a word "
            "on its source\nis that of [BILL's list of codes]"
            "(https://developersupport.bill.com/hc/en-us/articles/208762056-Error-codes-list), and "
            "a status\nwithout one the sandbox's choice; `vendorId`, `x` and the like stand for "
            f"what was sent. In v2 each is HTTP 200.\nSee the [overview](../{OVERVIEW}).\n\n",
            "| Code | HTTP | Text | When, and from where |\n| --- | --- | --- | --- |\n",
            *rows,
        ]
    )


def _changelog_page() -> str:
    found = changelog.entries()
    rows = []
    for each in reversed(found):
        basis = "<br>".join(f"`{_test_name(test)}`" for test in each.tests) or each.reason
        rows.append(
            f"| {each.day} | [{_cell(each.title)}]({each.page_url}) | {each.standing.value} "
            f"| {_cell(basis)} |\n"
        )
    counts = ", ".join(
        f"{sum(each.standing is standing for each in found)} {standing.value}"
        for standing in changelog.Standing
    )
    return "".join(
        [
            "# BILL's changelog since 2025\n\n",
            f"Each entry that could be read on {changelog.read_on()}, the newest first: {counts}.\n"
            "What is applied names its tests, below `tests/sandbox/`. Some pages have another day "
            "in their address\nthan BILL shows; the day is BILL's. "
            f"See the [overview](../{OVERVIEW}).\n\n",
            "| Day | Entry | Standing | Tests, or why not |\n| --- | --- | --- | --- |\n",
            *rows,
        ]
    )


def _test_name(test: str) -> str:
    """Short enough for a column: module and function."""
    path, _, function = test.partition("::")
    return f"{path.rpartition('/')[2]}` `{function}"


def current() -> dict[str, str]:
    """Every file for the sandbox as it is."""
    return pages(api.OPERATIONS)


def write(docs: Path) -> None:
    """Write the files below ``docs``, and take away those that are not written any more."""
    written = current()
    for old in (docs / _FOLDER).glob("*.md"):
        if f"{_FOLDER}/{old.name}" not in written:
            old.unlink()
    for name, text in written.items():
        path = docs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))

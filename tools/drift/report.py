"""docs/drift.md: what the sandbox was held against, when, and which differences are known.

``held.tsv`` has a row for each material: day, title, when BILL wrote it, operations, fields, pages,
differences, new ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from tools.drift import known
from tools.drift.described import Material

HELD = Path(__file__).parent / "held.tsv"
DOCUMENT = Path(__file__).parents[2] / "docs" / "drift.md"
_HEAD = """\
# Held against BILL's own files

`make drift` compares what the local sandbox says of itself with what BILL publishes for programs,
operation by operation and field by field: headers, parameters, filters of lists, fields of bodies
and answers, their types, which are required, which values they may have, the status of a success
and the body of a refusal.

<!-- not run: it needs files of BILL; tests of tools/drift run it with some of their own -->
```console
$ make drift FROM="collection.json openapi.json https://developer.bill.com/llms.txt"
$ make drift FROM="https://developer.bill.com/openapi/o-auth-authentication.json"
$ make drift FROM="--pages https://developer.bill.com/llms.txt"
```

It takes Postman collections, OpenAPI files (JSON or YAML), `llms.txt`, and as Markdown pages of the
reference (`https://developer.bill.com/reference/listbills.md`) and of filters
(`https://developer.bill.com/docs/filterable-fields.md`); with `--pages` it reads each page that
`llms.txt` lists. It prints what is new, and ends with status 1 then, with 2 where something could
not be read (`make` says which, and ends with 2 itself). An example need not have all that there is:
of a collection only what it has is compared. What no program can read, such as rules in sentences,
[fidelity.md](fidelity.md) tells.

This file is written by `make drift` with `--write`, from `tools/drift/held.tsv` and
`tools/drift/known.tsv`.

## When, and against what

| Day | Material | Of | Operations | Fields | Pages | Differences | Not listed below |
| --- | --- | --- | ---: | ---: | ---: | ---: | ---: |
"""
_KNOWN = """
BILL's files are not kept in this repository. Not among them was BILL's OpenAPI document of v3: no
copy was at hand on 30 November 2026. Its newest text stands, operation by operation, in the pages
of the reference, which `--pages` reads. Of the page of filters there were the tables of vendors,
customers, bills and invoices.

## Known differences

A name stands for the field and what is below it, in each operation of the resource.
"""
_COLUMNS = """\
| Resource | Where | What | Names | Since |
| --- | --- | --- | --- | --- |
"""


def note(material: Material, of: str, found: int, new: int, day: str) -> None:
    """Put a result into ``held.tsv``, in the place of an older one; BILL wrote it in ``of``."""
    rows = {row[1]: row for row in held()}
    fields = material.fields or len(material.filters)
    counts = (len(material.operations), fields, len(material.pages), found, new)
    rows[material.title] = (day, material.title, of, *map(str, counts))
    text = "".join("\t".join(row) + "\n" for _, row in sorted(rows.items()))
    HELD.write_text(text, encoding="utf-8")


def write() -> None:
    """Write the document."""
    DOCUMENT.write_text(text(), encoding="utf-8")


def text() -> str:
    """The document."""
    rows = "".join(_row(row) for row in held())
    return _HEAD + rows + _KNOWN + "".join(_reasons(known.read()))


def held() -> list[tuple[str, ...]]:
    """The rows of ``held.tsv``."""
    lines = HELD.read_text(encoding="utf-8").splitlines() if HELD.exists() else []
    return [tuple(line.split("\t")) for line in lines]


def _reasons(rows: Iterable[known.Known]) -> Iterable[str]:
    ordered = sorted(rows, key=lambda each: (each.reason, each))
    for reason, group in groupby(ordered, key=lambda each: each.reason):
        yield f"\n### {reason}\n\n{_COLUMNS}"
        for each in group:
            names = ", ".join(f"`{name}`" for name in each.names)
            yield _row((f"`{each.resource}`", each.place, each.what, names, each.since))


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(each.replace("|", "\\|") for each in cells) + " |\n"

"""``make drift FROM="…"``; see the package."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from itertools import groupby

from pytest_bill.counted import counted
from pytest_bill.printable import printable
from tools.drift import known, report
from tools.drift.comparing import Difference, Sandbox, differences, sandbox
from tools.drift.described import Material
from tools.drift.reading import FORMATS, Unreadable, read

NEW, UNREADABLE = 1, 2


def main() -> int:
    """Compare; gives the exit status."""
    parser = argparse.ArgumentParser("make drift", description="Holds the sandbox against BILL.")
    parser.add_argument("material", nargs="*", help=f"files or addresses: {FORMATS}")
    parser.add_argument(
        "--pages", action="store_true", help="read each page of the reference that llms.txt lists"
    )
    parser.add_argument(
        "--propose", action="store_true", help="print rows of known.tsv for what is new"
    )
    parser.add_argument(
        "--unused", action="store_true", help="print names of known.tsv that no material has"
    )
    parser.add_argument(
        "--write",
        action="store_true",
        help="note the result, with today's date, in the documentation",
    )
    parser.add_argument(
        "--of", default="unknown", metavar="MONTH", help="when BILL wrote the material, for --write"
    )
    arguments = parser.parse_args()
    if arguments.write and not arguments.material:
        report.write()
        return 0
    if not arguments.material:
        print(
            f'Nothing to compare with.\nGive files or addresses with FROM="…": {FORMATS}.',
            file=sys.stderr,
        )
        return UNREADABLE
    try:
        rows = known.read()
        materials = [
            each for place in arguments.material for each in read(place, with_pages=arguments.pages)
        ]
    except (Unreadable, known.BadRow) as error:
        print(error, file=sys.stderr)
        return UNREADABLE
    return _compare(materials, rows, sandbox(), arguments)


def _compare(
    materials: list[Material],
    rows: list[known.Known],
    ours: Sandbox,
    arguments: argparse.Namespace,
) -> int:
    today = datetime.now(UTC).date().isoformat()
    all_found: list[Difference] = []
    all_new: list[Difference] = []
    for material in materials:
        found = differences(material, ours)
        new = known.unknown(found, rows)
        all_found += found
        all_new += new
        _tell(material, found, new)
        if arguments.write:
            report.note(material, arguments.of, len(found), len(new), today)
    if arguments.propose:
        print("\n".join(each.row() for each in known.proposed(all_new, today)))
    if arguments.unused:
        for row, name in known.unused(all_found, rows):
            print(f"no more: {row.resource} {row.place} {name} ({row.what})")
    if arguments.write:
        report.write()
    return NEW if all_new else 0


def _tell(material: Material, found: list[Difference], new: list[Difference]) -> None:
    print(
        f"{material.title}: {_what_it_has(material)}; {counted(len(found), 'difference')}, "
        f"{len(new) or 'none'} of them new"
    )
    for operation, group in groupby(new, key=lambda each: each.operation):
        print(f"  {printable(str(operation).strip())}")
        for each in group:
            print(f"    {printable(str(each))}")


def _what_it_has(material: Material) -> str:
    if material.pages:
        return counted(len(material.pages), "page")
    if material.filters:
        return counted(len(material.filters), "filter")
    return f"{counted(len(material.operations), 'operation')}, {counted(material.fields, 'field')}"


if __name__ == "__main__":
    sys.exit(main())

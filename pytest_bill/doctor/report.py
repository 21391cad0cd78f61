"""All that the doctor finds, put together; and what it comes to."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from pytest_bill import __version__
from pytest_bill.doctor.cassettes import cassettes_in
from pytest_bill.doctor.neighbours import neighbours
from pytest_bill.doctor.project import Asked, looked_at
from pytest_bill.doctor.shape import REPORT_VERSION, Finding, Level, Looked, Report
from pytest_bill.doctor.surroundings import surroundings
from pytest_bill.doctor.versions import versions

FINE, WRONG, COULD_NOT_LOOK = 0, 1, 2
_WORDS = {FINE: "fine", WRONG: "wrong", COULD_NOT_LOOK: "could not look"}


def examined(asked: Asked) -> Report:
    """Look at everything that is asked for."""
    looked, could_look = looked_at(asked)
    report = _report(asked, looked, could_look=could_look)
    status = COULD_NOT_LOOK if not could_look else WRONG if _is_wrong(report) else FINE
    report["status"], report["exit_status"] = _WORDS[status], status
    return report


def _report(asked: Asked, looked: Looked, *, could_look: bool) -> Report:
    folder = Path(looked["cassette_dir"] or asked.folder / "cassettes")
    return Report(
        report=REPORT_VERSION,
        pytest_bill=__version__,
        status="",
        exit_status=FINE,
        project=looked["project"],
        credentials=looked["credentials"],
        online=looked["online"] if asked.online and could_look else None,
        settings=looked["settings"],
        versions=versions(),
        cassettes=cassettes_in(folder),
        plugins=neighbours(looked["plugins"] if could_look else None),
        surroundings=surroundings(os.environ),
    )


def findings_in(report: Report) -> Iterator[Finding]:
    """All of them, in the order in which they are shown."""
    yield from report["project"]["findings"]
    for credential in report["credentials"]:
        for variable in credential["variables"]:
            yield from variable["findings"]
        yield from credential["findings"]
    for tried in report["online"] or ():
        yield from tried["findings"]
    for setting in report["settings"]:
        yield from setting["findings"]
    yield from report["versions"]["findings"]
    yield from report["cassettes"]["findings"]
    for plugin in report["plugins"]:
        yield from plugin["findings"]
    yield from report["surroundings"]["findings"]


def _is_wrong(report: Report) -> bool:
    return any(finding["level"] == Level.WRONG for finding in findings_in(report))

"""``--bill-report``: what a run did as JSON; docs/report.md has its keys.

Whether the file can be written is told before the first test: after an hour it is too late. So is
that of the other files that an option names (``--bill-html``).
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import pytest

from pytest_bill import real_files
from pytest_bill.printable import printable
from pytest_bill.run.terminal_summary import Totals

_COUNTS = ("sign_ins", "requests", "recorded", "replayed", "live")
OPTION = "bill_report"


def typed(option: str) -> str:
    """What is typed for an option."""
    return f"--{option.replace('_', '-')}"


def place_of(config: pytest.Config, option: str = OPTION) -> Path | None:
    """Where the file goes, whatever folder a test has gone to by now; None where none is wanted."""
    given = config.getoption(option)
    return config.invocation_params.dir / given if given else None


def check_place(config: pytest.Config, option: str = OPTION, example: str = "bill.json") -> None:
    """Make the folders of the file, and refuse a place where it cannot be written.

    Raises:
        pytest.UsageError: it cannot.
    """
    given, path, word = config.getoption(option), place_of(config, option), typed(option)
    if path is None:
        raise pytest.UsageError(f"{word} names no file.\nGive one: {word}={example}")
    try:
        if path.is_dir():
            raise pytest.UsageError(
                f"{word}: {given} is a folder.\nName a file in it: {word}={Path(given) / example}"
            )
        os.makedirs(path.parent, exist_ok=True)
        _try_to_write(Path(os.path.realpath(path)))
    except (FileExistsError, NotADirectoryError):
        place = next(each for each in path.parents if each.exists())
        why = f"{place} is a file, and no folder can be there"
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", "") or str(error)
    else:
        return
    shown = printable(given)
    raise pytest.UsageError(
        f"{word}: {shown} cannot be written: {why}.\nGive another place with {word}."
    )


def _try_to_write(path: Path) -> None:
    """As the report will be: a file is made beside it; what is no file, as a FIFO, is written to.

    Raises:
        OSError: the file system refuses.
    """
    if path.exists() and not path.is_file():
        if not os.access(path, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return
    with TemporaryFile(dir=path.parent):
        pass


def write_report(path: Path, totals: Totals, usage: Mapping[str, Any]) -> None:
    """Write the counts, the notices, and what cassettes were used for, to a JSON file.

    Raises:
        OSError: the file system refused.
    """
    report: dict[str, Any] = dict.fromkeys(_COUNTS, 0) | totals.counts
    report["cassettes"] = totals.cassette_counts
    report["slowest"] = [
        {"request": each.request, "seconds": round(each.seconds, 3), "test": each.test}
        for each in totals.slowest
    ]
    report["notices"] = [
        {"kind": notice.kind.key, "owner": notice.owner, "text": notice.text}
        for notice in totals.notices
    ]
    report["usage"] = usage
    real_files.write_file(path, f"{json.dumps(report)}\n".encode())

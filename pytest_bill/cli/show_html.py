"""``pytest-bill show --html``: all cassettes as one page, and what a change of them changed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from pytest_bill import real_files
from pytest_bill.cli import tell
from pytest_bill.counted import counted
from pytest_bill.exceptions import CassetteError, SettingsError
from pytest_bill.max_age import age_of
from pytest_bill.pages.rendering import check_installed, rendered
from pytest_bill.printable import printable
from pytest_bill.scan.files import CannotScan, read_file
from pytest_bill.viewing.differing import differences
from pytest_bill.viewing.files import candidates, check_there, is_cassette, recording_in
from pytest_bill.viewing.page import FOLDER
from pytest_bill.viewing.page.cassettes import (
    Asked,
    Cassette,
    Knowledge,
    Use,
    changes_data,
    page_data,
)
from pytest_bill.viewing.page.secrets_found import SecretsFound
from pytest_bill.viewing.sides import Sides

_STDOUT = Path("-")


class Page(NamedTuple):
    """What was asked for: of which paths, where to, and what else it tells."""

    paths: Sequence[Path]
    output: Path
    since: str | None = None
    max_age: str | None = None
    report: Path | None = None


def write_page(page: Page) -> bool:
    """Write the page; gives whether all files could be shown.

    Raises:
        SettingsError: it was asked for in a way that cannot be done, or the extra is not installed.
    """
    check_installed()
    if page.since is None:
        check_there(page.paths, "show")
    max_age = _max_age(page.max_age)
    use_of = _use_of(page.report, page.paths)
    errors: list[str] = []
    found = SecretsFound()
    cassettes = _cassettes(page.paths, found, errors)
    changes = _changes(page, found, errors)
    if not cassettes and changes is None:
        errors.append(
            f"no cassette in {', '.join(map(str, page.paths))}.\n"
            "Record some: pytest --bill-record-mode=once"
        )
    data = page_data(cassettes, found, Knowledge(use_of, _asked_of()))
    data["max_age"] = max_age
    text = rendered(
        FOLDER,
        "cassettes.html.j2",
        ("cassettes.js",),
        data,
        changes=changes,
        errors=[printable(found.hide(each)) for each in errors],
        is_thorough=found.has_engine,
    )
    _write(page.output, text)
    for error in errors:
        tell(error)
    _tell_of_secrets([each["name"] for each in data["files"] if each["secrets"]])
    if page.output != _STDOUT:
        told = counted(len(cassettes), "cassette")
        told += f", {counted(len(data['interactions']), 'interaction')}"
        sys.stdout.write(f"{printable(str(page.output))}: {told}, {len(text) / 1e6:.1f} MB\n")
    return not errors


def _changes(page: Page, found: SecretsFound, errors: list[str]) -> dict[str, Any] | None:
    if page.since is None:
        return None
    sides = Sides(found.scan)
    sides.add_since(page.since, page.paths)
    differing = differences(sides.pairs, known=found.known)
    errors += [each for each in sides.errors if each not in errors]
    return changes_data(differing, found) | {
        "since": printable(page.since),
        "compared": sides.compared,
    }


def _tell_of_secrets(names: Sequence[str]) -> None:
    if names:
        more = f" and {len(names) - 1} more hold" if names[1:] else " holds"
        tell(
            f"{names[0]}{more} secrets in clear, which are not in the page.\n"
            "See which: pytest-bill scan"
        )


def _cassettes(paths: Sequence[Path], found: SecretsFound, errors: list[str]) -> list[Cassette]:
    cassettes = []
    # With --since, a folder may be gone: that is a change.
    for path in candidates([each for each in paths if each.exists()]):
        name = path.as_posix()
        try:
            raw = read_file(path)
            if path not in paths and not is_cassette(raw):
                continue
            recording = recording_in(path, raw)
        except (CassetteError, CannotScan) as error:
            errors.append(str(error))
            continue
        found.scan(name, raw)
        cassettes.append(Cassette(name, len(raw), recording))
    return cassettes


def _use_of(report: Path | None, paths: Sequence[Path]) -> Callable[[str], Use]:
    from pytest_bill.cli.cassette_users import UsersByName, UsersByReport

    if report is not None:
        return UsersByReport(report, Path.cwd())
    return UsersByName(Path.cwd(), list(paths))


def _asked_of() -> Callable[[str, str], Asked]:
    """What a request asks for, as the local sandbox describes BILL's operations."""
    from pytest_bill.cli.check import load_description
    from pytest_bill.drift.documented import sandbox_url

    description = load_description()

    @cache
    def asked_of(method: str, url: str) -> Asked:
        try:
            at_sandbox = sandbox_url(url)
        except ValueError:  # a broken IPv6 host
            at_sandbox = None
        if at_sandbox is None:
            return Asked("not BILL's", "")
        known = description.operation(method, at_sandbox)
        if known is None:
            return Asked("not documented", "")
        return Asked(known.described["tags"][0], known.described["operationId"])

    return asked_of


def _max_age(said: str | None) -> dict[str, Any] | None:
    if said is None:
        return None
    return {"said": said, "seconds": int(age_of(said, "--max-age").total_seconds())}


def _write(output: Path, text: str) -> None:
    content = text.encode("utf-8", "backslashreplace")
    if output == _STDOUT:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    try:
        real_files.write_file(output, content)
    except OSError as error:
        raise SettingsError(
            f"{output} cannot be written: {error.strerror}.\nGive another place with -o."
        ) from None

"""``pytest-bill show``: what cassettes hold: tables, texts, a page, JSON, and for ``git diff``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pytest_bill.cassettes.changes.comparison import answerer_of
from pytest_bill.cassettes.store import Recording
from pytest_bill.cli import tell
from pytest_bill.cli.colours import has_colours, painted
from pytest_bill.exceptions import SettingsError
from pytest_bill.installed import missing_extra
from pytest_bill.printable import printable
from pytest_bill.scan.files import CannotScan, read_file
from pytest_bill.viewing.files import DEFAULT_FOLDER, cassettes_in, check_there
from pytest_bill.viewing.hidden import Hidden
from pytest_bill.viewing.interactions import Row, Shown, as_data, lines_of, row_of
from pytest_bill.viewing.replaced import PLACEHOLDER_NOTE, Replaced, stood_in

_SHOWN, _CANNOT = 0, 2
_LONGEST = 400
_EXTRA = "show"
_PAGE = Path("cassettes.html")
_OF_PAGE = ("output", "since", "max_age", "report")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="CASSETTE",
        help=f"cassettes, and folders of them (default: {DEFAULT_FOLDER})",
    )
    parser.add_argument(
        "--full", action="store_true", help="all of each request and answer, instead of a table"
    )
    parser.add_argument(
        "-n",
        dest="numbers",
        action="append",
        type=_number,
        default=[],
        metavar="N",
        help="all of the interaction of this number; may be given several times",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--json", action="store_true", help="as JSON; with --full or -n the bodies, too"
    )
    form.add_argument(
        "--html", action="store_true", help="one page to look at in a browser, with a search"
    )
    form.add_argument(
        "--textconv",
        type=Path,
        metavar="FILE",
        help="one plain text of FILE, for git's diff.<driver>.textconv",
    )
    page = parser.add_argument_group("with --html")
    page.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="FILE",
        help=f"where to write the page (default: {_PAGE}; - for standard output)",
    )
    page.add_argument(
        "--since",
        metavar="REV",
        help="also show what changed since this revision of git, field by field",
    )
    page.add_argument("--max-age", metavar="AGE", help="call what is older stale (90d, 12w, 36h)")
    page.add_argument(
        "--report",
        type=Path,
        metavar="FILE",
        help="what a run wrote with --bill-report: it says who uses which cassette",
    )


def run(arguments: argparse.Namespace) -> int:
    """Show what was asked for; gives the exit status: 0, or 2 where a file cannot be shown.

    Raises:
        SettingsError: a path or a number is not there, or the extra is not installed.
    """
    _check_page_arguments(arguments)
    if arguments.textconv is not None:
        return _convert(arguments)
    if arguments.html:
        return _write_page(arguments)
    paths = arguments.paths or [DEFAULT_FOLDER]
    check_there(paths, "show")
    shows = _shows_json if arguments.json else _shows_text
    return _SHOWN if shows(_Asked(paths, arguments.full, arguments.numbers)) else _CANNOT


class _Asked:
    """What was asked for, of the cassettes that can be read; the others are told at once."""

    def __init__(self, paths: Sequence[Path], full: bool, numbers: Sequence[int]) -> None:
        self._paths = paths
        self._numbers = numbers
        self.in_full = full or bool(numbers)
        self.errors: list[str] = []
        self.found = 0

    def __iter__(self) -> Iterator[tuple[str, Recording, Hidden, Sequence[int]]]:
        """Each file's name, what it holds, that without secrets, and which of it are shown."""
        for path, recording in cassettes_in(self._paths):
            self.found += 1
            if isinstance(recording, Exception):
                self._add_error(str(recording))
                continue
            hidden = Hidden(recording.interactions)
            yield path.as_posix(), recording, hidden, self._shown_of(path, len(hidden))
            if hidden.had_secrets:
                tell(
                    f"{path} holds secrets in clear, which are not shown here.\n"
                    f"See which: pytest-bill scan {path}"
                )
        if not self.found:
            self._add_error(
                f"no cassette in {', '.join(map(str, self._paths))}.\n"
                "Record some: pytest --bill-record-mode=once"
            )

    def _shown_of(self, path: Path, count: int) -> Sequence[int]:
        for each in self._numbers:
            if each > count:
                self._add_error(f"{path} has {_counted(count)}, and none of number {each}.")
        return [each for each in self._numbers or range(1, count + 1) if each <= count]

    def _add_error(self, error: str) -> None:
        self.errors.append(error)
        tell(error)


def _shows_text(asked: _Asked) -> bool:
    for name, recording, hidden, numbers in asked:
        title = f"{printable(name)}: {_counted(len(hidden))}"
        if asked.in_full:
            sys.stdout.writelines(_full(title, recording, hidden, numbers))
        else:
            sys.stdout.write(_table(recording, hidden, _title(title)))
    return not asked.errors


def _title(title: str) -> str:
    return (painted(title, "bold") if has_colours(sys.stdout) else title) + "\n"


def _table(recording: Recording, hidden: Hidden, title: str) -> str:
    from pytest_bill.viewing import table

    try:
        return title + table.drawn(_rows(recording, hidden, range(1, len(hidden) + 1)))
    except ImportError as error:
        raise SettingsError(
            f"{missing_extra(_EXTRA, error)}\nWithout it: pytest-bill show --full, or --json"
        ) from None


def _rows(recording: Recording, hidden: Hidden, numbers: Sequence[int]) -> Iterator[Row]:
    for each in numbers:
        interaction = recording.interactions[each - 1]
        yield row_of(each, interaction, hidden.url(each - 1), answerer_of(interaction, recording))


def _full(
    title: str, recording: Recording, hidden: Hidden, numbers: Sequence[int]
) -> Iterator[str]:
    in_colour = has_colours(sys.stdout)
    stand_ins = stood_in(recording)
    yield _title(title)
    for each in numbers:
        interaction = hidden[each - 1]
        replaced = Replaced(interaction, stand_ins)
        yield "\n"
        for line in lines_of(interaction, replaced, each):
            yield _written(line, in_colour=in_colour) + "\n"
    yield "\n"


def _written(line: Shown, *, in_colour: bool) -> str:
    text = line.text
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST]}… ({len(text):,} characters)"
    note = f"  ← {line.note}" if line.note else ""
    if not in_colour:
        return text + note
    if line.is_title:
        return painted(text, "bold")
    colour = "green" if line.note == PLACEHOLDER_NOTE else "yellow"
    return text + painted(note, colour)


def _shows_json(asked: _Asked) -> bool:
    files = []
    for name, recording, hidden, numbers in asked:
        stand_ins = stood_in(recording)
        entries: list[Any] = []
        for each in numbers:
            (row,) = _rows(recording, hidden, [each])
            if asked.in_full:
                interaction = hidden[each - 1]
                entries.append(as_data(row, interaction, Replaced(interaction, stand_ins)))
            else:
                entries.append(as_data(row))
        files.append({"file": name, "interactions": entries})
    json.dump({"files": files, "errors": asked.errors}, sys.stdout, indent=2, default=str)
    sys.stdout.write("\n")
    return not asked.errors


def _convert(arguments: argparse.Namespace) -> int:
    from pytest_bill.viewing.textconv import converted

    if arguments.paths or arguments.full or arguments.numbers:
        raise SettingsError(
            "--textconv takes one file, and nothing beside it.\n"
            "Git calls it so: git config diff.bill.textconv 'pytest-bill show --textconv'"
        )
    try:
        raw = read_file(arguments.textconv)
    except CannotScan as error:
        raise SettingsError(str(error)) from None
    # As bytes: git wants the same text whatever this process's encoding is.
    sys.stdout.flush()
    sys.stdout.buffer.write(converted(raw))
    sys.stdout.buffer.flush()
    return _SHOWN


def _check_page_arguments(arguments: argparse.Namespace) -> None:
    given = [each for each in _OF_PAGE if getattr(arguments, each) is not None]
    if given and not arguments.html:
        option = f"--{given[0].replace('_', '-')}"
        raise SettingsError(f"{option} goes with --html.\nSee: pytest-bill show --help")
    if arguments.html and (arguments.full or arguments.numbers):
        raise SettingsError(
            "--html shows all of each interaction: --full and -n do not go with it.\n"
            "Leave them out; the page has a search."
        )


def _write_page(arguments: argparse.Namespace) -> int:
    from pytest_bill.cli import show_html

    page = show_html.Page(
        arguments.paths or [DEFAULT_FOLDER],
        arguments.output or _PAGE,
        arguments.since,
        arguments.max_age,
        arguments.report,
    )
    return _SHOWN if show_html.write_page(page) else _CANNOT


def _number(text: str) -> int:
    if not text.isdecimal() or not int(text[:9]):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of an interaction (1, 2, …)")
    return int(text[:9])


def _counted(count: int) -> str:
    return f"{count:,} interaction" + ("" if count == 1 else "s")

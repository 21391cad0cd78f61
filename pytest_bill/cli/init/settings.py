"""The settings of pytest: which file has them, and how one more gets into it.

There is one that is useful to all and not the default: ``bill_fail_on_secrets``. The file also
makes its folder pytest's rootdir, below which ``cassettes/`` and ``.env`` are looked for, from
whichever folder pytest is called.

A line is put below the header of a table, or a table at the end, and the result is parsed: where it
says more, or less, than before and the one setting, the file stays as it is, and the line is told.
So no library that edits TOML is needed, and nothing else in the file changes by a byte. Source:
https://docs.pytest.org/en/stable/reference/customize.html.
"""

from __future__ import annotations

import configparser
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from pytest_bill.cli.init.files import Step, counted, read, shown, why_not_added
from pytest_bill.exceptions import SettingsError

NAME, VALUE = "bill_fail_on_secrets", "true"
_LINE = f"{NAME} = {VALUE}"
_FIRST_WITH_TOML = 9
"""The version of pytest that reads ``[tool.pytest]`` and ``pytest.toml``."""

Values = Mapping[str, Any]
Parse = Callable[[str], dict[str, Any]]


class Table(NamedTuple):
    """Where settings stand: the file, the header of the table, the keys that lead to it."""

    file: str
    header: str
    keys: tuple[str, ...]

    @property
    def parse(self) -> Parse:
        """What reads the file."""
        return tomllib.loads if self.file.endswith(".toml") else _parse_ini


_NATIVE = Table("pyproject.toml", "[tool.pytest]", ("tool", "pytest"))
_INI_OPTIONS = Table(
    "pyproject.toml", "[tool.pytest.ini_options]", ("tool", "pytest", "ini_options")
)
_TOX = Table("tox.ini", "[pytest]", ("pytest",))
_NEW = Table("pytest.ini", "[pytest]", ("pytest",))
_OWN_FILES = (
    Table("pytest.toml", "[pytest]", ("pytest",)),
    Table(".pytest.toml", "[pytest]", ("pytest",)),
    _NEW,
    Table(".pytest.ini", "[pytest]", ("pytest",)),
)
"""Files that are pytest's even where they are empty, in pytest's order."""
_SHARED_FILES = (_INI_OPTIONS, _NATIVE, _TOX, Table("setup.cfg", "[tool:pytest]", ("tool:pytest",)))
"""Files that are pytest's where they have its table."""


class Settings(NamedTuple):
    """The table with pytest's settings, and these; ``is_there`` says whether pytest has it now."""

    table: Table
    values: Values
    is_there: bool


def installed_pytest() -> int:
    """The major version of the pytest that is installed here."""
    return int(version("pytest").partition(".")[0])


def settings_of(folder: Path, major: int) -> Settings:
    """Pytest's settings in a folder, or where they go.

    That is an existing ``pyproject.toml`` or ``tox.ini``, else a new ``pytest.ini``: pytest's
    documentation advises against ``setup.cfg``.

    Raises:
        SettingsError: a file of it cannot be read, or pytest takes those of a folder above.
    """
    found = _taken(folder, major)
    if found is not None:
        return found
    for parent in folder.parents:
        above = _taken(parent, major)
        if above is not None:
            raise SettingsError(
                f"Pytest's settings for {shown(folder)} are those of "
                f"{shown(parent / above.table.file)}.\n"
                f"Nothing was written. Run: pytest-bill init {shown(parent)}; or give this folder "
                "settings of its own before, such as an empty pytest.ini."
            )
    native = _NATIVE if major >= _FIRST_WITH_TOML else _INI_OPTIONS
    for table in (native, _TOX):
        if read(folder, table.file) is not None:
            return Settings(table, {}, is_there=False)
    return Settings(_NEW, {}, is_there=False)


def setting_added(folder: Path, settings: Settings) -> Step:
    """The file with the setting in it."""
    table = settings.table
    path, before = folder / table.file, read(folder, table.file)
    if NAME in settings.values:
        return Step(path, table.file, f"kept, it sets {NAME}")
    if before is None:
        return Step(path, table.file, "written", f"{table.header}\n{_LINE}\n".encode())
    text = before.decode()
    after = next(_with_setting(text, table), None)
    refused = why_not_added(path, before)
    if after is None or refused:
        why = refused or "its table is written in a form of its own"
        return Step(path, table.file, f"kept, {why}; below {table.header}, add: {_LINE}")
    more = after.splitlines()[len(text.splitlines()) :]
    return Step(path, table.file, f"added {counted(more)}", after.encode(), before)


def _taken(folder: Path, major: int) -> Settings | None:
    """The settings that pytest takes in a folder; None where it has none."""
    for table in _OWN_FILES:
        if table.file.endswith(".toml") and major < _FIRST_WITH_TOML:
            continue
        document = _document(folder, table)
        if document is not None:
            return Settings(table, _at(document, table.keys) or {}, is_there=True)
    for table in _SHARED_FILES:
        values = _at(_document(folder, table) or {}, table.keys)
        if values is None or (table is _NATIVE and not _is_native(values)):
            continue
        return Settings(table, values, is_there=True)
    return None


def _is_native(values: Values) -> bool:
    return bool(set(values) - {"ini_options"})


def _document(folder: Path, table: Table) -> dict[str, Any] | None:
    data = read(folder, table.file)
    if data is None:
        return None
    try:
        return table.parse(data.decode())
    except (ValueError, configparser.Error) as error:
        # The first line of the parser's words: it names the line, and may quote what stands there.
        why = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else _first_line(error)
        raise SettingsError(
            f"{shown(folder / table.file)} cannot be read: {why}.\n"
            "Pytest needs it too. Mend it, and run this again; nothing was written."
        ) from None


def _first_line(error: Exception) -> str:
    return ascii(str(error).splitlines()[0])[1:-1].rstrip(".")


def _at(document: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, Any] | None:
    found: Any = document
    for key in keys:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, dict) else None


def _with_setting(text: str, table: Table) -> Iterator[str]:
    """The file with one more setting, in each way that changes nothing else."""
    wanted = table.parse(text)
    inner = wanted
    for key in table.keys:
        inner = inner.setdefault(key, {})
        if not isinstance(inner, dict):
            return
    inner[NAME] = True if table.file.endswith(".toml") else VALUE
    for candidate in _candidates(text, table):
        try:
            if table.parse(candidate) == wanted:
                yield candidate
        except (ValueError, configparser.Error):
            continue


def _candidates(text: str, table: Table) -> Iterator[str]:
    end = "\r\n" if "\r\n" in text else "\n"
    name = r"\s*\.\s*".join(map(re.escape, table.header[1:-1].split(".")))
    for header in re.finditer(rf"(?m)^[ \t]*\[[ \t]*{name}[ \t]*\][^\n]*(\n|\Z)", text):
        before = text[: header.end()]
        before += "" if before.endswith("\n") else end
        yield f"{before}{_LINE}{end}{text[header.end() :]}"
    missing_end = end if text and not text.endswith("\n") else ""
    gap = end if text.strip() else ""
    yield f"{text}{missing_end}{gap}{table.header}{end}{_LINE}{end}"


def _parse_ini(text: str) -> dict[str, Any]:
    parser = configparser.RawConfigParser(strict=False)
    parser.read_string(text)
    return {section: dict(parser[section]) for section in parser.sections()}

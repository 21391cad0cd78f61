"""Where in an ini file a setting stands: its line, and the names of all of ours that are there.

pytest keeps the values and not the places, and what holds the values differs between 8.2 and 9.2.
So the file is read once more, line by line, which is enough to find a name at the beginning of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pytest_bill import real_files
from pytest_bill.patterns import late_pattern

_MOST_BYTES = 2**20
_SECTION = late_pattern(r"\s*\[+([^\]]*)\]+\s*([#;].*)?")
_SETTING = late_pattern(r"""\s?["']?([A-Za-z_]\w*)["']?\s*[=:](.*)""", re.DOTALL)
_SECTIONS = frozenset({"pytest", "tool:pytest", "tool.pytest", "tool.pytest.ini_options"})


INI_FILES = (
    *("pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini"),
    *("pyproject.toml", "tox.ini", "setup.cfg"),
)
"""Those that pytest looks for, in its order."""


class Setting(NamedTuple):
    """A setting as it stands in a file; ``line`` counts from 1."""

    name: str
    value: str
    line: int


def lines_of_settings(path: Path | None) -> dict[str, int]:
    """The line, from 1, of each setting in the sections that pytest reads; empty without a file."""
    found: dict[str, int] = {}
    for setting in settings_in(path) if path is not None else ():
        found.setdefault(setting.name, setting.line)
    return found


def settings_in(path: Path) -> Iterator[Setting]:
    """The settings of one line each in the sections that pytest reads."""
    try:
        text = real_files.read_bytes(path, _MOST_BYTES).decode("utf-8", "replace")
    except OSError:  # there is none, or pytest has told that it cannot be read
        return
    is_inside = False
    for number, line in enumerate(text.splitlines(), 1):
        section = _SECTION.fullmatch(line)
        if section is not None:
            is_inside = section[1].strip() in _SECTIONS
        elif is_inside and (setting := _SETTING.fullmatch(line)) is not None:
            yield Setting(setting[1], setting[2].strip(), number)

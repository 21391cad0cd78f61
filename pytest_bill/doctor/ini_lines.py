"""Where in an ini file a setting stands: its line, and the names of all of ours that are there.

pytest keeps the values and not the places, and what holds the values differs between 8.2 and 9.2.
So the file is read once more, line by line, which is enough to find a name at the beginning of one.
"""

from __future__ import annotations

import re
from pathlib import Path

from pytest_bill import real_files
from pytest_bill.patterns import late_pattern

_MOST_BYTES = 2**20
_SECTION = late_pattern(r"\s*\[+([^\]]*)\]+\s*([#;].*)?")
_SETTING = late_pattern(r"""\s?["']?([A-Za-z_]\w*)["']?\s*[=:].*""", re.DOTALL)
_SECTIONS = frozenset({"pytest", "tool:pytest", "tool.pytest", "tool.pytest.ini_options"})


def lines_of_settings(path: Path | None) -> dict[str, int]:
    """The line, from 1, of each setting in the sections that pytest reads; empty without a file."""
    if path is None:
        return {}
    try:
        text = real_files.read_bytes(path, _MOST_BYTES).decode("utf-8", "replace")
    except OSError:  # pytest has read it
        return {}
    found: dict[str, int] = {}
    is_inside = False
    for number, line in enumerate(text.splitlines(), 1):
        section = _SECTION.fullmatch(line)
        if section is not None:
            is_inside = section[1].strip() in _SECTIONS
        elif is_inside and (setting := _SETTING.fullmatch(line)) is not None:
            found.setdefault(setting[1], number)
    return found

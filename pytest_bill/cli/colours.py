"""Whether a command writes in colour, and how: on a terminal, unless the user says otherwise.

https://no-color.org and https://force-color.org: what counts is that a variable is not empty; as
for pytest and rich, no colour wins.
"""

from __future__ import annotations

import os
import sys
from typing import TextIO

_CODES = {"red": "31", "green": "32", "yellow": "33", "bold": "1", "faint": "2"}


def has_colours(stream: TextIO) -> bool:
    """Whether what is written there is to be in colour."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    if os.environ.get("TERM") == "dumb" or not stream.isatty():
        return False
    # An older console of Windows would show the codes.
    return sys.platform != "win32" or bool({"WT_SESSION", "TERM"} & os.environ.keys())


def painted(text: str, *colours: str) -> str:
    """A text in colour, some of red, green, yellow, bold and faint; it is escaped already."""
    codes = ";".join(_CODES[each] for each in colours)
    return f"\x1b[{codes}m{text}\x1b[0m" if text and codes else text

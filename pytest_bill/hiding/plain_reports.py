"""A failure that is shown as a text without traceback, and still is what pytest makes of errors.

So all that shows reports finds its parts in it: the text, the user's line, and the summary that
stands beside the test; also where the report was made in another process.
"""

from __future__ import annotations

from typing import Any, Final

import pytest

from pytest_bill.hiding.coloured import show_in_colour
from pytest_bill.hiding.reports import users_place

PLAIN_STYLE: Final = "value"
"""pytest's own style for a text without traceback, which users cannot ask for."""


def as_longrepr(
    excinfo: pytest.ExceptionInfo[BaseException], text: str, summary: str, config: pytest.Config
) -> Any:
    """The ``longrepr`` of a report that shows a text; ``summary`` is one line."""
    shown = excinfo.getrepr(style=PLAIN_STYLE, chain=False)
    entry, crash = shown.reprtraceback.reprentries[-1], shown.reprcrash
    entry.lines = text.split("\n")
    if crash is not None:
        crash.message = summary
        place = users_place(excinfo, config.rootpath)
        if place is not None:
            crash.path, crash.lineno = str(config.rootpath / place[0]), place[1]
    show_in_colour(config)
    return shown


def is_plain(longrepr: object) -> bool:
    """Whether a report shows a failure so."""
    return getattr(getattr(longrepr, "reprtraceback", None), "style", "") == PLAIN_STYLE

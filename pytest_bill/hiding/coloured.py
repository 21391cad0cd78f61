"""What differs in a miss, in colour where pytest writes in colour; the text itself stays plain.

Reports are made where tests run and shown where the terminal is, which may be another process. So
the colour is given to a report when it is logged there, and only to what goes to the terminal.
"""

from __future__ import annotations

from typing import Any

import pytest

from pytest_bill.cassettes.differences import NOW, RECORDED
from pytest_bill.exceptions import NotInCassette

_NAME = "bill-colours"
_MISS = f"{NotInCassette.__name__}: "
_PLAIN = "value"
"""As ``plain_reports`` makes them, in whichever process."""
_COLOURS = {f"    {RECORDED}": {"red": True}, f"    {NOW}": {"green": True}}


def show_in_colour(config: pytest.Config) -> None:
    """Show the misses that are logged from now on in colour, if this process writes so."""
    manager = config.pluginmanager
    if manager.has_plugin("terminalreporter") and not manager.has_plugin(_NAME):
        writer = config.get_terminal_writer()
        if writer.hasmarkup:
            manager.register(_Colours(writer), _NAME)


class _Colours:
    """Gives colour to what a report shows on the terminal."""

    def __init__(self, writer: Any) -> None:
        self._writer = writer

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A report comes to where it is shown."""
        shown = report.longrepr
        message = getattr(getattr(shown, "reprcrash", None), "message", "")
        colours = _COLOURS if message.startswith(_MISS) else {}
        for entry in getattr(getattr(shown, "reprtraceback", None), "reprentries", ()):
            if getattr(entry, "style", "") == _PLAIN:
                entry.__class__ = _coloured(type(entry))
                entry.bill_writer, entry.bill_colours = self._writer, colours


def _coloured(plain: Any) -> Any:
    """A class of entries that colours what goes to the terminal, and nothing else.

    It has the name of the other one: by that, reports are sent and read.
    """

    def to_terminal(self: Any, writer: Any) -> None:
        # Older versions of pytest would take the text for Python, and colour its words.
        colours = self.bill_colours if writer is self.bill_writer else {}  # none for a file
        for line in self.lines:
            writer.line(line, **colours.get(line[:6], {}))

    return type(plain.__name__, (plain,), {"toterminal": to_terminal})

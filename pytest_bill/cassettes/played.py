"""A recorded answer that was played, kept by a run that wants to know of it at its end."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from pytest_bill.interaction import Interaction


class Played(NamedTuple):
    """What was played, from which cassette; ``stood_in`` are the kinds of data stood in for there.

    ``owner`` is the test or the fixture that asked.
    """

    interaction: Interaction
    path: Path
    owner: str
    stood_in: frozenset[str] = frozenset()

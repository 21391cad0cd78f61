"""A recorded answer that was played, kept by a run that wants to know of it at its end."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pytest_bill.interaction import Interaction


@dataclass(frozen=True)
class Played:
    """What was played, from which cassette; ``stood_in`` are the kinds of data stood in for there.

    ``owner`` is the test or the fixture that asked.
    """

    interaction: Interaction
    path: Path
    owner: str
    stood_in: frozenset[str] = frozenset()

"""How old what a run played is: the oldest answer of each cassette."""

from __future__ import annotations

from pathlib import Path


class Ages:
    """The cassettes that a run played from; by each, when its oldest played answer was recorded."""

    def __init__(self) -> None:
        self.oldest: dict[Path, str] = {}
        """As ``Interaction.recorded_at`` has it; empty where one of them does not say."""

    def note(self, path: Path, recorded_at: str) -> None:
        """An answer was played."""
        known = self.oldest.get(path)
        if known is None or recorded_at < known:
            self.oldest[path] = recorded_at

"""What happened to the requests of a run, in numbers."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass
class Counts:
    """What happened to the requests of a run.

    ``live`` are those that were sent in a run that uses no cassettes.
    """

    sign_ins: int = 0
    requests: int = 0
    recorded: int = 0
    replayed: int = 0
    live: int = 0

    def as_dict(self) -> dict[str, int]:
        """The counts by name."""
        return asdict(self)

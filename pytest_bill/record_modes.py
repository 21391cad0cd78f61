"""VCR's record modes, and what each of them allows."""

from __future__ import annotations

from enum import StrEnum


class RecordMode(StrEnum):
    """What may be done with a cassette. Each equals its plain word."""

    NONE = "none"
    """Only plays: a request that is not in the cassette fails."""

    ONCE = "once"
    """Records while there is no cassette, and only plays what is there otherwise."""

    NEW_EPISODES = "new_episodes"
    """Plays what is there and records the rest."""

    ALL = "all"
    """Plays nothing and records anew."""

    @property
    def may_play(self) -> bool:
        """Whether what is recorded is played."""
        return self is not RecordMode.ALL

    @property
    def may_send(self) -> bool:
        """Whether any request may reach BILL."""
        return self is not RecordMode.NONE

    def may_record(self, *, exists: bool) -> bool:
        """Whether a request that is not recorded may be; ``exists`` says if there is a cassette."""
        return self.may_send and not (self is RecordMode.ONCE and exists)


RECORD_MODES = tuple(RecordMode)

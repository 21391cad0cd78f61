"""Who uses a cassette and how, and a cassette that is in use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pytest_bill.cassettes.cassette import Cassette
from pytest_bill.cassettes.matchers import DEFAULT_MATCH_ON, CustomMatcher
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.personal import StandInChoice

if TYPE_CHECKING:
    from pytest_bill.cassettes.differences import Difference


class Use(NamedTuple):
    """Who uses a cassette and how.

    ``owner`` names a test, a fixture or a sign-in for messages; ``record_command`` is what a user
    types to record it. Two users of a ``shared`` cassette add to each other's recording.
    ``fixture`` is the definition of the fixture that uses it, ``fixtures`` are the definitions of
    those that its user uses. With ``replaces_equal`` what is recorded takes the place of the same
    request's recording. Users that take turns wait for each other: what one process records, the
    next plays. ``stand_ins`` are the choices for data of BILL's, and for data that is made up,
    where they are not those of the run.
    """

    path: Path
    record_mode: str
    owner: str
    record_command: str
    shared: bool = False
    match_on: Sequence[str | CustomMatcher] = DEFAULT_MATCH_ON
    fixture: str = ""
    fixtures: frozenset[str] = frozenset()
    replaces_equal: bool = False
    takes_turns: bool = False
    keep: frozenset[int | str] = frozenset()
    """What is recorded of what nobody should keep: see ``keeping``."""
    stand_ins: tuple[StandInChoice, StandInChoice] | None = None
    renamed: Callable[[], str] = str
    """Says which test that is gone its test looks like, where the file is not there; or nothing."""


@dataclass(frozen=True)
class Miss:
    """A request that had no recorded answer: its message, and the request as messages show it.

    ``nearest`` is the recorded request most like it, and ``differences`` say how; where there are
    none, its answers were all played before. Empty where nothing is recorded. ``summary`` is one
    line without the test: it stands beside that.
    """

    message: str
    request: str
    nearest: str = ""
    differences: tuple[Difference, ...] = ()
    summary: str = ""


@dataclass
class OpenCassette:
    """A cassette in use, with the misses that happened meanwhile.

    ``unanswered`` are requests that were begun, and of which the cassette will hold nothing;
    ``lost`` are those that were sent, of which it cannot hold what became of them. A test that
    passed ``is_complete``; then what is saved may have ``replaced`` what was held. ``turn``
    ends when it is closed. So many of what is recorded are ``saved`` already, and so many answers
    were ``played``. ``joins`` is called
    before the next request.
    """

    use: Use
    cassette: Cassette
    misses: list[Miss] = field(default_factory=list)
    is_closed: bool = False
    unanswered: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    is_complete: bool = False
    replaced: list[Interaction] = field(default_factory=list)
    turn: ExitStack = field(default_factory=ExitStack)
    saved: int = 0
    played: int = 0
    joins: Callable[[], None] | None = None

    @property
    def may_record(self) -> bool:
        """Whether a request that is not in it may be sent and recorded."""
        return self.cassette.can_record

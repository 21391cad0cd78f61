"""With ``new_episodes``, what a test records anew takes the place of what it asks no more.

A request that changed would else leave its old recording in the file for ever. What goes is decided
at the end of a test that passed, of a cassette that is this test's alone:

- a recording that was not played, where a new one has its method and path (ids in it apart), one
  for one;
- a recording that was not played, of a method and path that the test did not ask for at all.

What was asked as recorded, but fewer times, stays: a test that polls may need it the next time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pytest_bill.cassettes.use import OpenCassette
from pytest_bill.interaction import Interaction
from pytest_bill.patterns import late_pattern
from pytest_bill.record_modes import RecordMode
from pytest_bill.urls import split

# Words of v3's paths are written so; its ids have digits or begin with a capital.
# https://developer.bill.com/reference lists the paths.
_WORD = late_pattern(r"[a-z][A-Za-z-]*|v\d+")
_ID = "{id}"


def replaced(opened: OpenCassette) -> frozenset[int]:
    """The numbers of the interactions in its file that what is new takes the place of."""
    cassette, use = opened.cassette, opened.use
    if (
        not opened.is_complete
        or use.record_mode != RecordMode.NEW_EPISODES
        or use.shared
        or use.fixture
        or not cassette.recorded
        or opened.misses
        or opened.unanswered
    ):
        return frozenset()
    return _replaced(cassette.interactions, set(cassette.unplayed_numbers), cassette.recorded)


def _replaced(
    held: Sequence[Interaction], unplayed: set[int], new: list[Interaction]
) -> frozenset[int]:
    played = [each for number, each in enumerate(held) if number not in unplayed]
    asked_so = {each.request for each in played}
    asked = {_kind_of(each) for each in (*played, *new)}
    news = Counter(map(_kind_of, new))
    gone = set()
    for number in sorted(unplayed):
        old = held[number]
        kind = _kind_of(old)
        if kind not in asked:
            gone.add(number)
        elif news[kind] and old.request not in asked_so:
            news[kind] -= 1
            gone.add(number)
    return frozenset(gone)


def _kind_of(interaction: Interaction) -> tuple[str, str]:
    """Method and path, without its ids; v2 has none in its paths."""
    path = split(interaction.url).path
    # What stands before the version is that of an environment.
    _, v3, rest = path.partition("/v3/")
    if v3:
        words = [each if _WORD.fullmatch(each) else _ID for each in rest.split("/")]
        path = v3 + "/".join(words)
    return interaction.method, path[max(0, path.find("/v2/")) :]

"""Two runs at once that recorded the same cassette: what each has added stays, and nothing twice.

A run keeps what a cassette held when it first wrote into it (``staging.keep_base``). Where the file
is another one when the run ends, another run has written it meanwhile.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pytest_bill import real_files
from pytest_bill.cassettes import staging, store
from pytest_bill.cassettes.saving import about_answerers
from pytest_bill.exceptions import CassetteError
from pytest_bill.interaction import Interaction


@dataclass(frozen=True)
class Merged:
    """What a cassette is to hold: this run's interactions joined to what another run wrote.

    Of this run's, so many ``doubles`` were left out: the other one has recorded the same requests.
    """

    recording: store.Recording
    added: int
    doubles: int


def with_others(scratch: Path, path: Path, ours: store.Recording) -> Merged | None:
    """This run's recording of a cassette, joined to what another run has written meanwhile.

    None where there is nothing to join: nobody has written it; or this run has recorded all of it
    anew, for one test or fixture, and that takes its place.
    """
    base_file = staging.base_of(scratch, path)
    try:
        before = real_files.read_bytes(base_file)
        now = real_files.read_bytes(path)
    except FileNotFoundError:
        return None
    if now == before:
        return None
    try:
        base = store.load(path, base_file) or store.Recording()
        theirs = store.load(path) or store.Recording()
    except CassetteError:  # one of them is damaged: ours is whole
        return None
    known = set(map(_identity, base.interactions))
    goes_on = any(_identity(each) in known for each in ours.interactions)
    if not goes_on and not staging.is_shared(scratch, path):
        return None
    return _merged(base, theirs, ours)


def _merged(base: store.Recording, theirs: store.Recording, ours: store.Recording) -> Merged:
    before = set(map(_identity, base.interactions))
    held = set(map(_identity, ours.interactions))
    # The same request asked more than once is the same so many times.
    known = Counter(each.request for each in theirs.interactions if _identity(each) not in before)
    new = [each for each in ours.interactions if _identity(each) not in before]
    added = []
    for each in new:
        if known[each.request]:
            known[each.request] -= 1
        else:
            added.append(each)
    # What this run has replaced goes from theirs, too.
    gone = before - held
    interactions = [each for each in theirs.interactions if _identity(each) not in gone]
    interactions += added
    about = _about(theirs.metadata, ours.metadata) | about_answerers(interactions)
    metadata = {**theirs.metadata, **ours.metadata, "pytest_bill": about}
    return Merged(store.Recording(interactions, metadata), len(added), len(new) - len(added))


def _about(theirs: Mapping[str, Any], ours: Mapping[str, Any]) -> dict[str, Any]:
    """What the plugin says of the file."""
    left, right = (each.get("pytest_bill") or {} for each in (theirs, ours))
    about = {name: each for name, each in {**left, **right}.items() if name != "note"}
    stand_ins = [each["stand_ins"] for each in (left, right) if each.get("stand_ins")]
    if len(stand_ins) == 2:
        kinds = {kind for each in stand_ins for kind in each.get("kinds", ())}
        about["stand_ins"] = {**stand_ins[0], **stand_ins[1], "kinds": sorted(kinds)}
        if stand_ins[0].get("fingerprint") != stand_ins[1].get("fingerprint"):
            about["stand_ins"]["mixed"] = True
    return about


def _identity(interaction: Interaction) -> Hashable:
    """What tells one recorded interaction from another one."""
    answer = interaction.status, interaction.answer_body, interaction.recorded_at
    return *interaction.request, *answer


def is_another_recording(scratch: Path, path: Path) -> bool:
    """Whether a cassette that was changed meanwhile was recorded anew: by another run, that is.

    What is edited, or put back from version control, is no younger than it was.
    """
    try:
        before = store.load(path, staging.base_of(scratch, path)) or store.Recording()
        now = store.load(path) or store.Recording()
    except CassetteError:
        return False
    return _newest(now) > _newest(before)


def _newest(recording: store.Recording) -> str:
    return max((each.recorded_at for each in recording.interactions), default="")

"""What a miss says: the request, the nearest recorded one, what differs, and what records it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from pytest_bill.cassettes.bills_urls import shown_path
from pytest_bill.cassettes.cassette import Nearest
from pytest_bill.cassettes.differences import ABSENT, NOW, RECORDED, Difference
from pytest_bill.cassettes.use import Miss, OpenCassette
from pytest_bill.interaction import Interaction
from pytest_bill.printable import printable
from pytest_bill.real_files import relative_to_here
from pytest_bill.record_modes import RecordMode

_MOST_DIFFERENCES = 8


def miss_of(
    request: Interaction,
    opened: OpenCassette,
    described: Callable[[Interaction], str],
    hide: Callable[[str], str],
) -> Miss:
    """A request that has no recorded answer in an open cassette, and the lines about it."""
    cassette = opened.cassette
    nearest = cassette.nearest(request) if cassette.exists else None
    asked = described(request)
    recorded = ""
    differing: Sequence[Difference] = ()
    if nearest is not None:
        there = nearest.interaction
        # What else it holds was scrubbed when it was recorded.
        recorded = described(Interaction.asked(there.method, there.url, {}, b""))
        differing = nearest.differences
    lines = _lines(request, asked, recorded, differing, opened)
    message = _in_words(lines, hide)
    path = shown_path(asked.partition(" ")[2])
    summary = _in_words([f"{request.method} {path} {_why(opened, nearest)}"], hide)
    if nearest is None:
        return Miss(message, asked, summary=summary)
    differences = tuple(
        Difference(each.part, hide(each.now), hide(each.recorded)) for each in differing
    )
    return Miss(message, asked, recorded, differences, summary)


def _in_words(lines: Sequence[str], hide: Callable[[str], str]) -> str:
    """The lines without secrets, and without what would steer a terminal."""
    text = hide("\n".join(lines))
    shown = text.split("\n")
    if len(shown) == len(lines) and all(map(str.isprintable, shown)):  # as mostly
        return text
    return "\n".join(printable(hide(line)) for line in lines)


def _why(opened: OpenCassette, nearest: Nearest | None) -> str:
    if opened.cassette.exists and nearest is not None and not nearest.differences:
        return "was played before, as often as it was recorded"
    return "was not recorded"


def _lines(
    request: Interaction,
    asked: str,
    recorded: str,
    differing: Sequence[Difference],
    opened: OpenCassette,
) -> list[str]:
    """``asked`` is the request in words, ``recorded`` the nearest one, which may be none."""
    use, cassette = opened.use, opened.cassette
    lines = [f"{use.owner}: no recorded answer (record mode {use.record_mode})."]
    lines.append(f"  request: {asked}")
    if not cassette.exists:
        what = "is empty" if use.path.is_file() else "does not exist"
        lines.append(f"  cassette: {relative_to_here(use.path)} {what}.")
        if hint := use.renamed():
            lines.append(f"  {hint}")
    else:
        lines.append(
            f"  cassette: {relative_to_here(use.path)}, {len(cassette.interactions)} recorded."
        )
    if recorded:
        lines.append(f"  nearest: {recorded}")
        if not differing:
            lines.append("  differs: nothing; each recorded answer was already played.")
        else:
            lines.append(f"  differs ({RECORDED}recorded, {NOW}now):")
            for difference in differing[:_MOST_DIFFERENCES]:
                lines += _difference_lines(difference)
            more = len(differing) - _MOST_DIFFERENCES
            if more > 0:
                lines.append(f"    … and {more} more")
    others = list(_other_recordings(request, opened))
    lines += others
    command = use.record_command
    if cassette.environment_name == "local" and "--bill-environment=" not in command:
        command += " --bill-environment=local"
    if others:
        lines.append(f"Record both anew: {command} --bill-record-mode={RecordMode.ALL}")
        return lines
    mode = RecordMode.NEW_EPISODES if cassette.exists else RecordMode.ONCE
    lines.append(f"Record it: {command} --bill-record-mode={mode}")
    return lines


def _difference_lines(difference: Difference) -> Iterator[str]:
    for mark, value in ((RECORDED, difference.recorded), (NOW, difference.now)):
        if value != ABSENT:
            yield f"    {mark}{difference.part}: {value}"


def _other_recordings(request: Interaction, opened: OpenCassette) -> Iterator[str]:
    """What tells that the test was recorded with another recording of a fixture that it uses."""
    cassette = opened.cassette
    if not cassette.exists or not cassette.fixture_cassettes:
        return
    from pytest_bill.cassettes.changes.apart import ids_asked, ids_told

    for each in cassette.fixture_cassettes:
        told = ids_told([*each.interactions, *each.recorded])
        asked = ids_asked([request], told)
        if asked and not ids_asked(cassette.interactions, asked):
            yield (
                f"  {min(asked)} is what {relative_to_here(each.path)} tells: this test was "
                "recorded with another recording of it."
            )

"""What a miss says: the request, the nearest recorded one, what differs, and what records it."""

from __future__ import annotations

from collections.abc import Callable

from pytest_bill.cassettes.use import OpenCassette
from pytest_bill.interaction import Interaction
from pytest_bill.real_files import relative_to_here
from pytest_bill.record_modes import RecordMode

_MOST_DIFFERENCES = 8


def miss_message(
    request: Interaction, opened: OpenCassette, described: Callable[[Interaction], str]
) -> str:
    """The lines about a request that has no recorded answer in an open cassette."""
    use, cassette = opened.use, opened.cassette
    lines = [f"{use.owner}: no recorded answer (record mode {use.record_mode})."]
    lines.append(f"  request: {described(request)}")
    if not cassette.exists:
        lines.append(f"  cassette: {relative_to_here(use.path)} does not exist.")
    else:
        lines.append(
            f"  cassette: {relative_to_here(use.path)}, {len(cassette.interactions)} recorded."
        )
        nearest = cassette.nearest(request)
        if nearest is not None:
            lines.append(f"  nearest: {described(nearest.interaction)}")
            if not nearest.differences:
                lines.append("  differs: nothing; each recorded answer was already played.")
            for difference in nearest.differences[:_MOST_DIFFERENCES]:
                lines.append(
                    f"  differs: {difference.part}: {difference.now} now, "
                    f"{difference.recorded} recorded"
                )
    if use.refuse_recording:
        lines.append(f"  {use.refuse_recording}")
    command = use.record_command
    local = "--bill-environment=local"
    if cassette.environment_name == "local" and local not in command:
        command += f" {local}"
    mode = RecordMode.NEW_EPISODES if cassette.exists else RecordMode.ONCE
    lines.append(f"Record it: {command} --bill-record-mode={mode}")
    return "\n".join(lines)

"""A cassette as one plain text for ``git diff``: the same for the same file, wherever it is made.

No numbers: one more interaction at the beginning is no change of all the others. What is no
cassette, or cannot be read as one, comes out as it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from pytest_bill.cassettes.store import Recording, parsed
from pytest_bill.viewing.content import json_lines
from pytest_bill.viewing.files import is_cassette
from pytest_bill.viewing.hidden import Hidden
from pytest_bill.viewing.interactions import lines_of


def converted(raw: bytes) -> bytes:
    """The text of a file of this content."""
    if not is_cassette(raw):
        return raw
    try:
        recording = parsed(raw)
        if recording is None:
            return raw
        text = "".join(f"{line}\n" for line in _lines(recording))
    except Exception:  # git would show nothing at all of what failed here
        return raw
    return text.encode("utf-8", "backslashreplace")


def _lines(recording: Recording) -> Iterator[str]:
    if recording.metadata:
        written = json.dumps(recording.metadata, default=str, ensure_ascii=False)
        first, *others = json_lines(written) or []
        yield f"metadata: {first.text}"
        yield from (each.text for each in others)
    hidden = Hidden(recording.interactions)
    for number in range(len(hidden)):
        yield ""
        yield from (each.text for each in lines_of(hidden[number]))

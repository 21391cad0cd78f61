"""Reading JSON that people may have edited: what is wrong is told in words, with its line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pytest_bill import real_files

MOST_BYTES = 64 * 2**20
"""So large may such a file be."""
_LONGEST_NAME = 80


class NotJson(ValueError):
    """A file is no JSON; its words say why, and in which line."""


def read(path: Path, most: int = MOST_BYTES) -> Any:
    """What a JSON file holds.

    Raises:
        OSError: it cannot be read, is no file, or too large; ``strerror`` says which.
        NotJson: it is none.
    """
    raw = real_files.read_bytes(path, most)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise NotJson(f"line {line} is not UTF-8") from None
    if not text.strip():
        raise NotJson("it is empty")
    try:
        return json.loads(text, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        if text.startswith("<<<<<<< ", error.pos):
            raise NotJson(f"line {error.lineno} is the mark of a merge conflict") from None
        what = error.msg[:1].lower() + error.msg[1:]
        raise NotJson(f"line {error.lineno}, column {error.colno}: {what}") from None
    except RecursionError:
        raise NotJson("it is nested too deeply") from None
    except NotJson:
        raise
    except ValueError:  # more digits than Python takes
        raise NotJson("it holds a number that is too long") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise NotJson(f"{twice[:_LONGEST_NAME]!r} stands twice in one object")
    return made

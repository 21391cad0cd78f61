"""Whether bytes are a text at all."""

from __future__ import annotations


def is_utf8(data: bytes) -> bool:
    """Whether data is a text in UTF-8."""
    if data.isascii():
        return True
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True

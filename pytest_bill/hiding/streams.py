"""Text streams that hide secrets in what is written to them."""

from __future__ import annotations

from typing import Any

from pytest_bill.hiding.values import Hide


class HidingStream:
    """A text stream that hides secrets in each piece written to it."""

    def __init__(self, stream: Any, hide: Hide) -> None:
        self._stream = stream
        self._hide = hide

    def write(self, text: str) -> Any:
        """Write the text without secrets; the length is that of what was given."""
        self._stream.write(self._hide(text))
        return len(text)

    def writelines(self, lines: Any) -> None:
        """Write each line without secrets."""
        for line in lines:
            self.write(line)

    @property
    def buffer(self) -> Any:
        """The bytes below, which are searched as well."""
        return HidingBuffer(self._stream.buffer, self._hide)

    def __iter__(self) -> Any:
        return iter(self._stream)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class HidingBuffer:
    """As ``HidingStream``, for bytes."""

    def __init__(self, buffer: Any, hide: Hide) -> None:
        self._buffer = buffer
        self._hide = hide

    def write(self, data: Any) -> int:
        """Write the bytes without secrets."""
        text = bytes(data).decode("utf-8", "surrogateescape")
        self._buffer.write(self._hide(text).encode("utf-8", "surrogateescape"))
        return len(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._buffer, name)

"""What stands for the file of a socket: answers as they are read, were read, or were recorded."""

from __future__ import annotations

import io
from copy import copy
from typing import Any

from pytest_bill.cassettes.faults import Fault
from pytest_bill.clients.faults import low_level_error, received_bytes
from pytest_bill.interaction import Interaction

_PIECE = 2**16


class ReceivedBytes(io.RawIOBase):
    """The bytes that come from BILL, kept as they are read, also those before an error."""

    def __init__(self, file: Any) -> None:
        self.file = file
        self.bytes = bytearray()

    def readline(self, size: int | None = -1) -> bytes:
        """As a file's."""
        return self._keep_bytes(self.file.readline(size))

    def read(self, size: int | None = -1) -> bytes:
        """As a buffered file's: less than asked for only at the end."""
        wanted = -1 if size is None else size
        begun = len(self.bytes)
        while wanted < 0 or len(self.bytes) - begun < wanted:
            left = _PIECE if wanted < 0 else min(_PIECE, wanted - (len(self.bytes) - begun))
            if not self._keep_bytes(self.file.read1(left)):
                break
        return bytes(self.bytes[begun:])

    def readinto(self, buffer: Any) -> int:
        """As a file's."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def _keep_bytes(self, data: bytes) -> bytes:
        self.bytes += data
        return data


class _Bytes(io.RawIOBase):
    """What came of an answer, and the error that ended it, if one did.

    A copy of that is raised: an error knows who read, and who reads has this file, with its socket.
    Such a circle would be left to the garbage collector, and the socket open until then.
    """

    def __init__(self, data: bytes | bytearray, error: OSError | None) -> None:
        self._data = io.BytesIO(data)
        self._error = copy(error)

    def readable(self) -> bool:
        """As a socket's file."""
        return True

    def readinto(self, buffer: Any) -> int:
        """As a socket's file: what came, and then the error, if there was one."""
        count = self._data.readinto(buffer)
        if not count and self._error is not None:
            raise copy(self._error)
        return count


class ReplayedBytes(_Bytes):
    """An answer that was read before, from a socket."""

    def __init__(self, received: ReceivedBytes, error: OSError | None) -> None:
        super().__init__(received.bytes, error)
        self._file = received.file

    def fileno(self) -> int:
        """That of the socket that it was read from."""
        return int(self._file.fileno())

    def close(self) -> None:
        """Close it, and let go of the socket."""
        super().close()
        self._file.close()


class EndingFile(_Bytes):
    """What came before a recorded fault, and then its error."""

    def __init__(self, recorded: Interaction) -> None:
        super().__init__(received_bytes(recorded), low_level_error(Fault(recorded.fault)))


class WatchedLines:
    """A file that knows whether it ended where a line was asked for."""

    def __init__(self, file: Any) -> None:
        self.file = file
        self.has_ended = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)

    def readline(self, *size: int) -> bytes:
        """As the file's."""
        line: bytes = self.file.readline(*size)
        self.has_ended = not line
        return line

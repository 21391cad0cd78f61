"""One run at a time puts cassettes into a folder."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pytest_bill.cassettes.staging import path_digest

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


@contextmanager
def alone(cassette_dir: Path, wait: Callable[[], None]) -> Iterator[None]:
    """The block in which no other run puts cassettes into a folder.

    ``wait`` is called where another one does, before that is waited for.
    """
    if fcntl is None:
        from filelock import FileLock, Timeout

        lock = FileLock(
            Path(tempfile.gettempdir(), f"pytest-bill-{path_digest(cassette_dir)}.lock")
        )
        try:
            lock.acquire(timeout=0)
        except Timeout:
            wait()
            lock.acquire()
        try:
            yield
        finally:
            lock.release()
        return
    # The folder itself, so that no file has to be left in it for the next run.
    folder = os.open(cassette_dir, os.O_RDONLY)
    try:
        with suppress(_NoLocks):
            _lock(folder, wait)
        yield
    finally:
        os.close(folder)


class _NoLocks(Exception):
    """The file system has none."""


def _lock(folder: int, wait: Callable[[], None]) -> None:
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        wait()
        fcntl.flock(folder, fcntl.LOCK_EX)
    except OSError:
        raise _NoLocks from None

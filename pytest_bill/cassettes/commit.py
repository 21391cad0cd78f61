"""The end of a recording run: its cassettes are put into their places, by one run at a time.

What is to be put is written down first. A run that is killed meanwhile is finished by the next one,
so that the cassettes of a fixture and of its tests stay of one recording.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pytest_bill import real_files
from pytest_bill.cassettes.naming import FIXTURE, SIGN_INS
from pytest_bill.cassettes.not_written import reason
from pytest_bill.cassettes.staging import FOLDER, Staging, is_in_use, path_digest, remove_if_empty

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_LIST = ".to-be-put"


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


def put_all(where: Staging, paths: Collection[Path], failed: Callable[[Path, str], None]) -> None:
    """Put recordings in their places, those that others depend on first.

    ``failed`` is told why where the file system refuses one, which is as it was then.
    """
    waiting = sorted(filter(where.is_waiting, paths), key=_comes_late)
    listed = where.folder / _LIST
    if waiting:
        names = [
            place.relative_to(where.folder).as_posix() for place in map(where.place_of, waiting)
        ]
        with suppress(OSError):  # a full disk; it is told below
            real_files.replace_file(listed, json.dumps(names).encode(), 0o600)
    for path in waiting:
        try:
            where.put(path)
        except OSError as error:
            failed(path, f"it cannot be written: {reason(error)}.")
    listed.unlink(missing_ok=True)


def _comes_late(path: Path) -> bool:
    """Not of a sign-in or a fixture: a test's cassette stands on theirs."""
    return not (path.name.startswith(FIXTURE) or path.parent.name == SIGN_INS)


def finish_left(cassette_dir: Path) -> list[Path]:
    """Put what a run that was killed had begun to put; gives the cassettes."""
    top = cassette_dir / FOLDER
    if not real_files.exists(top):
        return []
    finished = []
    temporary = Path(tempfile.gettempdir())
    for listed in sorted(top.glob(f"*/{_LIST}")):
        folder = listed.parent
        if is_in_use(folder, temporary):
            continue
        # Another run may do the same.
        with alone(cassette_dir, lambda: None), suppress(OSError, ValueError):
            for name in json.loads(listed.read_text(encoding="utf-8")):
                place, path = folder / name, cassette_dir / name
                if place.exists():
                    real_files.make_folders(path.parent)
                    real_files.move_file(place, path)
                    finished.append(path)
            listed.unlink()
            remove_if_empty(folder)
    return finished

"""A folder for what the processes of one run share; nobody else may read it, and it goes away.

It goes at the end of the run, also of one that a signal ends. A process that is killed outright
cannot clean up: the next run does it, since the lock that marks a folder as in use dies with its
owner. Windows has neither these locks nor these modes; there the folder is private as far as the
user's own temporary folder is.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from types import FrameType
from typing import Protocol

from pytest_bill.exceptions import SettingsError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

PREFIX = "pytest-bill-"
_REMOVED = "-removed"
_OWNER = "owner.lock"
_LONGEST_SECONDS_TO_MARK = 60
_SIGNALS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]


class PrivateFolder:
    """A new folder of mode 0700."""

    def __init__(self) -> None:
        """Make it.

        Raises:
            SettingsError: there is no place for it.
        """
        try:
            remove_leftovers()
            with _signals_wait():
                self._make()
        except OSError as error:
            raise _no_place(error) from None

    def _make(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX))
        self._pid = os.getpid()
        try:
            self._owner = _mark(self.path)
        except OSError:
            shutil.rmtree(self.path, ignore_errors=True)
            raise
        self._handled: list[int] = []
        atexit.register(self.remove)
        _here.append(self)
        if threading.current_thread() is threading.main_thread():
            for number in _SIGNALS:
                if signal.getsignal(number) is signal.SIG_DFL:
                    signal.signal(number, self._end)
                    self._handled.append(number)

    def remove(self) -> None:
        """Remove it with all that is in it; once is enough, and a forked child does nothing."""
        if os.getpid() != self._pid or self not in _here:
            return
        # First: where a signal comes in between, its handler or the process's end does it again.
        _remove(self.path)
        atexit.unregister(self.remove)
        _here.remove(self)
        self.ignore_signals()
        if self._owner is not None:
            os.close(self._owner)
            self._owner = None

    def ignore_signals(self) -> None:
        """Let them end the process at once."""
        for number in self._handled:
            with suppress(ValueError):  # not in the main thread: then it stays, and does no harm
                if signal.getsignal(number) == self._end:
                    signal.signal(number, signal.SIG_DFL)
        self._handled = []

    def _end(self, number: int, _frame: FrameType | None) -> None:
        """Remove the folder, then end as the signal would have."""
        self.remove()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)


def _no_place(error: OSError) -> SettingsError:
    reason = (error.strerror or type(error).__name__).rstrip(".")
    return SettingsError(
        f"No temporary folder can be made: {reason}.\n"
        "Set TMPDIR to a folder with room in it that this user may write into."
    )


@contextmanager
def _signals_wait() -> Iterator[None]:
    """The block in which no signal ends this process: nobody would remove what it makes."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [*_SIGNALS, signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_here: list[PrivateFolder] = []


def _after_fork_in_child() -> None:
    # A forked process has nothing to remove. With a handler of Python's it would not end by a
    # signal that comes right before it waits for something.
    for folder in _here:
        folder.ignore_signals()
    _here.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)


class RunEnded(Exception):
    """The folder that the processes of a run share is gone."""

    def __init__(self) -> None:
        super().__init__("the test run has ended, and what its processes shared is gone")


class NotTaken(RunEnded):
    """The process that has the folder of all could not take what was given to it."""

    def __init__(self, why: str) -> None:
        Exception.__init__(self, f"the controller of the run could not take it ({why})")


class Elsewhere(Protocol):
    """The folder of all, where that is on another machine: this process has one of its own."""

    def held(self, name: str, about: Path | None) -> AbstractContextManager[None]:
        """The block in which this process has a lock of all, and what goes with it."""

    def tell(self, process: str, line: bytes) -> None:
        """Tell what is read in the folder of all."""


_elsewhere: dict[Path, Elsewhere] = {}


def share(folder: Path, elsewhere: Elsewhere) -> None:
    """From now on, a folder stands for one on another machine."""
    _elsewhere[folder] = elsewhere


def share_no_more(folder: Path) -> None:
    """It stands for itself again."""
    _elsewhere.pop(folder, None)


def elsewhere(folder: Path) -> Elsewhere | None:
    """What a folder stands for; None where it is that of all."""
    return _elsewhere.get(folder)


@contextmanager
def locked(folder: Path, name: str, about: Path | None = None) -> Iterator[None]:
    """Hold the lock of that name in a run's folder, for this process alone.

    It is ``about`` a cassette, or about none.

    Raises:
        RunEnded: the run has ended. To lock would make its folder again, readable by others and
            removed by nobody.
    """
    from filelock import FileLock  # a replay needs none

    if not folder.is_dir():
        raise RunEnded
    is_marked = (folder / _OWNER).exists()
    with FileLock(folder / name, mode=0o600):
        if is_marked and not (folder / _OWNER).exists():
            # It went in between.
            shutil.rmtree(folder, ignore_errors=True)
            raise RunEnded
        others = _elsewhere.get(folder)
        with others.held(name, about) if others is not None else nullcontext():
            yield


def _remove(folder: Path) -> None:
    """By another name, so that no process writes into it meanwhile, and so keeps it."""
    renamed = folder.with_name(f"{folder.name}{_REMOVED}")
    try:
        folder.rename(renamed)
    except OSError:
        if folder.exists():  # Windows, where a file in it is open
            renamed = folder
    shutil.rmtree(renamed, ignore_errors=True)


def remove_leftovers() -> None:
    """Remove this user's folders whose owners are gone."""
    if fcntl is None:
        return
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            about = folder.lstat()
            if about.st_uid != os.getuid() or not folder.is_dir() or folder.is_symlink():
                continue
            if folder.name.endswith(_REMOVED):  # somebody was killed in the middle of it
                shutil.rmtree(folder, ignore_errors=True)
                continue
            try:
                owner = os.open(folder / _OWNER, os.O_RDWR)
            except FileNotFoundError:
                # Somebody wrote into it while it was removed; or it is just being made.
                if _now() - about.st_mtime > _LONGEST_SECONDS_TO_MARK:
                    _remove(folder)
                continue
            try:
                fcntl.flock(owner, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _remove(folder)
            finally:
                os.close(owner)


def _now() -> float:
    """What the file system takes for now: a test may have moved Python's clock."""
    with tempfile.TemporaryFile() as file:
        return os.fstat(file.fileno()).st_mtime


def _mark(folder: Path) -> int | None:
    """Hold a lock in the folder as long as this process lives."""
    if fcntl is None:
        return None
    new = folder / f"{_OWNER}.new"
    owner = os.open(new, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    fcntl.flock(owner, fcntl.LOCK_EX)
    # Locked before it has its name, so that nobody takes the folder for a leftover.
    new.rename(folder / _OWNER)
    return owner

"""Which test a thread works for: what it asks BILL belongs to that test's cassette, and no other.

The thread in which pytest runs works for the test that runs. Any other works for whoever gave it
its work: a task or a call in an event loop has that in its context, a thread was started by it. A
thread that waits for work when a test ends (a pool's, a queue's, a server's) is free for the next.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import FrameType


class Owner:
    """A test, or a fixture that is wider than one, that threads work for."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.has_ended = False

    def __repr__(self) -> str:
        return f"<{self.name}{', ended' if self.has_ended else ''}>"


_context: ContextVar[Owner | None] = ContextVar("pytest_bill_owner", default=None)
_OWNER, _JOB = "_pytest_bill_owner", "_pytest_bill_job"
_watching: list[Threads] = []
_start = threading.Thread.start


class Threads:
    """The owners of a run's threads. Threads that were there before are nobody's."""

    def __init__(self) -> None:
        self._now: Owner | None = None
        self._main = threading.get_ident()
        self._before: dict[Owner, Owner | None] = {}

    def watch(self) -> None:
        """See who starts threads from now on."""
        _watching.append(self)
        if threading.Thread.start is _start:
            threading.Thread.start = _starting  # type: ignore[method-assign]

    def close(self) -> None:
        """See nothing more."""
        _watching.remove(self)
        if not _watching and threading.Thread.start is _starting:
            threading.Thread.start = _start  # type: ignore[method-assign]

    def begin(self, name: str) -> None:
        """A test begins, in the calling thread."""
        self._main = threading.get_ident()
        self._now = Owner(name)
        _context.set(self._now)

    def end(self) -> None:
        """The test has ended: what its threads do from now on belongs to nobody's cassette."""
        owner, self._now = self._now, None
        _context.set(None)
        if owner is not None:
            _end_owner(owner)

    def begin_fixture(self, name: str) -> Owner:
        """A fixture wider than one test is set up: what it starts outlives the test."""
        owner = Owner(name)
        self._before[owner] = self._now
        self._now = owner
        _context.set(owner)
        return owner

    def go_on_after(self, owner: Owner) -> None:
        """A fixture is set up, and who was at work before goes on."""
        self._now = self._before.pop(owner, None)
        _context.set(self._now)

    def end_fixture(self, owner: Owner) -> None:
        """A fixture was torn down."""
        _end_owner(owner)

    def whose(self) -> str:
        """The finished test or fixture that the calling thread works for; empty for none."""
        if threading.get_ident() == self._main:
            return ""
        owner = _context.get() or _owner_of(threading.current_thread())
        return owner.name if owner is not None and owner.has_ended else ""

    def wait_for_left_behind(self, seconds: float) -> None:
        """Wait for the threads that finished tests left at work, all in all as long as that.

        Python waits for them in any case before it ends, and whoever asks BILL only then is not
        told of.
        """
        until = time.monotonic() + seconds
        for thread in threading.enumerate():
            owner = vars(thread).get(_OWNER)
            if owner is not None and owner.has_ended and not thread.daemon:
                thread.join(max(0.0, until - time.monotonic()))

    def start_for_nobody(self, thread: threading.Thread) -> None:
        """Start a thread of our own; it says whom it works for, each time."""
        _start(thread)

    @contextmanager
    def working_for(self, owner: Owner | None) -> Iterator[None]:
        """The block in which the calling thread works for somebody else."""
        before = _context.set(owner)
        try:
            yield
        finally:
            _context.reset(before)

    def owner_of_new(self) -> Owner | None:
        """Who owns what the calling thread starts."""
        if threading.get_ident() == self._main:
            return self._now
        return _context.get() or _owner_of(threading.current_thread())


def _end_owner(owner: Owner) -> None:
    owner.has_ended = True
    if threading.active_count() == 1:
        return
    frames = sys._current_frames()
    for thread in threading.enumerate():
        if vars(thread).get(_OWNER) is not owner:
            continue
        frame = frames.get(thread.ident or 0)
        if frame is None or _waits_for_work(frame):
            vars(thread)[_OWNER] = None
        else:
            vars(thread)[_JOB] = _job_in(frame)


def _owner_of(thread: threading.Thread) -> Owner | None:
    owner: Owner | None = vars(thread).get(_OWNER)
    job = vars(thread).get(_JOB)
    if owner is not None and job is not None and not any(each is job for each in _stack()):
        # A pool's thread has another job by now.
        vars(thread)[_OWNER] = vars(thread)[_JOB] = owner = None
    return owner


def _stack(frame: FrameType | None = None) -> Iterator[FrameType]:
    frame = frame or sys._getframe()
    while frame is not None:
        yield frame
        frame = frame.f_back


# Where a pool's thread gets its work.
_POOLS = frozenset({("concurrent.futures.thread", "_worker"), ("multiprocessing.pool", "worker")})
_WAITING = _POOLS | {("queue", "get"), ("selectors", "select"), ("socketserver", "serve_forever")}
_BELOW = frozenset({"threading"})


def _place_of(frame: FrameType) -> tuple[str, str]:
    return str(frame.f_globals.get("__name__", "")), frame.f_code.co_name


def _waits_for_work(frame: FrameType) -> bool:
    for each in _stack(frame):
        module, function = _place_of(each)
        if module not in _BELOW:
            return (module, function) in _WAITING
    return False


def _job_in(frame: FrameType) -> FrameType | None:
    """The call of a pool's job; None in a thread that has one job for life."""
    inner: FrameType | None = None
    for each in _stack(frame):
        if _place_of(each) in _POOLS:
            return inner
        inner = each
    return None


def _starting(self: threading.Thread) -> None:
    """Start a thread, which works for whom the one that starts it works for."""
    if _watching:
        vars(self)[_OWNER] = _watching[-1].owner_of_new()
    _start(self)

"""What starts processes: its seams, by which they come to know the run of their test."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import Any, Protocol

from pytest_bill.clients.base import Seam
from pytest_bill.processes import VARIABLE


class Starts(Protocol):
    """Who answers the processes that are started: the run."""

    def run_info(self) -> str | None:
        """What a child that is started now has to know; None where no test uses BILL."""

    def before_fork(self) -> None:
        """The process is about to fork."""

    def after_fork(self) -> None:
        """It has, and this is the parent."""

    def after_fork_in_child(self) -> None:
        """It has, and this is the child."""

    def go_on(self) -> None:
        """It has, and may have other threads again."""


_parents: list[Starts] = []
_is_registered = False
_for_nobody = 0


@contextmanager
def answered_by(parent: Starts) -> Iterator[None]:
    """The block in which this one answers the processes that are started."""
    global _is_registered
    _parents.append(parent)
    if not _is_registered and hasattr(os, "register_at_fork"):
        # It cannot be taken back; it does nothing while there is no parent.
        os.register_at_fork(
            before=lambda: _notify_each("before_fork"),
            after_in_parent=lambda: _notify_each("after_fork"),
            after_in_child=lambda: _notify_each("after_fork_in_child"),
        )
        _is_registered = True
    try:
        yield
    finally:
        _parents.remove(parent)


def _notify_each(step: str) -> None:
    for parent in _parents:
        getattr(parent, step)()


@contextmanager
def for_nobody() -> Iterator[None]:
    """The block in which processes are started that are no test's."""
    global _for_nobody
    _for_nobody += 1
    try:
        yield
    finally:
        _for_nobody -= 1


def _run_info() -> str | None:
    """What a child has to know that is started now; a child hands on its own."""
    if _for_nobody:
        return None
    info = _parents[-1].run_info() if _parents else os.environ.get(VARIABLE)
    if info is None:
        return None
    from pytest_bill.processes.child import info_handed_on

    return info_handed_on(info)


def _of_os(module: ModuleType) -> Sequence[Seam]:
    found = [Seam(module, name, _in_environment) for name in ("system", "execv")]
    found += [Seam(module, name, _forking) for name in ("fork", "forkpty") if hasattr(module, name)]
    for name in ("posix_spawn", "posix_spawnp", "execve"):
        if hasattr(module, name):
            found.append(Seam(module, name, _with_argument))
    return found


def _of_subprocess(module: ModuleType) -> Sequence[Seam]:
    return [Seam(module.Popen, "__init__", _with_env)]


def _of_multiprocessing(module: ModuleType) -> Sequence[Seam]:
    return [
        Seam(module.BaseProcess, "start", _starting),
        Seam(module.BaseProcess, "_bootstrap", _beginning),
    ]


def _of_futures(module: ModuleType) -> Sequence[Seam]:
    return [Seam(module.ProcessPoolExecutor, "submit", _submitting)]


def _of_pools(module: ModuleType) -> Sequence[Seam]:
    names = ("apply_async", "_map_async", "imap", "imap_unordered")
    return [Seam(module.Pool, name, _giving(module)) for name in names]


_SEAMS: Mapping[str, Callable[[ModuleType], Sequence[Seam]]] = {
    "os": _of_os,
    "subprocess": _of_subprocess,
    "multiprocessing.process": _of_multiprocessing,
    "multiprocessing.pool": _of_pools,
    "concurrent.futures.process": _of_futures,
}


def seams(module: ModuleType) -> Sequence[Seam]:
    """The seams of one module that starts processes."""
    return _SEAMS[module.__name__](module)


def _forking(original: Any) -> Any:
    def fork() -> Any:
        try:
            return original()
        finally:
            _notify_each("go_on")

    return fork


_PLACE_OF_ENV = 10
"""Among the arguments of ``Popen``, without self."""


def _with_env(original: Any) -> Any:
    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        info = _run_info()
        if info is not None:
            if len(args) > _PLACE_OF_ENV:
                before, env, after = args[:10], args[10], args[11:]
                args = (*before, _with_info(env, info), *after)
            else:
                kwargs["env"] = _with_info(kwargs.get("env"), info)
        try:
            original(self, *args, **kwargs)
        finally:
            _notify_each("go_on")  # it forks where something is to be done in the child

    return init


def _with_info(env: Any, info: str) -> Any:
    return {**(os.environ if env is None else env), VARIABLE: info}


def _with_argument(original: Any) -> Any:
    def start(path: Any, argv: Any, env: Any, *args: Any, **kwargs: Any) -> Any:
        info = _run_info()
        return original(path, argv, env if info is None else _with_info(env, info), *args, **kwargs)

    return start


def _in_environment(original: Any) -> Any:
    def start(*args: Any) -> Any:
        with _environment():
            return original(*args)

    return start


@contextmanager
def _environment() -> Iterator[None]:
    """The block in which the environment says what a child has to know."""
    info, before = _run_info(), os.environ.get(VARIABLE)
    if info is not None:
        os.environ[VARIABLE] = info
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(VARIABLE, None)
        else:
            os.environ[VARIABLE] = before


_OWNER = "_pytest_bill_owner"


def _starting(original: Any) -> Any:
    def start(self: Any) -> Any:
        info = _run_info()
        if info is not None:
            from pytest_bill.processes.child import RunInfo

            # A server that forks was started for another test.
            vars(self)[_OWNER] = RunInfo.read(info).owner
        with _environment():
            return original(self)

    return start


def _beginning(original: Any) -> Any:
    def _bootstrap(self: Any, *args: Any, **kwargs: Any) -> Any:
        owner = vars(self).get(_OWNER)
        if owner is not None:
            from pytest_bill.processes.child import work_for

            work_for(owner)
        return original(self, *args, **kwargs)

    return _bootstrap


def _submitting(original: Any) -> Any:
    def submit(self: Any, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
        info = _run_info()
        if info is not None:
            from pytest_bill.processes.child import Job

            fn = Job(info, fn)
        return original(self, fn, *args, **kwargs)

    return submit


def _giving(module: ModuleType) -> Callable[[Any], Any]:
    def make(original: Any) -> Any:
        def give(self: Any, func: Any, *args: Any, **kwargs: Any) -> Any:
            info = None if isinstance(self, module.ThreadPool) else _run_info()
            if info is not None:
                from pytest_bill.processes.child import Job

                func = Job(info, func)
            return original(self, func, *args, **kwargs)

        return give

    return make

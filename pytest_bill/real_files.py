"""The real file system, whatever a test has put in its place.

Tests replace ``open``, ``Path.read_text`` or, with pyfakefs, every name by which a module knows the
file system. Cassettes lie in the real one. So what is needed of it is kept here, in the attributes
of a class, as it was when this was imported; see ``fakes`` for when that must be.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
from contextlib import suppress
from pathlib import PurePath
from typing import Any

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


UNFINISHED = ".pytest-bill"
"""The end of the name of a file that is not whole yet."""
_PROBE = ".now"
_LOCKS = fcntl is not None
_MOST_OF_NAME = 40
"""Of a file's name: with what is added it must not be too long."""


class _System:
    """The functions of the operating system; pyfakefs replaces names of modules only."""

    fspath: Any = staticmethod(os.fspath)
    open = staticmethod(os.open)
    read = staticmethod(os.read)
    write = staticmethod(os.write)
    close = staticmethod(os.close)
    fsync = staticmethod(os.fsync)
    stat = staticmethod(os.stat)
    readlink = staticmethod(os.readlink)
    mkdir = staticmethod(os.mkdir)
    replace = staticmethod(os.replace)
    unlink = staticmethod(os.unlink)
    umask = staticmethod(os.umask)
    chmod = staticmethod(os.chmod)
    listdir = staticmethod(os.listdir)
    fstat = staticmethod(os.fstat)
    getcwd = staticmethod(os.getcwd)
    realpath = staticmethod(os.path.realpath)
    flock: Any = staticmethod(fcntl.flock) if fcntl is not None else None


# What is no file by then is not waited for.
_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)
_READ |= getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_INTO = os.O_WRONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)

_NULL_DEVICE = os.stat(os.devnull).st_rdev if os.name == "posix" else -1
MOST_BYTES = 512 * 2**20
"""So large may a file be that is read as a whole."""
_NO_FILES = (
    (stat.S_ISDIR, errno.EISDIR, "it is a folder, not a file"),
    (stat.S_ISFIFO, errno.EINVAL, "it is a FIFO, not a file"),
    (stat.S_ISSOCK, errno.EINVAL, "it is a socket, not a file"),
    (stat.S_ISCHR, errno.EINVAL, "it is a device, not a file"),
    (stat.S_ISBLK, errno.EINVAL, "it is a device, not a file"),
)


def read_bytes(path: PurePath, most: int = MOST_BYTES) -> bytes:
    """All of a file; nothing of the null device. What else is no file is not opened.

    Raises:
        FileNotFoundError: there is nothing.
        OSError: it cannot be read, is no file, has more than so many bytes, or is a link to
            nothing; ``strerror`` says which.
    """
    place = _System.fspath(path)
    if not _has_content(_about(place), most):
        return b""
    file = _System.open(place, _READ)
    try:
        about = _System.fstat(file)
        if not _has_content(about, most):  # another one by now
            return b""
        left = most + 1
        pieces = []
        while piece := _System.read(file, min(left, about.st_size + 1)):
            pieces.append(piece)
            left -= len(piece)
            _check_size(most + 1 - left, most)
            if len(piece) == about.st_size and stat.S_ISREG(about.st_mode):
                break  # all of it, though more was asked for
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)
    finally:
        _System.close(file)


def _about(place: str) -> os.stat_result:
    try:
        return _System.stat(place)
    except FileNotFoundError as missing:
        try:
            where = _System.readlink(place)
        except OSError:
            raise missing from None
        raise OSError(errno.EINVAL, f"it is a link to {where}, where nothing is") from None


def _has_content(about: os.stat_result, most: int) -> bool:
    """Whether it is a file; the null device is none, and may be read all the same."""
    for is_so, number, what in _NO_FILES if not stat.S_ISREG(about.st_mode) else ():
        if is_so(about.st_mode):
            if about.st_rdev == _NULL_DEVICE and is_so is stat.S_ISCHR:
                return False
            raise OSError(number, what)
    _check_size(about.st_size, most)
    return True


def _check_size(size: int, most: int) -> None:
    if size > most:
        raise OSError(errno.EFBIG, f"it has {size:,} bytes, and {most:,} are the most")


def exists(path: PurePath) -> bool:
    """Whether there is such a file or folder."""
    try:
        _System.stat(_System.fspath(path))
    except OSError:
        return False
    return True


def size_of(path: PurePath) -> int:
    """How many bytes a file has; less than none where there is no file."""
    try:
        return _System.stat(_System.fspath(path)).st_size
    except OSError:
        return -1


def make_folders(path: PurePath) -> None:
    """The folder, and those that it lies in.

    Raises:
        OSError: one cannot be made.
    """
    place = _System.fspath(path)
    try:
        _System.mkdir(place)
    except FileExistsError:
        if not stat.S_ISDIR(_System.stat(place).st_mode):
            raise
    except FileNotFoundError:
        make_folders(path.parent)
        with suppress(FileExistsError):
            _System.mkdir(place)


def replace_file(path: PurePath, data: bytes, mode: int, *, is_lasting: bool = True) -> None:
    """Put bytes in a file's place, whole or not at all.

    What need not last is not waited for until it is on the disk.

    What a process that was killed had begun in that folder is removed.

    Raises:
        OSError: the file system refused; the file is as it was.
    """
    place = _System.fspath(path)
    if path.parent not in _looked_at:
        remove_unfinished(path.parent)
    name = f".{path.name[:_MOST_OF_NAME]}.{secrets.token_hex(4)}{UNFINISHED}"
    temporary = _System.fspath(path.with_name(name))
    file = _System.open(temporary, _NEW, 0o600)
    try:
        try:
            _lock(file)
            _write(file, data, is_lasting=is_lasting)
            _System.chmod(temporary, mode)
            if _LOCKS:  # until it is in its place; Windows moves no open file
                _System.replace(temporary, place)
        finally:
            _System.close(file)
        if not _LOCKS:
            _System.replace(temporary, place)
    except BaseException:
        with suppress(OSError):
            _System.unlink(temporary)
        raise


def write_file(path: PurePath, data: bytes) -> None:
    """Write what a user asked for by name: whole or not at all, but into what is no file.

    Raises:
        OSError: the file system refused, or nobody reads what is written.
    """
    place = _System.fspath(path)
    try:
        place = _System.realpath(place, strict=True)
        is_file = stat.S_ISREG(_System.stat(place).st_mode)
    except FileNotFoundError:
        make_folders(path.parent)
        is_file = True
    if is_file:
        replace_file(type(path)(place), data, mode_of_new_files())
        return
    file = _System.open(place, _INTO)
    try:
        _write(file, data)
    finally:
        _System.close(file)


def move_file(path: PurePath, place: PurePath) -> None:
    """Put a file in another one's place, whole or not at all.

    Raises:
        OSError: the file system refused; both are as they were.
    """
    _System.replace(_System.fspath(path), _System.fspath(place))


def _write(file: int, data: bytes, *, is_lasting: bool = True) -> None:
    view = memoryview(data)
    while view:
        view = view[_System.write(file, view) :]
    if is_lasting and stat.S_ISREG(_System.fstat(file).st_mode):
        _System.fsync(file)


_LONGEST_SECONDS = 600
_LONGEST_SECONDS_TO_LOCK = 60
_looked_at: set[PurePath] = set()


def remove_unfinished(folder: PurePath) -> None:
    """Remove what processes that were killed have begun there; what one writes now stays."""
    _looked_at.add(folder)
    with suppress(OSError):
        for name in _System.listdir(_System.fspath(folder)):
            if name.startswith(".") and name.endswith(UNFINISHED):
                with suppress(OSError):
                    _remove_if_left(_System.fspath(folder / name))


def _remove_if_left(unfinished: str) -> None:
    about = _System.stat(unfinished)
    age = _now_beside(unfinished) - about.st_mtime
    # Its writer locks it, and then writes.
    if age > _LONGEST_SECONDS or (
        (about.st_size or age > _LONGEST_SECONDS_TO_LOCK) and _is_nobodys(unfinished)
    ):
        _System.unlink(unfinished)


def _now_beside(path: str) -> float:
    """What the file system takes for now: a test may have moved Python's clock."""
    probe = f"{path}.{secrets.token_hex(4)}{_PROBE}"
    file = _System.open(probe, _NEW, 0o600)
    try:
        return float(_System.fstat(file).st_mtime)
    finally:
        _System.close(file)
        _System.unlink(probe)


def _is_nobodys(unfinished: str) -> bool:
    """Whether no process that lives has the file locked: a lock dies with its owner."""
    if not _LOCKS:
        return False
    file = _System.open(unfinished, _READ)
    try:
        return _lock(file)
    finally:
        _System.close(file)


def _lock(file: int) -> bool:
    """Lock a file until it is closed; False where another has it, or there are no locks."""
    if not _LOCKS:
        return False
    try:
        _System.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def remove(path: PurePath) -> None:
    """Remove a file.

    Raises:
        OSError: it cannot be removed.
    """
    _System.unlink(_System.fspath(path))


def create(path: PurePath) -> bool:
    """Make an empty private file; False where there is one."""
    try:
        _System.close(_System.open(_System.fspath(path), _NEW, 0o600))
    except FileExistsError:
        return False
    return True


def mode_of_new_files() -> int:
    """The mode that any file of the user's gets."""
    mask = _System.umask(0)
    _System.umask(mask)
    return 0o666 & ~mask


def relative_to_here(path: PurePath) -> PurePath:
    """A path as messages show it: from the working folder, where it lies below that."""
    place, here = _System.fspath(path), _System.getcwd() + os.sep
    if place.startswith(here):  # as mostly
        return type(path)(place[len(here) :])
    return path.relative_to(here) if path.is_relative_to(here) else path

"""Where the recordings of a run wait until its end: nothing replaces a cassette before.

They wait beside the cassettes, in a folder that git ignores, and not in a temporary one: a
recording may have cost real sign-ins and real limits, and is there after a crash, too.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from pytest_bill import real_files

FOLDER = ".unproven"
"""Below the folder of cassettes."""
_MARK = ".written"
_BEGUN, _BASE, _SHARED = ".begun", ".base", ".shared"
_IGNORE, _ALL = ".gitignore", b"*\n"
_OWNER = ".owner"
_LONGEST_SECONDS_ELSEWHERE = 24 * 60 * 60


class Staging:
    """The recordings of one run, in all its processes."""

    def __init__(
        self,
        cassette_dir: Path,
        scratch: Callable[[], Path],
        scratch_if_any: Callable[[], Path | None],
    ) -> None:
        """``scratch`` gives the folder that all processes of the run share.

        So does ``scratch_if_any``, but None where nobody has needed it yet.
        """
        self.cassette_dir = cassette_dir
        self._scratch = scratch
        self._scratch_if_any = scratch_if_any

    @property
    def scratch(self) -> Path:
        """The folder that all processes of the run share."""
        return self._scratch()

    @property
    def folder(self) -> Path:
        """The folder of this run: others may record at the same time."""
        return self.cassette_dir / FOLDER / self._scratch().name

    def file_of(self, path: Path) -> Path:
        """The file that a cassette is read from: what this run has recorded, where it has."""
        scratch = self._scratch_if_any()
        if scratch is not None and is_marked(scratch, path):
            return self.place_of(path)
        return path

    def has_begun(self, path: Path) -> bool:
        """Whether this run has begun a cassette, which was not there before."""
        scratch = self._scratch_if_any()
        return scratch is not None and has_begun(scratch, path)

    def place_of(self, path: Path) -> Path:
        """Where the recording of a cassette waits."""
        return self.folder / path.relative_to(self.cassette_dir)

    def begin(self, path: Path) -> Path:
        """The place for a recording that is about to be written.

        Raises:
            OSError: it cannot be made.
        """
        place = self.place_of(path)
        real_files.make_folders(place.parent)
        _sign(self.folder, self._scratch())
        ignore = self.cassette_dir / FOLDER / _IGNORE
        if not real_files.exists(ignore):
            # By way of this run's own folder: what a killed run had begun there is removed.
            own = self.folder / _IGNORE
            real_files.replace_file(own, _ALL, real_files.mode_of_new_files())
            with suppress(FileNotFoundError):  # another worker was faster
                real_files.move_file(own, ignore)
        return place

    def was_changed(self, path: Path) -> bool:
        """Whether somebody else has changed, or made, a cassette since this run read it."""
        try:
            before = real_files.read_bytes(base_of(self.scratch, path))
            return real_files.read_bytes(path) != before
        except OSError:  # it is gone: nothing is lost; or nobody can read it
            return False

    def is_waiting(self, path: Path) -> bool:
        """Whether a recording of a cassette waits."""
        return self.place_of(path).exists()

    def drop(self, path: Path) -> None:
        """Leave a cassette as it is: its recording is read no more."""
        self.place_of(path).unlink(missing_ok=True)
        _mark_of(self._scratch(), path).unlink(missing_ok=True)

    def withdraw(self, path: Path) -> None:
        """Leave a cassette as it was, though a part of it was recorded: it is not begun yet."""
        self.drop(path)
        _begun_of(self.scratch, path).unlink(missing_ok=True)

    def put(self, path: Path) -> None:
        """Let a recording take the place of its cassette.

        Raises:
            OSError: the file system refused; the cassette is as it was.
        """
        real_files.make_folders(path.parent)
        real_files.move_file(self.place_of(path), path)

    def tidy(self, paths: Iterable[Path]) -> None:
        """Remove what earlier runs left of these cassettes, and what is empty."""
        for left in of_ended_runs(self.cassette_dir, self.scratch.parent):
            remove_begun(left)
            for path in paths:
                (left / path.relative_to(self.cassette_dir)).unlink(missing_ok=True)
            remove_if_empty(left)
        remove_if_empty(self.folder)
        real_files.remove_unfinished(self.cassette_dir / FOLDER)
        remove_if_unused(self.cassette_dir)


def of_ended_runs(cassette_dir: Path, temporary: Path) -> list[Path]:
    """The folders of runs that have ended: what they shared, ``temporary``, is gone."""
    folders = (cassette_dir / FOLDER).glob("*/")
    return sorted(each for each in folders if not is_in_use(each, temporary))


def is_in_use(folder: Path, temporary: Path) -> bool:
    """Whether the run whose recordings wait in a folder may still be going on.

    What it shares is below ``temporary``, where the folder does not say. Of a run on another
    machine nobody here knows; one that has written nothing for a day has ended.
    """
    owner = folder / _OWNER
    try:
        host, scratch = json.loads(owner.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return (temporary / folder.name).exists()
    if host != socket.gethostname():
        with_age = time.time() - folder.stat().st_mtime
        return with_age < _LONGEST_SECONDS_ELSEWHERE
    return Path(scratch).exists()


def _sign(folder: Path, scratch: Path) -> None:
    """Say in a folder whose it is."""
    owner = folder / _OWNER
    if real_files.create(owner):
        told = json.dumps([socket.gethostname(), str(scratch)])
        real_files.replace_file(owner, told.encode(), 0o600)


def remove_begun(folder: Path) -> None:
    """Remove what an ended run had only begun to write in its folder."""
    for begun in folder.rglob(f".*{real_files.UNFINISHED}"):
        begun.unlink(missing_ok=True)


def remove_if_unused(cassette_dir: Path) -> None:
    """Remove what all runs share beside the cassettes, where no recording of any waits."""
    top = cassette_dir / FOLDER
    if top.is_dir() and {each.name for each in top.iterdir()} <= {_IGNORE}:
        shutil.rmtree(top, ignore_errors=True)


def remove_if_empty(folder: Path) -> None:
    """Remove a folder without a recording."""
    names = (name for _, _, files in os.walk(folder) for name in files)
    if all(name.startswith(".") for name in names):  # no cassette's name does
        shutil.rmtree(folder, ignore_errors=True)


def mark(scratch: Path, path: Path) -> None:
    """Remember, for all processes of the run, that it has recorded a cassette."""
    real_files.replace_file(_mark_of(scratch, path), str(path).encode(), 0o600)


def mark_begun(scratch: Path, path: Path) -> None:
    """Remember, for all processes of the run, that it has begun a cassette: there was none."""
    real_files.create(_begun_of(scratch, path))


def has_begun(scratch: Path, path: Path) -> bool:
    """Whether the run has begun a cassette, which was not there before."""
    return real_files.exists(_begun_of(scratch, path))


def is_marked(scratch: Path, path: Path) -> bool:
    """Whether the run has recorded a cassette."""
    try:
        return bool(real_files.read_bytes(_mark_of(scratch, path)))
    except FileNotFoundError:
        return False


def marked(scratch: Path) -> list[Path]:
    """All cassettes that the run has recorded."""
    return sorted(Path(each.read_bytes().decode()) for each in scratch.glob(f"*{_MARK}"))


def keep_base(
    scratch: Path,
    path: Path,
    *,
    is_shared: bool,
    read: Callable[[], bytes | None] = lambda: None,
) -> None:
    """Remember what a cassette holds before the run writes into it for the first time.

    And whether several tests share it. ``read`` gives what it held when it was read, where it has
    been changed since then; it is asked the first time only.

    Raises:
        OSError: that cannot be remembered.
    """
    if has_base(scratch, path):
        return
    base, data = base_of(scratch, path), read()
    if is_shared:
        real_files.create(scratch / f"{path_digest(path)}{_SHARED}")
    try:
        data = real_files.read_bytes(path) if data is None else data
    except OSError:  # there is none yet; or it cannot be read, and is recorded anew
        data = b""
    if data:
        real_files.replace_file(base, data, 0o600)
    else:
        real_files.create(base)


def base_of(scratch: Path, path: Path) -> Path:
    """The file with what a cassette held before."""
    return scratch / f"{path_digest(path)}{_BASE}"


def has_base(scratch: Path, path: Path) -> bool:
    """Whether the run has written into a cassette, or is about to."""
    return real_files.exists(base_of(scratch, path))


def is_shared(scratch: Path, path: Path) -> bool:
    """Whether several tests share a cassette that the run has recorded."""
    return real_files.exists(scratch / f"{path_digest(path)}{_SHARED}")


def path_digest(path: Path) -> str:
    """A name for what belongs to a cassette."""
    return hashlib.sha256(str(path).encode()).hexdigest()[:32]


def _mark_of(scratch: Path, path: Path) -> Path:
    return scratch / f"{path_digest(path)}{_MARK}"


def _begun_of(scratch: Path, path: Path) -> Path:
    return scratch / f"{path_digest(path)}{_BEGUN}"

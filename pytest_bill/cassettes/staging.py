"""Where the recordings of a run wait until its end: nothing replaces a cassette before.

They wait beside the cassettes, in a folder that git ignores, and not in a temporary one: a
recording may have cost real sign-ins and real limits, and is there after a crash, too.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import chain
from pathlib import Path

from pytest_bill import real_files

FOLDER = ".unproven"
"""Below the folder of cassettes."""
_MARK = ".written"
_BEGUN = ".begun"
IGNORE, _ALL = ".gitignore", b"*\n"


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
        ignore = self.cassette_dir / FOLDER / IGNORE
        if not real_files.exists(ignore):
            # By way of this run's own folder: what a killed run had begun there is removed.
            own = self.folder / IGNORE
            real_files.replace_file(own, _ALL, real_files.mode_of_new_files())
            with suppress(FileNotFoundError):  # another worker was faster
                real_files.move_file(own, ignore)
        return place

    def is_waiting(self, path: Path) -> bool:
        """Whether a recording of a cassette waits."""
        return self.place_of(path).exists()

    def drop(self, path: Path) -> None:
        """Leave a cassette as it is: its recording is read no more."""
        self.place_of(path).unlink(missing_ok=True)
        _mark_of(self._scratch(), path).unlink(missing_ok=True)

    def put(self, path: Path) -> None:
        """Let a recording take the place of its cassette.

        Raises:
            OSError: the file system refused; the cassette is as it was.
        """
        real_files.make_folders(path.parent)
        real_files.move_file(self.place_of(path), path)

    def tidy(self, paths: Iterable[Path]) -> None:
        """Remove what earlier runs left of these cassettes, and what is empty."""
        top = self.cassette_dir / FOLDER
        for left in self._left_by_others():
            for begun in left.rglob(f".*{real_files.UNFINISHED}"):
                begun.unlink(missing_ok=True)
            for path in paths:
                (left / path.relative_to(self.cassette_dir)).unlink(missing_ok=True)
            _remove_if_empty(left)
        _remove_if_empty(self.folder)
        real_files.remove_unfinished(top)
        if top.is_dir() and {each.name for each in top.iterdir()} <= {IGNORE}:
            shutil.rmtree(top, ignore_errors=True)

    def _left_by_others(self) -> list[Path]:
        """The folders of runs that have ended: what they shared is gone."""
        scratch = self._scratch()
        folders = (self.cassette_dir / FOLDER).glob("*/")
        return [each for each in folders if not (scratch.parent / each.name).exists()]


def _remove_if_empty(folder: Path) -> None:
    names = chain.from_iterable(files for _, _, files in os.walk(folder))
    if all(name.startswith(".") for name in names):  # no recording is called so
        shutil.rmtree(folder, ignore_errors=True)


def mark(scratch: Path, path: Path) -> None:
    """Remember, for all processes of the run, that it has recorded a cassette."""
    real_files.replace_file(_mark_of(scratch, path), str(path).encode(), 0o600)


def mark_begun(scratch: Path, path: Path) -> None:
    """Remember, for all processes of the run, that it has begun a cassette: there was none."""
    real_files.create(scratch / f"{path_digest(path)}{_BEGUN}")


def has_begun(scratch: Path, path: Path) -> bool:
    """Whether the run has begun a cassette, which was not there before."""
    return real_files.exists(scratch / f"{path_digest(path)}{_BEGUN}")


def is_marked(scratch: Path, path: Path) -> bool:
    """Whether the run has recorded a cassette."""
    try:
        return bool(real_files.read_bytes(_mark_of(scratch, path)))
    except FileNotFoundError:
        return False


def marked(scratch: Path) -> list[Path]:
    """All cassettes that the run has recorded."""
    return sorted(Path(each.read_bytes().decode()) for each in scratch.glob(f"*{_MARK}"))


def path_digest(path: Path) -> str:
    """A name for what belongs to a cassette."""
    return hashlib.sha256(str(path).encode()).hexdigest()[:32]


def _mark_of(scratch: Path, path: Path) -> Path:
    return scratch / f"{path_digest(path)}{_MARK}"

"""What runs that were killed left beside the cassettes: it is put in its place, removed, or told.

A run that puts its recordings in their places first leaves word of all of them (``leave_word``).
Where it is killed between two of them, new cassettes stand beside old ones that no longer go with
them: the next run that uses BILL puts the rest. What was not proven yet stays where it waits.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from pytest_bill import real_files
from pytest_bill.cassettes.folder_lock import alone
from pytest_bill.cassettes.staging import (
    FOLDER,
    Staging,
    of_ended_runs,
    remove_begun,
    remove_if_empty,
    remove_if_unused,
)
from pytest_bill.private_folder import remove_leftovers

_WORD = ".put"
_ENDED = ".ended"


def leave_word(where: Staging, paths: Iterable[Path]) -> None:
    """Say which recordings are about to be put in their places.

    Raises:
        OSError: the file system refused.
    """
    text = "\n".join(str(where.place_of(path).relative_to(where.folder)) for path in paths)
    if text:
        real_files.replace_file(where.folder / _WORD, text.encode(), 0o600)


def take_word_back(where: Staging) -> None:
    """All that could be put is in its place."""
    with suppress(OSError):
        real_files.remove(where.folder / _WORD)


def put_rest(where: Staging) -> int:
    """Put what a run was about to put when it was interrupted; gives how many still wait."""
    with suppress(OSError):
        list(_put(where.folder, where.cassette_dir))
    remove_if_empty(where.folder)
    remove_if_unused(where.cassette_dir)
    return len(list(_recordings(where.folder)))


def end(where: Staging, told: Iterable[Path]) -> None:
    """A run has told of these, where they wait; later ones need not.

    Of what else waits it knows nothing: a worker was interrupted when it had just written it, and
    not yet said so. The next run tells.
    """
    if not real_files.exists(where.folder):
        return
    if set(_recordings(where.folder)) <= set(map(where.place_of, told)):
        with suppress(OSError):
            real_files.create(where.folder / _ENDED)


def finish(cassette_dir: Path) -> list[Path]:
    """Put what killed runs had proven in its place, and remove what is of no use; gives the former.

    A cassette that was changed since then stays as it is.
    """
    done: list[Path] = []
    for folder in _of_ended_runs(cassette_dir):
        # Another run may do the same.
        with alone(cassette_dir, lambda: None):
            remove_begun(folder)
            with suppress(OSError):  # it stays, and is told
                done += _put(folder, cassette_dir)
            remove_if_empty(folder)
    remove_if_unused(cassette_dir)
    return done


def _put(folder: Path, cassette_dir: Path) -> Iterator[Path]:
    word = folder / _WORD
    if not word.exists():
        return
    said = word.stat().st_mtime
    for name in word.read_text(encoding="utf-8").splitlines():
        waits, place = folder / name, cassette_dir / name
        if place.exists() and place.stat().st_mtime > said:
            continue
        with suppress(FileNotFoundError):  # it was put
            real_files.make_folders(place.parent)
            real_files.move_file(waits, place)
            yield place
    word.unlink(missing_ok=True)


def waiting(cassette_dir: Path) -> Mapping[Path, int]:
    """How many recordings of killed runs wait unproven, by their folder."""
    return {
        folder: len(list(_recordings(folder)))
        for folder in _of_ended_runs(cassette_dir)
        if not (folder / _ENDED).exists() and any(_recordings(folder))
    }


def _of_ended_runs(cassette_dir: Path) -> list[Path]:
    """The folders of runs that have ended, also of those that ended without a word."""
    if not real_files.exists(cassette_dir / FOLDER):
        return []
    remove_leftovers()
    return of_ended_runs(cassette_dir, Path(tempfile.gettempdir()))


def _recordings(folder: Path) -> Iterator[Path]:
    return (each for each in folder.rglob("*") if each.is_file() and each.name[0] != ".")

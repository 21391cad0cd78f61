"""Which files are cassettes, of those that a user names and those in the folders that are named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from pytest_bill.cassettes import store
from pytest_bill.cassettes.damaged import Damaged
from pytest_bill.cassettes.staging import FOLDER as WAITING
from pytest_bill.exceptions import CassetteError, SettingsError
from pytest_bill.patterns import late_pattern
from pytest_bill.scan.files import CannotScan, files_in, read_file

DEFAULT_FOLDER = Path("cassettes")
_ENDINGS = frozenset({".yaml", ".yml", ".json"})
_IS_CASSETTE = late_pattern(rb"(^\s*|[{,]\s*)\"?interactions\"?\s*:", re.MULTILINE)


def is_cassette(raw: bytes) -> bool:
    """Whether a file of this content may be a cassette, whole or not."""
    return _IS_CASSETTE.search(raw) is not None


def candidates(paths: Sequence[Path]) -> Iterator[Path]:
    """The files named, and those of the folders named that may be cassettes by their names.

    What waits in a folder to be proven is left out: it is nobody's cassette yet.

    Raises:
        CannotScan: there is no such file or folder.
    """
    for path in files_in(paths):
        if path in paths or is_candidate(path):
            yield path


def is_candidate(path: Path) -> bool:
    """Whether a file in a folder may be a cassette, by its name and place."""
    return path.suffix in _ENDINGS and WAITING not in path.parts


def check_there(paths: Sequence[Path], command: str) -> None:
    """Refuse what is not there before anything is shown.

    Raises:
        SettingsError: a file or folder is not there.
    """
    for path in paths:
        if not path.exists():
            raise SettingsError(
                f"{path}: no such file or folder, seen from {Path.cwd()}.\n"
                f"Name cassettes or a folder of them: pytest-bill {command} FOLDER"
            )


def recording_in(path: Path, raw: bytes) -> store.Recording:
    """What a cassette of this content holds; nothing, of an empty one.

    Raises:
        CassetteError: it is none.
    """
    try:
        return store.parsed(raw) or store.Recording()
    except Damaged as error:
        raise CassetteError(error.told_of(str(path))) from None


def cassettes_in(
    paths: Sequence[Path],
) -> Iterator[tuple[Path, store.Recording | CassetteError | CannotScan]]:
    """The cassettes named, and those in the folders named; an error where one cannot be read.

    Other files in these folders are passed over; one that is named has to be a cassette.
    """
    for path in candidates(paths):
        try:
            raw = read_file(path)
            if path in paths or is_cassette(raw):
                yield path, recording_in(path, raw)
        except (CassetteError, CannotScan) as error:
            yield path, error

"""Why a cassette cannot be written, and what to do then."""

from __future__ import annotations

import errno
from pathlib import Path

from pytest_bill.exceptions import CassetteError

_QUOTA = getattr(errno, "EDQUOT", -1)  # Windows has none
_ADVICE = {
    errno.EACCES: "Give this user leave to write into {folder}",
    errno.EPERM: "Give this user leave to write into {folder}",
    errno.EROFS: "Record where the file system can be written, or name it with bill_cassette_dir",
    errno.ENOSPC: "Make room there, and record again",
    _QUOTA: "Make room there, or have the quota raised, and record again",
    errno.EFBIG: "Let this user write larger files (ulimit -f), and record again",
    errno.ENAMETOOLONG: (
        'Give the test a shorter id, or its cassette a name: @pytest.mark.bill_cassette("name")'
    ),
    errno.ENOTDIR: "Take away what is no folder and stands where one has to be",
    errno.EEXIST: "Take away what is no folder and stands where one has to be",
    errno.EISDIR: "Take the folder away that has the cassette's name",
}


def not_written(path: Path, error: OSError, place: Path | None = None) -> CassetteError:
    """The error for a cassette; ``place`` is where it was to be written, if that is elsewhere."""
    where = f" ({place})" if place is not None and place != path else ""
    advice = _ADVICE.get(error.errno or 0, "Mend that, and record again")
    return CassetteError(
        f"The cassette {path} cannot be written{where}: {reason(error)}.\n"
        f"{advice.format(folder=(place or path).parent)}. What was there before stays."
    )


def not_shared(path: Path, folder: Path, error: OSError) -> CassetteError:
    """The error where the folder fails that the processes of the run share."""
    return CassetteError(
        f"The cassette {path} was not recorded: {folder} cannot be used: {reason(error)}.\n"
        "Make room there, or set TMPDIR to another folder. What was there before stays."
    )


def reason(error: OSError) -> str:
    """Why, in the system's words."""
    return error.strerror or type(error).__name__

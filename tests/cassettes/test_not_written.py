"""Why a cassette cannot be written: its path, the cause, and what to do."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from pytest_bill.cassettes.not_written import not_shared, not_written

PATH = Path("cassettes/a.yaml")


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.ENOSPC, "Make room there"),
        (errno.EDQUOT, "have the quota raised"),
        (errno.EROFS, "bill_cassette_dir"),
        (errno.EACCES, "leave to write into cassettes/.unproven/x."),
        (errno.EFBIG, "ulimit -f"),
        (errno.ENAMETOOLONG, "bill_cassette("),
        (errno.ENOTDIR, "Take away what is no folder"),
        (errno.EIO, "Mend that"),
    ],
)
def test_each_cause_has_its_path_and_its_next_step(number, advice):
    error = OSError(number, os.strerror(number))
    told = str(not_written(PATH, error, Path("cassettes/.unproven/x/a.yaml"))).split("\n")
    cause = f"cannot be written (cassettes/.unproven/x/a.yaml): {os.strerror(number)}."
    assert told[0] == f"The cassette cassettes/a.yaml {cause}"
    assert advice in told[1]
    assert told[1].endswith("What was there before stays.")
    assert len(told) == 2


def test_where_it_is_written_to_is_not_said_twice():
    told = str(not_written(PATH, OSError(errno.EIO, "broken"), PATH))
    assert told.startswith("The cassette cassettes/a.yaml cannot be written: broken.")


def test_a_temporary_folder_is_named():
    told = str(not_shared(PATH, Path("/tmp/x"), OSError(errno.ENOSPC, "full")))
    assert "/tmp/x cannot be used: full.\nMake room there, or set TMPDIR" in told

"""What the processes of one run share in files, where they have no folder in common."""

from __future__ import annotations

import pytest

from pytest_bill.run.remote_files import SharedFiles


def test_a_place_outside_of_the_cassette_folder_is_refused(here):
    files = SharedFiles(here.folder, here.cassette_dir)
    for place in ("../a.yaml", "/etc/a.yaml"):
        with pytest.raises(OSError, match="outside"):
            files.write("lock", place, {"recording": b""})
    files.write("sign_ins.lock", "", {"../sign_ins.json": b"{}", "other": b""})
    assert [each.name for each in here.folder.iterdir()] == ["sign_ins.json"]

"""Whole runs over files in every shape: an error in words and soon, or it works."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys

import pytest

from pytest_bill.cassettes import writer
from pytest_bill.interaction import Interaction
from tests.plugin.suites import ONE, RECORD

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX has these files")

URL = "https://gateway.stage.bill.com/connect/v3/vendors"
TEXT = writer.write([Interaction("GET", URL, {}, b"", 200, "OK", {}, b"[]")], {})
ASK = """
import requests

def test_whole(bill_environ):
    assert requests.get(bill_environ["v3_url"] + "/v3/vendors").json() == []

test_cut = test_later = test_fifo = test_device = test_folder = test_gone = test_twice = test_whole
"""


def test_a_replay_tells_of_each_file_in_words_and_soon(pytester):
    pytester.makepyfile(test_a=ASK)
    folder = pytester.path / "cassettes/test_a"
    folder.mkdir(parents=True)
    (folder / "test_whole.yaml").write_text(f"# by hand\n{TEXT}")
    (folder / "test_cut.yaml").write_text(TEXT.removesuffix("version: 1\n"))
    (folder / "test_later.yaml").write_text(TEXT.replace("version: 1", "version: 99"))
    (folder / "test_twice.yaml").write_text(TEXT.replace("    uri:", "    uri: x\n    uri:"))
    os.mkfifo(folder / "test_fifo.yaml")
    (folder / "test_device.yaml").symlink_to("/dev/zero")
    (folder / "test_folder.yaml").mkdir()
    (folder / "test_gone.yaml").symlink_to("nowhere")
    os.mkfifo(pytester.path / ".env")
    result = pytester.runpytest_subprocess("--bill-report=new/report.json", timeout=60)
    result.assert_outcomes(passed=1, failed=7)
    out = result.stdout.str()
    for name, what in {
        "cut": f":{TEXT.count(chr(10)) - 1} is damaged or not a cassette: it ends without its line",
        "later": f":{TEXT.count(chr(10))} is of a later version of the format: it says version 99",
        "twice": ":7 is damaged or not a cassette: 'uri' stands twice in one mapping, first in",
        "fifo": " cannot be read: it is a FIFO, not a file.",
        "device": " cannot be read: it is a device, not a file.",
        "folder": " cannot be read: it is a folder, not a file.",
        "gone": " cannot be read: it is a link to nowhere, where nothing is.",
    }.items():
        assert f"The cassette {folder}/test_{name}.yaml{what}" in out
    assert "Traceback" not in out
    told = json.loads((pytester.path / "new/report.json").read_text())["notices"]
    (unread,) = [each for each in told if each["kind"] == "unread"]
    assert unread["owner"] == str(pytester.path / ".env")
    assert unread["text"].endswith(".env cannot be read: it is a FIFO, not a file.")


@pytest.mark.nightly
def test_a_report_that_cannot_be_written_is_refused_before_the_run(pytester):
    pytester.makepyfile(test_a=ONE)
    result = pytester.runpytest_subprocess(*RECORD, "--bill-report=test_a.py/report.json")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    told = result.stderr.str()
    assert "test_a.py/report.json cannot be written" in told
    assert "test_a.py is a file, and no folder can be there.\nGive another place with" in told
    assert not (pytester.path / "cassettes").exists()


@pytest.mark.nightly
def test_recording_with_a_file_of_variables_that_is_none_says_so_first(pytester):
    pytester.makepyfile(test_a=ONE)
    os.mkfifo(pytester.path / ".env")
    result = pytester.runpytest_subprocess("--bill-record-mode=once", timeout=60)
    assert ".env cannot be read: it is a FIFO, not a file.\n" in result.stdout.str()
    assert "name another one with --bill-env-file." in result.stdout.str()


MOUNTED = pytest.mark.skipif(
    shutil.which("unshare") is None
    or subprocess.run(["unshare", "-rm", "true"], capture_output=True, check=False).returncode != 0,
    reason="nothing may be mounted here",
)


def recorded_in(pytester, options: str) -> tuple[str, str]:
    """What a run prints that records into a file system of its own; and what is there then."""
    pytester.makepyfile(test_a=ONE)
    (pytester.path / "cassettes").mkdir()
    python = f"{sys.executable} -m pytest -p no:cacheprovider {' '.join(RECORD)}"
    script = f"mount -t tmpfs -o {options} none cassettes && {python}; find cassettes -type f"
    ended = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    out, _, left = ended.stdout.rpartition(" in ")
    return out, left


@pytest.mark.nightly
@MOUNTED
def test_a_disk_that_is_full(pytester):
    out, left = recorded_in(pytester, "size=8k")
    assert "No space left on device.\nMake room there, and record again." in out
    # Which of the two comes too late depends on what else waits there.
    assert re.search(r"/cassettes/(test_a/test_one|sign_in/\w+)\.yaml cannot be written \(", out)
    assert "Traceback" not in out
    # What was recorded before waits; nothing is there in part.
    names = sorted(os.path.basename(each) for each in left.splitlines()[1:])
    assert set(names) <= {".gitignore", ".owner", "developer_key.yaml"}


@pytest.mark.nightly
@MOUNTED
def test_a_file_system_that_is_read_only(pytester):
    out, left = recorded_in(pytester, "ro")
    assert "developer_key.yaml cannot be written (" in out
    assert "Read-only file system.\nRecord where the file system can be written" in out
    assert left.splitlines()[1:] == []


@pytest.mark.nightly
def test_files_that_may_not_be_so_large(pytester):
    """As with a quota: the system refuses in the middle of a file."""
    pytester.makepyfile(test_a=ONE)
    limited = f"ulimit -f 1; {sys.executable} -m pytest -p no:cacheprovider {' '.join(RECORD)}"
    ended = subprocess.run(
        ["sh", "-c", limited], capture_output=True, text=True, timeout=100, check=False
    )
    assert "developer_key.yaml cannot be written (" in ended.stdout
    assert "File too large.\nLet this user write larger files (ulimit -f)" in ended.stdout
    assert not list(pytester.path.rglob("*.pytest-bill"))
    assert not list(pytester.path.glob("cassettes/test_a/*"))


@pytest.mark.nightly
@pytest.mark.parametrize("workers", [(), ("-n", "2")])
def test_where_there_is_no_temporary_folder(pytester, workers):
    pytester.makepyfile(test_a=ONE)
    # Once pytest has what it needs of it for itself.
    pytester.makeconftest(
        """
        import tempfile
        tempfile.tempdir = None
        tempfile._candidate_tempdir_list = lambda: ["/nowhere"]
        """
    )
    result = pytester.runpytest_subprocess(*RECORD, *workers, timeout=100)
    assert result.ret != 0
    text = result.stdout.str() + result.stderr.str()
    assert "No temporary folder can be made: No usable temporary directory found in" in text
    assert "Set TMPDIR to a folder with room in it" in text
    assert "Traceback" not in text
    assert "INTERNALERROR" not in text


@pytest.mark.nightly
def test_a_cassette_that_is_edited_while_it_is_recorded_stays_as_it_is_then(pytester, proven):
    pytester.makepyfile(test_a=ONE)
    first = pytester.runpytest_subprocess(*RECORD)
    assert first.ret == 0
    path = pytester.path / "cassettes/test_a/test_one.yaml"
    edited = path.read_text().replace("message: OK", "message: Edited")
    pytester.makeconftest(
        f"""
        from pathlib import Path

        def pytest_sessionfinish():
            path = Path({str(path)!r})
            path.write_text(path.read_text().replace("message: OK", "message: Edited"))
        """
    )
    result = pytester.runpytest_subprocess(
        "--bill-environment=local", "--bill-record-mode=all", "-o", "bill_prove=false"
    )
    assert result.ret == 1
    assert path.read_text() == edited
    assert "something else has changed it since this run read it" in result.stdout.str()

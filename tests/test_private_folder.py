"""The folder of a run: private, and gone at the end."""

import os
import signal
import stat
import subprocess
import sys
import tempfile

import pytest

from pytest_bill.private_folder import PrivateFolder, remove_leftovers

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="modes and locks of POSIX")


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_it_is_private_and_removed_once(temporary):
    folder = PrivateFolder()
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    (folder.path / "file").write_text("x")
    folder.remove()
    folder.remove()
    assert list(temporary.iterdir()) == []


def test_a_folder_in_use_is_no_leftover(temporary):
    folder = PrivateFolder()
    remove_leftovers()
    assert folder.path.exists()
    other = PrivateFolder()
    assert folder.path.exists()
    other.remove()
    folder.remove()


def test_what_is_not_ours_stays(temporary):
    (temporary / "pytest-bill-other").mkdir()
    (temporary / "pytest-bill-file").write_text("x")
    (temporary / "elsewhere").mkdir()
    (temporary / "elsewhere" / "owner.lock").write_text("")
    (temporary / "pytest-bill-link").symlink_to(temporary / "elsewhere")
    remove_leftovers()
    assert len(list(temporary.iterdir())) == 4
    assert (temporary / "elsewhere" / "owner.lock").exists()


MAKE = "from pytest_bill.private_folder import PrivateFolder; folder = PrivateFolder(); "


def in_a_process(temporary, then):
    environ = os.environ | {"TMPDIR": str(temporary)}
    command = [sys.executable, "-c", MAKE + then]
    return subprocess.run(command, env=environ, check=False, capture_output=True).returncode


@pytest.mark.parametrize(
    ("then", "status"),
    [
        ("pass", 0),
        ("1 / 0", 1),
        ("raise SystemExit(3)", 3),
        ("raise KeyboardInterrupt", -2),
        ("import os; os.kill(os.getpid(), 15)", -15),
        ("import os; os.kill(os.getpid(), 1)", -1),
        ("import os; os.fork() or os._exit(0); os.wait()", 0),
    ],
)
def test_it_goes_however_the_process_ends(temporary, then, status):
    assert in_a_process(temporary, then) == status
    assert list(temporary.iterdir()) == []


def test_what_a_killed_process_leaves_is_removed_by_the_next(temporary):
    assert in_a_process(temporary, "import os; os.kill(os.getpid(), 9)") == -9
    assert len(list(temporary.iterdir())) == 1
    PrivateFolder().remove()
    assert list(temporary.iterdir()) == []


def test_a_handler_of_somebody_else_is_left_alone(temporary):
    then = (
        "folder.remove(); import signal; signal.signal(15, lambda *_: None); "
        "PrivateFolder(); import os; os.kill(os.getpid(), 15)"
    )
    assert in_a_process(temporary, then) == 0
    assert list(temporary.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing forks here")
def test_a_forked_process_ends_by_a_signal_at_once(monkeypatch, tmp_path):
    """With a handler of Python's it might wait for good: the handler runs when the wait is over."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folder = PrivateFolder()
    try:
        assert signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
        child = os.fork()
        if not child:
            os._exit(signal.getsignal(signal.SIGTERM) is signal.SIG_DFL)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1
        assert folder.path.exists()
    finally:
        folder.remove()

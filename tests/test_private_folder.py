"""The folder of a run: private, and gone at the end."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from contextlib import suppress

import pytest
from filelock import FileLock

from pytest_bill.exceptions import SettingsError
from pytest_bill.private_folder import PREFIX, PrivateFolder, RunEnded, locked, remove_leftovers
from pytest_bill.sandbox import LocalSandbox
from tests.helpers.waiting import wait_for

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


def test_what_another_process_writes_meanwhile_does_not_keep_it(temporary, monkeypatch):
    folder = PrivateFolder()
    (folder.path / "file").write_text("x")
    remove = os.rmdir

    def after_a_write(path, *args, **kwargs):
        with suppress(FileNotFoundError):
            (folder.path / "late").write_text("x")
        remove(path, *args, **kwargs)

    monkeypatch.setattr(os, "rmdir", after_a_write)
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
    # A run that another test made in this process may have left a handler.
    before = signal.signal(signal.SIGTERM, signal.SIG_DFL)
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
        signal.signal(signal.SIGTERM, before)


def test_a_lock_does_not_make_a_folder_again_that_is_gone(temporary):
    folder = PrivateFolder()
    with locked(folder.path, "a.lock"):
        assert (folder.path / "a.lock").exists()
    folder.remove()
    with (
        pytest.raises(RunEnded, match="the test run has ended"),
        locked(folder.path, "a.lock"),
    ):
        pytest.fail("it was locked")
    assert list(temporary.iterdir()) == []


def test_a_folder_that_goes_while_it_is_locked_is_not_left_behind(temporary, monkeypatch):
    folder = PrivateFolder()
    acquire = FileLock.acquire

    def goes_first(lock, *args, **kwargs):
        folder.remove()
        return acquire(lock, *args, **kwargs)

    monkeypatch.setattr(FileLock, "acquire", goes_first)
    with pytest.raises(RunEnded), locked(folder.path, "a.lock"):
        pytest.fail("it was locked")
    assert list(temporary.iterdir()) == []


def test_what_was_written_while_a_folder_was_removed_goes_with_the_next_run(temporary):
    left = temporary / f"{PREFIX}left"
    left.mkdir(mode=0o700)
    (left / "sign_ins.json").write_text("{}")
    remove_leftovers()
    assert left.exists()  # it may be one that is just being made
    os.utime(left, (0, 0))
    remove_leftovers()
    assert not left.exists()


GOES_ON = """
import os, pathlib, time

def test_one(bill_dev_session):
    bill_dev_session.get("/v3/vendors")
    run = os.getppid()
    pathlib.Path("ready").write_text("")
    while os.getppid() == run:
        time.sleep(0.01)
    try:
        bill_dev_session.post("/v3/logout")
        bill_dev_session.get("/v3/vendors", params={"max": 2})  # signs in again
    except Exception as error:
        pathlib.Path("told").write_text(repr(error))
    finally:
        pathlib.Path("done").write_text("")
"""


def test_workers_that_go_on_after_their_run_make_no_folder(pytester, monkeypatch, temporary):
    pytester.makepyfile(GOES_ON)
    command = [sys.executable, "-m", "pytest", "-n1", "--bill-record-mode=once"]
    monkeypatch.setenv("TMPDIR", str(temporary))
    with LocalSandbox() as sandbox:
        for name, value in {**sandbox.variables, "BILL_BASE_URL": sandbox.origin}.items():
            monkeypatch.setenv(name, value)
        with subprocess.Popen(command, cwd=pytester.path, stdout=subprocess.DEVNULL) as run:
            wait_for((pytester.path / "ready").exists)
            assert len(list(temporary.glob(f"{PREFIX}*"))) == 1
            run.terminate()
        wait_for((pytester.path / "done").exists)
        signed_in = sandbox.request_counts()["POST /connect/v3/login"]
    assert (pytester.path / "told").read_text().startswith("SignInFailed")
    assert signed_in == 1
    assert list(temporary.glob(f"{PREFIX}*")) == []


@pytest.mark.parametrize("place", ["missing", "file", ""])
def test_where_none_can_be_made_that_is_said(temporary, monkeypatch, place):
    (temporary / "file").write_text("")
    monkeypatch.setattr(tempfile, "tempdir", str(temporary / place) if place else None)
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", lambda: [str(temporary / "missing")])
    with pytest.raises(SettingsError, match=r"^No temporary folder can be made: .*\nSet TMPDIR"):
        PrivateFolder()


def test_one_that_is_full_is_left_clean(temporary, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pytest_bill.private_folder._mark", full)
    with pytest.raises(SettingsError, match="No space left on device"):
        PrivateFolder()
    assert list(temporary.iterdir()) == []


def test_a_folder_whose_removal_was_killed_goes_with_the_next_run_at_once(temporary):
    left = temporary / f"{PREFIX}left-removed"
    left.mkdir(mode=0o700)
    (left / "sign_ins.json").write_text("{}")
    remove_leftovers()
    assert not left.exists()


def test_a_removal_that_is_interrupted_is_done_when_the_process_ends(temporary, monkeypatch):
    folder = PrivateFolder()
    (folder.path / "sign_ins.json").write_text("{}")
    remove = shutil.rmtree

    def interrupted(*args, **kwargs):
        monkeypatch.setattr(shutil, "rmtree", remove)
        raise KeyboardInterrupt

    monkeypatch.setattr(shutil, "rmtree", interrupted)
    with pytest.raises(KeyboardInterrupt):
        folder.remove()
    assert len(list(temporary.iterdir())) == 1
    folder.remove()  # as atexit does
    assert list(temporary.iterdir()) == []


def test_a_signal_that_comes_while_it_is_made_ends_the_process_and_leaves_nothing(temporary):
    early = (
        "import os, signal, tempfile; made = tempfile.mkdtemp\n"
        "tempfile.mkdtemp = lambda **how: (made(**how), os.kill(os.getpid(), signal.SIGTERM))[0]\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", early + MAKE],
        env=os.environ | {"TMPDIR": str(temporary)},
        check=False,
    )
    assert done.returncode == -signal.SIGTERM
    assert list(temporary.iterdir()) == []

"""Workers on other machines: by sockets and by ssh, each with a folder and a user of its own."""

from __future__ import annotations

import json
import os
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from pytest_bill.sandbox import LocalSandbox
from tests.helpers.leaks import files_below
from tests.helpers.waiting import wait_for
from tests.plugin.suites import LOCAL
from tests.plugin.test_xdist import CRASHING, VENDOR

pytestmark = pytest.mark.nightly

NOBODY = ("--reuid=65534", "--regid=65534", "--clear-groups")
SAME_PLUGINS = ("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "PYTEST_PLUGINS")
SSH = """#!/bin/sh
while [ "${1#-}" != "$1" ]; do case "$1" in -F|-p|-i) shift;; esac; shift; done
cd "$MACHINES/$1" || exit 1
shift
exec env -i HOME="$PWD" TMPDIR="$PWD" PATH=/usr/bin:/bin PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 \\
    PYTEST_PLUGINS="$PYTEST_PLUGINS" sh -c "$*"
"""


@pytest.fixture
def project(proven, monkeypatch):
    """A project of which all goes to the other machines; its files are this user's alone."""
    for name in [name for name in os.environ if name.startswith("BILL_")]:
        monkeypatch.delenv(name)
    proven.makepyfile(test_a=VENDOR, test_b=CRASHING)
    proven.makeini("[pytest]")
    proven.path.chmod(0o700)
    return proven


@pytest.fixture
def machines(monkeypatch):
    """Start two, as another user where this one may do that; gives what --tx calls them."""
    # That user may not enter pytest's folders.
    with tempfile.TemporaryDirectory(prefix="machines-") as place, ExitStack() as running:
        folder = Path(place)
        folder.chmod(0o755)
        monkeypatch.setenv("MACHINES", place)

        def start(how: str) -> list[str]:
            return [_start(how, folder / name, running) for name in ("left", "right")]

        yield start


def _start(how: str, folder: Path, running: ExitStack) -> str:
    folder.mkdir()
    folder.chmod(0o777)
    if how == "ssh":
        ssh = folder.parent / "bin" / "ssh"
        ssh.parent.mkdir(exist_ok=True)
        ssh.write_text(SSH)
        ssh.chmod(stat.S_IRWXU)
        os.environ["PATH"] = f"{ssh.parent}{os.pathsep}{os.environ['PATH']}"
        return f"--tx=ssh={folder.name}//python={sys.executable}"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    setpriv = shutil.which("setpriv") if os.getuid() == 0 else None
    command = [sys.executable, "-m", "execnet.script.socketserver", f"127.0.0.1:{port}"]
    output = running.enter_context((folder.parent / f"{folder.name}.txt").open("wb"))
    started = subprocess.Popen(
        [setpriv, *NOBODY, *command] if setpriv else command,
        cwd=folder,
        env={
            "HOME": str(folder),
            "TMPDIR": str(folder),
            "PYTHONUNBUFFERED": "1",
            **{name: os.environ[name] for name in ("PATH", *SAME_PLUGINS)},
        },
        stdout=output,
    )
    running.callback(started.wait)
    running.callback(started.kill)
    wait_for((folder.parent / f"{folder.name}.txt").read_bytes)
    return f"--tx=socket=127.0.0.1:{port}"


def arguments(project, specs: list[str]) -> tuple[str, ...]:
    here = str(project.path)
    return ("-d", *specs, f"--rsyncdir={here}", here, "-p", "no:cacheprovider", "-W", "ignore")


@pytest.mark.parametrize("how", ["socket", "ssh"])
def test_they_sign_in_once_and_what_they_record_arrives(project, machines, monkeypatch, how):
    monkeypatch.setenv("PATH", os.environ["PATH"])
    with LocalSandbox() as sandbox:
        variables = sandbox.variables | {"BILL_BASE_URL": sandbox.origin}
        lines = [f"{name}='{value}'" for name, value in variables.items()]
        (project.path / ".env").write_text("\n".join(lines))
        far = arguments(project, machines(how))
        # One on this machine, too.
        result = project.runpytest_subprocess(
            *far, "--tx=popen", "--bill-record-mode=all", "--bill-report=report.json"
        )
        assert result.ret == 0, result.stdout.str()
    report = json.loads((project.path / "report.json").read_text())
    assert report["sign_ins"] == 1
    assert report["notices"] == []
    cassettes = project.path / "cassettes"
    assert not (cassettes / ".unproven").exists()
    text = (cassettes / "test_a/fixture.vendor.yaml").read_text()
    assert text.count("method: POST") == 2
    (project.path / ".env").unlink()
    # Nothing is left there of what is secret.
    left = "\n".join(files_below(Path(os.environ["MACHINES"])).values())
    for name in ("BILL_PASSWORD", "BILL_DEV_KEY"):
        assert variables[name] not in left
    assert list(Path(os.environ["MACHINES"]).rglob("pytest-bill-*")) == []
    assert project.runpytest_subprocess("-n0", "--bill-strict").ret == 0


def test_they_replay_and_are_told_of_no_credential(project, machines):
    recorded = project.runpytest_subprocess(*LOCAL, "--bill-record-mode=once")
    assert recorded.ret == 0
    (project.path / ".env").write_text("BILL_PASSWORD='a-password-of-some-length'\n")
    result = project.runpytest_subprocess(*arguments(project, machines("socket")), "--bill-strict")
    assert result.ret == 0, result.stdout.str()


def test_one_that_crashes_loses_only_what_it_was_at(project, machines, monkeypatch):
    (project.path / "conftest.py").write_text("import os\nos.environ['CRASHES'] = '1'\n")
    far = arguments(project, machines("socket"))
    recording = (*far, *LOCAL, "--bill-record-mode=once", "--max-worker-restart=0", "-k", "number")
    result = project.runpytest_subprocess(*recording)
    assert result.ret == 1
    result.stdout.fnmatch_lines(["*its worker gw* crashed; what it had recorded for cassettes/*"])
    cassettes = {each.name for each in (project.path / "cassettes/test_b").iterdir()}
    assert cassettes
    assert cassettes.isdisjoint({"test_number-3.yaml", "test_number-7.yaml"})


def test_a_project_without_an_ini_file_is_told_what_it_lacks(project, machines):
    (project.path / "tox.ini").unlink()
    result = project.runpytest_subprocess(*arguments(project, machines("socket")))
    assert result.ret == 1
    result.stdout.fnmatch_lines(
        [
            "*The rootdir of this worker is */pyexecnetcache, that of its controller is named *",
            "*Give the project an ini file*",
        ]
    )

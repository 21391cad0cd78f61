"""The local sandbox of a run: started, shared with workers, attached to."""

from __future__ import annotations

import json
import socket
import stat
import sys
from types import SimpleNamespace

import pytest

from pytest_bill.exceptions import SettingsError
from pytest_bill.private_folder import share, share_no_more
from pytest_bill.run.sandbox import attach_sandbox, share_sandbox, start_sandbox


def test_workers_share_the_sandbox_through_a_file_that_only_the_user_reads(tmp_path):
    sandbox = start_sandbox()
    try:
        share_sandbox(sandbox, tmp_path)
        (file,) = tmp_path.iterdir()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        attached = attach_sandbox(tmp_path)
        assert attached.origin == sandbox.origin
        assert attached.variables == sandbox.variables
    finally:
        sandbox.stop()


def test_a_worker_without_a_shared_sandbox_says_what_to_do(tmp_path):
    with pytest.raises(SettingsError, match="Give the mode on the command line"):
        attach_sandbox(tmp_path)


def test_a_worker_on_another_machine_says_that_it_does_not_reach_it(tmp_path):
    with socket.socket() as taken:  # and nobody listens
        taken.bind(("127.0.0.1", 0))
        known = {"origin": f"http://127.0.0.1:{taken.getsockname()[1]}", "variables": {}}
        (tmp_path / "sandbox.json").write_text(json.dumps(known))
        assert attach_sandbox(tmp_path).origin == known["origin"]
        share(tmp_path, SimpleNamespace())
        try:
            with pytest.raises(SettingsError, match="this worker is on another one"):
                attach_sandbox(tmp_path)
        finally:
            share_no_more(tmp_path)


def test_a_missing_sandbox_extra_is_explained(monkeypatch):
    monkeypatch.delitem(sys.modules, "pytest_bill.sandbox.serving", raising=False)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    with pytest.raises(SettingsError, match=r"pip install 'pytest-bill\[sandbox\]'"):
        start_sandbox()

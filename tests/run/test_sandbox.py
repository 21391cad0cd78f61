"""The local sandbox of a run: started, shared with workers, attached to."""

from __future__ import annotations

import stat
import sys

import pytest

from pytest_bill.exceptions import SettingsError
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


def test_a_missing_sandbox_extra_is_explained(monkeypatch):
    for name in [name for name in sys.modules if name.startswith("pytest_bill.sandbox")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    with pytest.raises(SettingsError, match=r"pip install 'pytest-bill\[sandbox\]'"):
        start_sandbox()

"""One run at a time puts cassettes into a folder."""

from __future__ import annotations

import fcntl
import os
import threading

import pytest

from pytest_bill.cassettes.folder_lock import alone


def test_one_run_waits_for_another_and_says_so(tmp_path):
    held = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    waits, entered = threading.Event(), threading.Event()

    def other() -> None:
        with alone(tmp_path, waits.set):
            entered.set()

    thread = threading.Thread(target=other)
    thread.start()
    assert waits.wait(10)
    assert not entered.is_set()
    os.close(held)
    thread.join(10)
    assert entered.is_set()
    with alone(tmp_path, pytest.fail):
        pass

"""How the second run is started."""

from __future__ import annotations

import stat
import sys
from datetime import UTC, datetime, timedelta, timezone
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from pytest_bill.command_line import invocation_folder
from pytest_bill.proof import starting
from pytest_bill.proof.second_run import WANTED

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)


def test_it_has_no_variable_of_bills_and_none_of_another_run():
    given = {
        "BILL_DEV_KEY": "secret",
        "BILL_ENVIRONMENT": "production",
        "PYTEST_XDIST_WORKER": "gw0",
        "PYTEST_CURRENT_TEST": "test_a",
        "PYTEST_BILL_PARENT": "socket",
        "HOME": "/home/ada",
        "TZ": "America/Chicago",
    }
    assert starting.environment(given, Path("wanted.json"), NOON) == {
        WANTED: "wanted.json",
        "HOME": "/home/ada",
        "TZ": "America/Chicago",
    }


def test_its_time_zone_has_another_date():
    for hours, hour in product(range(-12, 15), range(24)):
        here = NOON.replace(hour=hour).astimezone(timezone(timedelta(hours=hours)))
        there = here.astimezone(ZoneInfo(starting.other_zone(here)))
        assert there.date() != here.date()


def test_it_is_given_the_arguments_of_the_first_run(pytester, monkeypatch):
    config = pytester.parseconfig("--lf", "-p", "no:doctest", "tests")
    monkeypatch.setattr(sys, "path", ["/elsewhere"])
    command = starting.command(config)
    assert command[:4] == [sys.executable, "-P", "-m", "pytest"]
    assert command[4:8] == ["--lf", "-p", "no:doctest", "tests"]
    assert invocation_folder(config) == pytester.path


def test_the_working_folder_is_on_its_path_where_it_was_before(pytester, monkeypatch):
    monkeypatch.setattr(sys, "path", [str(pytester.path)])
    assert "-P" not in starting.command(pytester.parseconfig())


def test_what_it_prints_is_kept(tmp_path):
    output = tmp_path / "output.txt"
    shown = [
        sys.executable,
        "-c",
        "import os, sys; print(os.environ['A']); print(sys.stdin.read())",
    ]
    assert starting.run(shown, {"A": "from here"}, tmp_path, output, 60)
    assert output.read_text() == "from here\n\n"


def test_it_may_not_take_for_ever(tmp_path):
    waiting = [sys.executable, "-c", "import threading; threading.Event().wait()"]
    assert not starting.run(waiting, {}, tmp_path, tmp_path / "output.txt", 0.5)


def test_it_is_no_process_of_a_tests(tmp_path, monkeypatch):
    parent = SimpleNamespace(run_info=pytest.fail, before_fork=int, after_fork=int, go_on=int)
    parent.after_fork_in_child = int
    monkeypatch.setattr("pytest_bill.processes.starting._parents", [parent])
    shown = [sys.executable, "-c", "import os; print(sorted(os.environ))"]
    assert starting.run(shown, {"A": "1"}, tmp_path, tmp_path / "output.txt", 60)
    assert "PYTEST_BILL" not in (tmp_path / "output.txt").read_text()


def test_what_it_prints_is_for_this_user_only(tmp_path):
    starting.run([sys.executable, "-c", ""], {}, tmp_path, tmp_path / "output.txt", 60)
    assert stat.S_IMODE((tmp_path / "output.txt").stat().st_mode) == 0o600

"""A folder to look at, and the doctor's report of it, through the front door."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from pytest_bill.cli import main

Doctor = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def project(tmp_path, monkeypatch):
    """An empty folder, in which this process stands, without a variable of BILL's."""
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in list(os.environ):
        if name.startswith("BILL_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    return folder


@pytest.fixture
def doctor(project, capsys) -> Doctor:
    """Run ``pytest-bill doctor --json``; gives the exit status and the report."""

    def doctor(*arguments: str) -> tuple[int, dict[str, Any]]:
        capsys.readouterr()
        status = main(["doctor", "--json", *arguments])
        report = json.loads(capsys.readouterr().out)
        assert report["exit_status"] == status
        return status, report

    return doctor


@pytest.fixture
def shown(project, capsys) -> Callable[..., tuple[int, str]]:
    """Run ``pytest-bill doctor``; gives the exit status and what it shows."""

    def shown(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        status = main(["doctor", *arguments])
        return status, capsys.readouterr().out

    return shown


@pytest.fixture
def env_file(project) -> Callable[..., None]:
    """Write ``.env``: each value in single quotes, as it stands."""

    def env_file(values: Mapping[str, str] = {}, **others: str) -> None:
        lines = [f"{name}='{value}'\n" for name, value in {**values, **others}.items()]
        (project / ".env").write_text("".join(lines), encoding="utf-8")

    return env_file

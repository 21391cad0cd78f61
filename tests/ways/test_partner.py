"""A partner with cards and webhooks, who goes by docs/partners.md, step by step."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_bill.sandbox import LocalSandbox

TEXT = (Path(__file__).parents[2] / "docs" / "partners.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"<!-- file: (\S+) -->\n```python\n(.*?)```", TEXT, re.DOTALL))
INSTALL, *OTHERS = re.findall(r"^\$ (.*)$", TEXT, re.MULTILINE)
MOST_COMMANDS = 6
SECRET_NAMES = re.findall(r"^(BILL_\w+)=$", TEXT, re.MULTILINE)


def commands(which: str) -> list[str]:
    (block,) = re.findall(rf"<!-- run: {which} -->\n```console\n(.*?)```", TEXT, re.DOTALL)
    return re.findall(r"^\$ (.*)$", block, re.MULTILINE)


@pytest.fixture
def partner(tmp_path):
    """The reader's project, with the files of the page; types commands there."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    environ = {name: value for name, value in os.environ.items() if not name.startswith("BILL_")}
    environ.pop("PYTEST_ADDOPTS", None)
    environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), environ["PATH"]])

    def types(command: str) -> tuple[str, dict[str, int]]:
        """What is shown, and the counts where it was a run; it ends well."""
        typed = shlex.split(command)
        report = tmp_path / "report.json"
        report.unlink(missing_ok=True)
        is_run = typed[0] == "python"
        if is_run:
            typed[0] = sys.executable
            typed.append(f"--bill-report={report}")
        done = subprocess.run(
            typed, cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout, json.loads(report.read_text()) if is_run else {}

    return types


def test_the_steps_are_few():
    assert INSTALL == "pip install 'pytest-bill[sandbox]'"
    assert [*commands("local"), *commands("own")] == OTHERS
    assert 1 + len(OTHERS) <= MOST_COMMANDS
    assert 1 + len(commands("local")) <= 3  # to tests that are recorded and replayed


@pytest.mark.nightly
def test_tests_of_ones_own_are_recorded_and_replayed(partner):
    record, replay = commands("local")
    _, counts = partner(record)
    assert counts["recorded"] == counts["requests"] > 8
    shown, counts = partner(replay)
    assert "4 passed" in shown
    assert counts["replayed"] == counts["requests"] > 8
    assert counts["recorded"] == 0


@pytest.mark.nightly
def test_with_credentials_of_ones_own(partner, tmp_path):
    for command in commands("local"):
        partner(command)
    look, record, replay = commands("own")
    with LocalSandbox() as sandbox:
        variables = {name: sandbox.variables[name] for name in SECRET_NAMES}
        lines = [f"{name}={value}\n" for name, value in variables.items()]
        # In place of BILL's own sandbox.
        (tmp_path / ".env").write_text("".join([*lines, f"BILL_BASE_URL={sandbox.origin}\n"]))
        shown, _ = partner(look)
        assert "partner app key: signed in" in shown
        assert "Spend & Expense API token: taken" in shown
        _, counts = partner(record)
        assert counts["recorded"] == counts["requests"] > 8
    _, counts = partner(replay)
    assert counts["replayed"] == counts["requests"] > 8
    cassettes = b"".join(path.read_bytes() for path in (tmp_path / "cassettes").rglob("*.yaml"))
    assert b"PLACEHOLDER_BILL_PARTNER_APP_KEY" in cassettes
    assert [name for name, value in variables.items() if value.encode() in cassettes] == []

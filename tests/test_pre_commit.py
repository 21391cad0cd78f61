"""The project's own pre-commit hooks can run, and what they look at is well."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
(REPOSITORY,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
HOOKS = {hook["id"]: hook for hook in REPOSITORY["hooks"]}


@pytest.mark.parametrize("name", HOOKS)
def test_each_hook_needs_no_network(name):
    assert REPOSITORY["repo"] == "local"
    assert HOOKS[name]["language"] == "system"
    assert HOOKS[name]["entry"].startswith(".venv/bin/")


def test_the_scan_finds_nothing():
    hook = HOOKS["pytest-bill-scan"]
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    files = [name for name in listed if not re.search(hook["exclude"], name)]
    assert len(files) > 200
    program, *arguments = hook["entry"].removeprefix(".venv/bin/").split()
    command = [Path(sys.executable).with_name(program), *arguments, *files]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr

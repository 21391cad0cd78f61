"""The hook that pre-commit runs, as pre-commit runs it: the entry with the staged files."""

from __future__ import annotations

import shlex
import subprocess

import yaml

from tests.helpers.scanning import COMMAND, SECRET, cassette


def test_the_hook_stops_a_commit_with_a_secret(request, tmp_path):
    hooks = yaml.safe_load((request.config.rootpath / ".pre-commit-hooks.yaml").read_text())
    [hook] = hooks
    assert (hook["id"], hook["language"], hook["types"]) == (
        "pytest-bill-scan",
        "python",
        ["text"],
    )
    program, *arguments = shlex.split(hook["entry"])
    assert program == "pytest-bill"

    def run(*files: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [COMMAND, *arguments, *files], cwd=tmp_path, capture_output=True, text=True, timeout=60
        )

    (tmp_path / "a.py").write_text("x = 1\n")
    cassette(tmp_path / "b.yaml", f'{{"sessionId": "{SECRET}"}}')
    assert run("a.py").returncode == 0
    outcome = run("a.py", "b.yaml")
    assert outcome.returncode == 1
    assert "b.yaml" in outcome.stdout
    assert SECRET not in outcome.stdout + outcome.stderr

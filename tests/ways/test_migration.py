"""Somebody with ten cassettes of pytest-recording, filtered ones among them, by docs/migration.md.

The suite is the one in tests/migrate/data: recorded by pytest-recording itself, from the local
sandbox. Each command is the document's.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "migrate" / "data"
_RUN = re.compile(r"<!-- run: migrate -->\n```console\n(?P<lines>.*?)```", re.DOTALL)
INSTALL = "pip install pytest-bill"
MOST_COMMANDS = 4


def steps() -> list[str]:
    """What the document tells to type, in that order."""
    (lines,) = _RUN.findall((ROOT / "docs" / "migration.md").read_text(encoding="utf-8"))
    return [line.removeprefix("$ ") for line in lines.splitlines()]


def typed(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Type a command in a folder, with no variable of BILL's and the recorder uninstalled."""
    environ = {name: each for name, each in os.environ.items() if not name.startswith("BILL_")}
    environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), environ.get("PATH", "")])
    environ["PYTEST_ADDOPTS"] = "-p no:recording -p no:cacheprovider -p no:xdist -W ignore"
    return subprocess.run(
        command.split(), cwd=folder, env=environ, capture_output=True, text=True, check=False
    )


def test_ten_cassettes_replay_after_the_steps_of_the_guide(tmp_path):
    commands = steps()
    assert len(commands) <= MOST_COMMANDS
    assert commands[0] == INSTALL  # it is installed here
    shutil.copytree(DATA / "recording", tmp_path, dirs_exist_ok=True)
    shutil.copy(DATA / "acme.py", tmp_path)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    old = [path for path in tmp_path.rglob("cassettes/**/*") if path.is_file()]
    assert len(old) >= 10
    assert sum("REDACTED" in path.read_text() or "DUMMY" in path.read_text() for path in old) >= 10

    plan, done, replayed = (typed(command, tmp_path) for command in commands[1:])
    assert plan.returncode == done.returncode == 1, plan.stderr  # some settings are left to do
    assert "Nothing was changed" in plan.stdout
    assert "Done. Replay it without network: pytest --bill-block-network" in done.stdout
    assert replayed.returncode == 0, replayed.stdout
    assert "13 passed" in replayed.stdout
    assert all(path.is_file() for path in old)

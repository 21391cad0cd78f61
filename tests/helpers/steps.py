"""What a document tells its reader to do: commands to type, and files to write."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib.metadata import metadata
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
_FILE = re.compile(r"<!-- file: (?P<path>\S+) -->\n```python\n(?P<text>.*?)```", re.DOTALL)
_RUN = re.compile(r"<!-- run(?:: (?P<way>[\w ]+))? -->\n```console\n(?P<lines>.*?)```", re.DOTALL)
_INSTALL = re.compile(r"pip install 'pytest-bill(\[(?P<extras>[a-z,]+)\])?'( +#.*)?")
_EXTRAS = set(metadata("pytest-bill").get_all("Provides-Extra") or ())


def files_of(document: str) -> dict[str, str]:
    """The files that a document shows, by their paths."""
    text = (DOCS / document).read_text(encoding="utf-8")
    return {found["path"]: found["text"] for found in _FILE.finditer(text)}


def commands_of(document: str, way: str | None = None) -> list[str]:
    """The commands that a document has its reader type, in one of its ways."""
    text = (DOCS / document).read_text(encoding="utf-8")
    blocks = [found["lines"] for found in _RUN.finditer(text) if found["way"] == way]
    return [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]


def shell(command: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run what somebody types; it passes. What pip would install is installed already."""
    if (install := _INSTALL.fullmatch(command)) is not None:
        assert set((install["extras"] or "").split(",")) <= {"", *_EXTRAS}
        return subprocess.CompletedProcess(command, 0, "", "")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", command],
        cwd=folder,
        env={**os.environ, "PATH": path, **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done


def counts_of(command: str, folder: Path, **variables: str) -> dict[str, int]:
    """Run a command that runs pytest; what that run counted."""
    report = folder / "counts.json"
    report.unlink(missing_ok=True)
    shell(command, folder, PYTEST_ADDOPTS=f"--bill-report={report}", **variables)
    told = json.loads(report.read_text(encoding="utf-8"))
    report.unlink()
    return {name: told[name] for name in ("requests", "recorded", "replayed")}


def recorded(count: int) -> dict[str, int]:
    """The counts of a run that recorded so many requests, and all it made."""
    return {"requests": count, "recorded": count, "replayed": 0}


def replayed(count: int) -> dict[str, int]:
    """The counts of a run that replayed so many requests, and all it made."""
    return {"requests": count, "recorded": 0, "replayed": count}

"""A virtual environment with this project and its peers, at the versions that pyproject pins.

Standard library only: this runs before anything is installed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
GROUP = "bench"


def folder() -> Path:
    """One for each version of Python; this one's."""
    return Path(__file__).parent / ".venv" / f"{sys.version_info.major}.{sys.version_info.minor}"


def python() -> Path:
    return folder() / "bin/python"


def is_running() -> bool:
    """Whether this process runs in it."""
    return Path(sys.prefix).resolve() == folder().resolve()


def prepare() -> None:
    """Make the environment, or bring it up to date; this project is installed as users have it."""
    _when_changed("peers", [ROOT / "pyproject.toml"], _install_all)
    sources = sorted((ROOT / "pytest_bill").rglob("*.py"))
    _when_changed("project", [ROOT / "pyproject.toml", *sources], _install_project)


def enter(arguments: list[str]) -> None:
    """Go on in it, as the same process."""
    os.chdir(ROOT)
    os.execv(python(), [str(python()), "-m", "benchmarks", *arguments])


def _when_changed(name: str, files: list[Path], install) -> None:
    digest = hashlib.sha256()
    for file in files:
        digest.update(str(file.relative_to(ROOT)).encode() + file.read_bytes())
    stamp = folder() / f".{name}"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    print(f"Installing the {name} …", file=sys.stderr)
    install()
    stamp.write_text(digest.hexdigest())


def _install_all() -> None:
    if uv := shutil.which("uv"):
        _run(uv, "venv", "--quiet", "--clear", "--python", sys.executable, folder())
    else:
        _run(sys.executable, "-m", "venv", "--clear", folder())
        _run(python(), "-m", "pip", "install", "--quiet", "--upgrade", "pip>=25.1")
    _pip_install("--group", f"{ROOT / 'pyproject.toml'}:{GROUP}", ROOT)


def _install_project() -> None:
    if shutil.which("uv"):
        _pip_install("--no-deps", "--reinstall", ROOT)
    else:
        _pip_install("--no-deps", "--force-reinstall", ROOT)


def _pip_install(*arguments: str | Path) -> None:
    if uv := shutil.which("uv"):
        _run(uv, "pip", "install", "--quiet", "--python", python(), *arguments)
    else:
        options = ("--quiet", "--quiet", "--disable-pip-version-check")
        _run(python(), "-m", "pip", "install", *options, *arguments)


def _run(*command: str | Path) -> None:
    subprocess.run([str(each) for each in command], check=True)

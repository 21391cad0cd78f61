"""A virtual environment with this project and its peers, at the versions that pyproject pins.

Standard library only: this runs before anything is installed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
GROUP = "bench"
BY_THEMSELVES: dict[str, tuple[str, ...]] = {
    "bare": ("pytest", "requests"),
    "users": (f"{ROOT}[sandbox]",),
}
"""Environments that have nothing else: for what each run costs, the README's install among them."""


def folder() -> Path:
    """One for each version of Python; this one's."""
    return Path(__file__).parent / ".venv" / f"{sys.version_info.major}.{sys.version_info.minor}"


def python(name: str = "") -> Path:
    """That of the environment with all peers, or of one of those ``BY_THEMSELVES``."""
    return _environment(name) / "bin/python"


def _environment(name: str) -> Path:
    return folder().with_name(f"{folder().name}-{name}") if name else folder()


def is_running() -> bool:
    """Whether this process runs in it."""
    return Path(sys.prefix).resolve() == folder().resolve()


def prepare() -> None:
    """Make the environment, or bring it up to date; this project is installed as users have it."""
    _when_changed("peers", [ROOT / "pyproject.toml"], _install_all)
    sources = sorted((ROOT / "pytest_bill").rglob("*.py"))
    _when_changed("project", [ROOT / "pyproject.toml", *sources], _install_project)
    _when_changed("others", [ROOT / "pyproject.toml", *sources], _install_by_themselves)


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
    _make("")
    _pip_install("", "--group", f"{ROOT / 'pyproject.toml'}:{GROUP}", ROOT)


def _install_project() -> None:
    again = "--reinstall" if shutil.which("uv") else "--force-reinstall"
    _pip_install("", "--no-deps", again, ROOT)


def _install_by_themselves() -> None:
    """At the same versions as beside the peers."""
    pins = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"][GROUP]
    versions = folder() / "versions.txt"
    versions.write_text("\n".join(pins))
    for name, requirements in BY_THEMSELVES.items():
        _make(name)
        _pip_install(name, "--constraint", versions, *requirements)


def _make(name: str) -> None:
    if uv := shutil.which("uv"):
        _run(
            *(uv, "venv", "--quiet", "--clear", "--python", sys.executable),
            _environment(name),
        )
    else:
        _run(sys.executable, "-m", "venv", "--clear", _environment(name))
        _run(python(name), "-m", "pip", "install", "--quiet", "--upgrade", "pip>=25.1")


def _pip_install(name: str, *arguments: str | Path) -> None:
    # With byte code, as pip leaves it on users' machines.
    if uv := shutil.which("uv"):
        options = ("--quiet", "--compile-bytecode", "--python", python(name))
        _run(uv, "pip", "install", *options, *arguments)
    else:
        options = ("--quiet", "--quiet", "--disable-pip-version-check")
        _run(python(name), "-m", "pip", "install", *options, *arguments)


def _run(*command: str | Path) -> None:
    # Without byte code each measured start would compile all that it imports.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run([str(each) for each in command], check=True, env=environment)

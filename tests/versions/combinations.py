"""Which versions are run together: each one of each axis, oldest ones beside newest ones.

No combination of all: each pytest runs on several Pythons, with the lowest and with the newest of
what stands below it. `noxfile.py` makes an environment of each; the lower bounds are those of
`pyproject.toml`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

BELOW = ("requests", "urllib3", "vcrpy", "python-dotenv", "PyYAML", "filelock")
"""What this package stands on, but for pytest."""
EXTRAS = ("sandbox", "proof", "demo")


@dataclass(frozen=True)
class Combination:
    """Versions that are installed together; of ``lowest`` the oldest, of all else the newest."""

    python: str
    pytest: str
    lowest: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """A name without blanks, for the command line."""
        if self.beside:
            return f"beside-{self.beside[0]}-{self.python}"
        old = {(): "newest", BELOW: "lowest"}.get(self.lowest, f"old-{'-'.join(self.lowest)}")
        return f"py{self.python}-pytest{self.pytest}-{old}"

    @property
    def requirements(self) -> list[str]:
        """What is installed beside the package."""
        pins = [f"pytest=={self.pytest}.{'0' if self.pytest == lowest()['pytest'] else '*'}"]
        pins += [f"{name}=={lowest()[name]}" for name in self.lowest]
        if self.lowest == BELOW:
            pins += [f"{name}=={version}" for name, version in lowest(*EXTRAS).items()]
        return [*pins, "pytest-xdist>=3.6", *self.beside]


BESIDE = ("responses", "pytest-httpx", "pytest-socket", "pytest-django", "django")
"""What stands beside this plugin in other suites. The first three of vcrpy's kind share options or
markers and refuse each other: each has an environment of its own."""

COMBINATIONS = (
    Combination("3.11", "8.2", BELOW),
    Combination("3.11", "8.4", ("urllib3",)),
    Combination("3.11", "9.0", ("requests", "urllib3", "python-dotenv")),
    Combination("3.11", "9.1"),
    Combination("3.11", "9.2"),
    Combination("3.12", "8.2"),
    Combination("3.12", "8.4", ("requests",)),
    Combination("3.12", "9.1", ("requests", "urllib3")),
    Combination("3.12", "9.2", BELOW),
    Combination("3.13", "8.2", BELOW),
    Combination("3.13", "8.4"),
    Combination("3.13", "9.0"),
    Combination("3.13", "9.2"),
    Combination("3.14", "8.4", ("requests", "urllib3")),
    Combination("3.14", "9.2"),
    Combination("3.15", "9.2"),
    Combination("3.11", "9.2", beside=("pytest-recording", *BESIDE)),
    Combination("3.13", "9.2", beside=("pytest-vcr", *BESIDE)),
    Combination("3.12", "9.2", beside=("cassetter", *BESIDE)),
)


def lowest(*extras: str) -> dict[str, str]:
    """The lower bounds of `pyproject.toml`; without extras, those of what is always needed."""
    of_extras = [PROJECT["optional-dependencies"][extra] for extra in extras]
    found = {}
    for requirement in chain(*of_extras) if extras else PROJECT["dependencies"]:
        match = re.match(r"([\w-]+)>=([\d.]+)", requirement)
        if match is not None:  # else it is another extra of this package
            found[match[1]] = match[2]
    return found


def interpreter(version: str) -> str | None:
    """A Python of this version, on the path or among pyenv's; None where there is none."""
    on_path = shutil.which(f"python{version}")
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    of_pyenv = sorted(pyenv.glob(f"versions/{version}.*/bin/python"))
    for found in [*([on_path] if on_path else []), *map(str, reversed(of_pyenv))]:
        # pyenv has a shim for each version that is not switched on; it fails.
        if subprocess.run([found, "-c", ""], capture_output=True, check=False).returncode == 0:
            return found
    return None

"""What is in the folder already: its repository, where its tests lie, how it is installed."""

from __future__ import annotations

import shlex
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from glob import glob
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from pytest_bill.cli.init import settings
from pytest_bill.cli.init.files import read, shown
from pytest_bill.exceptions import SettingsError

_REQUIREMENTS = (
    *("requirements.txt", "requirements-dev.txt", "requirements-test.txt"),
    *("dev-requirements.txt", "test-requirements.txt"),
)
_TEST_FILES = ("test_{}.py", "{}_test.py")


class Project(NamedTuple):
    """What is written depends on it.

    ``repository`` is the root of the git repository, None outside of one. ``tests`` and
    ``cassettes`` are folders as they are written below ``folder``; ``test_file`` is the form of a
    test module's name, ``client`` what a client of its own is written with, ``install`` the
    arguments by which pip installs the project, ``python`` the version that CI takes.
    """

    folder: Path
    repository: Path | None
    settings: settings.Settings
    tests: str = "tests"
    cassettes: str = "cassettes"
    test_file: str = _TEST_FILES[0]
    client: str = "httpx"
    install: tuple[str, ...] = ()
    python: str = f"{sys.version_info.major}.{sys.version_info.minor}"

    @property
    def is_root(self) -> bool:
        """Whether the folder is the root of its repository, or there is none."""
        return self.repository in (None, self.folder)


def project_in(folder: Path, major: int | None = None) -> Project:
    """Look at a folder.

    Raises:
        SettingsError: it is none, or a file of it cannot be read.
    """
    folder = folder.absolute()
    if not folder.is_dir():
        raise SettingsError(
            f"{shown(folder)} is no folder.\nMake it, or give the one of your project."
        )
    folder = folder.resolve()
    found = settings.settings_of(folder, major or settings.installed_pytest())
    tests = _tests(folder, found.values)
    return Project(
        folder,
        _repository(folder),
        found,
        tests=tests,
        cassettes=_cassettes(found.values),
        test_file=_test_file(tests, found.values),
        client="httpx" if find_spec("httpx") else "requests",
        install=_install(folder),
    )


def is_tracked(project: Project, name: str) -> bool:
    """Whether git has a file already; not where git cannot be asked."""
    if project.repository is None:
        return False
    command = ["git", "ls-files", "--error-unmatch", "--", name]
    try:
        done = subprocess.run(  # noqa: S603 - git, and a name from this package
            command, cwd=project.folder, capture_output=True, check=False, timeout=30
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _repository(folder: Path) -> Path | None:
    """The closest folder with ``.git``: a folder, or a file in worktrees and submodules."""
    return next((each for each in (folder, *folder.parents) if (each / ".git").exists()), None)


def _tests(folder: Path, values: settings.Values) -> str:
    """The first folder of ``testpaths``, else ``tests``, or ``test`` where only that is there.

    Raises:
        SettingsError: pytest looks for tests in no folder of the project.
    """
    names = _words(values.get("testpaths"))
    # As pytest: each may be a pattern, and where nothing fits any, it looks everywhere.
    found = [each for name in names for each in sorted(glob(name, root_dir=folder, recursive=True))]
    for path in map(Path, found):
        if (folder / path).is_dir() and not path.is_absolute() and ".." not in path.parts:
            return path.as_posix()
    if found:
        raise SettingsError(
            f"Pytest looks for tests in no folder of the project: testpaths is "
            f"{shown(' '.join(names))}.\n"
            "Nothing was written. Add a folder to it, and run this again."
        )
    if (folder / "test").is_dir() and not (folder / "tests").exists():
        return "test"
    return "tests"


def _cassettes(values: settings.Values) -> str:
    name = str(values.get("bill_cassette_dir") or "cassettes")
    return Path(name).as_posix()


def _test_file(tests: str, values: settings.Values) -> str:
    """How a test module in that folder is named, so that pytest finds it.

    Raises:
        SettingsError: ``python_files`` takes neither form.
    """
    patterns = _words(values.get("python_files")) or ["test_*.py"]
    for form in _TEST_FILES:
        name = form.format("bill")
        # As pytest: a pattern with a slash is one of the whole path.
        if any(fnmatch(f"{tests}/{name}" if "/" in each else name, each) for each in patterns):
            return form
    raise SettingsError(
        f"Pytest finds no test_bill.py here: python_files is {shown(' '.join(patterns))}.\n"
        "Nothing was written. Add test_*.py to it, and run this again."
    )


def _words(value: Any) -> list[str]:
    """A setting with several values: as text it is split as pytest does it."""
    try:
        return shlex.split(value) if isinstance(value, str) else list(map(str, value or ()))
    except ValueError:  # an open quote: pytest fails for it, too, and says so better
        return str(value).split()


def _install(folder: Path) -> tuple[str, ...]:
    """What pip is to install of the project: its lists of requirements, and itself."""
    found = [f"-r {name}" for name in _REQUIREMENTS if (folder / name).is_file()]
    if (folder / "setup.py").is_file() or _is_package(folder):
        found.append("-e .")
    return tuple(found)


def _is_package(folder: Path) -> bool:
    data = read(folder, "pyproject.toml")
    document = tomllib.loads(data.decode()) if data is not None else {}
    return "project" in document or "build-system" in document

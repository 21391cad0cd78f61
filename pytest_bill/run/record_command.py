"""What a user types, where the run was started, to record one test of it."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from pytest_bill.command_line import as_typed
from pytest_bill.settings import Settings

_INI_FILES = ("pytest.ini", ".pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg", "setup.py")
"""What makes a folder the rootdir of a run that is started for what is in it."""
_LOCAL = "--bill-environment=local"
_ENVIRONMENT = _LOCAL.partition("=")[0]


class RecordCommands:
    """The commands of one run; they lack the record mode."""

    def __init__(self, settings: Settings) -> None:
        self._rootdir = settings.rootdir
        self._folder = settings.invocation_dir or settings.rootdir
        self._inipath = settings.inipath
        options = list(settings.repeated_options)
        self._has_rootdir = any(each.startswith("--rootdir=") for each in options)
        self._has_ini_file = "-c" in options
        if settings.is_local and not any(each.startswith(_ENVIRONMENT) for each in options):
            options.append(_LOCAL)
        self._options = as_typed(options)
        self._known: dict[str, tuple[list[str], str]] = {}
        """How a module's tests are named from here: it has many."""

    def of_test(self, nodeid: str) -> str:
        """What records one test."""
        path, separator, name = nodeid.partition("::")
        known = self._known.get(path)
        if known is None:
            file = self._rootdir / path
            known = self._known[path] = self._rootdir_for(file.parent), self._from_here(file)
        named, file_here = known
        return self._command(as_typed([*named, file_here + separator + name]))

    def of_all(self) -> str:
        """What records whatever is not recorded yet."""
        return self._command(as_typed(self._rootdir_for(self._rootdir)))

    def _command(self, arguments: str) -> str:
        return " ".join(filter(None, ("pytest", arguments, self._options)))

    def _rootdir_for(self, folder: Path) -> list[str]:
        """Names the rootdir, where pytest would find another one by itself."""
        top = self._rootdir if self._inipath is None else self._inipath.parent
        is_hidden = _has_ini_file_between(top, folder)
        named = []
        if (is_hidden or self._folder != self._rootdir) and not self._has_rootdir:
            named.append(f"--rootdir={self._from_here(self._rootdir)}")
        if is_hidden and self._inipath is not None and not self._has_ini_file:
            named += ["-c", self._from_here(self._inipath)]
        return named

    def _from_here(self, path: Path) -> str:
        try:
            return os.path.relpath(path, self._folder)
        except ValueError:  # Windows: on another drive
            return str(path)


@lru_cache(maxsize=1024)
def _has_ini_file_between(rootdir: Path, folder: Path) -> bool:
    """Whether a folder below the rootdir might be taken for another one."""
    between = [each for each in (folder, *folder.parents) if each.is_relative_to(rootdir)]
    return any((each / name).exists() for each in between[:-1] for name in _INI_FILES)

"""Variables from the environment and one ``.env`` file; the environment wins.

Nothing is written into ``os.environ``.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pytest_bill import real_files
from pytest_bill.exceptions import SettingsError
from pytest_bill.secret import MaskedMapping, NeverPickled, SecretStr

MOST_BYTES = 2**20
"""So large may a ``.env`` file be."""
_OTHER = "Mend it, or name another one with --bill-env-file."
_CONFLICT = ("<<<<<<< ", ">>>>>>> ")
_OURS = "BILL_"


@dataclass(frozen=True)
class EnvFile(NeverPickled):
    """What one ``.env`` file holds. ``unreadable_lines`` are line numbers, counted from 1.

    ``lines`` has that of each name. ``problem`` says why it cannot be used at all.
    """

    path: Path
    exists: bool
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    unreadable_lines: tuple[int, ...] = ()
    problem: str = ""
    lines: Mapping[str, int] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", MaskedMapping(self.values))

    def check(self) -> None:
        """Refuse a file that cannot be used: its values are needed.

        Raises:
            SettingsError: it cannot.
        """
        if self.problem:
            raise SettingsError(self.problem)


def read_env_file(path: Path) -> EnvFile:
    """Read a ``.env`` file: UTF-8 with or without BOM, any line ends, quotes as python-dotenv's.

    Values are taken literally: ``${NAME}`` is not expanded, since a password may hold it. A file
    that is there and cannot be used is no error before its values are needed: see ``check``. One
    process reads it once, unless it changes.
    """
    mark = _mark_of(path)
    known = _known.get(path)
    if known is not None and known[0] == mark is not None:
        return known[1]
    try:
        read = _read(path)
    except FileNotFoundError:
        read = EnvFile(path, exists=False)
    except OSError as error:
        read = _unusable(path, f"{path} cannot be read: {error.strerror}.")
    except _Unusable as error:
        read = _unusable(path, f"{path}{error}")
    _known[path] = mark, read
    return read


_Mark = tuple[int, int, int]
_known: dict[Path, tuple[_Mark | None, EnvFile]] = {}


def _mark_of(path: Path) -> _Mark | None:
    """What is another one as soon as a file is."""
    try:
        about = path.stat()
    except OSError:
        return None
    return about.st_mtime_ns, about.st_size, about.st_ino


class _Unusable(Exception):
    """Why a file cannot be used, to be said behind its name; it holds no value."""


def _unusable(path: Path, why: str) -> EnvFile:
    return EnvFile(path, exists=True, problem=f"{why}\n{_OTHER}")


def _read(path: Path) -> EnvFile:
    raw = real_files.read_bytes(path, MOST_BYTES)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        # `from None`: the decoding error carries the file's bytes.
        raise _Unusable(f" is not UTF-8 (line {line}).") from None
    problem = ""
    for number, written in enumerate(text.split("\n"), 1):
        if "\0" in written:
            raise _Unusable(f":{number} holds a NUL character: it is no text file, or damaged.")
        if written.startswith(_CONFLICT):
            problem = problem or f"{path}:{number} is the mark of a merge conflict."
    # Imported here: an unused plugin costs no import.
    from dotenv.parser import parse_stream

    values: dict[str, str] = {}
    lines: dict[str, int] = {}
    unreadable: list[int] = []
    for binding in parse_stream(io.StringIO(text)):
        name, value = binding.key, binding.value
        # A binding begins with the empty lines before it.
        before = binding.original.string
        line = binding.original.line + before[: -len(before.lstrip()) or None].count("\n")
        if binding.error:
            unreadable.append(line)
        elif name is not None and value is not None:
            if name.startswith(_OURS) and values.get(name, value) != value:
                problem = problem or (
                    f"{path}:{line} sets {name} to another value than line {lines[name]}."
                )
            values[name] = value
            lines[name] = line
    # The values are there all the same: they are hidden in what is shown.
    problem = f"{problem}\n{_OTHER}" if problem else ""
    return EnvFile(path, True, values, tuple(unreadable), problem, lines)


@dataclass(frozen=True)
class Variables(NeverPickled):
    """The environment over one ``.env`` file. Its repr shows no value."""

    environ: Mapping[str, str] = field(repr=False)
    env_file: EnvFile

    def __post_init__(self) -> None:
        object.__setattr__(self, "environ", MaskedMapping(self.environ))

    def get(self, name: str) -> SecretStr | None:
        """The stripped value, or None where it is unset, empty or only white space."""
        for source in (self.environ, self.env_file.values):
            value = source.get(name, "").strip()
            if value:
                return SecretStr(value)
        return None

    def names(self) -> list[str]:
        """The names of all variables that there are."""
        return sorted({*self.environ, *self.env_file.values})

    def place_of(self, name: str) -> str:
        """Where a variable is set, as messages say it: the environment, or file and line."""
        if self.environ.get(name, "").strip():
            return "the environment"
        path, line = self.env_file.path, self.env_file.lines.get(name)
        return f"{path.name}:{line}" if line else path.name

    def named(self, prefix: str) -> dict[str, str]:
        """The values of all variables whose names begin so."""
        names = {name for name in (*self.environ, *self.env_file.values) if name.startswith(prefix)}
        found = {name: self.get(name) for name in sorted(names)}
        return {name: str.__str__(value) for name, value in found.items() if value is not None}

    def described(self) -> str:
        """Name the file that was looked at, and what is wrong with it."""
        if self.env_file.problem:
            return f"{self.env_file.path} (which cannot be used)"
        if not self.env_file.exists:
            return f"{self.env_file.path} (no such file)"
        if self.env_file.unreadable_lines:
            lines = ", ".join(str(line) for line in self.env_file.unreadable_lines)
            line = "line" if len(self.env_file.unreadable_lines) == 1 else "lines"
            return f"{self.env_file.path} ({line} {lines}: not NAME=value)"
        return str(self.env_file.path)

"""Variables from the environment and one ``.env`` file; the environment wins.

Nothing is written into ``os.environ``.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pytest_bill.exceptions import SettingsError
from pytest_bill.secret import MaskedMapping, NeverPickled, SecretStr


@dataclass(frozen=True)
class EnvFile(NeverPickled):
    """What one ``.env`` file holds. ``unreadable_lines`` are line numbers, counted from 1."""

    path: Path
    exists: bool
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    unreadable_lines: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", MaskedMapping(self.values))


def read_env_file(path: Path) -> EnvFile:
    """Read a ``.env`` file: UTF-8 with or without BOM, any line ends, quotes as python-dotenv's.

    Values are taken literally: ``${NAME}`` is not expanded, since a password may hold it.

    Raises:
        SettingsError: the file is a folder, may not be read, or is not UTF-8.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return EnvFile(path, exists=False)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        # `from None`: the decoding error carries the file's bytes.
        raise SettingsError(f"{path} is not UTF-8 (line {line}).\nSave it as UTF-8.") from None
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.") from None
    # Imported here: an unused plugin costs no import.
    from dotenv.parser import parse_stream

    values: dict[str, str] = {}
    unreadable: list[int] = []
    for binding in parse_stream(io.StringIO(text)):
        if binding.error:
            unreadable.append(binding.original.line)
        elif binding.key is not None and binding.value is not None:
            values[binding.key] = binding.value
    return EnvFile(path, exists=True, values=values, unreadable_lines=tuple(unreadable))


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

    def named(self, prefix: str) -> dict[str, str]:
        """The values of all variables whose names begin so."""
        names = {name for name in (*self.environ, *self.env_file.values) if name.startswith(prefix)}
        found = {name: self.get(name) for name in sorted(names)}
        return {name: str.__str__(value) for name, value in found.items() if value is not None}

    def described(self) -> str:
        """Name the file that was looked at, and what is wrong with it."""
        if not self.env_file.exists:
            return f"{self.env_file.path} (no such file)"
        if self.env_file.unreadable_lines:
            lines = ", ".join(str(line) for line in self.env_file.unreadable_lines)
            return f"{self.env_file.path} (line {lines}: not NAME=value)"
        return str(self.env_file.path)

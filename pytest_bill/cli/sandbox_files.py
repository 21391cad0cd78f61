"""Files of ``pytest-bill sandbox``: the credentials that it is given, those that it hands out.

What it writes is for other programs, too: a shell, ``--env-file`` of Docker and of node, and
python-dotenv. They disagree about quotes, which Docker keeps as a part of the value: so a value has
none where it can do without.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from pytest_bill.credentials.env_file import read_env_file
from pytest_bill.did_you_mean import did_you_mean
from pytest_bill.exceptions import SettingsError
from pytest_bill.patterns import late_pattern
from pytest_bill.sandbox.core.credentials import is_secret, variable_names

SHORTEST_SECRET = 8
"""Characters. What is shorter stands in other words, too, and could not be hidden."""

_OF_CLIENTS = frozenset(
    {
        *("BILL_BASE_URL", "BILL_ENVIRONMENT", "BILL_OAUTH_URL", "BILL_SIGN_IN"),
        *("BILL_DEVICE", "BILL_REMEMBER_ME_ID", "BILL_STAND_IN_KEY"),
    }
)
"""What may stand in the same file, for who signs in: the sandbox has no use for it."""

_PLAIN = late_pattern(r"[A-Za-z0-9_@%+=:,./-]+")
"""The same to every reader, without quotes."""


def read_credentials(path: Path) -> dict[str, str]:
    """The credentials of a file, by variable; the sandbox makes those up that it does not have.

    Raises:
        SettingsError: it cannot be read, or has a value that the sandbox cannot use.
    """
    file = read_env_file(path)
    another = "Give another file with --credentials."
    if not file.exists:
        raise SettingsError(f"{path} is not there.\n{another}")
    if file.problem:
        raise SettingsError(f"{file.problem.partition(chr(10))[0]}\n{another}")
    if file.unreadable_lines:
        raise SettingsError(f"{path}:{file.unreadable_lines[0]} is not NAME=value.\n{another}")
    known = variable_names()
    found: dict[str, str] = {}
    for name in file.values:
        if not name.startswith("BILL_") or name in _OF_CLIENTS:
            continue
        place = f"{path}:{file.lines[name]}"
        if name not in known:
            hint = did_you_mean(name, known).strip()
            raise SettingsError(
                f"{place}: the sandbox has no credential {name}. {hint}".rstrip()
                + "\nIts variables are those of a file that it writes itself (--env-file)."
            )
        value = str.__str__(file.values[name]).strip()
        if not value:
            continue
        if is_secret(name) and len(value) < SHORTEST_SECRET:
            raise SettingsError(
                f"{place}: {name} has fewer than {SHORTEST_SECRET} characters, and could not be "
                "hidden in what is shown.\nGive it a longer value; any will do."
            )
        if _quoted(value) is None:
            raise SettingsError(
                f"{place}: {name} has characters that no quotes keep as they are for every program"
                ".\nGive it another value; any will do."
            )
        found[name] = value
    return found


def quoted_names(variables: Mapping[str, str]) -> list[str]:
    """The variables whose values need quotes, which Docker would take for a part of them."""
    return [name for name, value in variables.items() if _quoted(value) != value]


@contextmanager
def private_file(path: Path | None, variables: Mapping[str, str]) -> Iterator[Path]:
    """A file of variables that only this user may read, removed at the end.

    Raises:
        SettingsError: it cannot be created.
    """
    if path is None:
        descriptor, name = tempfile.mkstemp(prefix="bill-sandbox-", suffix=".env")
        path = Path(name)
    else:
        # Absolute: pytest looks for a relative path below its rootdir, not here.
        path = path.absolute()
        try:
            # Never over a file that is there: it may hold the only copy of real credentials.
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise SettingsError(
                f"{path} cannot be created: {error.strerror}.\nGive another file with --env-file."
            ) from None
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.writelines(f"{name}={_quoted(value)}\n" for name, value in variables.items())
        yield path
    finally:
        with suppress(FileNotFoundError):
            path.unlink()


def _quoted(value: str) -> str | None:
    """A value as a line has it; None where readers disagree, whatever is done."""
    if _PLAIN.fullmatch(value):
        return value
    if not value.isprintable() or "\\" in value:
        return None
    if "'" not in value:
        return f"'{value}'"
    return None if any(each in value for each in '"$`!') else f'"{value}"'

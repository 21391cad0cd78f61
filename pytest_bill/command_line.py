"""What was typed on the command line of a run, beside what files and variables add to it.

pytest merges ``addopts`` of the ini file and ``PYTEST_ADDOPTS`` into the options, and a
``conftest.py`` can set them. Where a person has to agree, only what was typed counts.
"""

from __future__ import annotations

import argparse
import os
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest


def as_typed(words: Sequence[str], *, on_windows: bool = os.name == "nt") -> str:
    """Words as they are typed into this system's shell: Windows knows no single quotes."""
    if not on_windows:
        return shlex.join(words)
    from subprocess import list2cmdline

    return list2cmdline(words)


def typed_arguments(config: pytest.Config) -> list[str]:
    """The arguments as they were typed; workers of pytest-xdist know those of their controller."""
    typed = getattr(config, "workerinput", {}).get("bill_typed")
    return list(map(str, config.invocation_params.args if typed is None else typed))


def invocation_folder(config: pytest.Config) -> Path:
    """Where the user stands; workers of pytest-xdist may stand elsewhere."""
    told = getattr(config, "workerinput", {}).get("bill_invoked_in")
    return config.invocation_params.dir if told is None else Path(told)


def options_in(arguments: Sequence[str], options: dict[str, dict[str, Any]]) -> argparse.Namespace:
    """What is given for these options; ``options`` has argparse's settings of each, by its name."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    for name, about in options.items():
        parser.add_argument(name, **about)
    return parser.parse_known_args(list(arguments))[0]


_REPEATED = {
    "-c": "inifilename",
    "--rootdir": "rootdir",
    "-o": "override_ini",
    "-m": "markexpr",
    "-p": "plugins",
    "--import-mode": "importmode",
    "--bill-environment": "bill_environment",
    "--bill-cassette-dir": "bill_cassette_dir",
    "--bill-env-file": "bill_env_file",
    "--bill-sign-in": "bill_sign_in",
    "--bill-sync-sign-in": "bill_sync_sign_in",
}
"""Options without which a test would be another one, or be recorded elsewhere; and their names."""
_LISTS = ("-o", "-p", "--bill-sign-in")
_DEFAULTS = {"--import-mode": "prepend"}


def repeated_options(config: pytest.Config) -> tuple[str, ...]:
    """The options of a run that a command which repeats a part of it has to have.

    What ``addopts`` and ``PYTEST_ADDOPTS`` give is given again by them. No consent is repeated.
    """
    return tuple(_repeated(config))


def _repeated(config: pytest.Config) -> Iterator[str]:
    given_again = options_in(
        [*config.getini("addopts"), *shlex.split(os.environ.get("PYTEST_ADDOPTS", ""))],
        {
            name: {"dest": dest} | ({"action": "append"} if name in _LISTS else {})
            for name, dest in _REPEATED.items()
        },
    )
    for name, dest in _REPEATED.items():
        value, again = getattr(config.option, dest, None), getattr(given_again, dest)
        values = value if name in _LISTS else [value]
        known = again if name in _LISTS else [again]
        for each in values or ():
            if not each or each in (known or ()) or each == _DEFAULTS.get(name):
                continue
            if name == "-p" and each.startswith("no:"):
                continue
            yield from (f"{name}={each}",) if name.startswith("--") else (name, str(each))

"""``pytest-bill completion``: what a shell evaluates to complete the command, by argcomplete.

The shell then runs ``pytest-bill`` with ``_ARGCOMPLETE`` set and what is typed in ``COMP_LINE``,
and reads the words that fit: see https://kislyuk.github.io/argcomplete/.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence

from pytest_bill.installed import missing_extra

SHELLS = ("bash", "zsh", "fish")
_TYPED = "COMP_LINE"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("shell", choices=SHELLS, help='eval "$(pytest-bill completion bash)"')


def run(arguments: argparse.Namespace) -> int:
    """Print the shell's code.

    Raises:
        SettingsError: argcomplete is not installed.
    """
    try:
        from argcomplete.shell_integration import shellcode
    except ImportError as error:
        raise missing_extra("completion", error) from None
    print(shellcode(["pytest-bill"], shell=arguments.shell))  # noqa: T201
    return 0


def complete(parser_for: Callable[[Sequence[str]], argparse.ArgumentParser]) -> int:
    """Give the shell the words that fit, and end this process.

    The parser is one for the words that are typed: it knows the options of their command.

    Raises:
        SettingsError: argcomplete is not installed any more.
    """
    try:
        import argcomplete
    except ImportError as error:
        raise missing_extra("completion", error) from None
    argcomplete.autocomplete(parser_for(os.environ.get(_TYPED, "").split()))
    return 1  # it was not a shell that asked

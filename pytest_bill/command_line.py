"""What was typed on the command line of a run, beside what files and variables add to it.

pytest merges ``addopts`` of the ini file and ``PYTEST_ADDOPTS`` into the options, and a
``conftest.py`` can set them. Where a person has to agree, only what was typed counts.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest


def typed_arguments(config: pytest.Config) -> list[str]:
    """The arguments as they were typed; workers of pytest-xdist know those of their controller."""
    typed = getattr(config, "workerinput", {}).get("bill_typed")
    return list(map(str, config.invocation_params.args if typed is None else typed))


def options_in(arguments: Sequence[str], options: dict[str, dict[str, Any]]) -> argparse.Namespace:
    """What is given for these options; ``options`` has argparse's settings of each, by its name."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    for name, about in options.items():
        parser.add_argument(name, **about)
    return parser.parse_known_args(list(arguments))[0]

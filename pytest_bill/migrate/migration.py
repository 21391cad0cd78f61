"""A suite of another recorder becomes one of ours: planned here, from what stands on the disk."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from pytest_bill import environments
from pytest_bill.credentials.env_file import Variables, read_env_file
from pytest_bill.credentials.kinds import known_secrets
from pytest_bill.environments import Environment
from pytest_bill.exceptions import SettingsError
from pytest_bill.migrate.code_changes import CodeChanges
from pytest_bill.migrate.converting import Converter, Secrets
from pytest_bill.migrate.plan import Plan, Planner, check_source, of_configs, said_of_options
from pytest_bill.migrate.python_files import forget
from pytest_bill.migrate.suite import collect
from pytest_bill.scrubbing.stand_in_key import stand_in_key


def plan_for(paths: Sequence[Path], source: str = "") -> Plan:
    """What is to be done for the tests below these paths, of one recorder or of all.

    Raises:
        SettingsError: a path is not there, pytest cannot collect the tests, or the variables
            cannot be used.
    """
    check_source(source)
    forget()  # what an earlier call in the same process has read
    for each in paths:
        if not each.exists():
            raise SettingsError(f"{each}: no such file or folder.\nName the tests to migrate.")
    suite = collect(paths)
    env_file = read_env_file(suite.env_file)
    env_file.check()
    variables = Variables(dict(os.environ), env_file)
    known = Secrets((name, str.__str__(value)) for name, value in known_secrets(variables))
    said, edits, places = of_configs(suite)
    converter = Converter(known, stand_in_key(variables, variables), places)
    planner = Planner(suite, converter, _configured(variables), source)
    moves = planner.moves()
    if planner.missing or any(each.replays for each in moves):
        said += said_of_options(suite)
    else:  # nothing moves: the settings stay, too
        said, edits = [], {}
    code = CodeChanges(suite, moves, edits)
    changes = code.all()
    problems = [*dict.fromkeys(text for test in suite.tests for text in test.problems)]
    trouble = "\n".join([*([suite.trouble] if suite.trouble else []), *problems])
    return Plan(
        suite._replace(trouble=trouble),
        moves,
        changes,
        [*said, *code.said],
        planner.missing,
        planner.unused(moves),
        known.hide,
    )


def _configured(variables: Variables) -> Environment:
    """The address that the suite recorded from, if that is not BILL's own."""
    base_url = variables.get("BILL_BASE_URL")
    if base_url is None:
        return environments.SANDBOX
    return environments.at_origin(base_url.reveal(), "custom")

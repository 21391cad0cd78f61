"""What a run of pytest would have, told by pytest itself: a plugin that looks and runs no test.

pytest is started as for a run, in a process of its own, with ``-p`` and the name of this module.
Its configuration is read by its documented hooks alone, which are the same from pytest 8.2 to 9.2:
ini files, ``addopts``, conftests and other plugins have all had their say, as in a run. To build a
``Config`` in this process by ``_pytest.config`` would need names that are private and have changed,
and a conftest that raises, exits or prints would do so to the doctor.
"""

from __future__ import annotations

import json
import os
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_bill.run.state import has_state, state_of

if TYPE_CHECKING:
    from pytest_bill.credentials.env_file import Variables
    from pytest_bill.doctor.settings_in_force import InForce
    from pytest_bill.doctor.shape import Finding, Looked, SignInTried

FILE = "--bill-doctor-file"
REQUIRED = "--bill-doctor-required"
ONLINE = "--bill-doctor-online"
"""The options that the doctor gives; only this module knows them."""
_PLUGIN = ("bill", "pytest_bill.plugin")
"""By its entry point, and by its name as ``-p`` and conftests give it."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the doctor's own options."""
    group = parser.getgroup("bill-doctor", "pytest-bill doctor's own")
    group.addoption(FILE, metavar="FILE")
    group.addoption(REQUIRED, action="append", default=[], metavar="CREDENTIAL")
    group.addoption(ONLINE, action="store_true")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> int | None:
    """Look, in place of a run: nothing is collected."""
    path = config.getoption(FILE)
    if path is None:
        return None
    # Written to a file: whatever else prints does not get between.
    Path(path).write_text(json.dumps(_looked(config)), encoding="utf-8")
    return 0


def _looked(config: pytest.Config) -> Looked:
    from pytest_bill.credentials.env_file import Variables, read_env_file
    from pytest_bill.doctor import credentials
    from pytest_bill.doctor.settings_in_force import InForce
    from pytest_bill.doctor.shape import Level, Looked, ProjectSeen, wrong

    required = config.getoption(REQUIRED)
    about = Looked(
        project=ProjectSeen(
            rootdir=str(config.rootpath),
            ini_file=str(config.inipath) if config.inipath else None,
            env_file="",
            findings=[],
        ),
        settings=[],
        credentials=[],
        online=[],
        cassette_dir="",
        plugins=_plugins(config),
    )
    if not any(map(config.pluginmanager.has_plugin, _PLUGIN)):
        about["project"]["findings"] = [
            wrong(
                "pytest runs here without pytest-bill: its plugin is not loaded.",
                "Look for -p no:bill in addopts and PYTEST_ADDOPTS, and for "
                "PYTEST_DISABLE_PLUGIN_AUTOLOAD.",
            )
        ]
        variables = Variables(os.environ, read_env_file(config.rootpath / ".env"))
        about["credentials"] = credentials.seen(variables, required)
        about["project"]["env_file"] = _env_file(variables)
        about["project"]["findings"] += credentials.of_file(variables)
        return about
    variables = _variables(config)
    in_force = InForce(config, variables)
    about["settings"] = in_force.seen()
    about["credentials"] = credentials.seen(
        variables, required, in_force.ways(), in_force.known_environment()
    )
    about["project"]["env_file"] = _env_file(variables)
    of_run = _of_run(config)
    of_settings = [finding for each in about["settings"] for finding in each["findings"]]
    findings = [*credentials.of_file(variables), *in_force.unknown()]
    # A run stops at the first of them, which is told here in other words.
    is_told = any(each["level"] == Level.WRONG for each in (*of_settings, *findings))
    about["project"]["findings"] = findings + ([] if is_told else _others(of_run, findings))
    cassettes = next(each["value"] for each in about["settings"] if each["name"] == "cassette_dir")
    about["cassette_dir"] = str(config.rootpath / cassettes)
    if config.getoption(ONLINE):
        about["online"] = _online(config, variables, in_force, about, required)
    return about


def _variables(config: pytest.Config) -> Variables:
    from pytest_bill.settings import load_variables

    return load_variables(config)


def _env_file(variables: Variables) -> str:
    from pytest_bill.doctor.shape import NO_FILE

    return str(variables.env_file.path) + ("" if variables.env_file.exists else NO_FILE)


def _of_run(config: pytest.Config) -> list[Finding]:
    """What would stop a run at its start."""
    from pytest_bill.doctor.shape import told
    from pytest_bill.exceptions import SettingsError
    from pytest_bill.run.first_checks import refuse_wrong
    from pytest_bill.settings import load_settings

    try:
        refuse_wrong(config)
        load_settings(config)
    except (SettingsError, pytest.UsageError) as error:
        return [told(str(error))]
    return []


def _others(findings: list[Finding], known: list[Finding]) -> list[Finding]:
    return [each for each in findings if each not in known]


def _plugins(config: pytest.Config) -> list[str]:
    """The distributions whose plugins this run has."""
    found = [about.metadata["Name"] for _, about in config.pluginmanager.list_plugin_distinfo()]
    # Those that -p or PYTEST_PLUGINS name have no distribution there.
    of_package = metadata.packages_distributions()
    for plugin in config.pluginmanager.get_plugins():
        package = str(getattr(plugin, "__name__", "")).partition(".")[0]
        found += of_package.get(package, ())
    return sorted({str(name) for name in found if name})


def _online(
    config: pytest.Config,
    variables: Variables,
    in_force: InForce,
    about: Looked,
    required: list[str],
) -> list[SignInTried]:
    from pytest_bill.doctor.online import Online
    from pytest_bill.exceptions import SettingsError
    from pytest_bill.guards.production import production_consent

    if has_state(config):  # the doctor asks for the same consent by itself
        state_of(config).production.stop()
    wanted = [
        each
        for each in about["credentials"]
        if each["credential"] in required or (not required and each["state"] != "missing")
    ]
    consent = production_consent(config).production
    try:
        environment, why_not = in_force.environment(), ""
    except SettingsError as error:
        environment, why_not = None, str(error)
    online = Online(variables, environment, in_force.ways(), why_not, consent=consent)
    return [online.tried(each) for each in wanted]

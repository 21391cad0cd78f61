"""What is wrong with a run's settings is told when it begins, and not by its tests one by one.

What an ini file, or the command line, says is wrong whichever tests run. Variables and ``.env`` are
looked at when a test uses BILL: the others do not need them.

pytest imports this module in every run: it imports nothing heavy before something is set.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pytest_bill.options import OPTIONS, YES_BY_DEFAULT, is_on

_PREFIX = "bill_"
_WITHOUT_A_LINE = 2**20
"""An ini file that is larger is not looked through for a line."""
_CONTRADICTING = ("bill_live", "bill_verify", "bill_verify_unsafe", "bill_stale")


_DOCTOR = "pytest_bill.doctor.probe"
"""The plugin with which ``pytest-bill doctor`` looks at a project."""


def check_ini(config: pytest.Config) -> None:
    """Refuse what an ini setting says that it cannot say.

    Raises:
        pytest.UsageError: there is such a value.
    """
    if config.pluginmanager.hasplugin(_DOCTOR):
        return  # it tells all that is wrong, not only the first
    for name in YES_BY_DEFAULT:
        _value(config, name, "true")
    for option in OPTIONS:
        if not option.has_ini:
            continue
        example = "true" if option.is_flag else (option.choices or ("text",))[0]
        value = _value(config, option.name, example)
        if option.choices and value:
            _check_choice(config, option.name, value, option.choices)


def check(config: pytest.Config) -> None:
    """Refuse settings that are unknown, that contradict each other, or that cannot be used.

    Raises:
        pytest.UsageError: there are such.
    """
    config.pluginmanager.register(_Markers(), "bill-markers")
    if not hasattr(config, "workerinput"):  # else its controller did
        refuse_wrong(config)


def refuse_wrong(config: pytest.Config) -> None:
    """Look at the settings alone; see ``check``.

    Raises:
        pytest.UsageError: see there.
    """
    _refuse_unknown(config)
    _check_together(config)
    age = config.getoption("bill_max_age") or config.getini("bill_max_age")
    folder = config.getoption("bill_cassette_dir") or config.getini("bill_cassette_dir")
    env_file = config.getoption("bill_env_file")
    is_contradiction_possible = any(map(config.getoption, _CONTRADICTING))
    is_production_typed = bool(config.getoption("bill_allow_production_changes"))
    if folder and not _is_folder_to_be(config.rootpath / folder):
        raise pytest.UsageError(
            f"{place(config, 'bill_cassette_dir')} is {folder}, which is no folder.\n"
            "Name the folder of the cassettes: --bill-cassette-dir=cassettes."
        )
    if env_file is not None and not (config.rootpath / env_file).exists():
        raise pytest.UsageError(
            f"--bill-env-file={env_file}: there is no file {config.rootpath / env_file}.\n"
            "A relative path lies below the rootdir; give another one, or leave the option out."
        )
    sign_in = ",".join(config.getoption("bill_sign_in") or ()) or config.getini("bill_sign_in")
    if not (age or sign_in or is_contradiction_possible or is_production_typed):
        return
    from pytest_bill.exceptions import SettingsError
    from pytest_bill.guards.production import production_consent
    from pytest_bill.max_age import age_of
    from pytest_bill.settings import check_options

    try:
        if age:
            age_of(age, place(config, "bill_max_age"))
        if sign_in:
            from pytest_bill.credentials.ways import chosen_ways

            chosen_ways([(place(config, "bill_sign_in"), sign_in)], [("", "")])
        check_options(config)
        production_consent(config)
    except SettingsError as error:
        raise pytest.UsageError(str(error)) from None


class _Markers:
    """Says of a marker that is nearly ours what was meant: pytest's warning names none."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_warning_recorded(self, warning_message: Any) -> None:
        """Another text for the same warning, before anybody shows it."""
        if warning_message.category is pytest.PytestUnknownMarkWarning:
            from pytest_bill.run.plain_failures import unknown_marker

            said = unknown_marker(str(warning_message.message))
            if said:
                warning_message.message = pytest.PytestUnknownMarkWarning(said)


def refuse_unknown_options(config: pytest.Config, args: Iterable[object]) -> None:
    """Refuse an option that looks as ours do and is none: pytest's parser says less of it.

    Raises:
        pytest.UsageError: there is one.
    """
    for each in map(str, args):
        if each == "--":
            return
        typed = each.partition("=")[0]
        if typed.startswith("--bill-") and typed not in _declared(config, typed):
            from pytest_bill.did_you_mean import did_you_mean

            known = [option.typed for option in OPTIONS]
            raise pytest.UsageError(
                f"There is no option {typed}.\n{did_you_mean(typed, known)}All of them are in "
                "pytest --help, below: BILL sessions and cassettes."
            )


def place(config: pytest.Config, name: str) -> str:
    """A setting with where it was set, as messages say it: its option, or file and line."""
    option = next(each for each in OPTIONS if each.name == name) if name in _names() else None
    if option is not None and config.getoption(name):
        return option.typed
    return f"{name} ({_place_in_ini(config, name)})"


def _names() -> set[str]:
    return {option.name for option in OPTIONS}


def _value(config: pytest.Config, name: str, example: str) -> Any:
    try:
        return config.getini(name)
    except (ValueError, TypeError, pytest.UsageError):
        # pytest's own error repeats the value, and may not say whose it is and where it stands.
        what = "neither true nor false" if example == "true" else "no text"
        raise pytest.UsageError(
            f"{name} ({_place_in_ini(config, name)}) is {what}.\n"
            f"Write it as {name} = {example}, or leave it out."
        ) from None


def _check_choice(config: pytest.Config, name: str, value: str, choices: tuple[str, ...]) -> None:
    if value in choices:
        return
    from pytest_bill.did_you_mean import did_you_mean
    from pytest_bill.secret import repr_unless_secret

    raise pytest.UsageError(
        f"{name} ({_place_in_ini(config, name)}) is {repr_unless_secret(value)}.\n"
        f"{did_you_mean(value, choices)}It must be one of: {', '.join(choices)}."
    )


def _refuse_unknown(config: pytest.Config) -> None:
    known = {*YES_BY_DEFAULT, *(option.name for option in OPTIONS if option.has_ini)}
    for name in _set_in_ini(config):
        if not name.startswith(_PREFIX) or name in known:
            continue
        try:
            config.getini(name)  # another plugin may have declared it
        except ValueError:
            raise pytest.UsageError(_unknown(config, name, known)) from None


def _unknown(config: pytest.Config, name: str, known: Iterable[str]) -> str:
    from pytest_bill.did_you_mean import did_you_mean

    if name in _names():
        option = next(each for each in OPTIONS if each.name == name)
        more = f"It is an option of the command line only: type {option.typed} there."
    else:
        more = f"{did_you_mean(name, known)}The settings are: {', '.join(sorted(known))}."
    return f"{name} ({_place_in_ini(config, name)}) is no setting: it does nothing.\n{more}"


def _check_together(config: pytest.Config) -> None:
    has_scan = not config.getoption("bill_no_scan") and config.getini("bill_scan")
    if is_on(config, "bill_fail_on_secrets") and not has_scan:
        raise pytest.UsageError(
            "--bill-fail-on-secrets (or bill_fail_on_secrets) fails a run for what its scan finds, "
            "and --bill-no-scan (or bill_scan = false) makes none.\nLeave one of the two out."
        )
    if config.getoption("bill_allow_hosts") and not is_on(config, "bill_block_network"):
        raise pytest.UsageError(
            "--bill-allow-hosts allows what --bill-block-network refuses, and that is not given."
            "\nGive both, or neither."
        )


def _is_folder_to_be(path: Path) -> bool:
    return path.is_dir() or not path.exists()


def _declared(config: pytest.Config, typed: str) -> set[str]:
    """The names of all options that pytest and its plugins know; ours alone do not decide."""
    parser: Any = getattr(config, "_parser", None)
    groups = [getattr(parser, "_anonymous", None), *getattr(parser, "_groups", ())]
    names = {
        name
        for group in groups
        if group is not None
        for each in group.options
        for name in each.names()
    }
    return names or {typed}  # another pytest, which says by itself what it does not know


def _set_in_ini(config: pytest.Config) -> Iterator[str]:
    # Its public name is deprecated since pytest 9.
    known = getattr(config, "_inicfg", None)
    yield from config.inicfg if known is None else known
    yield from _overridden(config)


def _overridden(config: pytest.Config) -> list[str]:
    """The settings that ``-o name=value`` gives."""
    given = getattr(config.known_args_namespace, "override_ini", None) or ()
    return [str(each).partition("=")[0] for each in given]


def _place_in_ini(config: pytest.Config, name: str) -> str:
    if name in _overridden(config):
        return f"-o {name}=…"
    path = config.inipath
    if path is None:
        return "an ini setting"
    line = _line_of(path, name)
    shown = path.relative_to(config.rootpath) if path.is_relative_to(config.rootpath) else path
    return f"{shown}:{line}" if line else str(shown)


def _line_of(path: Path, name: str) -> int:
    """The line that sets it, from 1; 0 where that is not seen."""
    try:
        text = (
            path.read_text(encoding="utf-8", errors="replace")
            if path.stat().st_size < (_WITHOUT_A_LINE)
            else ""
        )
    except OSError:
        return 0
    for number, line in enumerate(text.splitlines(), 1):
        key = line.partition("=")[0] if "=" in line else line.partition(":")[0]
        if key.strip().strip("\"'") == name:
            return number
    return 0

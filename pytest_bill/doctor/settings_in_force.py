"""The settings that a run would have, and where each of them comes from."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from pytest_bill import environments
from pytest_bill.command_line import typed_arguments
from pytest_bill.credentials.env_file import Variables
from pytest_bill.credentials.environ import with_tokens_at
from pytest_bill.credentials.kinds import BY_WORD, SYNC_TOKEN
from pytest_bill.credentials.ways import chosen_ways
from pytest_bill.doctor.credentials import Ways, source_of
from pytest_bill.doctor.ini_lines import lines_of_settings
from pytest_bill.doctor.shape import Finding, SettingSeen, hint, told, wrong
from pytest_bill.exceptions import SettingsError
from pytest_bill.max_age import STALE, age_of
from pytest_bill.options import OPTIONS
from pytest_bill.record_modes import RECORD_MODES
from pytest_bill.secret import repr_unless_secret
from pytest_bill.settings import sign_ins_of
from pytest_bill.urls import origin_of

if TYPE_CHECKING:
    import pytest

_DEFAULTS = {
    "bill_environment": "sandbox",
    "bill_record_mode": "none",
    "bill_cassette_dir": "cassettes",
    "bill_env_file": ".env",
    "bill_sign_in": ", ".join(f"{word}={kind.ways[0]}" for word, kind in BY_WORD.items()),
    "bill_sync_sign_in": SYNC_TOKEN.ways[0],
    "bill_stale": "warn",
}
_OF_VARIABLES = ("bill_environment", "bill_sign_in", "bill_sync_sign_in")
_CHOICES: Mapping[str, Sequence[str]] = {
    "bill_environment": environments.NAMES,
    "bill_record_mode": RECORD_MODES,
    "bill_sync_sign_in": SYNC_TOKEN.ways,
    "bill_stale": STALE,
}
_SHOWN_IF_SET = (
    *("bill_allow_hosts", "bill_stale", "bill_fail_on_secrets", "bill_live"),
    "bill_sync_sign_in",  # the older word for a part of bill_sign_in
)
_INI_ONLY = ("bill_prove", "bill_scan")
_SWITCHED_OFF_BY = {"bill_prove": "bill_no_prove", "bill_scan": "bill_no_scan"}
_DEFAULT = "default"
_UNSHOWN = "(not shown)"


class _Found(NamedTuple):
    """The value of a setting, as it is written, and where."""

    value: str
    source: str
    is_of_variable: bool = False


class InForce:
    """The settings of one run of pytest, by their names."""

    def __init__(self, config: pytest.Config, variables: Variables) -> None:
        self._config = config
        self._variables = variables
        self._lines = lines_of_settings(config.inipath)
        self._typed = typed_arguments(config)
        self._in_ini = list(map(str, config.getini("addopts")))
        self._in_variable = _split(os.environ.get("PYTEST_ADDOPTS", ""))

    def environment(self) -> environments.Environment | None:
        """Which BILL is asked; None where the run starts its own.

        Raises:
            SettingsError: there is none of that name, or the address is none.
        """
        address = self._address()
        name = self._value("bill_environment").value
        if address is not None:
            found = environments.at_origin(address, "custom")
        elif name == "local":
            return None
        elif name not in environments.NAMES:
            raise SettingsError("BILL_ENVIRONMENT names no environment of BILL's.")
        else:
            found = environments.named(name)
        tokens_at = self._variables.get(environments.OAUTH_URL)
        return with_tokens_at(found, tokens_at.reveal()) if tokens_at else found

    def known_environment(self) -> environments.Environment | None:
        """The same; None also where the settings name none, which is told with them."""
        try:
            return self.environment()
        except SettingsError:
            return None

    def ways(self) -> Ways:
        """How credentials sign in, where something says so; see ``ways.chosen_ways``."""
        try:
            return dict(sign_ins_of(self._config, self._variables))
        except SettingsError:  # told with the settings
            return {}

    def seen(self) -> list[SettingSeen]:
        """All of them, each with what is wrong with it."""
        return list(self._seen())

    def unknown(self) -> Iterator[Finding]:
        """Settings of the ini file that begin as ours do, and that nothing reads."""
        from difflib import get_close_matches

        known = [option.name for option in OPTIONS if option.has_ini] + list(_INI_ONLY)
        for name, line in self._lines.items():
            if name.startswith("bill_") and not self._is_declared(name):
                close = get_close_matches(name, known, n=1)
                place = f"{self._ini_name()}:{line}"
                then = f"Is {close[0]} meant?" if close else f"There are: {', '.join(known)}."
                yield wrong(f"{place} has a setting {name}, which nothing reads.", then)

    def _is_declared(self, name: str) -> bool:
        """Whether we, a conftest or another plugin read a setting of that name."""
        try:
            self._config.getini(name)
        except ValueError:
            return False
        return True

    def _seen(self) -> Iterator[SettingSeen]:
        yield self._environment()
        yield self._base_url()
        yield from self._oauth_url()
        for option in OPTIONS:
            name = option.name
            if not option.has_ini or name == "bill_environment":
                continue
            if name == "bill_sign_in":
                yield self._sign_in()
                continue
            found = self._value(name, is_flag=option.is_flag)
            if name in _SHOWN_IF_SET and found.source == _DEFAULT:
                continue
            yield self._row(name.removeprefix("bill_"), found, name)
        for name in _INI_ONLY:
            yield self._row(name.removeprefix("bill_"), self._yes_or_no(name), name)

    def _environment(self) -> SettingSeen:
        found = self._value("bill_environment")
        row = self._row("environment", found, "bill_environment")
        if self._address() is None or row["findings"]:
            return row
        if found.source != _DEFAULT:
            what = (
                f"BILL_BASE_URL goes before the environment ({found.source}), which is not asked."
            )
            row["findings"] = [hint(what, "Leave one of the two out.")]
        row["value"], row["source"] = "custom", "BILL_BASE_URL"
        return row

    def _row(self, shown: str, found: _Found, name: str) -> SettingSeen:
        findings = list(self._problems(name, found))
        value = found.value
        if findings:
            # A variable may hold a secret that was meant for another one.
            shown_value = "" if found.is_of_variable else repr_unless_secret(value)
            value = shown_value if shown_value.startswith(("'", '"')) else _UNSHOWN
        return SettingSeen(name=shown, value=value, source=found.source, findings=findings)

    def _problems(self, name: str, found: _Found) -> Iterator[Finding]:
        allowed = _CHOICES.get(name)
        if allowed is not None and found.value not in allowed:
            yield wrong(
                f"{name} ({found.source}) is none of those that there are.",
                f"It must be one of: {', '.join(allowed)}.",
            )
        try:
            if name == "bill_max_age" and found.source != _DEFAULT:
                age_of(found.value)
            if name == "bill_sign_in" and found.source != _DEFAULT:
                # By its variable's name it shows nothing of a value.
                named = name.upper() if found.is_of_variable else name
                chosen_ways([(f"{named} ({found.source})", found.value)], [("", "")])
                sign_ins_of(self._config, self._variables)
        except SettingsError as error:
            yield told(str(error))

    def _base_url(self) -> SettingSeen:
        given = self._variables.get("BILL_BASE_URL")
        if given is None:
            name = self._value("bill_environment").value
            url = "the run's own sandbox" if name == "local" else "none"
            if name in environments.NAMES and name != "local":
                url = environments.named(name).origin
            return SettingSeen(name="base_url", value=url, source=_DEFAULT, findings=[])
        source = source_of("BILL_BASE_URL", self._variables) or _DEFAULT
        findings: list[Finding] = []
        value = _UNSHOWN
        try:
            value = environments.at_origin(given.reveal(), "custom").origin
            value = origin_of(value)  # a path may be anything
            findings = list(_odd_address(given.reveal()))
        except SettingsError as error:
            findings = [told(f"{error} It is set in {source}.")]
        if self._address() is None:
            where = "--bill-environment goes before BILL_BASE_URL, which is not asked."
            findings = [hint(where, "Leave one of the two out.")]
        return SettingSeen(name="base_url", value=value, source=source, findings=findings)

    def _oauth_url(self) -> Iterator[SettingSeen]:
        given = self._variables.get(environments.OAUTH_URL)
        if given is None:
            return
        source = source_of(environments.OAUTH_URL, self._variables) or _DEFAULT
        here = self.known_environment() or with_tokens_at(environments.SANDBOX, given.reveal())
        why_not = here.why_no_tokens
        findings = [told(f"{why_not} It is set in {source}.")] if why_not else []
        value = _UNSHOWN if findings else origin_of(given.reveal())
        yield SettingSeen(name="oauth_url", value=value, source=source, findings=findings)

    def _address(self) -> str | None:
        # As `load_settings` does.
        if self._config.getoption("bill_environment") is not None:
            return None
        given = self._variables.get("BILL_BASE_URL")
        return None if given is None else given.reveal()

    def _sign_in(self) -> SettingSeen:
        """How credentials sign in: of each the strongest that names it counts, so all are shown."""
        row = self._row("sign_in", self._value("bill_sign_in"), "bill_sign_in")
        ways = self.ways()
        if ways and not row["findings"]:
            row["value"] = ", ".join(f"{word}={way}" for word, way in ways.items())
            said = [*self._values("bill_sign_in"), *self._values("bill_sync_sign_in")]
            row["source"] = ", ".join(dict.fromkeys(each.source for each in said))
        return row

    def _value(self, name: str, *, is_flag: bool = False) -> _Found:
        default = _Found("no" if is_flag else _DEFAULTS.get(name, "none"), _DEFAULT)
        return next(self._values(name, is_flag=is_flag), default)

    def _values(self, name: str, *, is_flag: bool = False) -> Iterator[_Found]:
        """All that is given, the strongest first."""
        option = self._config.getoption(name)
        if option not in (None, False, []):
            text = ",".join(map(str, option)) if isinstance(option, list) else str(option)
            yield _Found(_shown_flag(text) if is_flag else text, self._source_of_option(name))
        if name in _OF_VARIABLES:
            variable = self._variables.get(name.upper())
            if variable is not None:
                source = source_of(name.upper(), self._variables) or _DEFAULT
                yield _Found(variable.reveal().lower(), source, is_of_variable=True)
        given = self._config.getini(name)
        if given:
            yield _Found("yes" if is_flag else str(given), self._source_of_ini(name))

    def _yes_or_no(self, name: str) -> _Found:
        off = _SWITCHED_OFF_BY[name]
        if self._config.getoption(off):
            return _Found("no", self._source_of_option(off))
        is_on = bool(self._config.getini(name))
        is_given = not is_on or name in self._lines
        return _Found("yes" if is_on else "no", self._source_of_ini(name) if is_given else _DEFAULT)

    def _source_of_option(self, name: str) -> str:
        typed = f"--{name.replace('_', '-')}"
        if _has(self._typed, typed):
            return "the command line"
        if _has(self._in_variable, typed):
            return "PYTEST_ADDOPTS"
        if _has(self._in_ini, typed):
            return self._addopts()
        return "a conftest or another plugin"

    def _source_of_ini(self, name: str) -> str:
        for given, where in (
            (self._typed, "the command line"),
            (self._in_variable, "PYTEST_ADDOPTS"),
            (self._in_ini, self._addopts()),
        ):
            if any(each.removeprefix("-o").strip().startswith(f"{name}=") for each in given):
                return f"-o in {where}"
        line = self._lines.get(name)
        return f"{self._ini_name()}:{line}" if line else self._ini_name()

    def _addopts(self) -> str:
        line = self._lines.get("addopts")
        return f"addopts of {self._ini_name()}" + (f":{line}" if line else "")

    def _ini_name(self) -> str:
        return self._config.inipath.name if self._config.inipath else "an ini setting"


def _odd_address(address: str) -> Iterator[Finding]:
    path = address.strip().partition("://")[2].partition("/")[2].strip("/")
    if path not in ("", "connect"):
        yield hint(
            f"BILL_BASE_URL has a path behind {origin_of(address)}: /connect is put behind it.",
            "BILL's own addresses have none: leave it out, unless a proxy of yours needs it.",
        )
    if environments.is_bills_own(address):
        known = [each.origin for each in (environments.SANDBOX, environments.PRODUCTION)]
        if origin_of(address) not in known:
            yield hint(
                f"BILL_BASE_URL leads to {origin_of(address)}, and v3 lies at {known[0]}.",
                "Leave it out, and set BILL_ENVIRONMENT to sandbox or production.",
            )
        else:
            yield hint(
                "BILL_BASE_URL is that of BILL itself, whose v2 API lies at another address.",
                "Leave it out, and set BILL_ENVIRONMENT to sandbox or production.",
            )


def _shown_flag(text: str) -> str:
    return "yes" if text == "True" else text


def _split(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:  # pytest has said so
        return []


def _has(arguments: Sequence[str], option: str) -> bool:
    return any(each == option or each.startswith(f"{option}=") for each in arguments)

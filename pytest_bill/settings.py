"""Options, ini settings, the environment and ``.env`` become one frozen object.

Precedence, strongest first: the command line; the marker and ``bill_config`` (where they apply);
the environment, then ``.env`` (``BILL_ENVIRONMENT``, ``BILL_BASE_URL``, ``BILL_SIGN_IN``,
``BILL_OAUTH_URL``); the ini file; the default. How each credential signs in is decided one by one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pytest_bill import environments
from pytest_bill.bill_config import BILL_CONFIG
from pytest_bill.command_line import (
    invocation_folder,
    options_in,
    repeated_options,
    typed_arguments,
)
from pytest_bill.credentials.env_file import EnvFile, Variables, read_env_file
from pytest_bill.credentials.environ import with_tokens_at
from pytest_bill.credentials.kinds import Kind
from pytest_bill.credentials.ways import chosen_ways
from pytest_bill.did_you_mean import did_you_mean
from pytest_bill.environments import OAUTH_URL, Environment
from pytest_bill.exceptions import SettingsError
from pytest_bill.guards.production import production_consent, refuse_production
from pytest_bill.max_age import STALE, MaxAge, Stale, age_of
from pytest_bill.record_modes import RECORD_MODES, RecordMode
from pytest_bill.secret import repr_unless_secret

if TYPE_CHECKING:
    import pytest

_NOT_CI = ("", "0", "false")
"""What the variable ``CI`` says where this is none."""


class Settings(NamedTuple):
    """All that a run needs to know before its first request.

    ``record_mode_is_final`` says that the mode came from the command line, so that no marker or
    fixture may change it. ``environment_name`` is ``local`` before the local sandbox has an
    address. ``allowed_changes`` are the groups of changes that production may be asked for.
    ``in_ci`` says that only a mode that was typed may record. What repeats a part of the run is
    started in ``invocation_dir`` with ``repeated_options``; ``inipath`` is the ini file.
    """

    rootdir: Path
    record_mode: RecordMode
    record_mode_is_final: bool
    live: bool
    environment_name: str
    base_url: str | None
    cassette_dir: Path
    allow_production: bool
    variables: Variables
    sign_ins: tuple[tuple[str, str], ...] = ()
    """How credentials sign in, as ``--bill-sign-in`` says it: each by its word."""
    allowed_changes: frozenset[str] = frozenset()
    verify: bool = False
    """Whether what is played is asked again at the end."""
    verify_unsafe: bool = False
    in_ci: bool = False
    invocation_dir: Path | None = None
    inipath: Path | None = None
    repeated_options: tuple[str, ...] = ()
    max_age: MaxAge | None = None

    @property
    def is_local(self) -> bool:
        """Whether BILL is the local sandbox that the run starts by itself."""
        return self.environment_name == "local" and self.base_url is None

    def way_of(self, kind: Kind) -> str:
        """How a credential signs in: one of its ``ways``."""
        return dict(self.sign_ins).get(kind.word) or kind.ways[0]

    def wants_sandbox(self, record_mode: RecordMode) -> bool:
        """Whether the run itself provides the BILL that answers, in this record mode."""
        may_send = record_mode.may_send or self.renews
        return self.is_local and (self.live or self.verify or may_send)

    @property
    def renews(self) -> bool:
        """Whether cassettes that are too old are recorded anew."""
        may_record = not (self.live or self.verify)
        return self.max_age is not None and self.max_age.records and may_record

    def mode_of(self, wanted: RecordMode | None, where: str = BILL_CONFIG) -> RecordMode:
        """The record mode of who wants one: the command line's goes before it.

        ``where`` it stands is for messages.

        Raises:
            SettingsError: it would send requests to production, and that is not allowed; or it
                would record in CI.
        """
        if wanted is None or self.record_mode_is_final:
            return self.record_mode
        if self.in_ci and wanted.may_send:
            raise SettingsError(_refused_in_ci(f"{where} has record_mode {wanted.value!r}", wanted))
        if wanted.may_send:
            self.variables.env_file.check()
        self.check_production(wanted)
        return wanted

    def check_production(self, record_mode: RecordMode) -> None:
        """Refuse a mode that would send requests to production, unless that was allowed.

        Raises:
            SettingsError: it would.
        """
        if not self.allow_production:
            refuse_production(
                self.remote_environment(), record_mode, is_live=self.live, verifies=self.verify
            )

    def remote_environment(self) -> Environment:
        """The environment that is not started by the run itself.

        ``local`` gives the sandbox's URLs: they are what its cassettes hold.
        """
        if self.base_url is not None:
            try:
                here = environments.at_origin(self.base_url, "custom")
            except SettingsError as error:
                where = _named(self.variables, "BILL_BASE_URL")
                raise SettingsError(str(error).replace("BILL_BASE_URL", where, 1)) from None
        else:
            here = environments.named("sandbox" if self.is_local else self.environment_name)
        tokens_at = self.variables.get(OAUTH_URL)
        if tokens_at is None:
            return here
        return with_tokens_at(here, tokens_at.reveal(), _named(self.variables, OAUTH_URL))


def load_settings(
    config: pytest.Config,
    environ: Mapping[str, str] | None = None,
    *,
    has_variables: bool = True,
) -> Settings:
    """Read the settings of one run; one that ``has_variables`` of none replays only.

    Raises:
        SettingsError: a value is not one of those allowed, two options contradict each other, the
            ``.env`` file is unusable and something may be sent, production was asked for without
            leave, or BILL in CI by other than the command line.
    """
    rootdir = config.rootpath
    environ = os.environ if environ is None else environ
    if has_variables:
        variables = _load_variables(config, rootdir, environ)
    else:
        variables = Variables({}, EnvFile(rootdir / ".env", exists=False))

    live_option = bool(config.getoption("bill_live"))
    mode_option = config.getoption("bill_record_mode")
    verifies, unsafe = check_options(config)
    if verifies:
        mode_option = RecordMode.NONE  # whatever the ini file, a marker or a fixture say
    record_mode = mode_option or config.getini("bill_record_mode") or RecordMode.NONE
    if not has_variables:
        mode_option, record_mode, live_option = RecordMode.NONE, RecordMode.NONE, False
    _check_choice("bill_record_mode", record_mode, RECORD_MODES)
    live = live_option or (mode_option is None and bool(config.getini("bill_live")))
    in_ci = is_ci(environ)
    if in_ci:
        _check_typed(config, RecordMode(record_mode), is_live=live)

    environment_name = _setting(config, variables, "environment", "sandbox")
    _check_choice(_named(variables, "BILL_ENVIRONMENT"), environment_name, environments.NAMES)
    base_url = variables.get("BILL_BASE_URL")
    # An environment named on the command line beats an address in a file.
    if config.getoption("bill_environment") is not None:
        base_url = None

    consent = production_consent(config)
    settings = Settings(
        rootdir=rootdir,
        record_mode=RecordMode(record_mode),
        record_mode_is_final=mode_option is not None,
        live=live,
        environment_name=environment_name,
        base_url=base_url.reveal() if base_url else None,
        cassette_dir=rootdir / _option_or_ini(config, "bill_cassette_dir", "cassettes"),
        allow_production=consent.production,
        variables=variables,
        sign_ins=sign_ins_of(config, variables),
        allowed_changes=consent.changes,
        verify=verifies,
        verify_unsafe=unsafe,
        in_ci=in_ci,
        invocation_dir=invocation_folder(config),
        inipath=config.inipath,
        repeated_options=repeated_options(config),
        max_age=_max_age(config, mode_option, in_ci=in_ci) if has_variables else None,
    )
    if live or verifies or settings.renews or settings.record_mode.may_send:
        variables.env_file.check()
    settings.check_production(RecordMode.ALL if settings.renews else settings.record_mode)
    if config.getoption("bill_prune"):
        _check_prune(config, settings)
    return settings


def is_ci(environ: Mapping[str, str]) -> bool:
    """Whether a run of pytest is one of continuous integration, as the variable ``CI`` says."""
    return environ.get("CI", "").strip().lower() not in _NOT_CI


def check_options(config: pytest.Config) -> tuple[bool, bool]:
    """Refuse options of the command line that contradict each other, whichever tests run.

    Gives whether what is played is asked again, and whether what changes something is, too.

    Raises:
        SettingsError: there are such, or nobody typed the consent.
    """
    is_live = bool(config.getoption("bill_live"))
    mode_option = config.getoption("bill_record_mode")
    if is_live and mode_option is not None:
        raise SettingsError(
            "--bill-live uses no cassettes and --bill-record-mode does.\nGive one of the two."
        )
    typed = config.getoption("bill_stale")
    if typed is not None and not (
        config.getoption("bill_max_age") or config.getini("bill_max_age")
    ):
        raise SettingsError(
            f"--bill-stale={typed} says what is done with a cassette that is too old, and nothing "
            "says how old that is.\nGive it an age, too: --bill-max-age=90d."
        )
    if typed == Stale.RECORD and mode_option == RecordMode.NONE:
        raise SettingsError(
            "--bill-record-mode=none records nothing and --bill-stale=record does.\n"
            "Give one of the two."
        )
    verifies = bool(config.getoption("bill_verify"))
    unsafe = bool(config.getoption("bill_verify_unsafe"))
    if unsafe and not verifies:
        raise SettingsError(
            "--bill-verify-unsafe asks again what changes something, and nothing is asked again.\n"
            "Give it with --bill-verify."
        )
    if unsafe and "--bill-verify-unsafe" not in typed_arguments(config):
        raise SettingsError(
            "--bill-verify-unsafe lets requests change something at BILL.\n"
            "It counts where it is typed on the command line, not in addopts or PYTEST_ADDOPTS."
        )
    if verifies and (is_live or mode_option not in (None, RecordMode.NONE)):
        other = "--bill-live" if is_live else f"--bill-record-mode={mode_option}"
        raise SettingsError(
            f"--bill-verify replays what is recorded and records nothing, and {other} does not.\n"
            "Give one of the two."
        )
    return verifies, unsafe


def _check_typed(config: pytest.Config, mode: RecordMode, *, is_live: bool) -> None:
    """Refuse to ask BILL in CI where nobody typed that; see ``command_line``.

    Raises:
        SettingsError: an ini file, a variable or a conftest wants it.
    """
    typed = options_in(
        typed_arguments(config),
        {"--bill-live": {"action": "store_true"}, "--bill-record-mode": {}},
    )
    if is_live and not typed.bill_live:
        raise SettingsError(
            f"{_untyped(config, 'bill_live', '')}, and CI is set: BILL is asked there only by who "
            "types it.\nType --bill-live on the command line, or leave the setting out."
        )
    if not is_live and mode.may_send and typed.bill_record_mode != mode:
        what = _untyped(config, "bill_record_mode", f"={mode}")
        raise SettingsError(_refused_in_ci(what, mode))


def _untyped(config: pytest.Config, name: str, value: str) -> str:
    """Where an option comes from that was not typed."""
    if config.getoption(name):
        return f"--{name.replace('_', '-')}{value} is in addopts or PYTEST_ADDOPTS"
    return f"{name}{value} is in {config.inipath.name if config.inipath else 'an ini setting'}"


def _refused_in_ci(what: str, mode: RecordMode) -> str:
    return (
        f"{what}, and CI is set: only a record mode that is typed records there.\n"
        f"To record, type --bill-record-mode={mode}; to replay, --bill-record-mode=none."
    )


def _max_age(config: pytest.Config, mode_option: str | None, *, in_ci: bool) -> MaxAge | None:
    """How old a recording may be; None where it may have any age."""
    said = config.getoption("bill_max_age") or config.getini("bill_max_age")
    typed = config.getoption("bill_stale")
    stale = typed or config.getini("bill_stale") or Stale.WARN
    _check_choice("bill_stale", stale, STALE)
    if not said:
        return None
    replays_only = mode_option == RecordMode.NONE
    why_not = ""
    on_line = options_in(typed_arguments(config), {"--bill-stale": {}, "--bill-record-mode": {}})
    if in_ci and on_line.bill_stale is None and on_line.bill_record_mode is None:
        why_not = "with CI set, recording has to be typed on the command line"
    may_record = not (replays_only or why_not)
    return MaxAge(age_of(said), said, Stale(stale), may_record=may_record, why_not=why_not)


def load_variables(config: pytest.Config) -> Variables:
    """The variables alone; those of the environment where the ``.env`` file is unusable."""
    try:
        return _load_variables(config, config.rootpath, os.environ)
    except SettingsError:
        return Variables(os.environ, EnvFile(config.rootpath / ".env", exists=False))


def _load_variables(config: pytest.Config, rootdir: Path, environ: Mapping[str, str]) -> Variables:
    path = rootdir / _option_or_ini(config, "bill_env_file", ".env")
    env_file = read_env_file(path)
    if config.getoption("bill_env_file", None) is not None and not env_file.exists:
        raise SettingsError(f"--bill-env-file={path}: no such file.")
    # On another machine, a worker of pytest-xdist has those of its controller.
    told = getattr(config, "workerinput", {}).get("bill_variables", {})
    return Variables({**environ, **told} if told else environ, env_file)


def _option_or_ini(config: pytest.Config, name: str, default: str) -> str:
    # Before the options are read to their end, as where a conftest cannot be imported.
    early = getattr(config.known_args_namespace, name, None)
    return config.getoption(name, None) or early or config.getini(name) or default


def _check_prune(config: pytest.Config, settings: Settings) -> None:
    typed = getattr(config, "workerinput", {}).get("bill_typed", config.invocation_params.args)
    if "--bill-prune" not in map(str, typed):
        raise SettingsError(
            "--bill-prune is in addopts or PYTEST_ADDOPTS: each run would drop recordings.\n"
            "Take it out there, and type it on the command line when it is meant."
        )
    if settings.live or settings.record_mode is not RecordMode.NONE:
        doing = "goes live" if settings.live else f"has record mode {settings.record_mode}"
        raise SettingsError(
            f"--bill-prune drops what a replay did not play, and this run {doing}.\n"
            "Record first; then run: pytest --bill-record-mode=none --bill-prune"
        )


def sign_ins_of(config: pytest.Config, variables: Variables) -> tuple[tuple[str, str], ...]:
    """How credentials sign in, as the settings say it: each by its word.

    Raises:
        SettingsError: there is no such credential or way, or two settings contradict each other.
    """
    return chosen_ways(
        _said(config, variables, "sign_in"), _said(config, variables, "sync_sign_in")
    )


def _setting(config: pytest.Config, variables: Variables, name: str, default: str) -> str:
    return next(filter(None, (value for _, value in _said(config, variables, name))), default)


def _said(config: pytest.Config, variables: Variables, name: str) -> Iterator[tuple[str, str]]:
    """What is given for a setting, by its name there, the strongest first; empty for nothing."""
    option = config.getoption(f"bill_{name}", None) or ""
    yield f"--bill-{name.replace('_', '-')}", ",".join(option) if type(option) is list else option
    variable = variables.get(f"BILL_{name.upper()}")
    named = _named(variables, f"BILL_{name.upper()}")
    yield named, variable.reveal().lower() if variable is not None else ""
    yield f"bill_{name}", config.getini(f"bill_{name}")


def _named(variables: Variables, name: str) -> str:
    """A variable, with where it is set."""
    return f"{name} ({variables.place_of(name)})"


def _check_choice(name: str, value: str, allowed: Sequence[str]) -> None:
    if value in allowed:
        return
    # A variable may hold a secret that was meant for another one; an option holds none.
    shown = "something else" if name.startswith("BILL_") else repr_unless_secret(value)
    hint = did_you_mean(value, allowed)
    raise SettingsError(f"{name} is {shown}.\n{hint}It must be one of: {', '.join(allowed)}.")

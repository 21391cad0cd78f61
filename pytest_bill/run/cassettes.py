"""Which cassette each test, fixture and sign-in of a run uses, and how."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path, PurePath, PurePosixPath
from typing import TYPE_CHECKING, Any

from pytest_bill.bill_config import (
    BILL_CONFIG,
    check_keys,
    checked_keep,
    checked_match_on,
    checked_mode,
)
from pytest_bill.cassettes import naming, times
from pytest_bill.cassettes.changes.unchanged import Unchanged
from pytest_bill.cassettes.client_requests import ClientRequests
from pytest_bill.cassettes.matchers import DEFAULT_MATCH_ON, check_parts
from pytest_bill.cassettes.use import Use
from pytest_bill.credentials.kinds import KINDS, PLACEHOLDER_PREFIX, Kind
from pytest_bill.exceptions import BillWarning, SettingsError
from pytest_bill.options import MARKER_KEYS
from pytest_bill.patterns import late_pattern
from pytest_bill.record_modes import RecordMode
from pytest_bill.run.configs import Config
from pytest_bill.run.record_command import RecordCommands
from pytest_bill.run.stale import Renewal
from pytest_bill.settings import Settings

if TYPE_CHECKING:
    from pytest_bill.run.renamed import Renamed

_USUAL = Unchanged()
_PREFIX = len(PLACEHOLDER_PREFIX)
_NUMBER = late_pattern(r"_\d+$")


class CassettesOfRun:
    """Gives each user of a cassette its use."""

    def __init__(
        self,
        settings: Settings,
        config_now: Callable[[], Config],
        recorder: ClientRequests,
        *,
        has_sandbox: bool,
        is_worker: bool,
        test_now: Callable[[], str] = str,
        fixtures_of: Callable[[], Mapping[PurePosixPath, frozenset[str]]] = dict,
    ) -> None:
        """``config_now`` gives the ``bill_config`` that counts where nobody names one.

        ``test_now`` names the test that runs; nothing, where there is none.

        ``fixtures_of`` gives the fixtures that the user of each test's cassette uses.
        """
        self._settings = settings
        self._test_now = test_now
        self._commands = RecordCommands(settings)
        self._old_names: Renamed | None = None
        self._config_now = config_now
        self.unchanged_of: dict[str, dict[str, Any]] = {}
        """What does not count as a change, by the cassettes for which that is not the usual."""
        self._recorder = recorder
        self._has_sandbox = has_sandbox
        self._is_worker = is_worker
        self._told_public: set[str] = set()
        self._public_modules: set[str] = set()
        self._folders: dict[PurePosixPath, Path] = {}
        folder = settings.cassette_dir
        self._renewal = Renewal(
            settings.max_age if not settings.live else None,
            folder,
            lambda: {folder / place: names for place, names in fixtures_of().items()},
            times.now,
        )

    def of_test(
        self,
        nodeid: str,
        marker_args: tuple[Any, ...],
        marker_kwargs: Mapping[str, Any],
        fixtures: Iterable[str] = (),
        config: Config | None = None,
    ) -> Use:
        """The cassette of a test, by its marker or its name; ``fixtures`` are those it uses.

        Raises:
            SettingsError: the marker's arguments cannot be used.
        """
        where = f"@pytest.mark.bill_cassette on {nodeid}"
        check_keys(where, marker_kwargs, MARKER_KEYS)
        if len(marker_args) > 1 or not all(isinstance(name, str) for name in marker_args):
            raise SettingsError(_no_name(where, marker_args))
        match_on = checked_match_on(where, marker_kwargs.get("match_on"))
        check_parts(where, match_on or ())
        self._make_public(nodeid)
        if marker_args:
            path = self._settings.cassette_dir / naming.cassette_by_name(marker_args[0], where)
        else:
            path = self._path_of(nodeid)
        config = config or self._config_now()
        mode = marker_kwargs.get("record_mode", config.values.record_mode)
        whose = where if "record_mode" in marker_kwargs else BILL_CONFIG
        return self._use(
            path,
            self._settings.mode_of(checked_mode(where, mode), whose),
            owner=nodeid,
            command=self._commands.of_test(nodeid),
            shared=bool(marker_args),
            match_on=match_on,
            fixtures=frozenset(fixtures),
            keep=checked_keep(where, marker_kwargs.get("keep")),
            config=config,
            renamed=str if marker_args else partial(self._renamed, nodeid, path),
        )

    def of_fixture(
        self,
        baseid: str,
        name: str,
        parameter: str | None,
        nodeid: str,
        scope_id: str | None = None,
        fixtures: Iterable[str] = (),
        *,
        definition: str = "",
        overridden: str = "",
        config: Config | None = None,
    ) -> Use:
        """The cassette of a fixture that is wider than one test; ``fixtures`` are those it uses.

        ``definition`` tells it from others of its name; see ``definitions``.
        """
        self._make_public(scope_id or baseid)
        place = naming.cassette_of_fixture(baseid, name, parameter, scope_id, overridden)
        return self._use(
            self._settings.cassette_dir / place,
            self._mode_of(config or self._config_now()),
            owner=f"fixture {name} (set up for {nodeid})",
            command=self._commands.of_test(nodeid),
            fixture=name,
            definition=definition or name,
            fixtures=frozenset(fixtures),
            config=config,
        )

    def _renamed(self, nodeid: str, path: Path) -> str:
        """Which test that is gone a test without a cassette looks like; empty where none does."""
        from pytest_bill.run.renamed import Renamed  # few runs need it

        if self._old_names is None:
            self._old_names = Renamed(self._settings.rootdir, self._settings.cassette_dir)
        return self._old_names.hint(nodeid, path)

    def _path_of(self, nodeid: str) -> Path:
        """The cassette of a test by its name; a folder has many."""
        below, name = naming.place_of_test(nodeid)
        folder = self._folders.get(below)
        if folder is None:
            folder = self._folders[below] = self._settings.cassette_dir / below
        return folder / name

    def _make_public(self, nodeid: str) -> None:
        """Whoever sees the suite knows the path of a module; a test's parameters may be secret."""
        module = nodeid.partition("::")[0]
        if module in self._public_modules:
            return
        self._public_modules.add(module)
        registry, folder = self._recorder.registry, self._settings.cassette_dir
        registry.make_public(str(folder / module.removesuffix(".py")))
        registry.make_public(module)

    def of_own_sign_in(self, name: str) -> Use:
        """The cassette of sign-ins that the code under test makes, beside those of the fixtures."""
        current = self._recorder.current
        config = self._config_now()
        mode = current.cassette.record_mode if current is not None else self._mode_of(config)
        return self._use(
            self._settings.cassette_dir / naming.sign_in_cassette(name),
            mode,
            owner="a sign-in of the code under test",
            command=self._command_now(),
            shared=True,
            replaces_equal=True,
        )

    def of_sign_in(self, kind: Kind) -> Use:
        """The cassette of a credential's sign-in."""
        # A test's own record mode reaches the sign-in that it is the first to need.
        current = self._recorder.current
        config = self._config_now()
        mode = current.cassette.record_mode if current is not None else self._mode_of(config)
        return self._use(
            self._settings.cassette_dir / naming.sign_in_cassette(kind.key),
            mode,
            owner=f"{kind.fixture} (sign-in with the {kind.title})",
            command=self._command_now(),
        )

    def _mode_of(self, config: Config) -> RecordMode:
        return self._settings.mode_of(config.values.record_mode)

    def _command_now(self) -> str:
        """What records the test that runs; without one, all that is not recorded."""
        nodeid = self._test_now()
        return self._commands.of_test(nodeid) if nodeid else self._commands.of_all()

    def _use(
        self,
        path: Path,
        mode: RecordMode,
        *,
        owner: str,
        command: str,
        shared: bool = False,
        match_on: Sequence[Any] | None = None,
        fixture: str = "",
        definition: str = "",
        fixtures: frozenset[str] = frozenset(),
        replaces_equal: bool = False,
        keep: frozenset[int | str] = frozenset(),
        config: Config | None = None,
        renamed: Callable[[], str] = str,
    ) -> Use:
        config = config or self._config_now()
        mode = self._renewal.mode(path, mode, fixture)
        if (
            mode.may_send
            and not self._recorder.live
            and self._settings.is_local
            and not self._has_sandbox
        ):
            raise SettingsError(
                f"{owner}: recording from the local sandbox was asked for after the run began.\n"
                f"Give it on the command line: --bill-record-mode={mode}."
            )
        if mode.may_send or self._recorder.live:
            self._warn_of_public_values()
        if mode.may_send and config.unchanged != _USUAL:
            self.unchanged_of[str(path)] = config.unchanged.as_dict()
        return Use(
            path=path,
            record_mode=mode,
            owner=owner,
            record_command=command,
            shared=shared,
            match_on=match_on or config.values.match_on or DEFAULT_MATCH_ON,
            fixture=definition,
            fixtures=fixtures,
            replaces_equal=replaces_equal,
            keep=config.values.keep | keep,
            takes_turns=(
                bool(shared or fixture) and self._is_worker and mode.may_send and not replaces_equal
            ),
            stand_ins=config.stand_ins,
            renamed=renamed,
        )

    def _warn_of_public_values(self) -> None:
        """Tell once of the variables whose values are handled by place only."""
        known = {variable.name for kind in KINDS for variable in kind.all_variables}
        # The local sandbox has values of the same variables.
        names = [_NUMBER.sub("", each[_PREFIX:]) for each in self._recorder.registry.public()]
        new = [name for name in names if name in known and name not in self._told_public]
        if not new:
            return
        self._told_public |= set(new)
        warnings.warn(
            f"The value of {', '.join(new)} is part of what everyone can see (an address, a word "
            "of BILL's API, a path of this suite), so in cassettes and reports it is hidden in its "
            "known places only (headers, sign-in fields), not wherever it occurs. Use another "
            "value; rename what holds it where it is a path.",
            BillWarning,
            stacklevel=2,
        )


def _no_name(where: str, given: tuple[Any, ...]) -> str:
    """What to say of arguments that are not one name."""
    how = 'Write it as bill_cassette("vendors/onboarding")'
    if len(given) > 1:
        return (
            f"{where} has {len(given)} names, and takes one name.\n{how}; a test has one cassette."
        )
    each = given[0]
    if isinstance(each, PurePath):
        return (
            f"{where} has a {type(each).__name__}, and takes one name, which is a text.\n"
            f"{how}, below the cassette folder."
        )
    return (
        f"{where} has something of type {type(each).__name__}, and takes one name, which is a "
        f"text.\n{how}."
    )

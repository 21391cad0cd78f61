"""The state of one test run: settings, recorder, credentials and, where asked, the local sandbox.

It is made when the first test needs BILL; a run that does not use BILL never imports it.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shlex
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from pytest_bill import __version__, environments, real_files
from pytest_bill.cassettes import naming
from pytest_bill.cassettes.client_requests import ClientRequests
from pytest_bill.cassettes.matchers import DEFAULT_MATCH_ON
from pytest_bill.cassettes.recorder import RecorderOptions
from pytest_bill.cassettes.running_tests import RunningTests
from pytest_bill.cassettes.use import Use
from pytest_bill.clients import base
from pytest_bill.credentials.env_file import EnvFile, Variables
from pytest_bill.credentials.environ import BillEnviron, SetVariables
from pytest_bill.credentials.kinds import (
    KINDS,
    PLACEHOLDER_PREFIX,
    STAND_IN_KEY,
    Kind,
    known_secrets,
    load_credential,
)
from pytest_bill.environments import Environment, at_origin
from pytest_bill.exceptions import BillWarning, SettingsError
from pytest_bill.guards.production_operations import UNKNOWN
from pytest_bill.guards.sockets import Guard
from pytest_bill.private_folder import PrivateFolder
from pytest_bill.processes.parent import Parent
from pytest_bill.processes.starting import answered_by
from pytest_bill.processes.threads import Threads
from pytest_bill.scrubbing.personal import StandInChoice
from pytest_bill.scrubbing.registry import Naming, SecretRegistry
from pytest_bill.scrubbing.scrub import ScrubRules
from pytest_bill.scrubbing.stand_ins import SHORTEST_KEY, StandIns, derived_key
from pytest_bill.scrubbing.team_secrets import BillSecrets, refuse_in_ids, secrets_of_config
from pytest_bill.settings import RECORD_MODES, Settings, refuse_production

if TYPE_CHECKING:
    from pytest_bill.processes.early import Early
    from pytest_bill.sessions.access import Access

CONFIG_KEYS = (
    *("environ", "match_on", "record_mode", "scrub_fields", "scrub_headers", "secrets"),
    "stand_ins",
)
MARKER_KEYS = ("match_on", "record_mode")
_SANDBOX_FILE = "sandbox.json"
_PREFIX = len(PLACEHOLDER_PREFIX)
_NUMBER = re.compile(r"_\d+$")
UNSEEN = (
    "pytest-bill does not see what is asked there, so it would not be recorded.\n"
    "Ask with a client that it sees (README, Clients), or run with --bill-live."
)


class Run:
    """Everything that lasts as long as the test run, in this process."""

    def __init__(
        self,
        settings: Settings,
        bill_config: Mapping[str, Any],
        shared_folder: Path | None = None,
        early: Early | None = None,
        test_ids: Iterable[str] = (),
        tests: RunningTests | None = None,
    ) -> None:
        """``shared_folder`` is that of the workers of one run; None in a run of one process.

        ``early`` stood for it until now, where processes may have been started. ``test_ids`` are
        those of all tests, ``tests`` are those that run.

        Raises:
            SettingsError: ``bill_config`` has an unknown key or value, or the local sandbox is
                wanted and its packages are not installed.
        """
        _check_keys("The bill_config fixture", bill_config, CONFIG_KEYS)
        self.settings = settings
        self._config = bill_config
        self._shared_folder = shared_folder
        self._own_folder = early.private_folder if early is not None else None
        self._accesses: dict[str, Access] = {}
        self.sandbox: Any = None
        self._owns_sandbox = False
        variables = settings.variables
        self.environment: Environment = settings.remote_environment()
        if settings.wants_sandbox(self.record_mode):
            self.sandbox = self._sandbox()
            self.environment = at_origin(self.sandbox.origin, "local")
            nothing = EnvFile(Path("the local sandbox"), exists=True)
            variables = Variables(self.sandbox.variables, nothing)
        self._variables = variables
        # The local sandbox's credentials are used; the user's own are secret all the same.
        users_own = list(known_secrets(settings.variables))
        naming = shared_placeholders(shared_folder, users_own) if shared_folder else None
        told = secrets_of_config(bill_config.get("secrets"))
        refuse_in_ids(SecretRegistry(told), test_ids)
        secrets_known = [*known_secrets(variables), *users_own, *told]
        registry = self._registry = SecretRegistry(secrets_known, naming)
        self._told_public: set[str] = set()
        for text in (*self.environment.bases, str(settings.cassette_dir)):
            registry.make_public(text)
        wanted = bill_config.get("stand_ins")
        self.threads = Threads()
        self.recorder = ClientRequests(
            self.environment,
            registry,
            self.scratch,
            replace(
                tests or RunningTests(),
                ended_owner=self.threads.whose,
                use_of_sign_in=self._use_of_own_sign_in,
            ),
            RecorderOptions(
                live=settings.live,
                rules=ScrubRules(
                    headers=frozenset(bill_config.get("scrub_headers", ())),
                    fields=frozenset(bill_config.get("scrub_fields", ())),
                ),
                about={"version": __version__},
                allow_production=settings.allow_production,
                allowed_changes=settings.allowed_changes,
                stand_ins=StandIns(stand_in_key(settings.variables, variables)),
                stand_in_choice=StandInChoice.from_config(wanted),
                made_up_choice=StandInChoice.from_config(wanted, made_up=True),
            ),
        )
        self.secrets = BillSecrets(registry, self._written_with, test_ids)
        self._guards = self._made_guards()
        for guard in self._guards:
            guard.set()
        self.threads.watch()
        self.environ = BillEnviron(
            self.environment, self._variables, self._may_send, lambda: self.recorder.can_record_now
        )
        self._set_variables = SetVariables(bill_config.get("environ"), self.environ)
        self._sets_variables = False
        self._stack = ExitStack()
        is_expected = early is not None and bool(early.path)
        parent = Parent(self.recorder, self.threads, self.scratch, is_expected=is_expected)
        self._stack.callback(parent.close)
        self._stack.enter_context(answered_by(parent))
        self._stack.enter_context(base.served_by(self.recorder))
        if early is not None:
            early.close()

    def _written_with(self, registry: SecretRegistry) -> list[Path]:
        """The cassettes that a run that records has used, and that hold a secret."""
        if not self.recorder.counts.recorded:
            return []
        used = [path for path in self.recorder.cassette_files if path.is_file()]
        return [path for path in used if registry.find(real_files.read_bytes(path)) is not None]

    def _made_guards(self) -> tuple[Guard, ...]:
        settings, recorder = self.settings, self.recorder
        return (
            Guard(
                lambda host: environments.is_host_of(host, self.environment),
                lambda: recorder.can_record_now,
                "The record mode allows replay only: give the test a BILL fixture or "
                "@pytest.mark.bill_cassette, and record it with --bill-record-mode=once.",
            ),
            Guard(
                environments.is_production_host,
                lambda: settings.allow_production,
                environments.PRODUCTION_REFUSED,
            ),
            Guard(
                environments.is_production_host,
                lambda: recorder.sees_requests or UNKNOWN in settings.allowed_changes,
                environments.PRODUCTION_UNSEEN,
            ),
            Guard(
                lambda host: environments.is_host_of(host, self.environment),
                lambda: recorder.live or recorder.sees_requests,
                UNSEEN,
            ),
            *self._made_guards_of_sandbox(),
        )

    def _made_guards_of_sandbox(self) -> tuple[Guard, ...]:
        """On loopback there are other servers; the sandbox has a port of its own."""
        recorder = self.recorder
        hosts, port = environments.loopback_of(self.environment)
        if not port:
            return ()
        return (
            Guard(
                hosts.__contains__,
                lambda: recorder.live or recorder.sees_requests or recorder.current is None,
                UNSEEN,
                port,
            ),
        )

    @property
    def record_mode(self) -> str:
        """The run's record mode: the command line's, else ``bill_config``'s, else the rest's."""
        return self._mode(self._config.get("record_mode"), "The bill_config fixture")

    def begin_test(self) -> None:
        """A test with a cassette begins: all clients ask, and variables are those of its mode."""
        base.ensure_put()
        if self._sets_variables:
            self._set_variables.put()

    def end_test(self) -> None:
        """Such a test has ended: others have the variables as they were."""
        self._set_variables.take_away()

    @contextmanager
    def variables_set(self) -> Iterator[BillEnviron]:
        """The block in which the variables of ``bill_config["environ"]`` are set.

        Raises:
            SettingsError: its keys or values are none.
            MissingCredentials: something may be sent, and a variable has no value.
        """
        self._sets_variables = True
        try:
            self._set_variables.put()
            yield self.environ
        finally:
            self._sets_variables = False
            self._set_variables.take_away()

    def _may_send(self) -> bool:
        """Whether what is asked now may be sent; between tests, whether the run may send."""
        recorder = self.recorder
        if recorder.current is not None:
            return recorder.can_record_now
        return recorder.live or self.record_mode != "none"

    def access(self, kind: Kind) -> Access:
        """The run's one access with a credential."""
        if kind.key not in self._accesses:
            # With requests, which no test needs that brings its own client.
            from pytest_bill.sessions.access import Access, SharedSignIns
            from pytest_bill.sessions.transport import sign_in_network

            shared = SharedSignIns(self._shared_folder) if self._shared_folder else None
            self._accesses[kind.key] = Access(
                kind,
                load=lambda: load_credential(kind, self._variables),
                recorder=self.recorder,
                network=sign_in_network(self.recorder),
                sign_in_use=lambda: self._use_of_sign_in(kind),
                sync_sign_in=self.settings.sync_sign_in,
                shared=shared,
            )
        return self._accesses[kind.key]

    def use_of_test(
        self,
        nodeid: str,
        marker_args: tuple[Any, ...],
        marker_kwargs: Mapping[str, Any],
        fixtures: Iterable[str] = (),
    ) -> Use:
        """The cassette of a test, by its marker or its name; ``fixtures`` are those it uses.

        Raises:
            SettingsError: the marker's arguments cannot be used.
        """
        where = f"@pytest.mark.bill_cassette on {nodeid}"
        _check_keys(where, marker_kwargs, MARKER_KEYS)
        if len(marker_args) > 1 or not all(isinstance(name, str) for name in marker_args):
            raise SettingsError(
                f'{where} takes one name.\nWrite it as bill_cassette("vendors/onboarding").'
            )
        self._make_public(nodeid)
        if marker_args:
            place = naming.cassette_by_name(marker_args[0])
        else:
            place = naming.cassette_of_test(nodeid)
        mode = self._mode(marker_kwargs.get("record_mode", self._config.get("record_mode")), where)
        return self._use(
            place,
            mode,
            owner=nodeid,
            command=f"pytest {shlex.quote(nodeid)}",
            shared=bool(marker_args),
            match_on=marker_kwargs.get("match_on"),
            fixtures=frozenset(fixtures),
        )

    def use_of_fixture(
        self,
        baseid: str,
        name: str,
        parameter: str | None,
        nodeid: str,
        scope_id: str | None = None,
        fixtures: Iterable[str] = (),
    ) -> Use:
        """The cassette of a fixture that is wider than one test; ``fixtures`` are those it uses."""
        self._make_public(scope_id or baseid)
        # Each worker would record data of its own, and tests would replay another worker's.
        reason = "A fixture wider than one test is recorded by one process: leave out -n."
        return self._use(
            naming.cassette_of_fixture(baseid, name, parameter, scope_id),
            self.record_mode,
            owner=f"fixture {name} (set up for {nodeid})",
            command=f"pytest {shlex.quote(nodeid)}",
            refuse_recording=reason if self._shared_folder is not None else "",
            fixture=name,
            fixtures=frozenset(fixtures),
        )

    def _make_public(self, nodeid: str) -> None:
        """Whoever sees the suite knows the path of a module; a test's parameters may be secret."""
        module = nodeid.partition("::")[0]
        self._registry.make_public(str(self.settings.cassette_dir / module.removesuffix(".py")))
        self._registry.make_public(module)

    def _warn_of_public_values(self) -> None:
        """Tell once of the variables whose values are handled by place only."""
        known = {variable.name for kind in KINDS for variable in kind.variables}
        # The local sandbox has values of the same variables.
        names = [_NUMBER.sub("", each[_PREFIX:]) for each in self._registry.public()]
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

    def scratch(self) -> Path:
        """A private folder that all processes of the run share; it is gone when the run ends."""
        if self._shared_folder is not None:
            return self._shared_folder
        if self._own_folder is None:
            self._own_folder = PrivateFolder()
        return self._own_folder.path

    def close(self) -> None:
        """Stop what was started and remove the private folder."""
        self._stack.close()
        self.threads.close()
        for guard in self._guards:
            guard.lift()
        for folder in {path.parent for path in self.recorder.cassette_files}:
            real_files.remove_unfinished(folder)
        if self._owns_sandbox:
            self.sandbox.stop()
        if self._own_folder is not None:
            self._own_folder.remove()

    def _use_of_own_sign_in(self, name: str) -> Use:
        """The cassette of sign-ins that the code under test makes, beside those of the fixtures."""
        current = self.recorder.current
        mode = current.use.record_mode if current is not None else self.record_mode
        return self._use(
            naming.sign_in_cassette(name),
            mode,
            owner="a sign-in of the code under test",
            command="pytest",
            shared=True,
            replaces_equal=True,
        )

    def _use_of_sign_in(self, kind: Kind) -> Use:
        # A test's own record mode reaches the sign-in that it is the first to need.
        current = self.recorder.current
        mode = current.use.record_mode if current is not None else self.record_mode
        return self._use(
            naming.sign_in_cassette(kind.key),
            mode,
            owner=f"{kind.fixture} (sign-in with the {kind.title})",
            command="pytest",
        )

    def _use(
        self,
        place: PurePosixPath,
        mode: str,
        *,
        owner: str,
        command: str,
        shared: bool = False,
        refuse_recording: str = "",
        match_on: Any = None,
        fixture: str = "",
        fixtures: frozenset[str] = frozenset(),
        replaces_equal: bool = False,
    ) -> Use:
        if (
            mode != "none"
            and not self.recorder.live
            and self.settings.is_local
            and self.sandbox is None
        ):
            raise SettingsError(
                f"{owner}: recording from the local sandbox was asked for after the run began.\n"
                f"Give it on the command line: --bill-record-mode={mode}."
            )
        if mode != "none" or self.recorder.live:
            self._warn_of_public_values()
        return Use(
            path=self.settings.cassette_dir / place,
            record_mode=mode,
            owner=owner,
            record_command=command + self._command_options(),
            shared=shared,
            refuse_recording=refuse_recording,
            match_on=match_on or self._config.get("match_on") or DEFAULT_MATCH_ON,
            fixture=fixture,
            fixtures=fixtures,
            replaces_equal=replaces_equal,
        )

    def _mode(self, wanted: Any, where: str) -> str:
        if wanted is not None and wanted not in RECORD_MODES:
            raise SettingsError(
                f"{where} has record_mode {wanted!r}.\nUse one of: {', '.join(RECORD_MODES)}."
            )
        if wanted is None or self.settings.record_mode_is_final:
            return self.settings.record_mode
        refuse_production(self.settings, wanted)
        return str(wanted)

    def _command_options(self) -> str:
        return " --bill-environment=local" if self.settings.is_local else ""

    def _sandbox(self) -> Any:
        if self._shared_folder is not None:
            return attach_sandbox(self._shared_folder)
        self._owns_sandbox = True
        return start_sandbox()


def stand_in_key(own: Variables, used: Variables) -> bytes:
    """The key of the run's stand-ins; the docstring of ``stand_ins`` says why this one.

    Raises:
        SettingsError: ``BILL_STAND_IN_KEY`` is too short.
    """
    given = own.get(STAND_IN_KEY)
    if given is not None:
        if len(given) < SHORTEST_KEY:
            raise SettingsError(
                f"{STAND_IN_KEY} has fewer than {SHORTEST_KEY} characters: they could be guessed "
                "one by one.\nSet a random one that all who record share, or leave it out."
            )
        return derived_key(given)
    for kind in KINDS:
        for variable in kind.variables:
            value = used.get(variable.name) if variable.role == "key" else None
            if value is not None:
                return derived_key(value)
    return secrets.token_bytes()


def start_sandbox() -> Any:
    """Start a local sandbox in this process.

    Raises:
        SettingsError: its packages are not installed.
    """
    try:
        from pytest_bill.sandbox import LocalSandbox
    except ImportError as error:
        raise SettingsError(
            f"The local sandbox needs a package that is not installed: {error.name}.\n"
            "Install it with: pip install 'pytest-bill[sandbox]'"
        ) from None
    # A test run on this machine is faster than BILL lets anyone be: 60 calls of Spend & Expense,
    # BILL's limit for a minute, take it half a second.
    sandbox = LocalSandbox(rate_limits=False)
    sandbox.start()
    return sandbox


def share_sandbox(sandbox: Any, folder: Path) -> None:
    """Leave word for the workers where the sandbox is; only this user may read it."""
    descriptor = os.open(folder / _SANDBOX_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump({"origin": sandbox.origin, "variables": sandbox.variables}, file)


def attach_sandbox(folder: Path) -> Any:
    """The sandbox that the controller of this worker started.

    Raises:
        SettingsError: it started none, since only a fixture in the workers asks to record.
    """
    from pytest_bill.sandbox import LocalSandbox

    try:
        known = json.loads((folder / _SANDBOX_FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(
            "bill_config asks to record from the local sandbox in a run with several workers.\n"
            "Give the mode on the command line: --bill-record-mode=once."
        ) from None
    return LocalSandbox.attach(known["origin"], known["variables"])


def shared_placeholders(folder: Path, users_own: Iterable[tuple[str, str]]) -> Naming:
    """The naming of a run with workers; each has the user's own secrets by itself."""
    from pytest_bill.scrubbing.shared_placeholders import SharedPlaceholders  # with a lock

    return SharedPlaceholders(folder, (str.__str__(value) for _, value in users_own))


def _check_keys(where: str, given: Mapping[str, Any], allowed: tuple[str, ...]) -> None:
    unknown = sorted(set(given) - set(allowed))
    if unknown:
        raise SettingsError(
            f"{where} has no setting {', '.join(unknown)}.\nIt knows: {', '.join(allowed)}."
        )

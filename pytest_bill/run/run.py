"""The wiring of one test run: settings, recorder, credentials and, where asked, the local sandbox.

It is made when the first test needs BILL; a run that does not use BILL never imports it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_bill import __version__, real_files
from pytest_bill.cassettes.client_requests import ClientRequests
from pytest_bill.cassettes.recorder import RecorderOptions
from pytest_bill.cassettes.running_tests import RunningTests
from pytest_bill.cassettes.set_ups import SetUps
from pytest_bill.cassettes.staging import Staging
from pytest_bill.clients import base
from pytest_bill.credentials.env_file import EnvFile, Variables
from pytest_bill.credentials.environ import BillEnviron
from pytest_bill.credentials.kinds import Kind, known_secrets
from pytest_bill.environments import Environment, at_origin
from pytest_bill.private_folder import PrivateFolder
from pytest_bill.processes.parent import Parent
from pytest_bill.processes.starting import answered_by
from pytest_bill.processes.threads import Threads
from pytest_bill.record_modes import RecordMode
from pytest_bill.run.cassettes import CassettesOfRun
from pytest_bill.run.config_fixtures import Given
from pytest_bill.run.configs import Config, Configs
from pytest_bill.run.sandbox import attach_sandbox, start_sandbox
from pytest_bill.run.sockets import socket_guards
from pytest_bill.run.team_variables import TeamVariables
from pytest_bill.scrubbing.registry import Naming, SecretRegistry
from pytest_bill.scrubbing.stand_in_key import stand_in_key
from pytest_bill.scrubbing.stand_ins import StandIns
from pytest_bill.scrubbing.team_secrets import BillSecrets, refuse_in_ids
from pytest_bill.settings import Settings

if TYPE_CHECKING:
    from pytest_bill.guards.network import BlockedNetwork
    from pytest_bill.processes.early import Early
    from pytest_bill.sandbox import AttachedSandbox, LocalSandbox
    from pytest_bill.sessions.access import Access

_SECONDS_FOR_THREADS = 2.0


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
        file_of: Callable[[Path], Path] | None = None,
        network: BlockedNetwork | None = None,
        tell_now: Callable[[str], object] = str,
        configs: Sequence[Config] = (),
        worker: str = "",
        kept_in: Callable[[], Path] | None = None,
    ) -> None:
        """``shared_folder`` is that of the workers of one run; None in a run of one process.

        ``worker`` is which of them this is. ``configs`` are all that tests see which are known by
        now, the outermost first; where there is none, ``bill_config`` counts.

        ``early`` stood for it until now, where processes may have been started. ``test_ids`` are
        those of all tests, ``tests`` are those that run. ``file_of`` says where a cassette is
        read from, if that is not its own file. ``network`` is blocked, where it is. ``tell_now``
        is given a line while the run waits for BILL. ``kept_in`` makes the folder with what is
        kept of large cassettes.

        Raises:
            SettingsError: ``bill_config`` has an unknown key or value, or the local sandbox is
                wanted and its packages are not installed.
        """
        self.settings = settings
        self.configs = Configs(configs or [Config(Given(bill_config))])
        self.config = self.configs.known[0]
        """That of the test, or the fixture, that asks now, or was the last to ask."""
        self._shared_folder = shared_folder
        self._file_of = file_of
        self._tell_now = tell_now
        self._kept_in = kept_in
        self._own_folder = early.private_folder if early is not None else None
        self._at_end = ExitStack()
        self._at_end.callback(self._remove_own_folder)
        self.sandbox = self._wanted_sandbox()
        self.environment = self._environment_asked()
        self.variables = self._variables_used()
        """Where the values of the run's credentials come from."""
        self.threads = Threads()
        self.set_ups = SetUps(self.scratch, worker) if shared_folder is not None else None
        """The wide fixtures that several workers have set up."""
        tests = tests or RunningTests()
        self.recorder = self._made_recorder(self._made_registry(test_ids), tests)
        self._at_end.callback(self._remove_unfinished)
        self.secrets = BillSecrets(self.recorder.registry, self._written_with, test_ids)
        self.cassettes = CassettesOfRun(
            settings,
            lambda: self.config,
            self.recorder,
            has_sandbox=self.sandbox is not None,
            is_worker=shared_folder is not None,
            test_now=tests.name_now if tests is not None else str,
            fixtures_of=tests.fixtures_of if tests is not None else dict,
        )
        for guard in socket_guards(settings, self.recorder):
            guard.set()
            self._at_end.callback(guard.lift)
        self.threads.watch()
        self._at_end.callback(self.threads.close)
        self.environ = BillEnviron(
            self.environment, self.variables, self._may_send, lambda: self.recorder.can_record_now
        )
        self.variables_set = TeamVariables(self.environ, self.config)
        self._accesses: dict[str, Access] = {}
        self._answer(early, network)

    def _wanted_sandbox(self) -> LocalSandbox | AttachedSandbox | None:
        modes = [self.settings.mode_of(each.values.record_mode) for each in self.configs.known]
        if not any(map(self.settings.wants_sandbox, modes)):
            return None
        if self._shared_folder is not None:
            return attach_sandbox(self._shared_folder)
        sandbox = start_sandbox()
        self._at_end.callback(sandbox.stop)
        return sandbox

    def _environment_asked(self) -> Environment:
        if self.sandbox is not None:
            return at_origin(self.sandbox.origin, "local")
        return self.settings.remote_environment()

    def _variables_used(self) -> Variables:
        if self.sandbox is None:
            return self.settings.variables
        return Variables(self.sandbox.variables, EnvFile(Path("the local sandbox"), exists=True))

    def _made_registry(self, test_ids: Iterable[str]) -> SecretRegistry:
        # The local sandbox's credentials are used; the user's own are secret all the same.
        users_own = list(known_secrets(self.settings.variables))
        naming = self._shared_naming(users_own)
        told = self.configs.secrets
        refuse_in_ids(SecretRegistry(told), test_ids)
        registry = SecretRegistry([*known_secrets(self.variables), *users_own, *told], naming)
        for text in (*self.environment.bases, str(self.settings.cassette_dir)):
            registry.make_public(text)
        return registry

    def _shared_naming(self, users_own: Iterable[tuple[str, str]]) -> Naming | None:
        """The naming of a run with workers; each has the user's own secrets by itself."""
        if self._shared_folder is None:
            return None
        from pytest_bill.scrubbing.shared_placeholders import SharedPlaceholders  # with a lock

        known = (str.__str__(value) for _, value in users_own)
        return SharedPlaceholders(self._shared_folder, known)

    def _made_recorder(self, registry: SecretRegistry, tests: RunningTests) -> ClientRequests:
        settings = self.settings
        real, made_up = self.config.stand_ins
        return ClientRequests(
            self.environment,
            registry,
            self.scratch,
            tests._replace(
                ended_owner=self.threads.whose,
                use_of_sign_in=lambda name: self.cassettes.of_own_sign_in(name),
            ),
            RecorderOptions(
                live=settings.live,
                rules=self.configs.rules,
                about={"version": __version__},
                staging=Staging(settings.cassette_dir, self.scratch, self.scratch_if_any),
                file_of=self._file_of,
                allow_production=settings.allow_production,
                allowed_changes=settings.allowed_changes,
                stand_ins=StandIns(stand_in_key(settings.variables, self.variables)),
                stand_in_choice=real,
                made_up_choice=made_up,
                keeps_played=settings.verify,
                kept_in=self._kept_in,
            ),
        )

    def _answer(self, early: Early | None, network: BlockedNetwork | None) -> None:
        """Answer the clients of this process and of those that it starts, from now on."""
        is_expected = early is not None and bool(early.path)
        parent = Parent(
            self.recorder, self.threads, self.scratch, is_expected=is_expected, network=network
        )
        self._at_end.callback(parent.close)
        self._at_end.enter_context(answered_by(parent))
        self._at_end.enter_context(base.served_by(self.recorder))
        if early is not None:
            early.close()

    def _written_with(self, registry: SecretRegistry) -> list[Path]:
        """The cassettes that a run that records has used, and that hold a secret."""
        if not self.recorder.counts.recorded:
            return []
        files = {path: self.recorder.file_of(path) for path in self.recorder.cassette_files}
        return [
            path
            for path, file in files.items()
            if file.is_file() and registry.find(real_files.read_bytes(file)) is not None
        ]

    @property
    def is_second(self) -> bool:
        """Whether it replays what another run has recorded just now."""
        return self._file_of is not None

    @property
    def record_mode(self) -> RecordMode:
        """The command line's, else that of the ``bill_config`` that counts now, else the rest's."""
        return self.settings.mode_of(self.config.values.record_mode)

    def config_of(self, given: Given | None) -> Config:
        """The checked form of what a test or a fixture sees; without one, that which counts now.

        What is secret by it is secret for the run from now on.

        Raises:
            SettingsError: it is none, or contradicts another one.
        """
        if given is None:
            return self.config
        if (found := self.configs.find(given.values)) is not None:
            return found
        config = self.configs.add(given)
        for placeholder, value in config.secrets:
            self.secrets.add_as(value, placeholder)
        self.recorder.add_secret_places(config.rules)
        return config

    def begin_test(self, config: Config | None = None) -> None:
        """A test with a cassette begins: all clients ask, and variables are those of its mode."""
        base.ensure_put()
        self.config = config or self.config
        self.variables_set.put(self.config)

    def end_test(self) -> None:
        """Such a test has ended: others have the variables as they were."""
        self.variables_set.take_away()

    def _may_send(self) -> bool:
        """Whether what is asked now may be sent; between tests, whether the run may send."""
        recorder = self.recorder
        if recorder.current is not None:
            return recorder.can_record_now
        return recorder.live or self.record_mode.may_send

    def access(self, kind: Kind) -> Access:
        """The run's one access with a credential."""
        if kind.key not in self._accesses:
            # With requests, which no test needs that brings its own client.
            from pytest_bill.run.accesses import access_of

            self._accesses[kind.key] = access_of(self, kind, self._shared_folder, self._tell_now)
        return self._accesses[kind.key]

    def scratch(self) -> Path:
        """A private folder that all processes of the run share; it is gone when the run ends."""
        if self._shared_folder is not None:
            return self._shared_folder
        if self._own_folder is None:
            self._own_folder = PrivateFolder()
        return self._own_folder.path

    def scratch_if_any(self) -> Path | None:
        """As ``scratch``; None where nobody has needed one."""
        if self._shared_folder is not None:
            return self._shared_folder
        return self._own_folder.path if self._own_folder is not None else None

    def close(self) -> None:
        """Stop what was started and remove the private folder."""
        self._at_end.close()

    def wait_for_threads(self) -> None:
        """Let what tests left at work come to its end, where it might ask BILL and be recorded."""
        if self.recorder.counts.recorded:
            self.threads.wait_for_left_behind(_SECONDS_FOR_THREADS)

    def _remove_unfinished(self) -> None:
        for folder in {path.parent for path in self.recorder.cassette_files}:
            real_files.remove_unfinished(folder)

    def _remove_own_folder(self) -> None:
        if self._own_folder is not None:
            self._own_folder.remove()

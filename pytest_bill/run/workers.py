"""pytest-xdist's side: what the controller gives its workers, and what they hand back."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_bill import real_files
from pytest_bill.cassettes import set_ups
from pytest_bill.exceptions import SettingsError
from pytest_bill.hiding.coloured import show_in_colour
from pytest_bill.private_folder import PrivateFolder
from pytest_bill.run.hiding import known_registry, protect
from pytest_bill.run.journal import cassette_place, left_by
from pytest_bill.run.notices import Notice, NoticeKind
from pytest_bill.run.of_session import finish_left
from pytest_bill.run.remote_controller import RemoteWorker
from pytest_bill.run.remote_files import SANDBOX, SharedFiles
from pytest_bill.run.remote_worker import CHANNEL
from pytest_bill.run.state import RunState, state_of
from pytest_bill.run.terminal_summary import Totals
from pytest_bill.run.usage import Usage, usage_of

if TYPE_CHECKING:
    from pytest_bill.sandbox import LocalSandbox
    from pytest_bill.settings import Settings


class Workers:
    """The workers of a run, in the process that controls them: they share a folder and a sandbox.

    What they tell of when they end is added up.
    """

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        try:
            self._folder = PrivateFolder()
        except SettingsError as error:
            raise pytest.UsageError(str(error)) from None
        self._sandbox: LocalSandbox | None = None
        self._settings: Settings | None = None
        self.totals = Totals()
        self.usage = Usage()

    def begin(self) -> None:
        """Hide what they know, and start the local sandbox if they ask it.

        Raises:
            pytest.UsageError: the sandbox cannot be started.
        """
        self._hide_what_they_know()
        self._begin_run()
        show_in_colour(self._config)
        stop = _Stop(self.folder, self._config.getvalue("maxfail"))
        self._config.pluginmanager.register(stop, "bill-stop")

    def give(self, node: Any) -> None:
        """Tell a worker that is about to start what it has to know."""
        # Workers have no command line; what was typed here is the one that counts.
        typed = [str(each) for each in self._config.invocation_params.args]
        node.workerinput["bill_typed"] = typed
        if is_elsewhere(node):
            node.workerinput[CHANNEL] = channel = node.gateway.newchannel()
            files = SharedFiles(self.folder, self._cassette_dir)
            RemoteWorker(channel, files, self._hello).listen()
            return
        node.workerinput["bill_folder"] = str(self.folder)
        node.workerinput["bill_invoked_in"] = str(self._config.invocation_params.dir)

    def _hello(self) -> dict[str, Any]:
        """What a worker on another machine is told first.

        It gets credentials only where it may have to send them, and not to the local sandbox.
        """
        settings, sandbox = self._settings, self.folder / SANDBOX
        variables = {}
        if settings is not None and not settings.wants_sandbox(settings.record_mode):
            may_send = settings.live or settings.verify or settings.record_mode.may_send
            if may_send or settings.renews:
                variables = settings.variables.named("BILL_")
        return {
            "rootdir": self._config.rootpath.name,
            "variables": variables,
            "sandbox": sandbox.read_bytes() if sandbox.exists() else None,
        }

    @property
    def _cassette_dir(self) -> Path:
        return self._settings.cassette_dir if self._settings is not None else Path()

    def take(self, node: Any) -> None:
        """Add what a worker that has ended did; of one that crashed, what it had told by then."""
        output = getattr(node, "workeroutput", None)
        if output is None:
            self._take_left(node.gateway.id)
        elif "bill" in output:
            self.totals.add(self._placed_here(output["bill"]))
            self.usage.add(output["bill_usage"])
            self._add_to_timeline(output.get("bill_timeline", ()))

    def _add_to_timeline(self, entries: Iterable[Iterable[Any]]) -> None:
        timeline = state_of(self._config).timeline
        if timeline is not None:
            timeline.add(entries)

    def _placed_here(self, totals: dict[str, Any]) -> dict[str, Any]:
        """A worker names cassettes by their places."""
        folder = self._cassette_dir
        return {
            **totals,
            "recorded": [(test, str(folder / place)) for test, place in totals["recorded"]],
            "cassettes": [str(folder / place) for place in totals["cassettes"]],
        }

    def _take_left(self, worker: str) -> None:
        left, folder = left_by(self.folder, worker), self._cassette_dir
        self.totals.add(self._placed_here(left.totals))
        self._add_to_timeline(left.timeline)
        set_ups.forget(self.folder, worker)
        for test, place in left.cassettes.items():
            set_ups.add_line(self.folder, worker, {"done": test})
            shown = real_files.relative_to_here(folder / place)
            text = f"its worker {worker} crashed; what it had recorded for {shown} is lost"
            self.totals.notices.append(Notice(NoticeKind.UNSAVED, test, text))
            # Nobody knows what else it would have played.
            self.usage.outcomes[test] = "failed"

    @property
    def folder(self) -> Path:
        """What they share."""
        return self._folder.path

    @property
    def sandbox_origin(self) -> str:
        """Where the local sandbox answers that they share; empty where there is none."""
        return self._sandbox.origin if self._sandbox is not None else ""

    def close(self) -> None:
        """Stop their sandbox and remove their folder."""
        if self._sandbox is not None:
            self._sandbox.stop()
        self._folder.remove()

    def _hide_what_they_know(self) -> None:
        """In the controller, which shows what they send."""
        config, folder = self._config, self._folder.path

        def begin() -> None:
            protect(config, known_registry(config, folder)).start()

        if state_of(config).protection is not None:
            begin()
            return
        from pytest_bill.hiding.workers import SecretsOfWorkers

        config.pluginmanager.register(SecretsOfWorkers(folder, begin), "bill-secrets-of-workers")

    def _begin_run(self) -> None:
        """What a process does for all."""
        from pytest_bill.run.sandbox import share_sandbox, start_sandbox
        from pytest_bill.settings import load_settings

        try:
            settings = self._settings = load_settings(self._config)
        except SettingsError:
            return  # each test that needs BILL says so
        finish_left(state_of(self._config), settings.cassette_dir)
        if not settings.wants_sandbox(settings.record_mode):
            return
        try:
            self._sandbox = start_sandbox(for_several=True)
        except SettingsError as error:
            raise pytest.UsageError(str(error)) from None
        share_sandbox(self._sandbox, self._folder.path)


class _Stop:
    """Tells the workers when tests are left out: who waits for these waits no more."""

    def __init__(self, folder: Path, most_failures: int) -> None:
        self._file = folder / set_ups.STOPPED
        self._most_failures = most_failures
        self._failures = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """As pytest-xdist counts, for --maxfail and -x."""
        self._failures += report.failed and not hasattr(report, "wasxfail")
        if self._most_failures and self._failures >= self._most_failures:
            self._stop()

    def pytest_keyboard_interrupt(self) -> None:
        """Ctrl-C."""
        self._stop()

    def _stop(self) -> None:
        with suppress(OSError):
            real_files.create(self._file)


def is_elsewhere(node: Any) -> bool:
    """Whether a worker may be on another machine, or stand in another folder."""
    spec = node.gateway.spec
    return not spec.popen or bool(spec.chdir) or bool(spec.via)


def hand_over(output: dict[str, Any], config: pytest.Config, state: RunState) -> None:
    """Tell the controller what this worker did."""
    totals = Totals.of(state).as_dict()
    if state.run is not None:
        place_of = partial(cassette_place, state.run.settings.cassette_dir)
        totals["recorded"] = [(test, place_of(path)) for test, path in totals["recorded"]]
        totals["cassettes"] = [place_of(path) for path in totals["cassettes"]]
    output["bill"] = totals
    output["bill_usage"] = usage_of(config, state).as_dict()
    if state.timeline is not None:
        output["bill_timeline"] = state.timeline.as_lists()

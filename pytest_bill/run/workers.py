"""pytest-xdist's side: what the controller gives its workers, and what they hand back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_bill.exceptions import SettingsError
from pytest_bill.private_folder import PrivateFolder
from pytest_bill.run.hiding import known_registry, protect
from pytest_bill.run.state import RunState, state_of
from pytest_bill.run.terminal_summary import Totals
from pytest_bill.run.usage import Usage, usage_of

if TYPE_CHECKING:
    from pytest_bill.sandbox import LocalSandbox


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
        self.totals = Totals()
        self.usage = Usage()

    def begin(self) -> None:
        """Hide what they know, and start the local sandbox if they ask it.

        Raises:
            pytest.UsageError: the sandbox cannot be started.
        """
        self._hide_what_they_know()
        self._start_sandbox()

    def give(self, node: Any) -> None:
        """Tell a worker that is about to start what it has to know."""
        node.workerinput["bill_folder"] = str(self._folder.path)
        # Workers have no command line; what was typed here is the one that counts.
        typed = [str(each) for each in self._config.invocation_params.args]
        node.workerinput["bill_typed"] = typed
        node.workerinput["bill_invoked_in"] = str(self._config.invocation_params.dir)

    def take(self, node: Any) -> None:
        """Add what a worker that has ended did."""
        output = getattr(node, "workeroutput", None) or {}
        if "bill" in output:
            self.totals.add(output["bill"])
            self.usage.add(output["bill_usage"])

    @property
    def folder(self) -> Path:
        """What they share."""
        return self._folder.path

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

    def _start_sandbox(self) -> None:
        from pytest_bill.run.sandbox import share_sandbox, start_sandbox
        from pytest_bill.settings import load_settings

        try:
            settings = load_settings(self._config)
        except SettingsError:
            return  # each test that needs BILL says so
        if not settings.wants_sandbox(settings.record_mode):
            return
        try:
            self._sandbox = start_sandbox()
        except SettingsError as error:
            raise pytest.UsageError(str(error)) from None
        share_sandbox(self._sandbox, self._folder.path)


def hand_over(output: dict[str, Any], config: pytest.Config, state: RunState) -> None:
    """Tell the controller what this worker did."""
    output["bill"] = Totals.of(state).as_dict()
    output["bill_usage"] = usage_of(config, state).as_dict()

"""Processes that are started before the first test that uses BILL know of its run, too.

So a server that a wide fixture starts is answered as soon as such a test runs, whichever comes
first. Nobody listens before: until then the process is none of BILL's tests, and asks as ever.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_bill import environments
from pytest_bill.clients import base
from pytest_bill.private_folder import PrivateFolder
from pytest_bill.processes import starting

if TYPE_CHECKING:
    from pytest_bill.guards.network import BlockedNetwork
    from pytest_bill.processes.child import RunInfo


class Early:
    """Stands for a run that will be there when a test uses BILL."""

    def __init__(
        self,
        folder: Path | None = None,
        why_not: str = "",
        network: BlockedNetwork | None = None,
    ) -> None:
        """``folder`` is that of the workers of one run; else it is made when it is needed.

        ``why_not`` is that of ``RunInfo``; ``network`` is blocked, where it is.
        """
        self._network = network
        self._why_not = why_not
        self._folder = folder
        self.private_folder: PrivateFolder | None = None
        self.path = ""
        """Where the run will listen, as processes know; empty where none does."""
        self._forked: RunInfo | None = None
        self._stack = ExitStack()
        self._stack.enter_context(starting.answered_by(self))
        base.watch_processes()

    def run_info(self) -> str:
        """What a child that is started now has to know."""
        from pytest_bill.processes.child import RunInfo

        if not self.path:
            if self._folder is None:
                self.private_folder = PrivateFolder()
                self._folder = self.private_folder.path
            self.path = str(self._folder / f"{os.getpid()}.socket")
        here = environments.SANDBOX
        info = RunInfo(self.path, 0, here.name, here.gateway, here.api, True, self._why_not)
        return str(info.blocked_by(self._network))

    def before_fork(self) -> None:
        """A forked process knows of it, too."""
        from pytest_bill.processes.child import RunInfo

        self._forked = RunInfo.read(self.run_info())

    def after_fork(self) -> None:
        """Nothing was put aside."""

    def go_on(self) -> None:
        """Nothing was put aside."""

    def after_fork_in_child(self) -> None:
        """Ask the run, when there is one."""
        self._stack.close()
        if self._forked is not None:
            from pytest_bill.processes import child

            child.ask_run(self._forked)

    def close(self) -> None:
        """The run is there, or the session ends without one."""
        self._stack.close()
        base.stop_watching()

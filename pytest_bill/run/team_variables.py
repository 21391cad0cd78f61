"""The environment variables of ``bill_config["environ"]``: set while tests run that see it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pytest_bill.credentials.environ import BillEnviron, SetVariables
from pytest_bill.run.configs import Config


class TeamVariables:
    """Those of one run; what each has differs from test to test."""

    def __init__(self, environ: BillEnviron, config: Config) -> None:
        """``config`` is the one that counts at first."""
        self._environ = environ
        self._config = config
        self._variables = SetVariables(config.values.environ, environ)
        self._are_wanted = False

    def put(self, config: Config) -> None:
        """Set those of a test that begins, if somebody wants them; what others had is gone."""
        if config is not self._config:
            self.take_away()
            self._config = config
            self._variables = SetVariables(config.values.environ, self._environ)
        if self._are_wanted:
            self._variables.put()

    def take_away(self) -> None:
        """Let them be as they were."""
        self._variables.take_away()

    @contextmanager
    def wanted(self) -> Iterator[BillEnviron]:
        """The block in which they are set.

        Raises:
            SettingsError: its keys or values are none.
            MissingCredentials: something may be sent, and a variable has no value.
        """
        self._are_wanted = True
        try:
            self._variables.put()
            yield self._environ
        finally:
            self._are_wanted = False
            self.take_away()

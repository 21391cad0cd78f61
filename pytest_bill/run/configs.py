"""The ``bill_config`` fixtures of a suite: each test has its own, and what is secret is so for all.

What is compared, the record mode, stand-ins, variables and what counts as a change are a test's,
by the ``bill_config`` that it sees. Secrets, and the places where they stand, are the whole run's:
they are added up, and two fixtures that contradict each other there are refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property, reduce
from typing import Any

from pytest_bill.bill_config import BILL_CONFIG, BillConfig
from pytest_bill.cassettes.changes.unchanged import Unchanged
from pytest_bill.cassettes.matchers import check_parts
from pytest_bill.credentials.environ import checked_variables
from pytest_bill.exceptions import SettingsError
from pytest_bill.run.config_fixtures import Given
from pytest_bill.scrubbing.personal import StandInChoice
from pytest_bill.scrubbing.registry import SecretRegistry
from pytest_bill.scrubbing.scrub import ScrubRules
from pytest_bill.scrubbing.team_secrets import SECRETS, secrets_of_config

_MOST_KEPT = 64
"""Of fixtures that are not session-wide, each test may have another one."""


class Config:
    """One ``bill_config``, checked."""

    def __init__(self, given: Given) -> None:
        """It is checked as far as that can be done without its secrets.

        Raises:
            SettingsError: it has an unknown key or value.
        """
        self.given = given
        try:
            self.values = BillConfig.of(given.values)
            check_parts(BILL_CONFIG, self.values.match_on or ())
            checked_variables(self.values.environ)
            self.unchanged = Unchanged.from_config(self.values.unchanged)
            """What does not count where a cassette is recorded anew."""
            stand_ins = self.values.stand_ins
            self.stand_ins = (
                StandInChoice.from_config(stand_ins),
                StandInChoice.from_config(stand_ins, made_up=True),
            )
            """What is replaced of BILL's data, and of data that is made up."""
        except SettingsError as error:
            raise self._with_place(error, BILL_CONFIG) from None

    def _with_place(self, error: SettingsError, said: str) -> SettingsError:
        """An error that says, behind what it has said of it, where this one is defined."""
        where = self.given.where
        return SettingsError(str(error).replace(said, f"{said} in {where}" if where else said, 1))

    @property
    def rules(self) -> ScrubRules:
        """Where its secrets stand."""
        return ScrubRules(headers=self.values.secret_headers, fields=self.values.secret_fields)

    @cached_property
    def secrets(self) -> list[tuple[str, str]]:
        """The placeholders and values of its secrets.

        Raises:
            SettingsError: they are none.
        """
        try:
            return secrets_of_config(self.values.secrets)
        except SettingsError as error:
            raise self._with_place(error, SECRETS) from None

    @property
    def where(self) -> str:
        """Where it is defined, for messages."""
        return f"bill_config in {self.given.where}" if self.given.where else BILL_CONFIG


def checked(found: Iterable[Given]) -> list[Config]:
    """Those that count for the whole run, each with its secrets.

    One that is wrong stops all tests that use BILL, and not only those that see it: what it calls
    secret is so for all of them, and would be recorded.

    Raises:
        SettingsError: one of them is wrong.
    """
    configs = [Config(each) for each in found]
    for config in configs:
        _ = config.secrets
    return configs


class Configs:
    """Those of a run that are known by now."""

    def __init__(self, known: Iterable[Config]) -> None:
        """``known`` are those known from the start, the outermost first.

        Raises:
            SettingsError: two contradict each other about a secret.
        """
        self._kept: dict[int, Config] = {}
        self._union = SecretRegistry()
        self._owners: dict[str, str] = {}
        self.known = list(known)
        for each in self.known:
            self._keep(each)

    @property
    def secrets(self) -> list[tuple[str, str]]:
        """The placeholders and values of all of them."""
        return [pair for each in self.known for pair in each.secrets]

    @property
    def rules(self) -> ScrubRules:
        """Where all their secrets stand."""
        return reduce(ScrubRules.joined, (each.rules for each in self.known), ScrubRules())

    def find(self, values: Any) -> Config | None:
        """That of the very same mapping, where it is known."""
        found = self._kept.get(id(values))
        return found if found is not None and found.given.values is values else None

    def add(self, given: Given) -> Config:
        """One more, which came to be known while the run goes on.

        Raises:
            SettingsError: it has an unknown key or value, or contradicts another one.
        """
        config = Config(given)
        if len(self._kept) > _MOST_KEPT:
            self._kept = {id(each.given.values): each for each in self.known}
        self._keep(config)
        return config

    def _keep(self, config: Config) -> None:
        self._refuse_contradiction(config)
        self._kept[id(config.given.values)] = config

    def _refuse_contradiction(self, config: Config) -> None:
        """Refuse another name for a known secret, or another secret of a known name.

        Else the placeholders in a cassette would depend on which tests are run.
        """
        for value, placeholder in SecretRegistry(config.secrets).known().items():
            name = self._union.add(value, placeholder)
            if name == placeholder:
                self._owners.setdefault(placeholder, config.where)
                continue
            other = self._owners.get(name) or self._owners.get(placeholder, BILL_CONFIG)
            raise SettingsError(
                f"{config.where} and {other} contradict each other about a secret: it would be "
                f"{placeholder} with the first alone, and {name} with both.\n"
                'Give each value one name, in all of them: {"secrets": {"VAULT_TOKEN": …}}.'
            )

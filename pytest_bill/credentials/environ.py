"""What the code under test needs to reach BILL by itself: addresses and credentials, by name.

Values are real where something may be sent, and placeholders during replay, so that a client that
signs in by itself is recorded and replayed as any other. Sources of the addresses:
https://developer.bill.com/docs/bill-keys-tokens,
https://developer.bill.com/docs/bill-webhook-api-general-rules and
https://developer.bill.com/reference/createaccesstoken.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pytest_bill import environments
from pytest_bill.credentials.env_file import Variables
from pytest_bill.credentials.kinds import KINDS, value_of
from pytest_bill.did_you_mean import did_you_mean, nearest
from pytest_bill.environments import (
    OAUTH_URL,
    SANDBOX,
    Environment,
    asked_for_by,
    bills_host_like,
    is_unencrypted,
    plain_address,
)
from pytest_bill.exceptions import MissingCredentials, SettingsError
from pytest_bill.secret import NeverPickled, repr_unless_secret

_VARIABLES = {
    variable.name.removeprefix("BILL_").lower(): variable
    for kind in KINDS
    for variable in kind.all_variables
}
_ADDRESSES = ("v3_url", "v2_url", "webhooks_url", "oauth_url")
NAMES = (*_ADDRESSES, *_VARIABLES)
"""What ``BillEnviron`` knows."""


class UnknownName(KeyError):
    """There is nothing of a name; its message is a sentence."""

    def __str__(self) -> str:
        return str(self.args[0])


def with_tokens_at(environment: Environment, url: str, named: str = OAUTH_URL) -> Environment:
    """The same BILL, whose OAuth tokens are asked for at another address, ``BILL_OAUTH_URL``.

    One that must not be asked is not: ``token_url`` says why, where it would be. ``named`` is the
    variable as that says it, with the place where it is set.
    """
    why_not = _why_no_tokens_at(url, environment)
    why_not = f"{named} {why_not}" if why_not else ""
    tokens = environment.tokens if why_not else url
    return replace(environment, tokens=tokens, why_no_tokens=why_not)


def _why_no_tokens_at(url: str, environment: Environment) -> str:
    parts = plain_address(url)
    if parts is None:
        return (
            "is not an http(s) address without user name, password and query.\n"
            f"Write it as {SANDBOX.tokens}."
        )
    if is_unencrypted(parts):
        return (
            f"would send the client secret unencrypted to {parts.hostname}.\n"
            "Use https, or http on 127.0.0.1 only."
        )
    if (meant := bills_host_like(parts.hostname or "")) != "":
        return (
            f"leads to {parts.hostname}, which is not BILL's and looks like {meant}.\n"
            "Set it to the address that BILL told you, or leave it out."
        )
    asks_production = environments.is_production(environment.gateway)
    is_other = asks_production if not environments.is_production(url) else not asks_production
    if environments.is_bills_own(url) and is_other:
        its = "sandbox" if asks_production else "production"
        return (
            f"leads to BILL's {its}, and this run asks another BILL "
            f"({asked_for_by(environment)}).\nSet it to the address of that one's tokens, or leave "
            "it out."
        )
    return ""


def token_url(environment: Environment, *, may_send: bool) -> str:
    """Where OAuth access tokens are handed out; in a replay the sandbox's will do for production's.

    Source: https://developer.bill.com/reference/createaccesstoken, which names the sandbox's. Not
    documented: production's, which ``BILL_OAUTH_URL`` tells.

    Raises:
        SettingsError: it might be sent there, and the address is not known, or must not be asked.
    """
    if may_send and environment.why_no_tokens:
        raise SettingsError(environment.why_no_tokens)
    return environment.tokens or SANDBOX.tokens


class BillEnviron(NeverPickled, Mapping[str, str]):
    """Addresses and credentials by name: ``bill_environ["v3_url"]``, ``bill_environ["dev_key"]``.

    The addresses are ``v3_url``, ``v2_url``, ``webhooks_url`` (without a slash at the end, as
    ``session.base_url``) and ``oauth_url`` (of the token). The credentials are named as their
    variables, without ``BILL_`` and in lower case: ``username``, ``sync_token_value``,
    ``console_api_token``, ``spend_api_token``, ``partner_app_key``, ``client_secret``, …
    ``dict(bill_environ)`` has those that have a value.

    Raises:
        KeyError: there is nothing of that name.
        MissingCredentials: a request might be sent, and the variable has no value.
    """

    def __init__(
        self,
        environment: Environment,
        variables: Variables,
        may_send: Callable[[], bool],
        is_certain: Callable[[], bool],
    ) -> None:
        """``is_certain`` says whether it is known by now, for one test, that it may send."""
        self._environment = environment
        self._variables = variables
        self._may_send = may_send
        self._is_certain = is_certain

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {', '.join(self)}>"

    if not TYPE_CHECKING:  # which say by themselves that there is no such attribute

        def __getattr__(self, name: str) -> Any:
            __tracebackhide__ = True
            meant = name if name in NAMES else nearest(name, NAMES)
            hint = f"; write bill_environ[{meant!r}]" if meant else ""
            raise AttributeError(f"bill_environ has no attribute {name!r}{hint}")

    def __getitem__(self, name: str) -> str:
        if name in _ADDRESSES:
            return self._address(name)
        if name not in NAMES:
            given = str(name).lower().removeprefix("bill_")
            raise UnknownName(
                f"{name!r}; bill_environ knows {', '.join(NAMES)}.\n"
                + (f"Write bill_environ[{given!r}]. " if given in NAMES else "")
                + did_you_mean(given, () if given in NAMES else NAMES)
                + "Names are those of the variables, without BILL_ and in lower case."
            )
        variable = _VARIABLES[name]
        if not self._may_send():
            return variable.placeholder
        value = value_of(variable, self._variables)
        if value is None and self._is_certain():
            raise MissingCredentials(
                f"bill_environ has no value for {name}: {variable.name} is not set.\n"
                f"Looked in the environment and in {self._variables.described()}."
            )
        return variable.placeholder if value is None else value

    def __contains__(self, name: object) -> bool:
        return name in NAMES and self._has(str(name))

    def get(self, name: str, default: Any = None) -> Any:
        """The value of that name, the default where there is none."""
        return super().get(name, default) if name in self else default

    def __iter__(self) -> Iterator[str]:
        return filter(self._has, NAMES)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _has(self, name: str) -> bool:
        try:
            self[name]
        except (MissingCredentials, SettingsError):
            return False
        return True

    def _address(self, name: str) -> str:
        here = self._environment
        if name == "oauth_url":
            return token_url(here, may_send=self._may_send())
        return {"v3_url": here.gateway, "v2_url": here.api, "webhooks_url": here.events}[name]


class SetVariables:
    """Environment variables of the team's own names, with what ``bill_environ`` has for them."""

    def __init__(self, wanted: Any, values: BillEnviron) -> None:
        """``wanted`` is ``bill_config["environ"]``.

        Raises:
            SettingsError: it is no dict of names of variables and names that are known.
        """
        self._wanted = checked_variables(wanted)
        self._values = values
        self._before: dict[str, str | None] = {}

    def put(self) -> None:
        """Set them, or set them anew: what may be sent differs from test to test.

        Raises:
            MissingCredentials: see ``BillEnviron``.
        """
        for variable, name in self._wanted.items():
            value = self._values[name]
            self._before.setdefault(variable, os.environ.get(variable))
            os.environ[variable] = str.__str__(value)

    def take_away(self) -> None:
        """Let them be as they were."""
        for variable, value in self._before.items():
            if value is None:
                os.environ.pop(variable, None)
            else:
                os.environ[variable] = value
        self._before = {}


def checked_variables(wanted: Any) -> Mapping[str, str]:
    """The variables that ``bill_config["environ"]`` names, and what they get.

    Raises:
        SettingsError: it is no dict of names of variables and names that are known.
    """
    if wanted is None:
        return {}
    if not isinstance(wanted, Mapping) or not all(
        isinstance(each, str) and each for pair in wanted.items() for each in pair
    ):
        raise SettingsError(
            "The bill_config fixture has an environ that is no dict of names.\n"
            'Write it as {"environ": {"ACME_BILL_URL": "v3_url"}}.'
        )
    if not all(name.isprintable() and "=" not in name and " " not in name for name in wanted):
        raise SettingsError(
            "The bill_config fixture has an environ with a name that no variable can have.\n"
            'Name the variable before the colon: {"environ": {"ACME_BILL_URL": "v3_url"}}.'
        )
    for variable, name in wanted.items():
        if name not in NAMES:
            raise SettingsError(
                f"The bill_config fixture has an environ with {repr_unless_secret(name)} for "
                f"{variable}, which bill_environ does not know.\n{did_you_mean(name, NAMES)}"
                f"Use some of: {', '.join(NAMES)}."
            )
    return wanted

"""BILL's five credentials, all that is said of each in one place; and how their values are loaded.

Source: https://developer.bill.com/docs/bill-keys-tokens.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from pytest_bill.credentials.env_file import Variables
from pytest_bill.exceptions import MissingCredentials, SettingsError
from pytest_bill.secret import NeverPickled, SecretStr

PLACEHOLDER_PREFIX = "PLACEHOLDER_"
_DEV_KEY = "devKey"
OAUTH_VARIABLES = ("BILL_CLIENT_ID", "BILL_CLIENT_SECRET")
"""The OAuth client credentials: https://developer.bill.com/docs/oauth-client-credentials."""

STAND_IN_KEY = "BILL_STAND_IN_KEY"
"""The variable with a key of the stand-ins: no credential, and as secret as one."""


class Variable(NamedTuple):
    """One environment variable of a credential and the role of its value."""

    name: str
    role: str
    default_from: str | None = None

    @property
    def placeholder(self) -> SecretStr:
        """What stands for the value in cassettes and during replay."""
        return SecretStr(PLACEHOLDER_PREFIX + self.name)


@dataclass(frozen=True, eq=False)
class SignInForm:
    """The request of a sign-in: its path, whether its body is JSON, its field for each role.

    ``api`` is ``v3`` or ``v2``, the word by which one is chosen where a credential has both.
    """

    api: str
    path: str
    is_json: bool
    fields: Mapping[str, str]


V3_LOGIN = SignInForm(
    "v3",
    "/v3/login",
    is_json=True,
    fields={
        "username": "username",
        "password": "password",
        "organization_id": "organizationId",
        "key": _DEV_KEY,
    },
)
V2_LOGIN = SignInForm(
    "v2",
    "/v2/Login.json",
    is_json=False,
    fields={
        "username": "userName",
        "password": "password",
        "organization_id": "orgId",
        "key": _DEV_KEY,
    },
)
PARTNER_LOGIN = SignInForm(
    "v3",
    "/v3/partner/login",
    is_json=True,
    fields={"username": "username", "password": "password", "key": "appKey"},
)


class Kind(NamedTuple):
    """One of the five kinds of credential: all that is said of it.

    ``key`` names it in files; ``key_header`` is the header that its key is sent in. The first of
    its ``sign_in_forms`` is used where no other is asked for; without any it needs no sign-in.
    ``idle_minutes`` is when its session expires unused. Without ``has_password`` its secret is a
    token that a person made.
    """

    key: str
    title: str
    fixture: str
    variables: tuple[Variable, ...]
    key_header: str
    sign_in_forms: tuple[SignInForm, ...]
    idle_minutes: float = 35
    has_password: bool = True

    @property
    def session_placeholder(self) -> SecretStr:
        """What stands for the sessionId of this credential's sign-in."""
        return SecretStr(f"{PLACEHOLDER_PREFIX}BILL_{self.key.upper()}_SESSION_ID")

    @property
    def signs_in(self) -> bool:
        """Whether it has a sign-in; the Spend & Expense API token has none."""
        return bool(self.sign_in_forms)

    @property
    def has_dev_key(self) -> bool:
        """Whether its key is a developer key, the only one that v2 takes."""
        return self.key_header == _DEV_KEY

    def sign_in_form(self, api: str) -> SignInForm:
        """The form of this API, ``v3`` or ``v2``, where it has that; else its own."""
        return next((form for form in self.sign_in_forms if form.api == api), self.sign_in_forms[0])


DEVELOPER_KEY = Kind(
    "developer_key",
    "developer key",
    "bill_dev_session",
    (
        Variable("BILL_USERNAME", "username"),
        Variable("BILL_PASSWORD", "password"),
        Variable("BILL_ORGANIZATION_ID", "organization_id"),
        Variable("BILL_DEV_KEY", "key"),
    ),
    key_header=_DEV_KEY,
    sign_in_forms=(V3_LOGIN,),
)
SYNC_TOKEN = Kind(
    "sync_token",
    "AP/AR sync token",
    "bill_sync_session",
    (
        Variable("BILL_SYNC_TOKEN_NAME", "username"),
        Variable("BILL_SYNC_TOKEN_VALUE", "password"),
        Variable("BILL_SYNC_ORGANIZATION_ID", "organization_id", "BILL_ORGANIZATION_ID"),
        Variable("BILL_SYNC_DEV_KEY", "key", "BILL_DEV_KEY"),
    ),
    key_header=_DEV_KEY,
    sign_in_forms=(V3_LOGIN, V2_LOGIN),
    idle_minutes=48 * 60,
    has_password=False,
)
CONSOLE_API_TOKEN = Kind(
    "console_api_token",
    "Accountant Console API token",
    "bill_console_session",
    (
        Variable("BILL_CONSOLE_ADMIN_EMAIL", "username"),
        Variable("BILL_CONSOLE_API_TOKEN", "password"),
        Variable("BILL_CONSOLE_ORGANIZATION_ID", "organization_id"),
        Variable("BILL_CONSOLE_DEV_KEY", "key"),
    ),
    key_header=_DEV_KEY,
    sign_in_forms=(V2_LOGIN,),
    has_password=False,
)
SPEND_API_TOKEN = Kind(
    "spend_api_token",
    "Spend & Expense API token",
    "bill_spend_client",
    (Variable("BILL_SPEND_API_TOKEN", "key"),),
    key_header="apiToken",
    sign_in_forms=(),
    idle_minutes=math.inf,
    has_password=False,
)
PARTNER_APP_KEY = Kind(
    "partner_app_key",
    "partner app key",
    "bill_partner_session",
    (
        Variable("BILL_PARTNER_USERNAME", "username"),
        Variable("BILL_PARTNER_PASSWORD", "password"),
        Variable("BILL_PARTNER_APP_KEY", "key"),
    ),
    key_header="appKey",
    sign_in_forms=(PARTNER_LOGIN,),
)
KINDS = (DEVELOPER_KEY, SYNC_TOKEN, CONSOLE_API_TOKEN, SPEND_API_TOKEN, PARTNER_APP_KEY)


@dataclass(frozen=True)
class Credential(NeverPickled):
    """One credential's values by role: ``username``, ``password``, ``organization_id``, ``key``.

    The Spend & Expense API token has ``key`` only; the partner app key no ``organization_id``.
    """

    kind: Kind
    values: Mapping[str, SecretStr] = field(repr=False)

    def __getitem__(self, role: str) -> SecretStr:
        return self.values[role]


def too_short(credential: Credential, shortest: int) -> list[str]:
    """The variables whose values are too short to be replaced wherever they occur."""
    return [
        variable.name
        for variable in credential.kind.variables
        if len(credential[variable.role]) < shortest
    ]


def placeholder_credential(kind: Kind) -> Credential:
    """The credential that replay signs in with: every value is its placeholder."""
    return Credential(kind, {variable.role: variable.placeholder for variable in kind.variables})


def load_credential(kind: Kind, variables: Variables) -> Credential:
    """Load a credential from the environment and the ``.env`` file.

    Raises:
        MissingCredentials: a variable has no value; the message names all that are missing.
        SettingsError: a value is its variable's name, cannot be sent in an HTTP header, or has a
            control character.
    """
    values: dict[str, SecretStr] = {}
    missing: list[Variable] = []
    for variable in kind.variables:
        value = value_of(variable, variables)
        if value is None:
            missing.append(variable)
        else:
            check_sendable(variable, value, kind)
            values[variable.role] = value
    if missing:
        raise MissingCredentials(_missing_message(kind, missing, variables))
    return Credential(kind, values)


def known_secrets(variables: Variables) -> Iterable[tuple[str, SecretStr]]:
    """Every secret value that is set, with its placeholder, in the order of the five kinds."""
    names = [variable.name for kind in KINDS for variable in kind.variables]
    for name in (*names, *OAUTH_VARIABLES, STAND_IN_KEY):
        value = variables.get(name)
        if value is not None and not names_itself(name, value):
            yield PLACEHOLDER_PREFIX + name, value


def names_itself(name: str, value: str) -> bool:
    """Whether the value of a variable is its own name, as ``${NAME}`` that nobody expanded."""
    return str.__str__(value).strip("${}") == name


def value_of(variable: Variable, variables: Variables) -> SecretStr | None:
    """The value of a variable, or of the one that it defaults to; None where neither has one."""
    value = variables.get(variable.name)
    if value is None and variable.default_from is not None:
        value = variables.get(variable.default_from)
    return value


def check_sendable(variable: Variable, value: SecretStr, kind: Kind) -> None:
    """Refuse a value that no request could carry.

    Raises:
        SettingsError: it has a control character, or others than ASCII in an HTTP header.
    """
    if names_itself(variable.name, value):
        raise SettingsError(
            f"{variable.name} ({kind.fixture}) holds its own name, not a value.\n"
            "Put the value there: what is in .env is taken as it is, and ${NAME} is not expanded."
        )
    if any(ord(character) < 32 or ord(character) == 127 for character in value):
        raise SettingsError(
            f"{variable.name} ({kind.fixture}) holds a control character, such as a line break "
            "inside the value.\nSet it again; a value is one line."
        )
    if variable.role == "key" and not value.isascii():
        raise SettingsError(
            f"{variable.name} ({kind.fixture}) holds a non-ASCII character and is sent as an HTTP "
            "header.\nCopy the key again from BILL."
        )


def _missing_message(kind: Kind, missing: list[Variable], variables: Variables) -> str:
    names = ", ".join(
        variable.name + (f" (or {variable.default_from})" if variable.default_from else "")
        for variable in missing
    )
    from pytest_bill.credentials.lookalikes import lookalikes

    looked = variables.described()
    alike = lookalikes(variables, wanted=frozenset(variable.name for variable in missing))
    hint = "".join(
        f"\n{name} ({variables.place_of(name)}) is set, which nobody reads. Did you mean {meant}?"
        for name, meant in alike.items()
    )
    return (
        f"{kind.fixture} needs the {kind.title}, and no value was found for: {names}.{hint}\n"
        f"Looked in the environment and in {looked}.\n"
        "Set them there, or replay what is recorded with --bill-record-mode=none, or start the "
        "local sandbox with --bill-environment=local."
    )

"""BILL's six credentials, all that is said of each in one place; and how their values are loaded.

Sources: https://developer.bill.com/docs/bill-keys-tokens,
https://developer.bill.com/docs/oauth-client-credentials and, of the Console's sign-in by v3 and of
sessions that MFA trusts, https://developer.bill.com/reference/login.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import NamedTuple

from pytest_bill.credentials.env_file import Variables
from pytest_bill.exceptions import MissingCredentials, SettingsError
from pytest_bill.secret import NeverPickled, SecretStr

PLACEHOLDER_PREFIX = "PLACEHOLDER_"
_FINGERPRINT = 6
_DEV_KEY = "devKey"
OAUTH = "oauth"
"""The word for a sign-in with OAuth client credentials."""
TOKEN = "token"  # noqa: S105
"""The word for a credential that is its own token, and needs no sign-in."""

REMEMBERED = "remember_me_id"
"""The role of what makes a session MFA trusted, together with the name of its device."""

STAND_IN_KEY = "BILL_STAND_IN_KEY"
"""The variable with a key of the stand-ins: no credential, and as secret as one."""


class Variable(NamedTuple):
    """One environment variable of a credential and the role of its value.

    One with a ``value`` of its own is in no environment, see ``organizations``.
    """

    name: str
    role: str
    default_from: str | None = None
    value: SecretStr | None = None

    @property
    def placeholder(self) -> SecretStr:
        """What stands for the value in cassettes and during replay."""
        return SecretStr(PLACEHOLDER_PREFIX + self.name)


@dataclass(frozen=True, eq=False)
class SignInForm:
    """The request of a sign-in: its path, whether its body is JSON, its field for each role.

    ``api`` is ``v3``, ``v2`` or ``oauth``, the word by which one is chosen where a credential has
    several. One without a ``path`` goes to the address of OAuth tokens. ``constants`` are fields
    that are always the same; one of a role that the credential has no value of is left out.
    """

    api: str
    path: str
    is_json: bool
    fields: Mapping[str, str]
    constants: Mapping[str, str] = field(default_factory=dict)


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
V3_TRUSTED_LOGIN = SignInForm(
    "v3",
    "/v3/login",
    is_json=True,
    fields={**V3_LOGIN.fields, REMEMBERED: "rememberMeId", "device": "device"},
)
V3_CONSOLE_LOGIN = SignInForm(
    "v3",
    "/v3/login",
    is_json=True,
    fields={**V3_LOGIN.fields, "password": "consoleApiToken"},
)
OAUTH_TOKEN = SignInForm(
    OAUTH,
    "",
    is_json=False,
    fields={"client_id": "client_id", "client_secret": "client_secret"},
    constants={"grant_type": "client_credentials"},
)
PARTNER_LOGIN = SignInForm(
    "v3",
    "/v3/partner/login",
    is_json=True,
    fields={"username": "username", "password": "password", "key": "appKey"},
)


class Kind(NamedTuple):
    """One of the six kinds of credential: all that is said of it.

    ``key`` names it in files; ``key_header`` is the header that its key is sent in. The first of
    its ``sign_in_forms`` is used where no other is asked for; without any it needs no sign-in.
    ``idle_minutes`` is when its session expires unused. Without ``has_password`` its secret is a
    token that a person made. ``word`` is its name in ``--bill-sign-in``, where it can sign in by
    several ways. ``may_be_oauth`` says that OAuth client credentials can take its place at BILL;
    ``replaced`` are the variables of one whose place they took. Where the usual way has no sign-in,
    ``has_cassette`` is false: what is replayed has none either way. ``trust`` are the variables,
    all set or none, with which MFA trusts its sessions.
    """

    key: str
    title: str
    fixture: str
    variables: tuple[Variable, ...]
    key_header: str
    sign_in_forms: tuple[SignInForm, ...]
    idle_minutes: float = 35
    has_password: bool = True
    word: str = ""
    may_be_oauth: bool = False
    replaced: tuple[Variable, ...] = ()
    has_cassette: bool = True
    trust: tuple[Variable, ...] = ()

    @property
    def all_variables(self) -> tuple[Variable, ...]:
        """Those that it needs, and those that it may have."""
        return self.variables + self.trust

    @property
    def session_placeholder(self) -> SecretStr:
        """What stands for the sessionId, or the access token, of this credential's sign-in."""
        return SecretStr(f"{PLACEHOLDER_PREFIX}BILL_{self.key.upper()}_SESSION_ID")

    @property
    def signs_in(self) -> bool:
        """Whether it has a sign-in; the Spend & Expense API token has none."""
        return bool(self.sign_in_forms)

    @property
    def has_dev_key(self) -> bool:
        """Whether its key is a developer key, the only one that v2 takes."""
        return self.key_header == _DEV_KEY

    @property
    def is_oauth(self) -> bool:
        """Whether its sign-in gives an access token, which is all that is sent afterwards."""
        return self.sign_in_form().api == OAUTH if self.signs_in else False

    @property
    def ways(self) -> tuple[str, ...]:
        """The words for how it signs in, the usual one first."""
        own = tuple(form.api for form in self.sign_in_forms) or (TOKEN,)
        return (*own, OAUTH) if self.may_be_oauth else own

    def sign_in_form(self) -> SignInForm:
        """The form of its sign-in, where it has one."""
        return self.sign_in_forms[0]


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
    sign_in_forms=(V3_TRUSTED_LOGIN,),
    word="developer",
    may_be_oauth=True,
    trust=(Variable("BILL_REMEMBER_ME_ID", REMEMBERED), Variable("BILL_DEVICE", "device")),
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
    word="sync",
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
    sign_in_forms=(V2_LOGIN, V3_CONSOLE_LOGIN),
    has_password=False,
    word="console",
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
    word="spend",
    may_be_oauth=True,
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
OAUTH_CLIENT = Kind(
    "oauth_client",
    "OAuth client credentials",
    "bill_oauth_session",
    (
        Variable("BILL_CLIENT_ID", "client_id"),
        Variable("BILL_CLIENT_SECRET", "client_secret"),
    ),
    key_header="Authorization",
    sign_in_forms=(OAUTH_TOKEN,),
    idle_minutes=math.inf,  # a token ends when it ends, used or not
    has_password=False,
)
KINDS = (
    *(DEVELOPER_KEY, SYNC_TOKEN, CONSOLE_API_TOKEN, SPEND_API_TOKEN, PARTNER_APP_KEY),
    OAUTH_CLIENT,
)
AUTHORIZATION = "authorization"
CREDENTIAL_HEADERS = frozenset(
    {"sessionid", *(kind.key_header.lower() for kind in KINDS if not kind.is_oauth)}
)
"""The headers that carry a credential of BILL's own, in lower case; beside ``AUTHORIZATION``."""

BY_WORD = {kind.word: kind for kind in KINDS if kind.word}
"""The credentials of which ``--bill-sign-in`` says how they sign in."""


def signed_in_by(kind: Kind, way: str) -> Kind:
    """The same credential, signing in by one of its ``ways``.

    By ``oauth`` the client credentials take its place: all that names it, as its fixture and its
    cassette, stays, since the same tests and cassettes serve both.
    """
    if way == OAUTH and kind.may_be_oauth:
        return OAUTH_CLIENT._replace(
            key=kind.key,
            fixture=kind.fixture,
            word=kind.word,
            replaced=kind.variables,
            has_cassette=kind.signs_in,
        )
    forms = tuple(sorted(kind.sign_in_forms, key=lambda form: form.api != way))
    return kind._replace(sign_in_forms=forms)


def ways_of(credential: Kind) -> tuple[Kind, ...]:
    """A credential in each way in which its sign-in may be recorded, its own first."""
    usual = next(kind for kind in KINDS if kind.fixture == credential.fixture)
    if not credential.replaced:  # it may sign in to another organization than its variable's
        usual = usual._replace(key=credential.key, variables=credential.variables)
    found = [signed_in_by(usual, way) for way in usual.ways]
    return (credential, *(kind for kind in found if kind.signs_in and kind != credential))


@dataclass(frozen=True)
class Credential(NeverPickled):
    """One credential's values by role: ``username``, ``password``, ``organization_id``, ``key``.

    The Spend & Expense API token has ``key`` only; the partner app key no ``organization_id``;
    OAuth client credentials have ``client_id`` and ``client_secret``; a developer key that MFA
    trusts ``remember_me_id`` and ``device``, too.
    """

    kind: Kind
    values: Mapping[str, SecretStr] = field(repr=False)

    def __getitem__(self, role: str) -> SecretStr:
        return self.values[role]

    @property
    def variables(self) -> list[Variable]:
        """Those of its kind that it has a value of."""
        return [each for each in self.kind.all_variables if each.role in self.values]

    @property
    def is_placeholder(self) -> bool:
        """Whether it is that which replay signs in with."""
        return all(self[each.role] == each.placeholder for each in self.kind.variables)


def too_short(credential: Credential, shortest: int) -> list[str]:
    """The variables whose values are too short to be replaced wherever they occur."""
    return [
        variable.name
        for variable in credential.variables
        if len(credential[variable.role]) < shortest
    ]


def placeholder_credential(kind: Kind, *, is_trusted: bool = False) -> Credential:
    """The credential that replay signs in with: every value is its placeholder."""
    variables = kind.all_variables if is_trusted else kind.variables
    return Credential(kind, {variable.role: variable.placeholder for variable in variables})


def placeholders_of_ways(kind: Kind) -> list[Credential]:
    """All with which its sign-in may be recorded, its own first.

    Who recorded it may have had sessions that MFA trusts, and who replays not.
    """
    kinds = ways_of(kind)
    plain = [placeholder_credential(each) for each in kinds]
    return plain + [placeholder_credential(each, is_trusted=True) for each in kinds if each.trust]


def load_credential(kind: Kind, variables: Variables) -> Credential:
    """Load a credential from the environment and the ``.env`` file.

    Raises:
        MissingCredentials: a variable has no value; the message names all that are missing.
        SettingsError: a value is its variable's name, cannot be sent in an HTTP header, or has a
            control character; or there is an MFA id and no device that it belongs to.
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
    return Credential(kind, values | _trust(kind, variables))


def _trust(kind: Kind, variables: Variables) -> dict[str, SecretStr]:
    """What makes its sessions trusted. A device alone has nothing to send: it waits for its id."""
    found = {each: value for each in kind.trust if (value := variables.get(each.name)) is not None}
    if not any(variable.role == REMEMBERED for variable in found):
        return {}
    for variable in kind.trust:
        if variable not in found:
            raise SettingsError(
                f"{kind.fixture}: BILL takes an MFA id with the name of its device only, and "
                f"{variable.name} is not set.\nRun pytest-bill trust, which writes both."
            )
        check_sendable(variable, found[variable], kind)
    return {variable.role: value for variable, value in found.items()}


def load_replaced(kind: Kind, role: str, variables: Variables) -> SecretStr:
    """A value of the credential whose place another one took, for a test that asks for it.

    Raises:
        MissingCredentials: its variable is not set.
    """
    variable = next(each for each in kind.replaced if each.role == role)
    value = value_of(variable, variables)
    if value is None:
        raise MissingCredentials(
            f"{kind.fixture}: {variable.name} is not set, and the {kind.title} do not tell it.\n"
            f"Set it, too, for the tests that ask for it. Looked in the environment and in "
            f"{variables.described()}."
        )
    return value


def known_secrets(variables: Variables) -> Iterable[tuple[str, SecretStr]]:
    """Every secret value that is set, with its placeholder, in the order of the six kinds."""
    names = [variable.name for kind in KINDS for variable in kind.all_variables]
    for name in (*names, STAND_IN_KEY):
        value = variables.get(name)
        if value is not None and not names_itself(name, value):
            yield PLACEHOLDER_PREFIX + name, value


def with_fingerprint(name: str, value: str) -> str:
    """A name for one of several values that no variable names: the same in each run."""
    return f"{name}_{sha256(value.encode()).hexdigest()[:_FINGERPRINT].upper()}"


def names_itself(name: str, value: str) -> bool:
    """Whether the value of a variable is its own name, as ``${NAME}`` that nobody expanded."""
    return str.__str__(value).strip("${}") == name


def value_of(variable: Variable, variables: Variables) -> SecretStr | None:
    """The value of a variable, or of the one that it defaults to; None where neither has one."""
    if variable.value is not None:
        return variable.value
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

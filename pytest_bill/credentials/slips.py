"""What is odd about a credential that was refused; nothing of a value is told.

BILL documents no form of its keys and ids; that a user of the Accountant Console signs in with an
e-mail address is on https://developer.bill.com/docs/bill-keys-tokens. What is told here is true of
any value, and only after BILL refused it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pytest_bill.credentials.kinds import PLACEHOLDER_PREFIX, Credential

_ANY_TEXT = ("password", "client_secret")
_ONE_WORD = ("key", "organization_id", "client_id", "client_secret")
_STANDS_FOR_ANOTHER = ("your-", "your_", "<", "changeme", "xxx", "…", "...")


def seen_in(credential: Credential) -> str:
    """A line with what is odd about the values; empty where nothing is."""
    found = [*_same(credential), *_odd(credential)]
    return f"Seen without showing a value: {'; '.join(found)}." if found else ""


def _same(credential: Credential) -> Iterator[str]:
    names: dict[str, str] = {}
    for variable in credential.kind.variables:
        value = str.__str__(credential[variable.role])
        other = names.setdefault(value, variable.name)
        if other != variable.name:
            yield f"{variable.name} has the same value as {other}"


def _odd(credential: Credential) -> Iterator[str]:
    for variable in credential.kind.variables:
        name, value = variable.name, str.__str__(credential[variable.role])
        is_user = variable.role == "username"
        if name.endswith("_EMAIL") and "@" not in value:
            yield f"{name} holds no e-mail address"
        elif not is_user and variable.role not in _ANY_TEXT and "@" in value:
            yield f"{name} holds an e-mail address: were two values swapped?"
        elif variable.role in _ONE_WORD and any(map(str.isspace, value)):
            yield f"{name} has white space in it"
        elif value[:1] == value[-1:] and value[:1] in ("'", '"'):
            yield f"{name} has quotes around it: leave them out"
        elif _stands_for_another(value, [each.name for each in credential.kind.variables]):
            yield f"{name} holds what stands for a value in an example"


def _stands_for_another(value: str, names: Iterable[str]) -> bool:
    lower = value.lower()
    is_name = value in names or value.startswith(PLACEHOLDER_PREFIX)
    return is_name or lower.startswith(_STANDS_FOR_ANOTHER)

"""What is odd about the value of one variable, in words that tell nothing of the value itself.

What BILL's pages say of its values: a developer's user name is an e-mail address, and an
organization's id begins with 008 (https://developer.bill.com/docs/api-sandbox-sign-up); an
Accountant Console's user name is an e-mail address
(https://developer.bill.com/docs/bill-accountant-console-operations). Of keys, tokens and passwords
they say nothing, nor how one of the sandbox could be told from one of production. So what only
looks odd is a hint.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping

from pytest_bill.credentials.kinds import (
    KINDS,
    PLACEHOLDER_PREFIX,
    Kind,
    Variable,
    check_sendable,
)
from pytest_bill.doctor.shape import Finding, hint, told, wrong
from pytest_bill.exceptions import SettingsError
from pytest_bill.patterns import late_pattern
from pytest_bill.scrubbing.registry import SHORTEST_BY_VALUE
from pytest_bill.secret import SecretStr

_SIGN_UP = "https://developer.bill.com/docs/api-sandbox-sign-up"
_OF_ORGANIZATIONS = "008"
_LONGEST_DEVICE = 48
_NAMES = frozenset(variable.name for kind in KINDS for variable in kind.all_variables)
_EXAMPLE = late_pattern(
    r"your[-_ ].*|<[^<>]*>|\{[^{}]*\}|x{3,}|\*{3,}|\.{3,}|…|(change|replace)[-_ ]?(me|this)|todo",
    re.IGNORECASE,
)
"""What stands in examples: ours, BILL's (``{developer_key}``) and what a log shows of a secret."""
_REFERENCE = late_pattern(
    r"\$\{\{.*\}\}|\$\{?\w+\}?|\$\(.*\)|%\w+%|\{\{.*\}\}|op://.*|(vault|secretsmanager|ssm):.*"
)
_EMAIL = late_pattern(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_ADDRESS = late_pattern(r"https?://.*", re.IGNORECASE)
_ORGANIZATION = late_pattern(r"008[A-Za-z0-9]{15,20}")
_RANDOM = late_pattern(r"(?=.*\d)(?=.*[A-Za-z])\S{24,}")
_QUOTES = "\"'`“”„«»\u2018\u2019"
_SAID_TWICE = "Look whether one of the two was pasted into the other's place."
_COPY = "Copy it again from where BILL shows it."


def _in_quotes(value: str) -> bool:
    return value[0] in _QUOTES or value[-1] in _QUOTES


def _has_unseen(value: str) -> bool:
    return any(unicodedata.category(each) in ("Cf", "Zs") and each != " " for each in value)


_FORMS: tuple[tuple[Callable[[str], bool], str, str], ...] = (
    (
        _in_quotes,
        "begins or ends with a quotation mark, which is a part of the value.",
        "Take it away, unless it is meant.",
    ),
    (
        lambda value: _REFERENCE.fullmatch(value) is not None,
        "looks like a reference that nobody resolved; values are taken as they stand.",
        "Put the value itself there.",
    ),
    (_has_unseen, "holds a character that is not seen, as web pages have them.", _COPY),
    (
        lambda value: value.lower() in ("none", "null", "undefined", "true", "false"),
        "holds a word that programs write where there is no value.",
        _COPY,
    ),
    (
        lambda value: _ADDRESS.fullmatch(value) is not None,
        "looks like an address; that of BILL goes into BILL_BASE_URL.",
        "",
    ),
)


def looked_at(kind: Kind, variable: Variable, raw: str) -> list[Finding]:
    """What is odd about a value as it was given, before white space around it is left out."""
    value = raw.strip()
    if not value:
        return []
    certain = list(_certain(kind, variable, value))
    return certain or list(_odd(kind, variable, raw, value))


def _certain(kind: Kind, variable: Variable, value: str) -> Iterator[Finding]:
    try:
        check_sendable(variable, SecretStr(value), kind)
    except SettingsError as error:
        yield told(str(error))
    name = value.strip("${}%")
    if name in _NAMES:
        yield wrong(f"{variable.name} holds the name {name} in place of a value.", _COPY)
    elif value.startswith(PLACEHOLDER_PREFIX):
        yield wrong(
            f"{variable.name} holds a placeholder, which stands for the value in cassettes.", _COPY
        )
    elif _EXAMPLE.fullmatch(value):
        yield wrong(f"{variable.name} still holds the words of an example.", _COPY)


def _odd(kind: Kind, variable: Variable, raw: str, value: str) -> Iterator[Finding]:
    name = variable.name
    for is_so, what, then in _FORMS:
        if is_so(value):
            yield hint(f"{name} {what}", then)
    if raw != value:
        yield hint(f"{name} has white space around its value, which is left out.")
    if variable.role == "organization_id":
        yield from _odd_organization(name, value)
    elif variable.role == "username":
        yield from _odd_user_name(kind, name, value)
    elif variable.role == "device":
        if len(value) > _LONGEST_DEVICE:
            yield hint(
                f"{name} has over {_LONGEST_DEVICE} characters, which public clients see BILL "
                "refuse (BDC_1143).",
                "Unset it, and run pytest-bill trust: it makes one.",
            )
    else:
        yield from _odd_secret(kind, variable, value)


def _odd_organization(name: str, value: str) -> Iterator[Finding]:
    if not value.startswith(_OF_ORGANIZATIONS):
        yield hint(
            f"{name} looks unlike an organization's id: BILL's begin with {_OF_ORGANIZATIONS}.",
            f"See {_SIGN_UP}.",
        )
    elif re.search(r"\s", value):
        yield hint(f"{name} has white space inside.", _COPY)


def _odd_user_name(kind: Kind, name: str, value: str) -> Iterator[Finding]:
    is_email = _EMAIL.fullmatch(value) is not None
    if kind.key == "sync_token" and is_email:
        yield hint(
            f"{name} looks like an e-mail address, and the name of the sync token belongs there."
        )
    if kind.key in ("developer_key", "console_api_token") and not is_email:
        yield hint(
            f"{name} looks unlike an e-mail address, which is the user name at BILL.",
            f"See {_SIGN_UP}.",
        )


def _odd_secret(kind: Kind, variable: Variable, value: str) -> Iterator[Finding]:
    name = variable.name
    is_password = variable.role == "password" and kind.has_password
    if len(value) < SHORTEST_BY_VALUE:
        yield hint(
            f"{name} is too short: it has fewer than {SHORTEST_BY_VALUE} characters.",
            "It is hidden in its known places only, not wherever it occurs.",
        )
    if is_password:
        return
    if re.search(r"\s", value):
        yield hint(f"{name} has white space inside, which looks unlike a key or token.", _COPY)
    if _EMAIL.fullmatch(value):
        yield hint(f"{name} looks like an e-mail address, not like a key or token.", _COPY)
    if _ORGANIZATION.fullmatch(value):
        yield hint(f"{name} looks like the id of an organization.", _COPY)


def compared(kind: Kind, values: Mapping[str, str]) -> Iterator[tuple[str, Finding]]:
    """What is odd about the values of one credential beside each other, by the variable's name.

    ``values`` are the stripped ones by the names of the variables; those that have none are absent.
    """
    by_role = {variable.role: variable for variable in kind.variables}
    user, secret = by_role.get("username"), by_role.get("password")
    if user is not None and secret is not None:
        name, token = values.get(user.name, ""), values.get(secret.name, "")
        if not kind.has_password and _look_swapped(name, token):
            yield (
                secret.name,
                hint(f"{user.name} and {secret.name} look swapped: one looks as the other should."),
            )
    yield from _same(values)


def _look_swapped(name: str, token: str) -> bool:
    if not name or not token or _EMAIL.fullmatch(name):
        return False
    if _EMAIL.fullmatch(token):
        return True
    return _RANDOM.fullmatch(name) is not None and _RANDOM.fullmatch(token) is None


def _same(values: Mapping[str, str]) -> Iterator[tuple[str, Finding]]:
    first: dict[str, str] = {}
    for name, value in values.items():
        if value in first:
            yield name, hint(f"{name} has the same value as {first[value]}.", _SAID_TWICE)
        first.setdefault(value, name)


def unread(names: Iterable[str], known: frozenset[str]) -> Iterator[Finding]:
    """Variables of BILL's prefix that nothing reads, and the one that may be meant."""
    from difflib import get_close_matches

    for name in sorted(names):
        if name.upper().startswith("BILL_") and name not in known:
            close = get_close_matches(name.upper(), known, n=1, cutoff=0.75)
            then = f"Is {close[0]} meant?" if close else ""
            yield hint(f"{name} is set, and pytest-bill reads no variable of that name.", then)

"""Secrets of a team's own: given in ``bill_config["secrets"]``, or by the fixture ``bill_secrets``.

They are treated as BILL's own credentials are: hidden in what is shown, scrubbed by value, searched
for in what is about to be written, and kept from other hosts than BILL's.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pytest_bill import real_files
from pytest_bill.credentials.kinds import PLACEHOLDER_PREFIX
from pytest_bill.exceptions import BillWarning, SettingsError
from pytest_bill.patterns import late_pattern
from pytest_bill.scrubbing.placeholders import as_name
from pytest_bill.scrubbing.registry import SHORTEST_BY_VALUE, SecretRegistry
from pytest_bill.secret import NeverPickled, SecretStr

_UNNAMED = "SECRET"
_NAME = late_pattern(r"[A-Za-z][A-Za-z0-9_. -]{0,39}")
_MOST_DIGITS = 4
SECRETS = 'bill_config["secrets"]'
"""Where they are told, as messages say it."""


class BillSecrets(NeverPickled):
    """Takes secrets that become known during the run."""

    __slots__ = ("_ids", "_registry", "_written")

    def __init__(
        self,
        registry: SecretRegistry,
        written: Callable[[SecretRegistry], list[Path]],
        ids: Iterable[str] = (),
    ) -> None:
        """``written`` gives the cassettes of this run that hold a secret of a registry.

        ``ids`` are those of the tests.
        """
        self._registry = registry
        self._written = written
        self._ids = ids

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._registry!r}>"

    def add(self, value: str, name: str) -> SecretStr:
        """Treat a value as a secret from now on; gives it back, with a masked ``repr``.

        ``name`` says in cassettes and output what stood there: ``PLACEHOLDER_<NAME>``. Give each
        value a name of its own. Requests of the test that runs are scrubbed of it too; but add it
        before you send it, or the replay will look for another request than was recorded.

        Raises:
            SettingsError: it is no text, the name is none, or the id of a test holds it.
        """
        where = "bill_secrets.add(value, name)"
        placeholder = _placeholder(name, where)
        self.add_as(_checked(value, placeholder, where), placeholder)
        _warn_of_short(value, placeholder)
        return SecretStr(value)

    def add_as(self, value: str, placeholder: str) -> None:
        """As ``add``, for one whose placeholder is known.

        Raises:
            SettingsError: the id of a test holds it.
        """
        alone = SecretRegistry([(placeholder, value)])
        refuse_in_ids(alone, self._ids)
        self._registry.add(value, placeholder)
        for path in self._written(alone):
            warnings.warn(
                f"{real_files.relative_to_here(path)} holds the secret that {placeholder} stands "
                "for: it was written before the secret was told.\nTell it earlier, and record it "
                "anew.",
                BillWarning,
                stacklevel=3,
            )


def secrets_of_config(given: Any) -> list[tuple[str, str]]:
    """The placeholders and values of ``bill_config["secrets"]``: a list, or a dict of names.

    A None in it is left out: where nothing is sent, there may be no secret.

    Raises:
        SettingsError: it is something else.
    """
    secrets = [
        (placeholder, _checked(value, placeholder, SECRETS))
        for placeholder, value in _pairs(given)
        if value is not None
    ]
    for placeholder, value in secrets:
        _warn_of_short(value, placeholder)
    return secrets


def refuse_in_ids(registry: SecretRegistry, ids: Iterable[str]) -> None:
    """Refuse secrets that come too late to be kept out of the ids of tests.

    Raises:
        SettingsError: an id holds one.
    """
    found = registry.find("\n".join(ids)) if registry else None
    if found is not None:
        raise SettingsError(
            f"The id of a test holds the secret that {found} stands for. pytest has shown it, and "
            "names its cache and cassettes by it.\n"
            "Give the parameter another id, as in pytest.param(value, id='secret')."
        )


def _pairs(given: Any) -> Iterator[tuple[str, Any]]:
    if given is None:
        return
    if isinstance(given, Mapping):
        for name, value in given.items():
            yield _placeholder(name, SECRETS), value
    elif isinstance(given, list | tuple | set | frozenset):
        # Sorted, so that a set gives the same value the same number in each run.
        values = sorted(given, key=str) if isinstance(given, set | frozenset) else given
        for value in values:
            yield PLACEHOLDER_PREFIX + _UNNAMED, value
    else:
        raise SettingsError(
            f"{SECRETS} is of type {type(given).__name__}, where a dict or a list belongs.\n"
            'Give a dict of names and values, {"VAULT_TOKEN": "…"}, or a list of values.'
        )


def _placeholder(name: object, where: str) -> str:
    # It is shown and written: one that looks like a value may be one, in the wrong place.
    if (
        not isinstance(name, str)
        or not _NAME.fullmatch(name)
        or sum(map(str.isdigit, name)) > _MOST_DIGITS
    ):
        raise SettingsError(
            f"{where} has a name that cannot be used; it is not shown, it may be the value.\n"
            "Name it as VAULT_TOKEN: at most 40 letters, digits (four of them) and underscores."
        )
    return PLACEHOLDER_PREFIX + as_name(name)


def _checked(value: object, placeholder: str, where: str) -> str:
    if not isinstance(value, str):
        what = f"of type {type(value).__name__}"
    elif not value.strip():
        what = "empty"
    else:
        return str.__str__(value)
    raise SettingsError(
        f"{where}: the value for {placeholder} is {what}.\nGive it as text (str)"
        + (", or None where there is none." if where == SECRETS else ".")
    )


def _warn_of_short(value: str, placeholder: str) -> None:
    if len(value) < SHORTEST_BY_VALUE:
        warnings.warn(
            f"The secret for {placeholder} has fewer than {SHORTEST_BY_VALUE} characters: it is "
            "hidden nowhere, since innocent text may hold it too.\nUse a longer value, or name "
            'the places where it stands in bill_config["scrub_headers"] and ["scrub_fields"].',
            BillWarning,
            stacklevel=3,
        )

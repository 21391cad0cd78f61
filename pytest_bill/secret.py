"""Secrets as values: a string that prints as asterisks, and what holds such without telling."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn


class SecretStr(str):
    """A secret's value, usable wherever a string is; its repr shows nothing.

    It is a ``str`` so that it can be handed to any HTTP client; a traceback with locals, a log of
    a header dict or an assertion shows asterisks.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return "'**********'"

    def reveal(self) -> str:
        """Give the value as a plain string."""
        return str.__str__(self)[:]


class NeverPickled:
    """Base of what holds secrets: a pickle or a copy would be one more place to guard."""

    __slots__ = ()

    def __reduce_ex__(self, _protocol: Any) -> NoReturn:
        raise TypeError(f"{type(self).__name__} cannot be pickled or copied: it holds secrets.")


class MaskedMapping(NeverPickled, Mapping[str, str]):
    """Names and values, such as an environment's; its repr shows the names' number only."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"<{len(self)} masked values>"


def repr_unless_secret(value: str) -> str:
    """A wrong value, unless it might be a secret that was put into the wrong place."""
    return repr(value) if re.fullmatch(r"[A-Za-z_-]{1,20}", value) else "something else"

"""A string that prints as asterisks."""

from __future__ import annotations


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

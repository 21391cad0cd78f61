"""Regular expressions that are compiled when they are first used.

A run uses few of them, and compiling all that the package has would take longer than to replay its
first test.
"""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast

_METHODS = (
    *("search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn", "scanner"),
    *("groups", "groupindex"),
)


class _Pattern:
    """Stands for a compiled one, which its attributes come from once it is needed."""

    def __init__(self, pattern: str | bytes, flags: int) -> None:
        self.pattern = pattern
        self.flags = flags

    def __repr__(self) -> str:
        return f"late_pattern({self.pattern!r}, {self.flags})"

    def __getattr__(self, name: str) -> Any:
        if name not in _METHODS:
            raise AttributeError(f"a pattern has no {name!r}")
        compiled = re.compile(self.pattern, self.flags)
        # From now on they are found here, as fast as in the compiled one.
        self.__dict__.update({each: getattr(compiled, each) for each in _METHODS})
        return getattr(compiled, name)


def late_pattern(pattern: AnyStr, flags: re.RegexFlag | int = 0) -> re.Pattern[AnyStr]:
    """As ``re.compile``, done at the first use: only then an error in it is raised."""
    return cast("re.Pattern[AnyStr]", _Pattern(pattern, int(flags)))

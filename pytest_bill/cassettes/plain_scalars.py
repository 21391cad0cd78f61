"""Which plain scalars YAML reads as text: PyYAML's rules, without its import.

They are those of YAML 1.1 as PyYAML has them, and a test compares them with the installed one.
"""

from __future__ import annotations

import re

from pytest_bill.patterns import late_pattern

_NUMBERS = "-+0123456789"
_RULES = (
    (
        "yYnNtTfFoO",
        r"""^(?:yes|Yes|YES|no|No|NO
                    |true|True|TRUE|false|False|FALSE
                    |on|On|ON|off|Off|OFF)$""",
    ),
    (
        _NUMBERS + ".",
        r"""^(?:[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?
                    |\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?
                    |[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*
                    |[-+]?\.(?:inf|Inf|INF)
                    |\.(?:nan|NaN|NAN))$""",
    ),
    (
        _NUMBERS,
        r"""^(?:[-+]?0b[0-1_]+
                    |[-+]?0[0-7_]+
                    |[-+]?(?:0|[1-9][0-9_]*)
                    |[-+]?0x[0-9a-fA-F_]+
                    |[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$""",
    ),
    ("<", r"^(?:<<)$"),
    (
        "~nN\0",
        r"""^(?: ~
                    |null|Null|NULL
                    | )$""",
    ),
    (
        "0123456789",
        r"""^(?:[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]
                    |[0-9][0-9][0-9][0-9] -[0-9][0-9]? -[0-9][0-9]?
                     (?:[Tt]|[ \t]+)[0-9][0-9]?
                     :[0-9][0-9] :[0-9][0-9] (?:\.[0-9]*)?
                     (?:[ \t]*(?:Z|[-+][0-9][0-9]?(?::[0-9][0-9])?))?)$""",
    ),
    ("=", r"^(?:=)$"),
    ("!&*", r"^(?:!|&|\*)$"),
)
_RULES_OF: dict[str, list[re.Pattern[str]]] = {}
for _first_characters, _pattern in _RULES:
    _rule = late_pattern(_pattern, re.VERBOSE)
    for _first in _first_characters:
        _RULES_OF.setdefault(_first, []).append(_rule)


def is_text(written: str) -> bool:
    """Whether a plain scalar, which is not empty, is text: no number, date, truth value or null."""
    return not any(rule.match(written) for rule in _RULES_OF.get(written[0], ()))

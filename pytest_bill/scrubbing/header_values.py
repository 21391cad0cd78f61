"""The values of one header: several of them, or lines of one, may be a secret that is split."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_bill.patterns import late_pattern
from pytest_bill.scrubbing.registry import SecretRegistry

_LINE = late_pattern(r"\r?\n[ \t]*")
_FOLD = late_pattern(r"\r?\n[ \t]+")
_SOFT_BREAK = late_pattern(r"=\r?\n")
_SEPARATORS = ("", " ", ",", ", ", ";", "; ")


def hidden_values(registry: SecretRegistry, values: list[str]) -> list[str]:
    """The values of one header with secrets replaced, also one that is split over them.

    A value may be folded over several lines (RFC 9112, section 5.2), which is a split, too.
    """
    hidden = [registry.hide(value) for value in values]
    for joined in joinings(hidden):
        if registry.find(joined) is not None:
            return [registry.hide(joined)]
    return hidden


def joinings(values: list[str]) -> Iterator[str]:
    """What the values of one header, and the lines of each, may mean in one."""
    if len(values) == 1 and "\n" not in values[0]:
        return
    for pieces in dict.fromkeys(map(tuple, _pieces(values))):
        if len(pieces) > 1 or pieces[0] not in values:
            yield from dict.fromkeys(separator.join(pieces) for separator in _SEPARATORS)


def _pieces(values: list[str]) -> Iterator[list[str]]:
    """The values, and where they have lines, what these may be pieces of.

    A line may be one of the value itself, as in base64, the end of a soft break of
    quoted-printable, or a fold, which is the only one with blanks after it.
    """
    yield values
    if any("\n" in value for value in values):
        yield [piece for value in values for piece in _LINE.split(value)]
        yield [piece for value in values for piece in _FOLD.split(value)]
        yield [_SOFT_BREAK.sub("", value) for value in values]

"""Secret places that a recording itself shows: ``badge_no=PLACEHOLDER_BADGE_NO``.

Where a suite has several ``bill_config`` fixtures, a part of it may be replayed without the one
that names a field as secret. The field's value is not to be compared then either: nobody recorded
it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pytest_bill.credentials.kinds import PLACEHOLDER_PREFIX
from pytest_bill.interaction import Interaction
from pytest_bill.patterns import late_pattern
from pytest_bill.scrubbing.placeholders import as_name
from pytest_bill.scrubbing.scrub import ScrubRules

_PREFIX = PLACEHOLDER_PREFIX.encode()
_VALUE = rf"{re.escape(PLACEHOLDER_PREFIX)}([A-Z0-9_]+?)(?:_[0-9]+)?(?![A-Z0-9_])"
_IN_FORM = late_pattern(rf"(?:^|[?&])([\w.-]+)={_VALUE}")
_IN_JSON = late_pattern(rf'"([\w.-]+)"\s*:\s*"{_VALUE}"')


def places_in(recorded: Iterable[Interaction]) -> ScrubRules:
    """The fields and headers of recorded requests that hold placeholders of their own names."""
    headers: set[str] = set()
    fields: set[str] = set()
    for each in recorded:
        fields.update(_fields_of(each))
        for name, value in each.headers.items():
            if value.startswith(PLACEHOLDER_PREFIX) and value == _placeholder(name):
                headers.add(name)
    return ScrubRules(frozenset(map(str.lower, headers)), frozenset(map(str.lower, fields)))


def _placeholder(name: str) -> str:
    return PLACEHOLDER_PREFIX + as_name(name)


def _fields_of(request: Interaction) -> Iterator[str]:
    found = []
    if PLACEHOLDER_PREFIX in request.url:
        found += _IN_FORM.findall(request.url)
    if _PREFIX in request.body:
        text = request.body.decode("utf-8", "replace")
        found += [*_IN_FORM.findall(text), *_IN_JSON.findall(text)]
    for name, placeholder in found:
        if as_name(name) == placeholder:
            yield name

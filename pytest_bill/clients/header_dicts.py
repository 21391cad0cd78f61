"""The headers of requests and urllib3, read and made in one go.

Both keep them in a dict by lower-case name, and neither lets it be had: name by name it takes
longer than all else that is done for a recorded answer. Where a version keeps them otherwise, name
by name it is.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from requests.structures import CaseInsensitiveDict
from urllib3._collections import HTTPHeaderDict  # urllib3 1.26 exports it nowhere else

_REQUESTS, _URLLIB3 = "_store", "_container"


def _has_usual_insides() -> bool:
    of_requests: Any = CaseInsensitiveDict({"A": "1"})
    of_urllib3: Any = HTTPHeaderDict()
    of_urllib3.add("A", "1")
    expected = OrderedDict(a=("A", "1")), {"a": ["A", "1"]}
    return (vars(of_requests).get(_REQUESTS), vars(of_urllib3).get(_URLLIB3)) == expected


_IS_USUAL = _has_usual_insides()


def kept_by(headers: Any) -> OrderedDict[str, tuple[str, Any]] | None:
    """Names and values by lower-case name, as requests keeps them; None where it does not."""
    if type(headers) is CaseInsensitiveDict and _IS_USUAL:
        kept: OrderedDict[str, tuple[str, Any]] = vars(headers)[_REQUESTS]
        return kept
    return None


def pairs_of(headers: Any) -> Mapping[str, Any]:
    """The headers of a request by their names."""
    kept = kept_by(headers)
    return headers if kept is None else dict(kept.values())


def keeping(kept: OrderedDict[str, tuple[str, Any]]) -> CaseInsensitiveDict[Any]:
    """Headers of requests that keep just this."""
    made: Any = CaseInsensitiveDict.__new__(CaseInsensitiveDict)
    vars(made)[_REQUESTS] = kept
    return made  # type: ignore[no-any-return]


def of_answer(
    headers: Mapping[str, list[str]],
) -> tuple[HTTPHeaderDict, CaseInsensitiveDict[str] | None]:
    """The headers of an answer as urllib3 has them, and as requests makes them of these.

    None for what requests has to make by itself.
    """
    if _IS_USUAL:
        listed: dict[str, list[str]] = {}
        kept: OrderedDict[str, tuple[str, str]] = OrderedDict()
        for name, values in headers.items():
            if values:
                lowered = name.lower()
                listed[lowered] = [name, *values]
                kept[lowered] = name, ", ".join(values)
        if len(listed) == len(headers):
            whole: Any = HTTPHeaderDict()
            setattr(whole, _URLLIB3, listed)
            return whole, keeping(kept)
    made = HTTPHeaderDict()
    for name, values in headers.items():
        for value in values:
            made.add(name, value)
    return made, None

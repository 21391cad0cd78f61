"""Which errors are shown by their message alone, and what that says."""

from __future__ import annotations

from typing import Any

from pytest_bill.exceptions import SAID

_SAY_ALL = frozenset(
    {"PytestBillError", "BillError", "BillWarning", "SandboxRefused", "UnknownName"}
)
"""Errors of this package that do; what else is raised in it is a fault of its own."""

_CODES = "https://developer.bill.com/docs/common-api-error-codes"
_V2_CODES = "https://developer.bill.com/v2/docs/common-error-codes"
_UNKNOWN_PATH = "BDC_1121"


def says_all(error: BaseException) -> bool:
    """Whether the message of an error says all that there is to know."""
    if SAID in getattr(error, "__dict__", ()):
        return True
    return any(
        each.__name__ in _SAY_ALL and each.__module__.startswith("pytest_bill.")
        for each in type(error).__mro__
    )


def message_of(error: BaseException) -> str:
    """What is said of it: what happened, and what to do next."""
    said: str | None = getattr(error, "__dict__", {}).get(SAID)
    if said is not None:
        return said
    if any(each.__name__ == "BillError" for each in type(error).__mro__):
        return f"{error}{_what_next(error)}"
    return str(error)


def name_of(error: BaseException) -> str:
    """The name of its class; of one that has none which is known outside, that of its base."""
    known = type(error)
    is_inner = known.__name__ in ("UnknownName", "SandboxRefused")
    return known.__bases__[-1].__name__ if is_inner else known.__name__


def _what_next(error: Any) -> str:
    """A line for an error that BILL answered, where its own message has none."""
    if "\n" in str(error):
        return ""
    if _UNKNOWN_PATH in error.codes:
        return (
            f"\nBILL has no {error.method} at that path: write it as BILL's reference does, as in "
            '"/v3/vendors" or "/v2/List/Vendor.json".'
        )
    page = _V2_CODES if "/v2/" in error.path else _CODES
    return f"\nWhat its codes mean: {page}\nThe whole answer is in the error: error.response.text"

"""BILL's error answers, read as ``BillError``.

Three shapes, by API:

- v3: an HTTP error status and a list of ``{timestamp, code, severity, category, message}``
  (https://developer.bill.com/docs/common-api-error-codes);
- v2: HTTP 200 and ``{response_status: 1, response_message: "Error", response_data: {error_code,
  error_message}}`` (https://developer.bill.com/v2/docs/common-error-codes);
- Spend & Expense: an HTTP error status and a JSON object or list; whatever of ``code`` and
  ``message`` it carries is shown.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests

from pytest_bill.exceptions import BillError, Problem

if TYPE_CHECKING:
    from pytest_bill.bill_advice import AskedWith

SESSION_INVALID = "BDC_1109"
"""BILL's code for an expired or invalid session, in v3 (with HTTP 401) and in v2 (with 200).

Both have the same codes: https://developer.bill.com/docs/common-api-error-codes.
"""


class BillResponse(requests.Response):
    """A response whose ``raise_for_status`` knows BILL's errors."""

    # Set by the session: BILL's messages may repeat what they were sent.
    hide: Callable[[str], str] = staticmethod(str)
    asked_with: AskedWith | None = None
    """The credential that the request was sent with, where that is known."""

    def raise_for_status(self) -> None:
        """Raise BILL's error, also v2's, which comes with HTTP 200.

        Raises:
            BillError: the answer is an error.
        """
        __tracebackhide__ = True
        error = error_of(self)
        if error is not None:
            raise error


def error_of(response: requests.Response) -> BillError | None:
    """The error that an answer of BILL is, or None."""
    problems = problems_in(response.status_code, _body_of(response))
    if response.status_code < 400 and not problems:
        return None
    return error_with(response, problems)


def _body_of(response: requests.Response) -> bytes:
    try:
        return response.content
    except RuntimeError:  # it was streamed
        return b""


def error_with(
    response: requests.Response,
    problems: tuple[Problem, ...],
    error_class: type[BillError] = BillError,
    note: str = "",
) -> BillError:
    """The error with these problems, without secrets; ``note`` is a line that follows them.

    Without one, what to do follows, where that is known.
    """
    hide = getattr(response, "hide", str)
    method = response.request.method or "" if response.request is not None else ""
    hidden = tuple(Problem(hide(code), hide(message)) for code, message in problems)
    path = hide(urlsplit(response.url or "").path)
    if not note:
        from pytest_bill.bill_advice import advice  # few answers are errors that are raised

        note = hide(advice(response, problems, getattr(response, "asked_with", None)))
    return error_class(response.status_code, hidden, method, path, response, note)


def is_session_invalid(status: int, body: bytes) -> bool:
    """Whether an answer says that the session has expired or is unknown."""
    if status not in (200, 401):
        return False
    return any(code == SESSION_INVALID for code, _ in problems_in(status, body))


def problems_in(status: int, body: bytes) -> tuple[Problem, ...]:
    """The errors in an answer's body, in whichever of BILL's shapes; empty for a success."""
    if status < 400 and b"response_status" not in body:
        return ()
    try:
        data = json.loads(body)
    except ValueError:
        return ()
    if isinstance(data, dict) and "response_status" in data:
        return _v2_problems(data)
    if status < 400:
        return ()
    return tuple(_problem(item) for item in (data if isinstance(data, list) else [data]))


def _v2_problems(data: dict[str, Any]) -> tuple[Problem, ...]:
    if data.get("response_status") != 1:
        return ()
    details = data.get("response_data")
    if not isinstance(details, dict):
        return (Problem("", str(data.get("response_message", ""))),)
    return (Problem(str(details.get("error_code", "")), str(details.get("error_message", ""))),)


def _problem(item: Any) -> Problem:
    if not isinstance(item, dict):
        return Problem("", str(item))
    message = item.get("message") or item.get("error") or item.get("detail") or ""
    return Problem(str(item.get("code") or item.get("errorCode") or ""), str(message))

"""BILL's refusals: which code, which HTTP status, which body.

v3 answers an HTTP status that says what happened, and a JSON list of problems, each with
``timestamp``, ``code``, ``severity``, ``category`` and ``message``
(https://developer.bill.com/docs/common-api-error-codes). v2 answers HTTP 200 whatever happened, and
an envelope of ``response_status`` 1, ``response_message`` "Error" and ``response_data`` with
``error_code`` and ``error_message`` (https://developer.bill.com/v2/docs/common-error-codes,
https://developer.bill.com/docs/v3-api-response-changes).

Both versions share one list of codes; the texts used here are those of
https://developersupport.bill.com/hc/en-us/articles/208762056-Error-codes-list. BILL documents the
HTTP status of few codes: 401 for BDC_1109 and 404 for BDC_1121
(https://developer.bill.com/docs/faq). The others are not documented. Here they are 400 for a
refused body, parameter, key or organization, 401 for a wrong user name or password, 403 for
BDC_1361 and 404 for an unknown id. Public clients report 400, 400 and 403 for a body, BDC_1102 and
BDC_1361. The codes of multi-factor authentication (BDC_1354, BDC_1358, BDC_1374, BDC_5324) and
BDC_1145 are what public clients report; the texts of BDC_1145 and BDC_1374 are the sandbox's own.

Answers that public clients recorded in 2025 and 2026 have an empty object ``params`` beside the
documented fields. Where a v3 body lacks a required field, ``code`` is null and ``category`` is
REQUEST there, and the message names the field: "email: must not be blank", "devKey: must not be
null", "customer: The customer field is required". Here what is absent or null "must not be null", a
text "must not be blank" and a list "must not be empty", all with HTTP 400, in Spend & Expense, too.
v2 has BDC_1117 and BDC_1108 in their place, and so have webhooks. Of ``help``, which is told to be
beside ``params``, no recorded answer was found: it is left out. What v3 says of a value of a wrong
type or beyond its choices is not known: BDC_1124 and BDC_1119 here.

Spend & Expense documents no error body of its own, so it answers in the v3 shape here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pytest_bill.sandbox.core.clock import timestamp
from pytest_bill.sandbox.core.http import Response, json_response

V2_PREFIX = "/api/v2/"
_GATEWAY = "/connect/"
NOT_NULL, NOT_BLANK, NOT_EMPTY = "must not be null", "must not be blank", "must not be empty"


@dataclass(frozen=True)
class Problem:
    """One entry of a v3 error list, without its timestamp.

    ``category`` is REQUEST, APPLICATION, SERVER or DOWNSTREAM. BILL's published samples all say
    DOWNSTREAM; which problems carry another category is not documented. ``detail`` is left out if
    it is empty.
    """

    code: str
    message: str
    category: str = "DOWNSTREAM"
    severity: str = "ERROR"
    detail: str = ""
    validation: str = ""
    """What v3 says in place of code and message, of a body without what it has to have."""


@dataclass
class BillError(Exception):
    """A refusal: raise it in a handler, and the application renders it for the path's version."""

    status: int
    problems: Sequence[Problem] = field(default_factory=tuple)

    def response(self, path: str, now: datetime) -> Response:
        """The refusal as an HTTP response in the shape of the API version of ``path``."""
        if path.startswith(V2_PREFIX):
            return json_response(self.envelope())
        entry = _gateway_entry if path.startswith(_GATEWAY) else _entry
        return json_response([entry(problem, now) for problem in self.problems], self.status)

    def envelope(self) -> dict[str, Any]:
        """The refusal as v2 tells it: its first problem."""
        first = self.problems[0]
        return {
            "response_status": 1,
            "response_message": "Error",
            "response_data": {"error_code": first.code, "error_message": first.message},
        }


def _entry(problem: Problem, now: datetime) -> dict[str, Any]:
    entry = {
        "timestamp": timestamp(now),
        "code": problem.code,
        "severity": problem.severity,
        "category": problem.category,
        "message": problem.message,
    }
    return {**entry, "detail": problem.detail} if problem.detail else entry


def _gateway_entry(problem: Problem, now: datetime) -> dict[str, Any]:
    entry = {**_entry(problem, now), "params": {}}
    if problem.validation:
        entry |= {"code": None, "category": "REQUEST", "message": problem.validation}
    return entry


def _refusal(status: int, code: str, message: str) -> BillError:
    return BillError(status, (Problem(code, message),))


def wrong_user_or_password() -> BillError:
    """BDC_1101: sign-in with a user name or password that is not known."""
    return _refusal(401, "BDC_1101", "User name and/or password do not match our records.")


def invalid_developer_key() -> BillError:
    """BDC_1102: a developer key or app key that is missing or not known."""
    return _refusal(400, "BDC_1102", "Developer key is invalid.")


def invalid_session() -> BillError:
    """BDC_1109: no session, an expired one, or one that belongs to another key.

    The two blanks are BILL's (https://developer.bill.com/docs/common-api-error-codes).
    """
    return _refusal(401, "BDC_1109", "Session is invalid.  Please log in.")


def login_locked() -> BillError:
    """BDC_1110: a user name with too many failed sign-ins. Its HTTP status is not documented."""
    return _refusal(401, "BDC_1110", "Login is locked.")


def no_active_user(user_id: str, organization_id: str) -> BillError:
    """BDC_1111: a user to sign in as who is archived, or none of the organization."""
    message = f"No active user for: {user_id}, {organization_id}."
    return _refusal(400, "BDC_1111", message)


def permission_denied(roles: Sequence[str]) -> BillError:
    """BDC_1145: an operation that the user's role does not allow, with those that do.

    Public clients report the code; BILL's pages name the roles.
    """
    detail = f"The signed-in user needs one of the user roles {', '.join(roles)}."
    return BillError(403, (Problem("BDC_1145", "Permission denied.", detail=detail),))


def no_mfa_phone() -> BillError:
    """BDC_1354: an MFA challenge for a user who has registered no phone."""
    message = "Specified 2-Step Verification phone is not setup or is invalid."
    return _refusal(400, "BDC_1354", message)


def too_many_tokens() -> BillError:
    """BDC_1358: an MFA challenge that was answered wrongly too often."""
    return _refusal(400, "BDC_1358", "2-Step Verification too many token response attempts.")


def token_expired() -> BillError:
    """BDC_1374: an MFA token that comes too late."""
    return _refusal(400, "BDC_1374", "2-Step Verification token has expired.")


def mfa_blocked() -> BillError:
    """BDC_5324: a new MFA phone for a user who has one, in a session that is not trusted."""
    return _refusal(403, "BDC_5324", "Mfa action blocked.")


def no_data_found() -> BillError:
    """BDC_1120: an id that does not exist in the organization."""
    return _refusal(404, "BDC_1120", "No data found.")


def api_not_supported() -> BillError:
    """BDC_1121: a path or method that does not exist."""
    return _refusal(404, "BDC_1121", "API not supported.")


def unparsable_json() -> BillError:
    """BDC_1122: a body that is not a JSON object."""
    return _refusal(400, "BDC_1122", "Error Parsing Json Object. Please check your request.")


def invalid_organization() -> BillError:
    """BDC_1123: an organization that the signed-in user does not belong to."""
    return _refusal(400, "BDC_1123", "Invalid organization id.")


def untrusted_session() -> BillError:
    """BDC_1361: an operation that needs an MFA-trusted session, asked for without one."""
    return _refusal(403, "BDC_1361", "Untrusted session.")


def refused_link() -> BillError:
    """A signed link that has expired or was changed. Not documented; here as BDC_1109, but 403."""
    return _refusal(403, "BDC_1109", "Session is invalid.  Please log in.")


def too_large() -> BillError:
    """A body beyond the sandbox's limit. What BILL answers is not documented; here HTTP 413."""
    return _refusal(413, "BDC_1122", "Error Parsing Json Object. Please check your request.")


def too_many_calls(most: int, period: str) -> BillError:
    """BDC_1144: more calls in an hour than BILL allows. Its HTTP status is not documented.

    Nor is what comes for a limit by the minute: the same here, with another period in its text.
    """
    message = f"Max number of allowed requests per {period} reached: {most}."
    return _refusal(429, "BDC_1144", message)


def too_many_at_once() -> BillError:
    """BDC_1322: more calls at once than BILL allows. Its HTTP status is not documented."""
    return _refusal(429, "BDC_1322", "Max number of concurrent requests per organization reached.")


def invalid_process_date(process_date: str) -> BillError:
    """BDC_1152: a payment that is to be processed in the past, or on a day on which none is.

    Public clients report HTTP 422.
    """
    return _refusal(422, "BDC_1152", f"Invalid Process Date : {process_date}.")


def unverified_account() -> BillError:
    """BDC_1402: a payment to a vendor's bank account that is too new for its day.

    Public clients report code, text and HTTP status.
    """
    message = "Please select a payment processing date two business days out from today."
    return _refusal(400, "BDC_1402", message)


def taken_number(number: str) -> BillError:
    """BDC_1171: a number that another bill of the vendor, or another invoice, has.

    Public clients report code and HTTP status; the text is the sandbox's own.
    """
    return _refusal(422, "BDC_1171", f"The number {number} is already in use.")


def no_user(user_id: str) -> BillError:
    """BDC_1302: a session that belongs to no user, where one is needed.

    Public clients report it; its HTTP status is not documented.
    """
    return _refusal(
        400,
        "BDC_1302",
        f"The entity type of id {user_id} does not match any of the expected entity types: User.",
    )


def system_error() -> BillError:
    """BDC_1001: a fault of the sandbox itself."""
    return BillError(500, (Problem("BDC_1001", "System error occurred.", category="SERVER"),))


def missing_parameter(name: str) -> Problem:
    """BDC_1108: a required parameter of a query or of v2, or a header, is absent or empty."""
    return Problem("BDC_1108", f"Missing parameter value for parameter: {name}.")


def missing_data(name: str, wrong: str = NOT_NULL, *, sentence: str = "") -> Problem:
    """BDC_1117: a required field of a body is absent or empty; v3 has a sentence in its place.

    It says what is ``wrong`` with the field; ``sentence`` is one that names it in another way.
    """
    validation = sentence or f"{name}: {wrong}"
    return Problem("BDC_1117", f"Missing required data for: {name}.", validation=validation)


def too_long(name: str, most: int) -> Problem:
    """BDC_1143: a text that is longer than its field. Public clients report code and text.

    BILL names the field alone, without the object that it is in.
    """
    message = f"Maximum length cannot be greater than {most} characters."
    return Problem("BDC_1143", f"Invalid entity data. {name.rpartition('.')[2]}: {message}")


def invalid_value(name: str, value: object) -> Problem:
    """BDC_1119: a field of the right type with a value that BILL does not know."""
    return Problem("BDC_1119", f"Invalid field,value: {name}, {value}.")


def overpaid() -> Problem:
    """BDC_1159: more than is due on a bill."""
    return Problem("BDC_1159", "Cannot overpay a bill.")


def invalid_type(name: str) -> Problem:
    """BDC_1124: a field of the wrong type."""
    return Problem("BDC_1124", f"Invalid field datatype: {name}.")


def invalid_parameter(name: str, value: object) -> Problem:
    """BDC_1129: a query parameter with a value that BILL does not accept."""
    return Problem("BDC_1129", f"Invalid parameter value for parameter,value: {name}, {value}.")


def invalid_filter_field(name: str) -> Problem:
    """BDC_1130: a filter on a field that cannot be filtered on."""
    return Problem("BDC_1130", f"Invalid list filter field: {name}.")


def invalid_filter_operator(operator: str) -> Problem:
    """BDC_1131: a filter with an operator that BILL does not know."""
    return Problem("BDC_1131", f"Invalid list filter operator: {operator}.")


def bad_request(*problems: Problem) -> BillError:
    """HTTP 400 with one entry per problem: BILL names every refused field at once."""
    return BillError(400, problems)

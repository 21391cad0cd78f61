"""The address where OAuth access tokens are handed out.

Page: https://developer.bill.com/reference/createaccesstoken. A form with ``grant_type``,
``client_id`` and ``client_secret`` gets a token for AP, AR and Spend & Expense; see ``core.oauth``.
BILL hands it out at a host of its own (auth.stage.bill.com), the sandbox at its one origin.

The page shows neither the answer's fields nor refusals. Here both are those of RFC 6749:
``access_token``, ``token_type`` and ``expires_in`` (seconds); ``error`` with HTTP 400, or 401 for
a client that is not known (https://www.rfc-editor.org/rfc/rfc6749#section-5).
"""

from __future__ import annotations

from pytest_bill.sandbox.core.access import is_same
from pytest_bill.sandbox.core.fields import Integer, Object, Text
from pytest_bill.sandbox.core.http import Response, json_response
from pytest_bill.sandbox.core.limits import SIGN_INS_AN_HOUR
from pytest_bill.sandbox.core.operations import Call, Caller, Operation
from pytest_bill.sandbox.core.records import Record

PATH = "/authx/token"
_GRANT = "client_credentials"
_FIELDS = ("grant_type", "client_id", "client_secret")


def _create_token(call: Call) -> Record | Response:
    absent = [name for name in _FIELDS if not call.form.get(name)]
    if absent:
        return _refusal(400, "invalid_request", f"Missing: {', '.join(absent)}.")
    if call.form["grant_type"] != _GRANT:
        return _refusal(400, "unsupported_grant_type", f"grant_type is always {_GRANT}.")
    credentials = call.state.credentials
    given = [call.form["client_id"], call.form["client_secret"]]
    known = [credentials.client_id, credentials.client_secret]
    if not all(map(is_same, given, known)):
        return _refusal(401, "invalid_client", "The client ID or the client secret is not known.")
    call.state.limits.count(f"sign-ins of {credentials.client_id}", SIGN_INS_AN_HOUR)
    tokens = call.state.tokens
    return {
        "access_token": tokens.new(),
        "token_type": "Bearer",
        "expires_in": int(tokens.lifetime.total_seconds()),
    }


def _refusal(status: int, error: str, description: str) -> Response:
    return json_response({"error": error, "error_description": description}, status)


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "POST",
        PATH,
        "createAccessToken",
        "Get an access token for a client ID and a client secret",
        _create_token,
        caller=Caller.ANYONE,
        area="Sign-in",
        form=dict.fromkeys(_FIELDS, Text()),
        answer=Object(
            {
                "access_token": Text(required=True),
                "token_type": Text(required=True),
                "expires_in": Integer(required=True, minimum=1),
            }
        ),
        refusal=Object({"error": Text(required=True), "error_description": Text(required=True)}),
        unsure="The fields of the answer, the lifetime (here an hour) and the refusals are not "
        "documented; here they are those of RFC 6749. What Accounting data access leaves out is "
        "what a sync token may not do.",
    ),
)

"""BILL's v2 API: form bodies, the credentials in the form, and the envelope of every answer.

Pages: https://developer.bill.com/v2/docs/api-request-format,
https://developer.bill.com/v2/docs/api-response-format,
https://developer.bill.com/v2/docs/common-error-codes.

Every operation is a POST to /api/v2/….json with a form body. ``devKey`` and ``sessionId`` are
fields of the form; an object goes into its field ``data``, as JSON. The answer is HTTP 200 and an
envelope: ``response_status`` 0, ``response_message`` "Success" and ``response_data``, or 1, "Error"
and the refusal's ``error_code`` and ``error_message`` (see ``errors``). Only v2's first problem is
told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pytest_bill.sandbox.core.errors import V2_PREFIX, BillError
from pytest_bill.sandbox.core.fields import Either, Field, Integer, Object, Text
from pytest_bill.sandbox.core.operations import Call, Caller, Operation
from pytest_bill.sandbox.core.records import Record

AREA = "v2"
PAGES = "https://developer.bill.com/v2/reference/"

_CREDENTIALS: Mapping[str, Field] = {
    "devKey": Text(required=True),
    "sessionId": Text(required=True),
}
_REFUSED = Object({"error_code": Text(required=True), "error_message": Text(required=True)})


def operation(
    path: str,
    name: str,
    summary: str,
    handler: Callable[[Call], Any],
    *,
    page: str,
    answer: Field,
    form: Mapping[str, Field] | None = None,
    data: Mapping[str, Field] | None = None,
    data_required: bool = True,
    caller: Caller = Caller.FORM,
    **more: Any,
) -> Operation:
    """An operation of v2.

    ``path`` is below /api/v2/ and without ".json", ``page`` below ``PAGES`` unless it is a whole
    address. ``handler`` gives what ``response_data`` is to hold, and ``answer`` describes that. It
    finds the form's fields in ``call.form``: those of ``form``, and under "data" the object whose
    fields are ``data``, which may be absent if it is not ``data_required``.
    """
    fields = dict(form or {})
    if data is not None:
        fields["data"] = Object(data, required=data_required)
    if caller is Caller.FORM:
        fields |= _CREDENTIALS
    return Operation(
        "POST",
        f"{V2_PREFIX}{path}.json",
        name,
        summary,
        lambda call: envelope(handler(call)),
        caller=caller,
        page=page if "://" in page else PAGES + page,
        area=AREA,
        form=fields,
        answer=answer_in_envelope(answer),
        **more,
    )


def envelope(data: Any) -> Record:
    """The answer of a success."""
    return {"response_status": 0, "response_message": "Success", "response_data": data}


def refusal_envelope(error: BillError) -> Record:
    """The answer of a refusal."""
    return error.envelope()


def answer_in_envelope(answer: Field) -> Field:
    """What is answered: the envelope of a success, or that of a refusal."""
    return Either((_enveloped(answer), _enveloped(_REFUSED)), required=True)


def _enveloped(data: Field) -> Object:
    return Object(
        {
            "response_status": Integer(required=True, minimum=0, maximum=1),
            "response_message": Text(required=True, choices=("Success", "Error")),
            "response_data": data,
        }
    )

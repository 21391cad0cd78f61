"""Sends a call of BILL's API from a page, with one of the six credentials, which no page gets.

``POST /__sandbox__/send`` takes ``credential`` (a name of ``kinds``, or "" for none), ``method``,
``path`` (whole: ``/connect/v3/vendors``), ``query``, ``headers`` and ``body`` (a text), and answers

- ``status`` (null if none came), ``reason``, ``headers`` (a list of name and value), ``body`` (a
  text; of a long one its beginning, "" of one that is no text) and ``size``, its bytes,
- ``milliseconds``,
- ``signed_in``: whether it had to sign in first,
- ``note``: what else is to be said, in words: that the connection was cut, that the sign-in was
  refused, that the body was cut; mostly "",
- ``request``: the call as ``BillSandbox.received_requests`` tells it, and ``shown``: the answer and
  ``asked``: the call, each as ``page.js`` shows it (see ``shown.part``).

The credential's headers, or in v2 its fields of the form, are those that the operation takes; what
the caller wrote itself goes before them. What a sign-in takes is sent for the name of its variable
(see ``variables``). Where the sign-in is refused, its answer is answered.

``POST /__sandbox__/as-code`` takes the same, and answers the call as code, by the name of what
sends it (see ``snippets``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlencode

from pytest_bill import multipart
from pytest_bill.patterns import late_pattern
from pytest_bill.sandbox.control_paths import PREFIX
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.bodies import check_body, json_object
from pytest_bill.sandbox.core.errors import V2_PREFIX, Problem
from pytest_bill.sandbox.core.fields import Field, Text
from pytest_bill.sandbox.core.http import FORM_TYPE, JSON_TYPE, Request, Response, json_response
from pytest_bill.sandbox.core.operations import Caller, Operation
from pytest_bill.sandbox.core.received import Asked, request_told
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.routing import Route, Router
from pytest_bill.sandbox.pages.came_with import Knowing
from pytest_bill.sandbox.pages.credentials import BY_NAME, SentCredential
from pytest_bill.sandbox.pages.hiding import Hiding
from pytest_bill.sandbox.pages.routes import HOME_PATH, Served
from pytest_bill.sandbox.pages.sending.in_process import (
    Incoming,
    Outgoing,
    all_headers,
    as_headers,
    send,
)
from pytest_bill.sandbox.pages.sending.signing_in import SignIns
from pytest_bill.sandbox.pages.sending.variables import with_values
from pytest_bill.sandbox.pages.shown import LONGEST, part
from pytest_bill.sandbox.pages.snippets import snippets

PATH = PREFIX + "send"
CODE_PATH = PREFIX + "as-code"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")

_SIGN_OUTS = frozenset({"logout", "v2Logout"})
_OWN_HEADERS = frozenset(
    {"host", "content-length", "transfer-encoding", "connection", "expect", "upgrade"}
)
"""What the sandbox itself sends."""

_NAME = late_pattern(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_CALL: Mapping[str, Field] = {
    "credential": Text(),
    "method": Text(required=True, choices=METHODS),
    "path": Text(required=True),
    "query": Text(),
    "body": Text(),
}


def routes(served: Served, sign_ins: SignIns) -> list[Route]:
    """Where pages send from."""
    sender = _Sender(served, sign_ins)
    return [
        Route(PATH, sender.send, ("POST",)),
        Route(CODE_PATH, sender.as_code, ("POST",)),
    ]


@dataclass(frozen=True, eq=False, repr=False)
class _Ready:
    """A call to be sent, and the answer of the sign-in that came before it, if one did."""

    credential: SentCredential | None
    call: Outgoing
    signed_in: Incoming | None
    refusal: str = ""
    """Why it is not sent, in words: the sign-in was refused."""


class _Sender:
    """Sends what pages ask for."""

    def __init__(self, served: Served, sign_ins: SignIns) -> None:
        self._served = served
        self._sign_ins = sign_ins
        self._hiding = Hiding(served.state)
        self._operations = {each.name: each for each in served.operations}
        self._router = Router(each.route for each in served.operations)

    async def send(self, page: Request) -> Response:
        """Send a call, with a credential; see the module."""
        ready = await self._ready(page)
        credential, call, signed_in = ready.credential, ready.call, ready.signed_in
        if ready.refusal and signed_in is not None:
            return self._told(page, call, signed_in, False, ready.refusal)
        operation = self._operation(call)
        answer = await send(self._served, call, page)
        if credential is not None and operation is not None and _has_ended(operation, answer):
            self._sign_ins.forget(credential)
        return self._told(page, call, answer, signed_in is not None, answer.ending)

    async def as_code(self, page: Request) -> Response:
        """A call as code that sends it: it is not sent, but signed in first."""
        ready = await self._ready(page)
        if ready.refusal:
            raise errors.bad_request(_problem(ready.refusal))
        state, call = self._served.state, ready.call
        asked = Asked(
            number=0,
            method=call.method,
            path=call.path,
            query=call.raw_query,
            headers=as_headers(all_headers(call, page)),
            body=call.body,
            size=len(call.body),
            answer=None,
            operation="",
            moment=state.clock.now(),
            seconds=0,
        )
        came_with = Knowing(state).of(asked)
        return json_response(snippets(asked, came_with, state, self._hiding))

    async def _ready(self, page: Request) -> _Ready:
        """The call that a page asks for, with what its credential adds."""
        credential, call = _call_in(await json_object(page))
        operation = self._operation(call)
        signed_in: Incoming | None = None
        if credential is not None:
            caller = None if operation is None else operation.caller
            if caller is not Caller.ANYONE:
                signed_in = await self._sign_ins.sign_in_first(credential, page)
            if not self._sign_ins.holds(credential) and signed_in is not None:
                return _Ready(credential, call, signed_in, _not_signed_in(credential, signed_in))
            call = _with_credential(call, caller, self._sign_ins.headers(credential, caller))
        if operation is not None and operation.caller is Caller.ANYONE:
            variables = self._served.state.credentials.variables
            call = _replaced(call, body=with_values(call.body, variables))
        return _Ready(credential, _with_type(call, operation), signed_in)

    def _operation(self, call: Outgoing) -> Operation | None:
        found = self._router.find(call.method, call.path)
        return None if found is None else self._operations[found[0].told]

    def _told(
        self, page: Request, call: Outgoing, answer: Incoming, signed_in: bool, note: str
    ) -> Response:
        hiding, sent = self._hiding, all_headers(call, page)
        headers = as_headers(sent)
        body = bytes(answer.body)
        shown = part(hiding, answer.headers, answer.content_type, body)
        request = request_told(call.method, call.path, call.raw_query, headers, call.body)
        hidden: Record = hiding.hidden({"request": request, "body": _text_of(body)})
        text = hidden["body"]
        if body and not text:
            note = f"{note} The body is no text: {len(body):,} bytes.".strip()
        if len(text) > LONGEST:
            note = f"{note} The body has {len(text):,} characters: this is its beginning.".strip()
        return json_response(
            {
                "status": answer.status,
                "reason": _reason(answer.status),
                "headers": list(hiding.hidden(dict(answer.headers)).items()),
                "body": text[:LONGEST],
                "size": len(body),
                "milliseconds": round(answer.seconds * 1000, 1),
                "signed_in": signed_in,
                "note": note,
                "request": hidden["request"],
                "shown": shown,
                "asked": part(hiding, sent, headers.get("content-type", ""), call.body),
            }
        )


def _call_in(body: Record) -> tuple[SentCredential | None, Outgoing]:
    """What is to be sent; a refusal of what is no call."""
    given = check_body(body, _CALL)
    headers = body.get("headers") or {}
    problems: list[Problem] = []
    name = given.get("credential", "")
    if name and name not in BY_NAME:
        problems.append(errors.invalid_value("credential", name))
    path = given["path"]
    if not path.startswith("/") or path == HOME_PATH or path.startswith(PREFIX) or "?" in path:
        problems.append(
            _problem(
                f"Value for path is invalid: {path}. It is the path of an operation of BILL's, "
                "/connect/v3/vendors say; what follows a ? goes into query."
            )
        )
    problems += _problems_of(headers)
    if problems:
        raise errors.bad_request(*problems)
    call = Outgoing(
        given["method"],
        path,
        given.get("query", ""),
        tuple((key.lower(), value) for key, value in headers.items()),
        given.get("body", "").encode("utf-8", "surrogatepass"),
    )
    return BY_NAME.get(name), call


def _problems_of(headers: Any) -> list[Problem]:
    if not isinstance(headers, dict):
        return [_problem("Value for headers is invalid: they are an object of names and values.")]
    return [
        _problem(f"The header {name} cannot be sent: {why}.")
        for name, value in headers.items()
        if (why := _why_not(name, value))
    ]


def _why_not(name: str, value: Any) -> str:
    if name.lower() in _OWN_HEADERS:
        return "the sandbox itself writes it"
    if not _NAME.fullmatch(name):
        return "its name has other characters than names of headers have"
    if not isinstance(value, str) or not (value.isascii() and (value.isprintable() or not value)):
        return "its value is a line of ASCII"
    return ""


def _problem(message: str) -> Problem:
    return Problem("", message)


def _with_credential(call: Outgoing, caller: Caller | None, carried: Mapping[str, str]) -> Outgoing:
    """The call with what its credential adds."""
    given = as_headers(call.headers)
    fields = {name: each for name, each in carried.items() if name in {"sessionId", "devKey"}}
    if caller is Caller.FORM and len(fields) == len(carried):
        content_type = given.get("content-type", FORM_TYPE)
        return _replaced(call, body=_with_fields(call.body, content_type, fields))
    added = tuple((name, each) for name, each in carried.items() if name not in given)
    return _replaced(call, headers=(*call.headers, *added))


def _with_fields(body: bytes, content_type: str, fields: Mapping[str, str]) -> bytes:
    """A form with fields that it has not yet."""
    if content_type.lower().startswith(multipart.MEDIA_TYPE):
        boundary = multipart.boundary_in(content_type)
        parts = "".join(
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        )
        return parts.encode() + body
    have = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    added = urlencode({name: value for name, value in fields.items() if name not in have})
    return b"&".join(filter(None, (body, added.encode())))


def _with_type(call: Outgoing, operation: Operation | None) -> Outgoing:
    """The call with what its body is, if the caller does not say it."""
    if not call.body or "content-type" in as_headers(call.headers):
        return call
    is_form = call.path.startswith(V2_PREFIX) if operation is None else operation.form is not None
    kind = FORM_TYPE if is_form else JSON_TYPE
    return _replaced(call, headers=(*call.headers, ("content-type", kind)))


def _replaced(
    call: Outgoing, *, headers: tuple[tuple[str, str], ...] = (), body: bytes | None = None
) -> Outgoing:
    return Outgoing(
        call.method,
        call.path,
        call.query,
        headers or call.headers,
        call.body if body is None else body,
    )


def _has_ended(operation: Operation, answer: Incoming) -> bool:
    return operation.name in _SIGN_OUTS and answer.status is not None and answer.status < 400


def _not_signed_in(credential: SentCredential, answer: Incoming) -> str:
    sent = f"The sign-in with the {credential.name} gave no session, so the call was not sent."
    return f"{sent} {answer.ending or 'This is what the sign-in was answered.'}"


def _reason(status: int | None) -> str:
    try:
        return "" if status is None else HTTPStatus(status).phrase
    except ValueError:
        return ""


def _text_of(body: bytes) -> str:
    """A body as text, "" if it is none."""
    try:
        return body.decode()
    except UnicodeDecodeError:
        return ""

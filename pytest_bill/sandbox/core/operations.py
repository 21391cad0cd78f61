"""An operation: one line of BILL's reference, as data, with the function that answers it.

All that is known of an operation stands in one place: ``app`` routes calls to it, ``openapi``
describes it, and ``fidelity`` says how true it is. Who may call it, which body it takes and what is
refused is checked here, so that a handler sees good calls only.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from pytest_bill.sandbox.core import access, bodies, errors, faults, lists
from pytest_bill.sandbox.core.bodies import (
    check_body,
    check_form,
    check_many,
    json_list,
    json_object,
)
from pytest_bill.sandbox.core.faults import Fault
from pytest_bill.sandbox.core.fields import Field, Many, Object, Text
from pytest_bill.sandbox.core.filters import Filterable
from pytest_bill.sandbox.core.http import Request, Response, Truncated, json_response
from pytest_bill.sandbox.core.limits import (
    CALLS_AN_HOUR,
    SPEND_CALLS_A_MINUTE,
    TEXTS_A_MINUTE,
    Period,
)
from pytest_bill.sandbox.core.records import Record, Table
from pytest_bill.sandbox.core.routing import Route
from pytest_bill.sandbox.core.sessions import Kind, Session
from pytest_bill.sandbox.core.state import SandboxState

V3 = "/connect/v3"
"""What the path of every operation of the v3 API begins with."""

SPEND_OWNER = "spend"
"""Whose records those of Spend & Expense are: its token names no organization."""


class Caller(enum.Enum):
    """Who may call an operation: which headers, or fields of a form, it takes (see ``access``)."""

    ANYONE = "no credential"
    ORGANIZATION = "sessionId and devKey, or a Bearer token"
    PARTNER = "sessionId and appKey"
    PARTNER_IN_ORGANIZATION = "sessionId, appKey and organizationId"
    SIGNED_IN = "sessionId, and devKey or appKey; or a Bearer token"
    FORM = "sessionId and devKey in the form"
    SPEND = "apiToken, or a Bearer token"
    SUBSCRIBER = "sessionId and devKey, or sessionId and appKey, or apiToken"


@dataclass(frozen=True, eq=False)
class Call:
    """One good call of an operation. Handlers run one after the other, on the server's loop."""

    state: SandboxState
    session: Session | None = None
    body: Any = field(default=None, repr=False)
    content: bytes = field(default=b"", repr=False)
    http: Request | None = field(default=None, repr=False)
    form: Mapping[str, Any] = field(default_factory=dict, repr=False)
    parameters: Mapping[str, str] = field(default_factory=dict)
    undo: list[Callable[[], None]] = field(default_factory=list)
    """What takes back what the call has done so far, last first, if a later part is refused."""

    @classmethod
    def of(cls, state: SandboxState, organization_id: str) -> Call:
        """A call that nobody made: what happens by itself to an organization's records."""
        user_id = state.user_ids[Kind.DEVELOPER_KEY]
        return cls(state, Session("", Kind.DEVELOPER_KEY, "", user_id, organization_id))

    @property
    def request(self) -> Request:
        """The HTTP request; records that a sandbox starts with are written without one."""
        assert self.http is not None
        return self.http

    @property
    def who(self) -> Session:
        """The session that the call is made in; only for operations that ask for one."""
        assert self.session is not None
        return self.session

    @property
    def owner(self) -> str:
        """Whose records the call is about: an organization's id, or ``SPEND_OWNER``."""
        if self.session is None:
            return SPEND_OWNER
        return self.session.organization_id

    def within(self, organization_id: str) -> Call:
        """The same call, about the records of another organization."""
        return replace(self, session=replace(self.who, organization_id=organization_id))

    def table(self, name: str) -> Table:
        """The caller's records of that name."""
        return self.state.table(self.owner, name)

    def parameter(self, name: str) -> str:
        """A part of the path."""
        if name in self.parameters:
            return self.parameters[name]
        value: str = self.request.path_parameters[name]
        return value

    def at(self, **parameters: str) -> Call:
        """The same call as if its path had these parameters: for records below another one."""
        return replace(self, parameters={**self.parameters, **parameters})

    def query(self, name: str) -> str:
        """A parameter of the query that BILL asks for; BDC_1108 if it is absent or empty."""
        value = self.request.query.get(name, "")
        if not value:
            raise errors.bad_request(errors.missing_parameter(name))
        return value

    def flag(self, name: str) -> bool:
        """A parameter of the query that is true or false; false if absent, else BDC_1129."""
        given = "" if self.http is None else self.http.query.get(name, "")
        if given not in {"", "true", "false"}:
            raise errors.bad_request(errors.invalid_parameter(name, given))
        return given == "true"

    def find(self, table: str, parameter: str) -> Record:
        """The caller's record that the path names; BDC_1120 if there is none."""
        record = self.table(table).get(self.parameter(parameter))
        if record is None:
            raise errors.no_data_found()
        return record


Handler = Callable[[Call], "Record | list[Any] | Response | None"]
"""Gives the answer's JSON, or None for an empty body, or a response of its own."""


@dataclass(frozen=True, eq=False)
class Query:
    """A parameter of an operation's query, or one of its headers."""

    name: str
    field: Field = field(default_factory=Text)


@dataclass(frozen=True, eq=False)
class Header:
    """A header that an operation takes beside those of its caller."""

    name: str
    field: Text = field(default_factory=Text)


@dataclass(frozen=True, eq=False)
class Operation:
    """One operation of BILL's API."""

    method: str
    path: str
    """The whole path, parameters in braces. One called ``organizationId`` takes the session's own
    organization only."""
    name: str
    """BILL's operationId."""
    summary: str
    """What it does, in a line."""
    handler: Handler
    """What answers a good call."""
    caller: Caller = Caller.ORGANIZATION
    """Who may call it, with which headers."""
    page: str = ""
    """Its page in BILL's reference, below https://developer.bill.com/reference/ unless it is a
    whole address; by default its name."""
    area: str = ""
    """The part of BILL's API, for the description."""
    body: Mapping[str, Field] | None = None
    """The fields of the JSON body; None where there is no JSON body."""
    partial: bool = False
    """Required fields of the body may be absent, as in an update."""
    many: int = 0
    """The body is a list of such objects, of at most so many."""
    form: Mapping[str, Field] | None = None
    """The fields of a form in the place of a body, as v2 takes it."""
    upload: bool = False
    """The body is a file."""
    headers: Collection[Header] = ()
    """Headers beside the caller's; a required one that is absent is refused."""
    query: Collection[Query] = ()
    """The parameters of the query."""
    filterable: Mapping[str, Filterable] | None = None
    """What a list can be filtered on."""
    answer: Field | None = None
    """The JSON that a success answers; None for an empty body."""
    refusal: Field | None = None
    """The JSON that a refusal answers, where it is not BILL's list of problems."""
    status: int = 200
    """The HTTP status of a success."""
    media_type: str = "application/json"
    """What a success answers."""
    trusted: bool = False
    """It needs an MFA-trusted session where MFA is required."""
    sync: bool = True
    """A session that was signed in with an AP & AR sync token may call it."""
    roles: Sequence[str] = ()
    """The users' roles that may call it, if not all may."""
    sends_text: bool = False
    """A user gets a text message, which BILL limits."""
    missing: str = ""
    """What the sandbox leaves out, in words for the description. What it leaves out of a kind of
    record stands at the ``Object`` that is answered; ``notes`` has both."""
    unsure: str = ""
    """What BILL's pages do not say or disagree about, in words for the description."""

    @property
    def page_url(self) -> str:
        """The address of the operation's page in BILL's reference."""
        page = self.page or self.name.lower()
        return page if "://" in page else f"https://developer.bill.com/reference/{page}"

    @property
    def path_parameters(self) -> list[str]:
        """The names of the path's parameters, in order."""
        return re.findall(r"\{(\w+)\}", self.path)

    @property
    def route(self) -> Route:
        """Where it is, and what answers calls of it."""

        async def answer(request: Request) -> Response:
            state = request.state
            return await _answer(self, request, state, state.faults.take(self.name))

        return Route(self.path, answer, (self.method,), self.name)


async def _answer(
    operation: Operation, request: Request, state: SandboxState, fault: Fault | None
) -> Response:
    given: Mapping[str, str] = {}
    session: Session | None = None
    refusal: errors.BillError | None = None
    try:
        given = {} if operation.form is None else await bodies.form_fields(request)
        # Who calls is checked before the body is: BILL tells a stranger nothing of its fields.
        session = _caller(operation, request, given, state)
        if state.tokens.has_refused:
            access.require_in_scope(request, operation.name, state)
        _require_headers(operation, request)
        if session is not None and operation.caller is Caller.PARTNER_IN_ORGANIZATION:
            session = access.in_organization(session, request, state)
        _count(operation, request, state, session)
    except errors.BillError as error:
        if fault is None:
            raise
        refusal = error  # what a test asked for comes first
    answer = partial(_called, operation, request, state, session, given, fault, refusal)
    if session is None:
        return await answer()
    caller = session.key + session.organization_id
    may_overlap = state.limits.begin(caller, request.neighbours)
    try:
        try:
            return await answer()
        finally:
            if may_overlap:
                await state.limits.until_quiet(caller)
    finally:
        state.limits.end(caller)


async def _called(
    operation: Operation,
    request: Request,
    state: SandboxState,
    session: Session | None,
    given: Mapping[str, str],
    fault: Fault | None,
    refusal: errors.BillError | None,
) -> Response:
    if fault is not None:
        ending = await faults.apply_before_call(fault, request, state.clock)
        if ending is not None:
            return ending
    if refusal is not None:
        raise refusal
    form = {} if operation.form is None else check_form(given, operation.form)
    body, content = await _read(operation, request)
    state.catch_up()
    if operation.method != "GET":
        state.changed()
    call = Call(state, session, body, content, request, form)
    with state.publishing_at_the_end():
        answer = operation.handler(call)
    response = _response(operation, answer)
    return Truncated(response) if fault is not None and fault.truncate else response


def _caller(
    operation: Operation, request: Request, form: Mapping[str, str], state: SandboxState
) -> Session | None:
    match operation.caller:
        case Caller.ORGANIZATION:
            session = access.require_session(request, state)
            if "organizationId" in request.path_parameters:
                access.require_own_organization(session, request.path_parameters["organizationId"])
            return _with_rights(operation, session, state)
        case Caller.FORM:
            return _with_rights(operation, access.require_given_session(form, state), state)
        case Caller.PARTNER | Caller.PARTNER_IN_ORGANIZATION:
            return access.require_partner_session(request, state)
        case Caller.SIGNED_IN:
            return access.require_any_session(request, state)
        case Caller.SPEND:
            access.require_spend_token(request, state)
            return None
        case Caller.SUBSCRIBER:
            subscriber = access.require_subscriber(request, state)
            return subscriber and _with_rights(operation, subscriber, state)
        case Caller.ANYONE:
            return None


def _with_rights(operation: Operation, session: Session, state: SandboxState) -> Session:
    access.require_rights(
        session,
        state,
        trusted=operation.trusted,
        sync=operation.sync,
        roles=operation.roles,
    )
    return session


def _require_headers(operation: Operation, request: Request) -> None:
    if not operation.headers:
        return
    problems = [
        errors.missing_parameter(header.name)
        for header in operation.headers
        if header.field.required and not request.headers.get(header.name)
    ]
    if problems:
        raise errors.bad_request(*problems)


def _count(
    operation: Operation, request: Request, state: SandboxState, session: Session | None
) -> None:
    """One more call; refused where there were too many."""
    if operation.caller is Caller.SPEND:
        token = access.token_of(request) or state.credentials.spend_api_token
        state.limits.count(token, SPEND_CALLS_A_MINUTE, Period.MINUTE)
    if session is None:
        return
    state.limits.count(session.key, CALLS_AN_HOUR)
    if operation.sends_text:
        state.limits.count(f"texts to {session.user_id}", TEXTS_A_MINUTE, Period.MINUTE)


async def _read(operation: Operation, request: Request) -> tuple[Any, bytes]:
    """The checked JSON body, or the bytes of an upload."""
    if operation.upload:
        return None, await request.body()
    if operation.body is None:
        return None, b""
    if operation.many:
        items = await json_list(request)
        return check_many(items, operation.body, operation.many, partial=operation.partial), b""
    body = await json_object(request)
    return check_body(body, operation.body, partial=operation.partial), b""


def _response(operation: Operation, answer: Record | list[Any] | Response | None) -> Response:
    if isinstance(answer, Response):
        return answer
    if answer is None:
        return Response(status=operation.status)
    return json_response(answer, operation.status)


def listing(
    call: Call,
    table: str | Iterable[Record],
    filterable: Mapping[str, Filterable],
    *,
    sortable: Collection[str] = (),
) -> Record:
    """A page of the caller's records of that name, as ``lists.page_of`` gives it."""
    if isinstance(table, str):
        return lists.page_of(
            call.request,
            call.table(table).values(),
            filterable,
            sortable=sortable,
            searches=call.state.searches,
            name=(call.owner, table),
        )
    return lists.page_of(call.request, table, filterable, sortable=sortable)


def many_of(item: Field) -> Object:
    """The answer of a list: ``results``, ``nextPage``, ``prevPage``."""
    return Object({"results": Many(item), "nextPage": Text(), "prevPage": Text()})

"""The sandbox's own paths, for tests in any process and language. BILL has none of them.

All of them answer JSON, and refuse with BILL's list of problems. A test can also use the methods of
``remote.BillSandbox``, which call these paths.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from pytest_bill import __version__
from pytest_bill.did_you_mean import did_you_mean
from pytest_bill.sandbox import seed
from pytest_bill.sandbox.api.spend import buying
from pytest_bill.sandbox.control_paths import (
    ACCOUNTS_PATH,
    CLEAR_FAULTS_PATH,
    CLOCK_PATH,
    DELIVER_PATH,
    EXPIRE_SESSIONS_PATH,
    FAULTS_PATH,
    HEALTH_PATH,
    MFA_PATH,
    OAUTH_PATH,
    PURCHASES_PATH,
    RECEIVED_PATH,
    REQUESTS_PATH,
    RESET_PATH,
    SEED_PATH,
    SNAPSHOTS_PATH,
)
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.bodies import check_body, json_object
from pytest_bill.sandbox.core.delivery import Dispatcher
from pytest_bill.sandbox.core.errors import Problem
from pytest_bill.sandbox.core.faults import SLOWEST_SECONDS, Fault, Waiting
from pytest_bill.sandbox.core.fields import Boolean, Field, Integer, Many, Number, Object, Text
from pytest_bill.sandbox.core.http import Request, Response, json_response
from pytest_bill.sandbox.core.oauth import Scope
from pytest_bill.sandbox.core.operations import Call, Operation
from pytest_bill.sandbox.core.received import without_secrets
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.routing import Endpoint, Route
from pytest_bill.sandbox.core.state import SandboxState

_MOST_FAULTS = 1_000
_REFUSED = 400
_LONGEST_LIFETIME = 365 * 24 * 3600

_ADVANCE: dict[str, Field] = {"advance_seconds": Number(required=True, minimum=0)}
_REQUIRED: dict[str, Field] = {"required": Boolean(required=True)}
_OAUTH: dict[str, Field] = {
    "scope": Text(choices=tuple(Scope)),
    "lifetime_seconds": Integer(minimum=1, maximum=_LONGEST_LIFETIME),
    "refused": Many(Text()),
}
_FAULT: dict[str, Field] = {
    "operation": Text(required=True),
    "times": Integer(minimum=1, maximum=_MOST_FAULTS),
    "status": Integer(minimum=200, maximum=599),
    "code": Text(),
    "message": Text(),
    "body": Text(),
    "headers": Many(Object({"name": Text(required=True), "value": Text(required=True)})),
    "delay_seconds": Number(minimum=0),
    "drop": Boolean(),
    "truncate": Boolean(),
}
_CLEARED: dict[str, Field] = {"operation": Text(), "number": Integer(minimum=1)}


def _is_no_header(header: tuple[str, str]) -> bool:
    name, value = header
    return not re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", name) or not (
        value.isascii() and value.isprintable()
    )


def _told(waiting: Waiting) -> Record:
    """A fault as it was asked for, with how often it comes yet."""
    fault = waiting.fault
    return {
        "number": waiting.number,
        "operation": waiting.operation,
        "times": waiting.times,
        "status": fault.status,
        "code": fault.code,
        "message": fault.message,
        "body": fault.body,
        "headers": [{"name": name, "value": each} for name, each in fault.headers.items()],
        "delay_seconds": fault.delay_seconds,
        "drop": fault.drop,
        "truncate": fault.truncate,
    }


def control_routes(
    state: SandboxState, operations: tuple[Operation, ...], dispatcher: Dispatcher
) -> list[Route]:
    """Every path of the sandbox's own; ``operations`` are those that can be made to fail."""
    names = {operation.name for operation in operations}

    def require_known(operation: str) -> None:
        if operation not in names:
            hint = did_you_mean(operation, names).strip()
            known = errors.invalid_value("operation", operation)
            raise errors.bad_request(replace(known, message=f"{known.message} {hint}".strip()))

    async def advance(request: Request) -> Response:
        """``advance_seconds``: how far to move forward; answers the new time as ``now``."""
        seconds = check_body(await json_object(request), _ADVANCE)["advance_seconds"]
        try:
            state.clock.advance(timedelta(seconds=seconds))
        except OverflowError:
            problem = errors.invalid_value("advance_seconds", seconds)
            raise errors.bad_request(problem) from None
        state.changed()
        state.catch_up()
        dispatcher.send_due()
        return json_response({"now": state.timestamp()})

    async def health(_request: Request) -> Response:
        """That the sandbox answers, as containers ask; ``version`` is this package's."""
        return json_response({"status": "ok", "version": __version__, "now": state.timestamp()})

    async def deliver(_request: Request) -> Response:
        """Wait until all due webhook notifications are sent; answers those sent since last time."""
        return json_response(without_secrets(await dispatcher.deliver(), state.secrets()))

    async def requests(_request: Request) -> Response:
        """How many requests came in, by "METHOD path"; these paths are not counted."""
        return json_response(state.received.counts(state.secrets()))

    async def received(_request: Request) -> Response:
        """The latest requests with their content, credentials hidden, oldest first."""
        return json_response(state.received.latest(state.secrets()))

    async def expire_sessions(_request: Request) -> Response:
        """End every session and every access token now."""
        state.sessions.expire_all()
        state.tokens.expire_all()
        return Response(status=204)

    async def mfa(request: Request) -> Response:
        """Whether MFA is ``required``, as in production; it is not at the start."""
        state.mfa.required = check_body(await json_object(request), _REQUIRED)["required"]
        return Response(status=204)

    async def accounts(request: Request) -> Response:
        """Whether verifying a vendor's new bank account is ``required``, as in production."""
        state.verifies_accounts = check_body(await json_object(request), _REQUIRED)["required"]
        return Response(status=204)

    async def oauth(request: Request) -> Response:
        """``scope`` and ``lifetime_seconds`` of the tokens that are handed out from now on.

        ``refused`` are operations that the scope leaves out beside what it does.
        """
        given = check_body(await json_object(request), _OAUTH)
        for operation in given.get("refused", ()):
            require_known(operation)
        if "scope" in given:
            state.tokens.scope = Scope(given["scope"])
        if "lifetime_seconds" in given:
            state.tokens.lifetime = timedelta(seconds=given["lifetime_seconds"])
        if "refused" in given:
            state.tokens.refused = frozenset(given["refused"])
        return Response(status=204)

    async def fail(request: Request) -> Response:
        """Let the next ``times`` calls (else 1) of ``operation`` fail; see ``faults.Fault``."""
        body = check_body(await json_object(request), _FAULT)
        operation, times = body.pop("operation"), body.pop("times", 1)
        require_known(operation)
        if body.get("delay_seconds", 0) > SLOWEST_SECONDS:
            problem = errors.invalid_value("delay_seconds", body["delay_seconds"])
            raise errors.bad_request(problem)
        if not body.keys() & {"status", "delay_seconds", "drop", "truncate"}:
            raise errors.bad_request(errors.missing_data("status"))
        headers = {each["name"]: each["value"] for each in body.pop("headers", [])}
        if body.get("status", _REFUSED) < _REFUSED and "body" not in body:
            raise errors.bad_request(errors.missing_data("body"))
        if (broken := next(filter(_is_no_header, headers.items()), None)) is not None:
            raise errors.bad_request(errors.invalid_value("headers", broken[0]))
        state.faults.add(operation, Fault(**body, headers=headers), times)
        return Response(status=204)

    async def faults_to_come(_request: Request) -> Response:
        """The faults that are still to come, oldest first: what was asked for, and ``number``."""
        told = [_told(each) for each in state.faults.to_come()]
        return json_response(without_secrets(told, state.secrets()))

    async def clear_faults(request: Request) -> Response:
        """No more faults: of an ``operation``, or the one of a ``number``; without either, all."""
        body = check_body(await json_object(request), _CLEARED)
        if "operation" in body:
            require_known(body["operation"])
        if "number" in body and body["number"] not in (
            each.number for each in state.faults.to_come()
        ):
            raise errors.BillError(404, (Problem("", "This fault is not to come any more."),))
        state.faults.clear(operation=body.get("operation"), number=body.get("number"))
        return Response(status=204)

    async def reset(_request: Request) -> Response:
        """Records as at the start; no faults, no requests, no locked user names.

        Sessions stay signed in.
        """
        dispatcher.clear()
        state.clear()
        state.locks.clear()
        seed.fill_state(state)
        state.faults.clear()
        state.received.clear()
        return Response(status=204)

    async def fill(request: Request) -> Response:
        """Create records from lists of bodies by path; answers what was made."""
        made = seed.create_records(state, operations, await json_object(request), request)
        return json_response(made, 201)

    async def purchase(request: Request) -> Response:
        """Use a card of Spend & Expense, which BILL has no call for; answers the transaction.

        ``cardId`` and ``amount``; ``merchant``, ``kind`` (AUTHORIZATION if absent, CLEAR, REFUND or
        CHALLENGE), and ``authorization``, the one that clears. See ``api.spend.buying``.
        """
        body = check_body(await json_object(request), buying.FIELDS)
        state.catch_up()
        state.changed()
        with state.publishing_at_the_end():
            made = buying.buy(Call(state, body=body, http=request))
        return json_response(made, 201)

    async def snapshot(_request: Request) -> Response:
        """Keep the records as they are; answers the snapshot's ``id``."""
        return json_response({"id": state.snapshot()}, 201)

    async def restore(request: Request) -> Response:
        """The records as they were at a snapshot."""
        if not state.restore(request.path_parameters["id"]):
            raise errors.no_data_found()
        dispatcher.send_due()
        return Response(status=204)

    def post(path: str, handler: Endpoint) -> Route:
        return Route(path, handler, methods=("POST",))

    return [
        post(CLOCK_PATH, advance),
        Route(HEALTH_PATH, health),
        post(DELIVER_PATH, deliver),
        Route(REQUESTS_PATH, requests),
        Route(RECEIVED_PATH, received),
        post(EXPIRE_SESSIONS_PATH, expire_sessions),
        post(MFA_PATH, mfa),
        post(ACCOUNTS_PATH, accounts),
        post(OAUTH_PATH, oauth),
        post(FAULTS_PATH, fail),
        Route(FAULTS_PATH, faults_to_come),
        post(CLEAR_FAULTS_PATH, clear_faults),
        post(RESET_PATH, reset),
        post(SEED_PATH, fill),
        post(PURCHASES_PATH, purchase),
        post(SNAPSHOTS_PATH, snapshot),
        post(SNAPSHOTS_PATH + "/{id}/restore", restore),
    ]

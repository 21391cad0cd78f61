"""The sandbox's own paths, for tests in other processes. BILL has none of them."""

from __future__ import annotations

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from pytest_bill.sandbox import errors
from pytest_bill.sandbox.bodies import Number, check, json_object
from pytest_bill.sandbox.state import SandboxState

PREFIX = "/__sandbox__/"
CLOCK_PATH = PREFIX + "clock"
REQUESTS_PATH = PREFIX + "requests"
EXPIRE_SESSIONS_PATH = PREFIX + "expire-sessions"


def routes(state: SandboxState) -> list[BaseRoute]:
    """Moving the clock, reading the request counts, ending all sessions."""
    fields = {"advance_seconds": Number(required=True, minimum=0)}

    async def advance(request: Request) -> Response:
        """`advance_seconds`: how far to move forward; answers the new time as `now`."""
        seconds = check(await json_object(request), fields)["advance_seconds"]
        try:
            state.clock.advance(timedelta(seconds=seconds))
        except OverflowError:
            problem = errors.invalid_value("advance_seconds", seconds)
            raise errors.bad_request(problem) from None
        return JSONResponse({"now": state.timestamp()})

    async def requests(_request: Request) -> Response:
        """How many requests came in, by "METHOD path"; these paths are not counted."""
        return JSONResponse(state.request_counts())

    async def expire_sessions(_request: Request) -> Response:
        """End every session now."""
        state.sessions.expire_all()
        return Response(status_code=204)

    return [
        Route(CLOCK_PATH, advance, methods=["POST"]),
        Route(REQUESTS_PATH, requests, methods=["GET"]),
        Route(EXPIRE_SESSIONS_PATH, expire_sessions, methods=["POST"]),
    ]

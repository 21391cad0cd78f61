"""The ASGI application: every route, and refusals where BILL refuses."""

from __future__ import annotations

from collections.abc import Callable

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pytest_bill.sandbox import api, control
from pytest_bill.sandbox.admission import Admission
from pytest_bill.sandbox.api.files import downloads
from pytest_bill.sandbox.api.spend import uploads
from pytest_bill.sandbox.api.v2 import documents
from pytest_bill.sandbox.core import errors, outbox
from pytest_bill.sandbox.core.delivery import Dispatcher
from pytest_bill.sandbox.core.errors import BillError
from pytest_bill.sandbox.core.received import LARGEST_BODY
from pytest_bill.sandbox.core.state import SandboxState
from pytest_bill.sandbox.description import reference
from pytest_bill.sandbox.own_faults import OwnFaults

LARGEST_REQUEST = 32 * 1024 * 1024
"""Bytes. BILL documents no limit for all requests; this one keeps the sandbox's memory bounded."""


def create_app(state: SandboxState, is_ours: Callable[[str], bool]) -> Starlette:
    """The application that serves ``state``, to who calls it by a Host that ``is_ours``."""
    state.daily = api.DAILY

    def refused(path: str, error: BillError) -> Response:
        return error.response(path, state.clock.now())

    async def refuse(request: Request, error: Exception) -> Response:
        """Starlette's own 404 and 405 become BILL's refusals too."""
        refusal = error if isinstance(error, BillError) else errors.api_not_supported()
        return refused(request.url.path, refusal)

    def system_error(path: str) -> Response:
        return refused(path, errors.system_error())

    dispatcher = Dispatcher(state)
    state.start_delivery = dispatcher.send_due
    state.listeners.append(lambda *happened: outbox.notify_subscribers(state, *happened))

    app = Starlette(
        routes=[
            *control.control_routes(state, api.OPERATIONS, dispatcher),
            *reference.reference_routes(api.OPERATIONS),
            *downloads.download_routes(state),
            *documents.document_routes(state),
            *uploads.upload_routes(state),
            *(operation.route for operation in api.OPERATIONS),
        ],
        middleware=[
            Middleware(Admission, is_ours=is_ours, prefix=control.PREFIX),
            Middleware(OwnFaults, answer=system_error),
            Middleware(_Receiver, state=state),
        ],
        exception_handlers={BillError: refuse, HTTPException: refuse},
    )
    app.state.sandbox = state
    # BILL has no paths that end in a slash, and a redirect would leak headers to a retry.
    app.router.redirect_slashes = False
    return app


class _Receiver:
    """Remembers the requests to BILL's paths, refused ones too, with the body that they brought."""

    def __init__(self, app: ASGIApp, state: SandboxState) -> None:
        self._app = app
        self._state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(control.PREFIX):
            await self._app(scope, receive, send)
            return
        body = bytearray()

        async def listen() -> Message:
            message = await receive()
            chunk = message.get("body", b"")
            if len(body) + len(chunk) > LARGEST_REQUEST:
                raise errors.too_large()
            body.extend(chunk)
            return message

        try:
            await self._app(scope, listen, send)
        except ClientDisconnect:
            pass  # who asked is gone, and is no fault of the sandbox
        finally:
            self._state.received.add(
                scope["method"],
                scope["path"],
                scope["query_string"].decode("latin-1"),
                Headers(scope=scope),
                bytes(body) if len(body) <= LARGEST_BODY else b"",
            )

"""The ASGI application: every route, and refusals where BILL refuses."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import cache
from time import perf_counter

from pytest_bill.sandbox import api, control, own_faults
from pytest_bill.sandbox.admission import Admission
from pytest_bill.sandbox.api.files import downloads
from pytest_bill.sandbox.api.spend import uploads
from pytest_bill.sandbox.api.v2 import documents
from pytest_bill.sandbox.control_paths import PREFIX
from pytest_bill.sandbox.core import errors, outbox
from pytest_bill.sandbox.core.clock import moment_of
from pytest_bill.sandbox.core.delivery import Dispatcher
from pytest_bill.sandbox.core.errors import BillError
from pytest_bill.sandbox.core.http import (
    Disconnected,
    Receive,
    Request,
    Response,
    Scope,
    Send,
    TooLarge,
    json_response,
)
from pytest_bill.sandbox.core.operations import Operation
from pytest_bill.sandbox.core.routing import Route, Router
from pytest_bill.sandbox.core.state import SandboxState
from pytest_bill.sandbox.description import openapi
from pytest_bill.sandbox.pages.routes import HOME_PATH, PageRouter, Served


def create_app(
    state: SandboxState,
    is_ours: Callable[[str], bool],
    log: Callable[[str], None] | None = None,
) -> Application:
    """The application that serves ``state``, to who calls it by a Host that ``is_ours``.

    ``log`` is told of each request, in a line without credentials.
    """
    state.daily = api.DAILY
    dispatcher = Dispatcher(state)
    state.start_delivery = dispatcher.send_due
    state.has_subscribers = lambda: outbox.has_subscribers(state)
    state.listeners.append(lambda *happened: outbox.notify_subscribers(state, *happened))
    own = Router(
        [
            *control.control_routes(state, api.OPERATIONS, dispatcher),
            Route(openapi.PATH, _document),
            *downloads.download_routes(state),
            *documents.document_routes(state),
            *uploads.upload_routes(state),
        ]
    )
    pages = PageRouter(
        Served(state, api.OPERATIONS, dispatcher, lambda *asked: application(*asked))
    )
    routers = (_operations_router(api.OPERATIONS), own, pages)
    application = Application(state, Admission(is_ours), routers, log)
    return application


async def _document(_request: Request) -> Response:
    """The OpenAPI document."""
    return _document_of(api.OPERATIONS)


@cache  # for all sandboxes of a process: to make it takes longer than any call
def _document_of(operations: tuple[Operation, ...]) -> Response:
    return json_response(openapi.document(operations))


class Application:
    """Answers requests, one at a time on one connection; knows no other scope than ``http``."""

    def __init__(
        self,
        state: SandboxState,
        admission: Admission,
        routers: Sequence[Router],
        log: Callable[[str], None] | None,
    ) -> None:
        self._state = state
        self._admission = admission
        self._routers = routers
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        request = Request(self._state, scope, receive)
        response = self._admission.refusal(request)
        try:
            if response is None:
                response = await self._answer(request)
            if self._log is not None and _is_told(request, response):
                self._tell(request, response)
            if response is not None:
                await response.send(request, send)
        except asyncio.CancelledError:
            pass  # the sandbox has stopped, and cut the connection
        except Exception as error:
            own_faults.tell(error, request.handled_by)

    async def _answer(self, request: Request) -> Response | None:
        """What is answered; None if who asked is gone."""
        if request.path.startswith(PREFIX) or request.path == HOME_PATH:
            return await self._handle(request)
        moment, started = moment_of(self._state.clock), perf_counter()
        response: Response | None = None
        try:
            response = await self._handle(request)
            return response
        finally:
            # Requests to BILL's paths, refused ones too, with the body that they brought.
            self._state.received.add(
                request.method,
                request.path,
                request.scope["query_string"],
                request.headers,
                request.received,
                response,
                request.handled_by,
                moment,
                perf_counter() - started,
            )

    def _tell(self, request: Request, response: Response | None) -> None:
        # Imported by who tells: few do.
        from pytest_bill.sandbox.request_log import request_line

        assert self._log is not None
        self._log(request_line(request, response))

    async def _handle(self, request: Request) -> Response | None:
        try:
            for router in self._routers:
                found = router.find(request.method, request.path)
                if found is not None:
                    route, request.path_parameters = found
                    request.handled_by = route.told
                    return await route.endpoint(request)
            return self._refused(request, errors.api_not_supported())
        except BillError as refusal:
            return self._refused(request, refusal)
        except TooLarge:
            return self._refused(request, errors.too_large())
        except Disconnected:
            return None
        except Exception as error:
            own_faults.tell(error, request.handled_by)
            return self._refused(request, errors.system_error())

    def _refused(self, request: Request, refusal: BillError) -> Response:
        return refusal.response(request.path, self._state.clock.now())


def _is_told(request: Request, response: Response | None) -> bool:
    """Not where a container or a test asks the sandbox itself, unless that was refused."""
    is_refused = response is not None and response.status >= 400
    return is_refused or not request.path.startswith(PREFIX)


@cache
def _operations_router(operations: tuple[Operation, ...]) -> Router:
    """Where BILL's operations are, for all sandboxes of a process."""
    return Router(operation.route for operation in operations)

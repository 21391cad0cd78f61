"""Where the pages are, and who may look at them: a browser of this machine, whoever is let in."""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from pytest_bill.sandbox.admission import refused
from pytest_bill.sandbox.control_paths import PREFIX
from pytest_bill.sandbox.core.delivery import Dispatcher
from pytest_bill.sandbox.core.http import Receive, Request, Response, Scope, Send
from pytest_bill.sandbox.core.operations import Operation
from pytest_bill.sandbox.core.routing import Endpoint, Route, Router
from pytest_bill.sandbox.core.state import SandboxState
from pytest_bill.sandbox.pages import FOLDER

HOME_PATH = "/"

_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
"""What a page cannot say of itself: no other site shows it, or keeps hold of it."""


class Link(NamedTuple):
    """An entry of the menu that each page has."""

    path: str
    name: str


MENU = (
    Link(HOME_PATH, "Start"),
    Link(PREFIX + "records", "Records"),
    Link(PREFIX + "asked", "Requests"),
    Link(PREFIX + "webhooks", "Webhooks"),
    Link(PREFIX + "control", "Control"),
    Link(PREFIX + "reference", "Reference"),
)


def page(
    template: str, here: str, scripts: Iterable[str] = (), data: Any = None, **more: Any
) -> Response:
    """A page of a template in this folder; ``here`` is the path of its entry in the menu.

    ``data`` is what its scripts read, ``more`` what the template shows.
    """
    # Imported by who looks at a page: no test does.
    from pytest_bill.pages.rendering import rendered

    text = rendered(
        FOLDER,
        template,
        ("sandbox.js", *scripts),
        data,
        connects=True,
        menu=MENU,
        here=here,
        **more,
    )
    return Response(text, media_type="text/html", headers=_HEADERS)


@dataclass(frozen=True, eq=False)
class Served:
    """What the pages look into."""

    state: SandboxState = field(repr=False)
    operations: tuple[Operation, ...] = field(repr=False)
    dispatcher: Dispatcher = field(repr=False)
    application: Callable[[Scope, Receive, Send], Awaitable[None]]
    """Answers what is asked from a page, as it answers anybody."""


class PageRouter(Router):
    """The routes of the pages, which are made, and imported, for the first who opens one."""

    def __init__(self, served: Served) -> None:
        super().__init__(())
        self._served = served

    def find(self, method: str, path: str) -> tuple[Route, Mapping[str, str]] | None:
        """The route and the path's parameters; None where there is none."""
        if path != HOME_PATH and not path.startswith(PREFIX):
            return None
        return self._router.find(method, path)

    @cached_property
    def _router(self) -> Router:
        from pytest_bill.sandbox.pages.all_pages import all_routes

        return Router(
            Route(each.path, _for_this_machine(each.endpoint), each.methods, each.told)
            for each in all_routes(self._served)
        )


def _for_this_machine(endpoint: Endpoint) -> Endpoint:
    async def answer(request: Request) -> Response:
        if not _is_here(request):
            return refused(
                403,
                "The local sandbox shows its pages to its own machine only. "
                "Open them there: http://127.0.0.1 and its port.",
            )
        return await endpoint(request)

    return answer


def _is_here(request: Request) -> bool:
    client = request.scope.get("client")
    return client is not None and ipaddress.ip_address(client[0]).is_loopback

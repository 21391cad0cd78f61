"""The first page: what this is, and where one goes from here."""

from __future__ import annotations

from pytest_bill.sandbox.core.http import Request, Response
from pytest_bill.sandbox.core.routing import Route
from pytest_bill.sandbox.pages.routes import HOME_PATH, Served, page


def routes(served: Served) -> list[Route]:
    """``/``."""

    async def home(_request: Request) -> Response:
        """The first page."""
        return page("home.html.j2", HOME_PATH, now=served.state.timestamp())

    return [Route(HOME_PATH, home)]

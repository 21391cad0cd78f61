"""What the sandbox answers, to read: for programs as OpenAPI, for people as a page.

The page is plain HTML without scripts, so that it works without a network.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from itertools import groupby
from pathlib import Path

from pytest_bill.sandbox.core.http import Request, Response, json_response
from pytest_bill.sandbox.core.operations import Operation
from pytest_bill.sandbox.core.routing import Route
from pytest_bill.sandbox.description import openapi

PAGE_PATH = "/"


def reference_routes(operations: tuple[Operation, ...]) -> list[Route]:
    """GET /openapi.json and GET /."""

    async def document(_request: Request) -> Response:
        """The OpenAPI document."""
        return _document(operations)

    async def page(_request: Request) -> Response:
        """The page to browse."""
        return _page(operations)

    return [Route(openapi.PATH, document), Route(PAGE_PATH, page)]


# Both are made once for all sandboxes of a process: to make them takes longer than any call.
@cache
def _document(operations: tuple[Operation, ...]) -> Response:
    return json_response(openapi.document(operations))


@cache
def _page(operations: tuple[Operation, ...]) -> Response:
    return Response(render_page(operations), media_type="text/html")


def render_page(operations: Sequence[Operation]) -> str:
    """The page: every operation, grouped by area, with its headers, body and answer."""
    # Imported by who looks at the page: no test does.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    described = openapi.document(operations)["paths"]
    areas = [
        (area, list(members))
        for area, members in groupby(
            sorted(operations, key=lambda operation: operation.area),
            key=lambda operation: operation.area,
        )
    ]
    return environment.get_template("reference.html.j2").render(
        areas=areas,
        described=described,
        pretty=lambda value: json.dumps(value, indent=2),
    )

"""What the sandbox answers, to read: for programs as OpenAPI, for people as a page.

The page is plain HTML without scripts, so that it works without a network.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from pytest_bill.sandbox.core.operations import Operation
from pytest_bill.sandbox.description import openapi

PAGE_PATH = "/"


def reference_routes(operations: Sequence[Operation]) -> list[BaseRoute]:
    """GET /openapi.json and GET /."""

    async def document(_request: Request) -> Response:
        """The OpenAPI document."""
        return JSONResponse(openapi.document(operations))

    async def page(_request: Request) -> Response:
        """The page to browse."""
        return HTMLResponse(render_page(operations))

    return [
        Route(openapi.PATH, document, methods=["GET"]),
        Route(PAGE_PATH, page, methods=["GET"]),
    ]


def render_page(operations: Sequence[Operation]) -> str:
    """The page: every operation, grouped by area, with its headers, body and answer."""
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

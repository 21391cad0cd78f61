"""What the sandbox answers, to read: every operation, with what it takes and answers."""

from __future__ import annotations

import json
from itertools import groupby

from pytest_bill.sandbox.control_paths import PREFIX
from pytest_bill.sandbox.core.http import Request, Response
from pytest_bill.sandbox.core.routing import Route
from pytest_bill.sandbox.description import openapi
from pytest_bill.sandbox.pages.routes import Served, page

PATH = PREFIX + "reference"


def routes(served: Served) -> list[Route]:
    """The reference."""

    async def reference(_request: Request) -> Response:
        """Every operation, grouped by area, with its headers, body and answer."""
        described = openapi.document(served.operations)["paths"]
        areas = [
            (area, list(members))
            for area, members in groupby(
                sorted(served.operations, key=lambda operation: operation.area),
                key=lambda operation: operation.area,
            )
        ]
        return page(
            "reference.html.j2",
            PATH,
            areas=areas,
            described=described,
            pretty=lambda value: json.dumps(value, indent=2),
        )

    return [Route(PATH, reference)]

"""What the sandbox answers: all operations to search, each on a page of its own, to try it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from functools import cache, lru_cache
from itertools import count
from urllib.parse import quote

from pytest_bill.did_you_mean import nearest
from pytest_bill.sandbox.control_paths import PREFIX
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.http import Request, Response, json_response
from pytest_bill.sandbox.core.operations import Operation
from pytest_bill.sandbox.core.received import without_secrets
from pytest_bill.sandbox.core.routing import Route
from pytest_bill.sandbox.pages.reference import listed
from pytest_bill.sandbox.pages.reference.callers import CREDENTIALS, may_call
from pytest_bill.sandbox.pages.reference.examples import Example, example_of
from pytest_bill.sandbox.pages.reference.examples.refusals import REFUSED
from pytest_bill.sandbox.pages.reference.operation_told import operation_told
from pytest_bill.sandbox.pages.routes import Served, page

PATH = PREFIX + "reference"

_FIRST_NUMBER = 1001
_PAGES_KEPT = 8


def routes(served: Served) -> list[Route]:
    """The list, the page of each operation, and examples for its script."""
    by_name = {each.name: each for each in served.operations}
    numbers = count(_FIRST_NUMBER)

    def example(operation: Operation, credential: str | None = None) -> Example:
        return example_of(operation, served.state, by_name, credential, next(numbers))

    async def reference(request: Request) -> Response:
        """Every operation, by area; ``q`` and the filters leave out what does not fit."""
        return _list_page(served.operations, listed.Asked.of(request.query))

    async def operation_page(request: Request) -> Response:
        """One operation, with an example to send."""
        name = request.path_parameters["operation"]
        operation = by_name.get(name)
        if operation is None:
            return _unknown(name, by_name)
        return _operation_page(served, operation, example(operation))

    async def example_to_send(request: Request) -> Response:
        """An example of an operation, with the query's ``credential`` if that may call it."""
        operation = by_name.get(request.path_parameters["operation"])
        credential = request.query.get("credential")
        if operation is None:
            raise errors.no_data_found()
        made = asdict(example(operation, credential if credential in may_call(operation) else None))
        return json_response(without_secrets(made, served.state.secrets()))

    return [
        Route(PATH, reference),
        Route(PATH + "/{operation}", operation_page),
        Route(PATH + "/{operation}/example", example_to_send),
    ]


@lru_cache(maxsize=_PAGES_KEPT)  # to make one takes some 40 ms
def _list_page(operations: tuple[Operation, ...], asked: listed.Asked) -> Response:
    areas = listed.areas(_rows(operations), asked)
    return page(
        "reference/reference.html.j2",
        PATH,
        ("reference/reference.js",),
        asked=asked,
        areas=areas,
        count=sum(each.count for each in areas),
        total=len(operations),
        filters=(
            ("credential", "Credential", CREDENTIALS, asked.credential),
            ("method", "Method", listed.METHODS, asked.method),
            ("version", "Part of the API", listed.VERSIONS, asked.version),
        ),
        versions=listed.VERSIONS,
    )


@cache  # for all sandboxes of a process
def _rows(operations: tuple[Operation, ...]) -> list[listed.Row]:
    return listed.rows(operations)


def _operation_page(served: Served, operation: Operation, example: Example) -> Response:
    shown = without_secrets(asdict(example), served.state.secrets())
    return page(
        "reference/operation.html.j2",
        PATH,
        ("reference/sender.js", "reference/operation.js"),
        {"operation": operation.name, "path": PATH},
        told=operation_told(operation),
        example=shown,
        credentials=may_call(operation),
        refused=REFUSED.get(operation.name, ""),
        reference=PATH,
    )


def _unknown(name: str, known: Mapping[str, Operation]) -> Response:
    answer = page(
        "reference/unknown_operation.html.j2",
        PATH,
        name=name,
        nearest=nearest(name, known),
        reference=PATH,
        search=quote(name),
    )
    answer.status = 404
    return answer

"""What the sandbox was asked: a list that grows while one looks, and each request with its answer.

The list is of the latest requests that are kept. A page that is open asks for what is new: what
that takes grows with what is new, not with what is there.
"""

from __future__ import annotations

import json
from typing import Any

from pytest_bill.sandbox.control_paths import PREFIX
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.clock import timestamp
from pytest_bill.sandbox.core.errors import Problem
from pytest_bill.sandbox.core.http import (
    NOBODY,
    Dropped,
    Request,
    Response,
    Truncated,
    json_response,
)
from pytest_bill.sandbox.core.received import Asked, request_told
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.routing import Route
from pytest_bill.sandbox.pages.came_with import Knowing
from pytest_bill.sandbox.pages.hiding import Hiding
from pytest_bill.sandbox.pages.routes import Served, page
from pytest_bill.sandbox.pages.shown import part
from pytest_bill.sandbox.pages.snippets import snippets
from pytest_bill.sandbox.request_log import bill_codes

PATH = PREFIX + "asked"
SINCE_PATH = PATH + "/since"

MOST = 100
"""So many are told at once."""

_LONGEST_WORDS = 2_000
"""So many characters of each body are searched in."""

_DIGITS = 15
_ENDINGS = {Dropped: "cut off", Truncated: "cut in half"}


def routes(served: Served) -> list[Route]:
    """The list, what is new in it, and each request."""
    state, hiding = served.state, Hiding(served.state)

    def rows(after: int, before: int | None = None) -> Record:
        first, last = state.received.numbers
        found = state.received.between(after, last + 1 if before is None else before, MOST)
        if not found:
            return {"asked": [], "first": first, "last": last}
        knowing = Knowing(state)
        shown: list[Record] = hiding.hidden([_row(each, knowing.of(each).told) for each in found])
        for each in shown:
            each["words"] = [text[:_LONGEST_WORDS] for text in each["words"]]
        return {"asked": shown, "first": first, "last": last}

    async def asked(_request: Request) -> Response:
        """The page, with the latest of them."""
        told = rows(0)
        return page(
            "asked/asked.html.j2",
            PATH,
            ("asked/asked.js",),
            {**told, "path": PATH},
            rows=told["asked"][::-1],
        )

    async def since(request: Request) -> Response:
        """Those after the number ``after``, and before ``before``; the latest ``MOST`` of them.

        ``asked`` has them, oldest first; ``first`` is the first number that is still kept, ``last``
        the last that came in.
        """
        before = _number(request, "before") if "before" in request.query else None
        return json_response(rows(_number(request, "after"), before))

    async def one(request: Request) -> Response:
        """A request and its answer, as ``page.js`` shows them, and as code that sends it again."""
        text = request.path_parameters["number"]
        found = state.received.find(int(text)) if _is_number(text) else None
        if found is None:
            message = "This request is no longer kept: the sandbox keeps the latest 1,000, and a "
            raise errors.BillError(404, (Problem("", message + "reset drops them all."),))
        came_with = Knowing(state).of(found)
        headers = dict(found.headers)
        kind = headers.get("content-type", "")
        told: Record = {
            "request": part(hiding, headers.items(), kind, found.body, found.size),
            "answer": None,
            "snippets": snippets(found, came_with, state, hiding),
        }
        answer = found.answer
        if answer is not None and answer.kind is not Dropped:
            kind = answer.headers.get("content-type", "")
            told["answer"] = part(hiding, answer.headers.items(), kind, answer.body, answer.size)
        return json_response(told)

    return [
        Route(PATH, asked),
        Route(SINCE_PATH, since),
        Route(PATH + "/{number}", one),
    ]


def _row(asked: Asked, came_with: str) -> Record:
    """What a line of the list says, and the words of its bodies to search in."""
    told = request_told(asked.method, asked.path, asked.query, asked.headers, asked.body)
    body, answer = told["body"], asked.answer
    content = b"" if answer is None else answer.body
    return {
        "number": asked.number,
        "time": timestamp(asked.moment),
        "method": asked.method,
        "path": asked.path,
        "query": "&".join(f"{name}={value}" for name, value in told["query"].items()),
        "operation": "" if asked.operation == NOBODY else asked.operation,
        "status": None if answer is None or answer.kind is Dropped else answer.status,
        "codes": [] if answer is None else bill_codes(asked.path, answer.status, content),
        "ending": "no answer" if answer is None else _ENDINGS.get(answer.kind, ""),
        "milliseconds": round(asked.seconds * 1000, 1),
        "came_with": came_with,
        "words": [
            "" if body is None else json.dumps(body, ensure_ascii=False),
            content.decode("utf-8", "replace"),
        ],
    }


def _number(request: Request, name: str) -> int:
    """A number of the query."""
    text: Any = request.query.get(name, "")
    if not _is_number(text):
        raise errors.bad_request(errors.invalid_parameter(name, text))
    return int(text)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= _DIGITS

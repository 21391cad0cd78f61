"""Examples: for each operation a call that this sandbox takes, to be looked at, changed and sent.

It is made of the operation's own fields, with ids of records that the sandbox has, numbers that no
record has yet, and dates by the sandbox's clock. What fields alone do not tell stands in
``recipes``.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from pytest_bill import multipart
from pytest_bill.sandbox.core.fields import Field, Object
from pytest_bill.sandbox.core.http import FORM_TYPE, JSON_TYPE
from pytest_bill.sandbox.core.operations import Caller, Header, Operation, Query
from pytest_bill.sandbox.core.state import SandboxState
from pytest_bill.sandbox.pages.reference.callers import may_call
from pytest_bill.sandbox.pages.reference.examples.known import Known
from pytest_bill.sandbox.pages.reference.examples.recipe import Fields, Make, laid_over
from pytest_bill.sandbox.pages.reference.examples.recipes import recipe_of
from pytest_bill.sandbox.pages.reference.examples.values import Maker

_BOUNDARY = "example-of-a-form"
_PDF = "%PDF-1.4\n%%EOF\n"
"""The smallest that starts as one: only its first bytes are looked at."""

_CREDENTIALS = frozenset({"devKey", "sessionId"})
"""Fields of v2's forms that whoever sends an example adds."""
_BULK = "/Bulk/Crud/"


@dataclass(frozen=True)
class Example:
    """A request, as ``/__sandbox__/send`` takes it."""

    credential: str
    """The name of the credential that it is sent with; empty for none."""
    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: str
    form: Mapping[str, str] | None
    """The fields of a form, of which ``body`` is made; None for any other body."""
    needs: tuple[str, ...]
    """The operations that have to be sent before: there is no such record yet."""
    lacks: tuple[str, ...]
    """What whoever calls has none of, and no operation makes."""


def example_of(
    operation: Operation,
    state: SandboxState,
    known_operations: Mapping[str, Operation],
    credential: str | None = None,
    number: int = 1,
) -> Example:
    """An example of the operation; ``number`` makes its numbers and names others than before.

    ``credential`` is one of those that may call it, by default the usual one.
    """
    by = may_call(operation)[0] if credential is None else credential
    maker = _Making(operation, state, known_operations, by, number)
    return maker.example()


class _Making:
    """The making of one example."""

    def __init__(
        self,
        operation: Operation,
        state: SandboxState,
        operations: Mapping[str, Operation],
        by: str,
        number: int,
    ) -> None:
        self._operation = operation
        self._operations = operations
        self._by = by
        self._recipe = recipe_of(operation.name)
        self._known = Known(state, by, operation, self._recipe.kinds)
        self._maker = Maker(number, state.clock.now().date(), self._known.id_of)

    def example(self) -> Example:
        """It."""
        operation, known = self._operation, self._known
        if self._recipe.path is not None:
            known.chosen.update(self._recipe.path(known, self._maker))
        known.choose_path()
        path = operation.path
        for name, value in known.chosen.items():
            path = path.replace(f"{{{name}}}", quote(value, safe=""))
        query = self._named(operation.query, self._recipe.query)
        headers = self._named(operation.headers, self._recipe.headers)
        form = None if operation.form is None else self._form()
        body, content_type = self._body(form)
        if content_type:
            headers["Content-Type"] = content_type
        return Example(
            self._by,
            operation.method,
            path,
            urlencode(query),
            headers,
            body,
            None if operation.upload else form,
            (*self._recipe.first, *known.needs),
            tuple(known.lacks),
        )

    def _named(self, parameters: Collection[Query | Header], make: Make | None) -> Fields:
        made = {
            each.name: self._maker.value(each.field, each.name)
            for each in parameters
            if each.field.required
        }
        return laid_over(made, self._made_by(make))

    def _made_by(self, make: Make | None) -> Fields:
        return {} if make is None else make(self._known, self._maker)

    def _body(self, form: dict[str, str] | None) -> tuple[str, str]:
        """The body and its content type; both are empty where there is none."""
        operation = self._operation
        if form is not None:
            if operation.upload:
                return _multipart(form), f"{multipart.MEDIA_TYPE}; boundary={_BOUNDARY}"
            return urlencode(form), FORM_TYPE
        if operation.upload:
            return _PDF, "application/pdf"
        if operation.body is None:
            return "", ""
        body = self._maker.object(operation.body, partial=operation.partial)
        body = laid_over(body, self._made_by(self._recipe.body))
        return _pretty([body] if operation.many else body), JSON_TYPE

    def _form(self) -> dict[str, str]:
        added = _CREDENTIALS if self._operation.caller is Caller.FORM else ()
        fields = {
            name: each for name, each in (self._operation.form or {}).items() if name not in added
        }
        made = {
            name: self._maker.value(each, name) for name, each in fields.items() if each.required
        }
        data = fields.get("data")
        if isinstance(data, Object):
            made["data"] = self._data(data.fields)
        else:
            made = laid_over(made, self._made_by(self._recipe.body))
        return {
            name: value if isinstance(value, str) else _pretty(value)
            for name, value in made.items()
        }

    def _data(self, fields: Mapping[str, Field]) -> Fields:
        if _BULK in self._operation.path:
            verb, _, entity = self._operation.path.partition(_BULK)[2].partition("/")
            one = self._operations[f"v2{verb}{entity.removesuffix('.json')}"]
            assert one.form is not None
            data = one.form["data"]
            assert isinstance(data, Object)
            recipe = recipe_of(one.name)
            return {"bulk": [self._one(data.fields, recipe.body)]}
        return self._one(fields, self._recipe.body)

    def _one(self, fields: Mapping[str, Field], make: Make | None) -> Fields:
        """``data``; of an object that is written, what is made is its own."""
        made = self._maker.object(fields)
        changes = self._made_by(make)
        if "obj" not in fields:
            return laid_over(made, changes)
        return {**made, "obj": laid_over(made["obj"], changes)}


def _pretty(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _multipart(form: dict[str, str]) -> str:
    parts = [
        f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'
        for name, value in form.items()
    ]
    parts.append(
        'Content-Disposition: form-data; name="file"; filename="example.pdf"\r\n'
        f"Content-Type: application/pdf\r\n\r\n{_PDF}"
    )
    written = "".join(f"--{_BOUNDARY}\r\n{each}\r\n" for each in parts)
    return f"{written}--{_BOUNDARY}--\r\n"

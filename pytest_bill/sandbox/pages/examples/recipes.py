"""What the fields of an operation do not tell of a call that succeeds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pytest_bill.sandbox.core.fields import Object
from pytest_bill.sandbox.core.operations import Operation
from pytest_bill.sandbox.pages.examples.known import Known
from pytest_bill.sandbox.pages.examples.values import Maker

Fields = dict[str, Any]


def query_of(operation: Operation, known: Known, maker: Maker) -> Fields:
    """The parameters of the query."""
    made = {
        each.name: maker.value(each.field, each.name)
        for each in operation.query
        if each.field.required
    }
    return made


def headers_of(operation: Operation, known: Known, maker: Maker) -> dict[str, str]:
    """The headers beside those of the credential."""
    return {
        each.name: maker.value(each.field, each.name)
        for each in operation.headers
        if each.field.required
    }


def body_of(operation: Operation, known: Known, maker: Maker) -> Fields:
    """The JSON body, or one of a list of them."""
    return maker.object(operation.body or {}, partial=operation.partial)


_CREDENTIALS = ("devKey", "sessionId")


def form_of(operation: Operation, known: Known, maker: Maker) -> Fields:
    """The fields of a form, without those of the credential."""
    fields = {
        name: each for name, each in (operation.form or {}).items() if name not in _CREDENTIALS
    }
    return maker.object(fields)

"""Compares methods: ``method``."""

from __future__ import annotations

from pytest_bill.cassettes.matchers.compared_request import ComparedRequest


def method(request: ComparedRequest) -> str:
    """The method, in capital letters."""
    return request.scrubber.registry.hide(request.interaction.method).upper()

"""Compares headers: all of them by ``headers``, the partner API's one by ``organizationId``."""

from __future__ import annotations

from collections.abc import Hashable

from pytest_bill.cassettes.client_noise import without_noise
from pytest_bill.cassettes.matchers.compared_request import ComparedRequest


def headers(request: ComparedRequest) -> Hashable:
    """All headers that are recorded, in any order."""
    hide, header = request.scrubber.registry.hide, request.scrubber.scrubbed_header
    return tuple(
        sorted(
            (hide(name).lower(), header(name, value))
            for name, value in without_noise(request.interaction.headers).items()
        )
    )


def organization_id(request: ComparedRequest) -> str | None:
    """The header that says for which organization a partner asks."""
    return request.header("organizationid")

"""Compares headers: all of them by ``headers``, the partner API's one by ``organizationId``."""

from __future__ import annotations

from collections.abc import Hashable

from pytest_bill.cassettes.client_noise import without_noise
from pytest_bill.cassettes.matchers.compared_request import ComparedRequest
from pytest_bill.credentials.kinds import AUTHORIZATION, CREDENTIAL_HEADERS

_OF_CREDENTIALS = CREDENTIAL_HEADERS | {AUTHORIZATION}
CREDENTIAL = "(a credential)"
"""The name by which all that carry one are compared."""


def headers(request: ComparedRequest) -> Hashable:
    """All headers that are recorded, in any order; of a credential, that there is one.

    Which headers carry it depends on how it signs in, which is no part of what is compared.
    """
    hide, header = request.scrubber.registry.hide, request.scrubber.scrubbed_header
    named = without_noise(request.interaction.headers)
    others = {name: each for name, each in named.items() if name.lower() not in _OF_CREDENTIALS}
    compared = [(hide(name).lower(), header(name, value)) for name, value in others.items()]
    if len(others) < len(named):
        compared.append((CREDENTIAL, ""))
    return tuple(sorted(compared))


def organization_id(request: ComparedRequest) -> str | None:
    """The header that says for which organization a partner asks."""
    return request.header("organizationid")

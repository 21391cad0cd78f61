"""A request as code that sends it again: with curl, requests and httpx.

The credentials come from the environment, as the file that ``pytest-bill sandbox`` writes has them,
and what came in a session signs in first.
"""

from __future__ import annotations

from pytest_bill.sandbox.core.received import Asked
from pytest_bill.sandbox.core.state import SandboxState
from pytest_bill.sandbox.pages.came_with import CameWith
from pytest_bill.sandbox.pages.hiding import Hiding
from pytest_bill.sandbox.pages.snippets import curl, python
from pytest_bill.sandbox.pages.snippets.plan import planned


def snippets(
    asked: Asked, came_with: CameWith, state: SandboxState, hiding: Hiding
) -> dict[str, str]:
    """The code, by the name of what sends."""
    plan = planned(asked, came_with, state, hiding)
    return {
        "curl": curl.code(plan),
        "requests": python.code(plan, "requests"),
        "httpx": python.code(plan, "httpx"),
    }

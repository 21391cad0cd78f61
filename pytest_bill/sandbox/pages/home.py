"""The first page: what this is, and where one goes from here."""

from __future__ import annotations

from datetime import timedelta

from pytest_bill.sandbox.control_paths import PREFIX
from pytest_bill.sandbox.core.http import Request, Response
from pytest_bill.sandbox.core.received import without_secrets
from pytest_bill.sandbox.core.routing import Route
from pytest_bill.sandbox.description import openapi
from pytest_bill.sandbox.pages import credentials, webhooks
from pytest_bill.sandbox.pages.records.holdings import counts_by_owner
from pytest_bill.sandbox.pages.routes import HOME_PATH, MENU, Served, page

VARIABLES = {
    each.name: tuple(
        dict.fromkeys(
            f"BILL_{attribute.upper()}"
            for attribute in (*each.fields.values(), each.key)
            if attribute
        )
    )
    for each in credentials.ALL
}
"""Which variables hold what, by credential."""

_APIS = (
    ("v3, Spend & Expense, partner", "connect"),
    ("v2", "api"),
    ("webhooks", "connect-events"),
    ("OAuth tokens", "authx/token"),
)
_TOLD = {
    PREFIX + "records": "what it holds: organizations, vendors, bills, payments, cards …, "
    "with links from record to record",
    PREFIX + "asked": "what it was asked, with bodies and answers, as it comes in",
    PREFIX + "webhooks": "who subscribed, which notifications were delivered, and which were not",
    PREFIX + "control": "its clock, faults on demand, sign-ins",
    PREFIX + "reference": "every operation, with examples to send",
}


def routes(served: Served) -> list[Route]:
    """``/``."""
    state = served.state

    async def home(request: Request) -> Response:
        """The first page."""
        state.catch_up()
        counts = counts_by_owner(state)
        asked = state.received.counts()
        about = {
            "now": state.timestamp(),
            "started": state.started,
            "moved": _in_words(state.clock.moved),
            "origin": request.base_url.rstrip("/"),
            "apis": _APIS,
            "records": sum(counts.values()),
            "owners": len(counts),
            "operations": len(served.operations),
            "requests": sum(asked.values()),
            "kinds_of_requests": len(asked),
            "notifications": webhooks.counts(state),
            "variables": VARIABLES,
            "pages": [(*each, _TOLD[each.path]) for each in MENU if each.path != HOME_PATH],
            "paths": {
                "records": PREFIX + "records",
                "asked": PREFIX + "asked",
                "webhooks": webhooks.PATH,
                "control": PREFIX + "control",
                "reference": PREFIX + "reference",
                "document": openapi.PATH,
            },
        }
        return page("home.html.j2", HOME_PATH, **without_secrets(about, state.secrets()))

    return [Route(HOME_PATH, home)]


def _in_words(span: timedelta) -> str:
    """A span of time as people say it; empty for none."""
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = ((days, "day"), (hours, "hour"), (minutes, "minute"), (seconds, "second"))
    said = [f"{count:,} {unit}{'s' if count != 1 else ''}" for count, unit in parts if count]
    return ", ".join(said)

"""Every page, and every path that the pages' scripts ask."""

from __future__ import annotations

from pytest_bill.sandbox.core.routing import Route
from pytest_bill.sandbox.pages import (
    asked,
    control,
    home,
    records,
    reference,
    sending,
    webhooks,
)
from pytest_bill.sandbox.pages.routes import Served
from pytest_bill.sandbox.pages.sending import signing_in


def all_routes(served: Served) -> list[Route]:
    """Their routes; a new page is one line here, and one in ``routes.MENU``."""
    sign_ins = signing_in.SignIns(served)
    return [
        *control.routes(served, sign_ins),
        *home.routes(served),
        *records.routes(served),
        *webhooks.routes(served),
        *asked.routes(served),
        *reference.routes(served),
        *sending.routes(served, sign_ins),
        *signing_in.routes(sign_ins),
    ]

"""A secret to be searched for, and how tests read what is left of it."""

from __future__ import annotations

import base64

from pytest_bill.scrubbing.search.search import Search

SECRET = 'Pa/ss+w\u00f6rd "&<42>'
PLACEHOLDER = "PLACEHOLDER_BILL_PASSWORD"


def b64(data: str | bytes) -> str:
    return base64.b64encode(data.encode() if isinstance(data, str) else data).decode()


def replaced(it: Search, text: str) -> str:
    return it.replace(text.encode()).decode()

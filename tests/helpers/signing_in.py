"""Signing in to the sandbox with the developer key."""

from __future__ import annotations

import requests


def developer_login(sandbox) -> dict[str, str]:
    """The body of the sign-in."""
    v = sandbox.variables
    return {
        "username": v["BILL_USERNAME"],
        "password": v["BILL_PASSWORD"],
        "organizationId": v["BILL_ORGANIZATION_ID"],
        "devKey": v["BILL_DEV_KEY"],
    }


def developer_headers(sandbox) -> dict[str, str]:
    """The headers of a new session."""
    body = developer_login(sandbox)
    answer = requests.post(f"{sandbox.origin}/connect/v3/login", json=body, timeout=5)
    return {"devKey": body["devKey"], "sessionId": answer.json()["sessionId"]}

"""The local sandbox in a process of its own, with known credentials.

python -m benchmarks.local_sandbox      # prints its port
"""

from __future__ import annotations

import threading
from urllib.parse import urlsplit

import requests

from benchmarks.answering import CREDENTIALS
from pytest_bill.sandbox import LocalSandbox


def started() -> LocalSandbox:
    """One that has more vendors than a list of 20 shows."""
    return LocalSandbox(variables=CREDENTIALS, vendors=30, rate_limits=False).start()


def signed_in(origin: str) -> requests.Session:
    """A session that keeps its connection and has the headers of a call."""
    session = requests.Session()
    session.trust_env = False  # a proxy is no part of what is measured
    body = {
        "username": CREDENTIALS["BILL_USERNAME"],
        "password": CREDENTIALS["BILL_PASSWORD"],
        "organizationId": CREDENTIALS["BILL_ORGANIZATION_ID"],
        "devKey": CREDENTIALS["BILL_DEV_KEY"],
    }
    answer = session.post(f"{origin}/connect/v3/login", json=body)
    session.headers.update({"devKey": body["devKey"], "sessionId": answer.json()["sessionId"]})
    return session


def main() -> None:
    sandbox = started()
    print(urlsplit(sandbox.origin).port, flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()

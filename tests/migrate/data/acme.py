"""A client of BILL's as teams have one: it signs in by itself, with requests."""

from __future__ import annotations

import json
import os

import requests

V3 = os.environ.get("ACME_BILL_V3", "https://gateway.stage.bill.com/connect/v3")
V2 = os.environ.get("ACME_BILL_V2", "https://api-stage.bill.com/api/v2")


def of(name):
    return os.environ.get(f"ACME_{name}", f"dummy-{name.lower()}")


class Acme:
    def __init__(self):
        self.http = requests.Session()
        self.session_id = ""

    def sign_in(self):
        names = {"username": "USERNAME", "password": "PASSWORD"}
        names |= {"organizationId": "ORGANIZATION_ID", "devKey": "DEV_KEY"}
        body = {field: of(name) for field, name in names.items()}
        answer = self.http.post(f"{V3}/login", json=body, timeout=5)
        answer.raise_for_status()
        self.session_id = answer.json()["sessionId"]
        return answer.json()

    def ask(self, method, path, headers=None, **options):
        own = {"devKey": of("DEV_KEY"), "sessionId": self.session_id, **(headers or {})}
        return self.http.request(method, f"{V3}{path}", headers=own, timeout=5, **options)

    def v2(self, path, data):
        form = {"devKey": of("DEV_KEY"), "sessionId": self.session_id, "data": json.dumps(data)}
        return self.http.post(f"{V2}{path}", data=form, timeout=5)

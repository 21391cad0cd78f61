"""Suites that use BILL, and what their runs did."""

from __future__ import annotations

import json
from pathlib import Path

SUITE = """
import httpx


def test_developer_key(bill_dev_session):
    vendors = bill_dev_session.call("GET", "/v3/vendors", params={"max": 3})
    assert len(vendors["results"]) == 3


def test_sync_token(bill_sync_session):
    assert bill_sync_session.call("GET", "/v3/bills")["results"]


def test_console_api_token(bill_console_session):
    assert bill_console_session.call("GET", "/v3/vendors")["results"]


def test_spend_api_token(bill_spend_client):
    assert len(list(bill_spend_client.paginate("/v3/spend/budgets", {"max": 20}))) > 20


def test_partner_app_key(bill_partner_session):
    address = {"line1": "1 Way", "city": "Houston", "zipOrPostalCode": "77002", "country": "US"}
    organization = {"name": "Difference Engines", "address": address}
    created = bill_partner_session.call("POST", "/v3/partner/organizations", json=organization)
    users = bill_partner_session.for_organization(created["id"])
    assert "results" in users.call("GET", "/v3/partner/users")


def test_another_client(bill_dev_session):
    answer = httpx.get(
        f"{bill_dev_session.base_url}/v3/vendors",
        headers=bill_dev_session.credential_headers(),
    )
    assert answer.status_code == 200
"""


ONE = """
def test_one(bill_dev_session):
    assert bill_dev_session.get("/v3/vendors").ok
"""


NO_CACHE = ("-p", "no:cacheprovider")


LOCAL = ("--bill-environment=local",)


RECORD = (*LOCAL, "--bill-record-mode=once")


def counts(pytester, run, *args) -> dict[str, int]:
    """The counts of a run that must pass."""
    result = run("--bill-report=report.json", *args)
    assert result.ret == 0, result.stdout.str()
    done = json.loads((pytester.path / "report.json").read_text())
    for name in ("usage", "slowest", "cassettes", "live"):
        del done[name]
    return done


def tree(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }

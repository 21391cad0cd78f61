"""Running the scan in tests, and cassettes with secrets to be found."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import requests
import vcr
import yaml

from pytest_bill.cassettes import reader
from pytest_bill.cli import main
from pytest_bill.sandbox import LocalSandbox
from pytest_bill.scan.scanner import Scanned, Scanner

SECRET = "kX9vQ2mL7pR4wT8zB3nC6yF1"  # pytest-bill: allow
CARD = "5425233430109903"  # pytest-bill: allow
ACCOUNT, ROUTING, TAX_ID = "884422119935", "322271779", "927481655"
COMMAND = str(Path(sys.executable).parent / "pytest-bill")


@pytest.fixture(autouse=True)
def fast_and_thorough(monkeypatch) -> None:
    """Scan each file of these tests in both ways: what is found must be the same."""
    scan = Scanner.scan
    others: dict[Scanner, Scanner] = {}

    @wraps(scan)
    def both(self: Scanner, raw: bytes, name: str = "") -> Scanned:
        found = scan(self, raw, name)
        if self not in others:
            read = None if self._read is not None else reader.reader_of_many()
            others[self] = Scanner(self._engine, self._known, read)
        again = scan(others[self], raw, name)
        assert again.hits == found.hits
        assert again.is_cassette == found.is_cassette
        return found

    monkeypatch.setattr(Scanner, "scan", both)


@pytest.fixture
def scan(tmp_path, monkeypatch, capsys) -> Callable[..., Outcome]:
    """Run `pytest-bill scan` in the test's own folder."""
    monkeypatch.chdir(tmp_path)

    def scan(*arguments: Any) -> Outcome:
        capsys.readouterr()  # what ran before
        status = main(["scan", *map(str, arguments)])
        captured = capsys.readouterr()
        return Outcome(status, captured.out, captured.err)

    return scan


class Outcome(NamedTuple):
    """What the command said."""

    status: int
    out: str
    err: str

    @property
    def findings(self) -> list[dict[str, Any]]:
        """Those of a report in JSON."""
        return json.loads(self.out)["findings"]

    @property
    def rules(self) -> list[str]:
        return sorted({finding["rule"] for finding in self.findings})


def cassette(
    path: Path,
    body: str | bytes | None = None,
    answer: str | bytes | None = None,
    *,
    uri: str = "https://gateway.stage.bill.com/connect/v3/vendors",
    headers: dict[str, list[str]] | None = None,
    answer_headers: dict[str, list[str]] | None = None,
    metadata: dict[str, Any] | None = None,
) -> Path:
    """Write a cassette of one interaction as vcrpy does."""
    request = {"method": "POST", "uri": uri, "body": body, "headers": headers or {}}
    response = {
        "status": {"code": 200, "message": "OK"},
        "headers": answer_headers or {},
        "body": {"string": answer},
    }
    data = {"version": 1, "interactions": [{"request": request, "response": response}]}
    if metadata:
        data["metadata"] = metadata
    dump = json.dumps if path.suffix == ".json" else yaml.dump
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dump(data), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def bill():
    with LocalSandbox(rate_limits=False) as sandbox:
        yield sandbox


def talk(sandbox: LocalSandbox) -> dict[str, str]:
    """Sign in with each kind of credential, and send what is secret; gives the secrets by name."""
    variables = sandbox.variables
    v3, v2 = f"{sandbox.origin}/connect/v3", f"{sandbox.origin}/api/v2"
    login = {
        "username": variables["BILL_USERNAME"],
        "password": variables["BILL_PASSWORD"],
        "organizationId": variables["BILL_ORGANIZATION_ID"],
        "devKey": variables["BILL_DEV_KEY"],
    }
    session_id = requests.post(f"{v3}/login", json=login, timeout=5).json()["sessionId"]
    headers = {"devKey": login["devKey"], "sessionId": session_id}
    vendor = {
        "name": "Difference Engines",
        "address": {
            "line1": "1 Analytical Way",
            "city": "Houston",
            "stateOrProvince": "TX",
            "zipOrPostalCode": "77002",
            "country": "US",
        },
        "paymentInformation": {
            "payeeName": "Difference Engines",
            "bankAccount": {
                "nameOnAccount": "Difference Engines",
                "accountNumber": ACCOUNT,
                "routingNumber": ROUTING,
                "type": "CHECKING",
                "ownerType": "BUSINESS",
            },
        },
        "additionalInfo": {"taxId": TAX_ID, "taxIdType": "EIN"},
    }
    created = requests.post(f"{v3}/vendors", json=vendor, headers=headers, timeout=5)
    assert created.status_code == 201, created.text
    requests.get(f"{v3}/vendors", params={"max": 2}, headers=headers, timeout=5)
    console = {
        "userName": variables["BILL_CONSOLE_ADMIN_EMAIL"],
        "password": variables["BILL_CONSOLE_API_TOKEN"],
        "orgId": variables["BILL_CONSOLE_ORGANIZATION_ID"],
        "devKey": variables["BILL_CONSOLE_DEV_KEY"],
    }
    answer = requests.post(f"{v2}/Login.json", data=console, timeout=5).json()
    v2_session = answer["response_data"]["sessionId"]
    requests.post(
        f"{v2}/List/Vendor.json",
        data={
            "devKey": console["devKey"],
            "sessionId": v2_session,
            "data": json.dumps({"start": 0, "max": 2}),
        },
        timeout=5,
    )
    token = {"apiToken": variables["BILL_SPEND_API_TOKEN"]}
    requests.get(f"{v3}/spend/budgets", headers=token, timeout=5)
    return {
        "BILL_USERNAME": login["username"],
        "BILL_PASSWORD": login["password"],
        "BILL_DEV_KEY": login["devKey"],
        "BILL_SESSION_ID": session_id,
        "BILL_CONSOLE_API_TOKEN": console["password"],
        "BILL_CONSOLE_DEV_KEY": console["devKey"],
        "v2 session": v2_session,
        "BILL_SPEND_API_TOKEN": token["apiToken"],
        "account": ACCOUNT,
        "tax id": TAX_ID,
    }


@pytest.fixture
def by_vcrpy(bill, tmp_path):
    """Record with plain vcrpy as it comes; gives the cassette and the secrets in it."""

    def record(name: str = "plain.yaml") -> tuple[Path, dict[str, str]]:
        path = tmp_path / name
        serializer = "json" if path.suffix == ".json" else "yaml"
        with vcr.use_cassette(str(path), serializer=serializer):
            secrets = talk(bill)
        return path, secrets

    return record

"""What a suite with type hints writes by mistake: type checkers refuse each line that says so.

After ``refused:`` stands what the checker names.
"""

from __future__ import annotations

import pytest_bill
from pytest_bill import (
    BillConsoleSession,
    BillEnviron,
    BillError,
    BillPartnerSession,
    BillSecrets,
    BillSession,
    BillSpendClient,
    BillWebhook,
    CassetteError,
    PytestBillError,
    SecretFound,
    SessionRefused,
    verify_signature,
)
from pytest_bill import BillSesion  # refused: BillSesion
from pytest_bill import Problem  # refused: Problem
from pytest_bill import TYPE_CHECKING  # refused: TYPE_CHECKING
from pytest_bill.exceptions import BillEror  # refused: BillEror
from pytest_bill.sandbox import BillSandbox, LocalSandbox


def test_names() -> None:
    pytest_bill.BillSesion  # refused: BillSesion


def test_sessions(bill_dev_session: BillSession, bill_spend_client: BillSpendClient) -> None:
    bill_dev_session.cal("GET", "/v3/vendors")  # refused: cal
    bill_dev_session.call("GET")  # refused: path
    bill_dev_session.call("GET", path=1)  # refused: str
    bill_dev_session.paginate("/v3/vendors", max=2).results  # refused: results
    bill_dev_session.paginate("/v3/vendors", ["max"])  # refused: list
    bill_dev_session.organization_id = "008"  # refused: organization_id
    bill_dev_session.for_organization("008")  # refused: for_organization
    session: BillPartnerSession = bill_spend_client  # refused: BillPartnerSession


def test_a_partner(bill_partner_session: BillPartnerSession) -> None:
    bill_partner_session.for_organization()  # refused: organization_id


def test_a_console(bill_console_session: BillConsoleSession) -> None:
    bill_console_session.for_organization(8)  # refused: str


def test_environ(bill_environ: BillEnviron) -> None:
    bill_environ["v3_url"] = "https://acme.example"  # refused: BillEnviron
    bill_environ.v3_url  # refused: v3_url


def test_secrets(bill_secrets: BillSecrets) -> None:
    bill_secrets.add("a value without a name")  # refused: name
    bill_secrets.add(None, "VAULT_TOKEN")  # refused: None


def test_a_webhook(bill_webhook: BillWebhook) -> None:
    bill_webhook.event("bill.updated")  # refused: record
    bill_webhook.event("bill.updated", {}).headers["x"] = "y"  # refused: Mapping
    bill_webhook.event("bill.updated", {}).body = b""  # refused: body
    verify_signature({"id": "00n01"}, "", "key")  # refused: dict


def test_any_sandbox(bill_sandbox: BillSandbox) -> None:
    bill_sandbox.clock.now()  # refused: clock
    bill_sandbox.start()  # refused: start
    bill_sandbox.stop()  # refused: stop
    bill_sandbox.origin = ""  # refused: origin
    bill_sandbox.fail("listVendors", 1, 503)  # refused: positional
    sandbox: LocalSandbox = bill_sandbox  # refused: LocalSandbox
    BillSandbox()  # refused: abstract


def test_errors(refused: BillError) -> None:
    refused.code  # refused: code
    refused.codes.append(1109)  # refused: str
    error: PytestBillError = refused  # refused: PytestBillError
    again: SessionRefused = refused  # refused: SessionRefused
    found: type[SecretFound] = CassetteError  # refused: SecretFound

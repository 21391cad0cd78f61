"""A suite that reads BILL's data and sends it back, recorded and replayed, in whole runs."""

from __future__ import annotations

import os

import pytest

from pytest_bill.sandbox import LocalSandbox

CONFTEST = """
import pytest


@pytest.fixture(scope="session")
def vendor(bill_dev_session):
    vendors = bill_dev_session.call("GET", "/v3/vendors", params={"max": 5})["results"]
    return next(vendor for vendor in vendors if vendor.get("email"))
"""
SUITE = """
import json
import multiprocessing
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from subprocess import run

import httpx

FORM = "application/x-www-form-urlencoded"


def found(session, vendor):
    params = {"filters": f'name:eq:"{vendor["name"]}"'}
    return [each["id"] for each in session.call("GET", "/v3/vendors", params=params)["results"]]


def test_what_a_fixture_read_is_found(bill_dev_session, vendor):
    print("SEEN", vendor["name"])
    assert found(bill_dev_session, vendor) == [vendor["id"]]


def test_what_is_sent_back_is_as_it_was(bill_dev_session, vendor):
    body = {key: vendor[key] for key in ("name", "email", "address")}
    path = f"/v3/vendors/{vendor['id']}"
    changed = bill_dev_session.call("PATCH", path, json=body)
    assert changed["name"] == vendor["name"]
    assert changed["address"] == vendor["address"]
    made = bill_dev_session.call("POST", "/v3/vendors", json=body | {"name": "Ada and Sons"})
    assert (made["name"], made["email"]) == ("Ada and Sons", vendor["email"])


def test_with_v2(bill_dev_session, vendor):
    filters = [{"field": "name", "op": "=", "value": vendor["name"]}]
    data = {"data": json.dumps({"start": 0, "max": 9, "filters": filters})}
    listed = bill_dev_session.post("/v2/List/Vendor.json", data=data).json()["response_data"]
    assert [each["id"] for each in listed] == [vendor["id"]]
    assert listed[0]["name"] == vendor["name"]


def asked(url, name, headers):
    with httpx.Client(headers=headers) as client:
        return client.get(url, params={"filters": f'name:eq:"{name}"'}).json()["results"]


def test_in_threads_and_in_a_fork(bill_dev_session, vendor):
    url, headers = f"{bill_dev_session.base_url}/v3/vendors", bill_dev_session.credential_headers()
    arguments = [(url, vendor["name"], headers)] * 2
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(asked, *zip(*arguments)))
    with multiprocessing.get_context("fork").Pool(1) as pool:
        results += pool.starmap(asked, arguments)
    assert {each["name"] for found in results for each in found} == {vendor["name"]}
    assert [len(found) for found in results] == [1] * 4
"""


@pytest.fixture
def bill(monkeypatch):
    """Another BILL than the local sandbox: what that answers is made up, and says so."""
    monkeypatch.setattr("pytest_bill.sandbox.server.SERVER", "BILL")
    with LocalSandbox(rate_limits=False) as sandbox:
        yield sandbox


@pytest.fixture
def record(pytester, subprocess_run, bill):
    """A run that records from BILL."""

    def record(*args):
        known = bill.variables | {"BILL_BASE_URL": bill.origin}
        env = pytester.path / ".env"
        env.write_text("\n".join(f"{name}={value}" for name, value in known.items()))
        result = subprocess_run("--bill-record-mode=all", *args)
        env.unlink()
        return result

    return record


def all_cassettes(pytester) -> str:
    paths = sorted((pytester.path / "cassettes").rglob("*.yaml"))
    return "".join(path.read_text(encoding="utf-8") for path in paths)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs Unix")
def test_what_passes_while_recording_passes_in_replay(pytester, record, subprocess_run):
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(test_suite=SUITE)
    recorded = record("-rP")
    recorded.assert_outcomes(passed=4)
    replayed = subprocess_run("-rP", "--disable-socket", "--allow-unix-socket", "-W", "ignore")
    replayed.assert_outcomes(passed=4)
    seen = [
        [line for line in result.outlines if line.startswith("SEEN")]
        for result in (recorded, replayed)
    ]
    assert seen[0] == seen[1] != []
    assert len(seen[0]) == 1


REAL_VALUE = """
def test_bills_own_value(bill_dev_session):
    vendors = bill_dev_session.call("GET", "/v3/vendors", params={"max": 1})["results"]
    assert vendors[0]["name"] == "no vendor's name"
"""


def test_a_test_that_compares_with_bills_value_is_told_why_it_fails(pytester, record):
    pytester.makepyfile(test_suite=REAL_VALUE)
    result = record()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*- bill: stand-ins -*",
            "* shown to this test as stand-ins, as in each replay: *organization_name*",
            'Compare with *bill_config* = {*"organization_name": False*}.',
        ]
    )
    assert "test_suite" not in all_cassettes(pytester)

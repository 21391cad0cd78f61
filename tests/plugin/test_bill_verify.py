"""``--bill-verify``: what is recorded is asked again, and no cassette changes."""

from __future__ import annotations

import json

import pytest

from tests.helpers.suites import RECORD

LOCAL = "--bill-environment=local"
SUITE = """
import json

def test_vendors(bill_dev_session):
    vendor = bill_dev_session.call("GET", "/v3/vendors", params={"max": 2})["results"][0]
    assert bill_dev_session.call("GET", f"/v3/vendors/{vendor['id']}")["name"]

def test_a_new_one(bill_dev_session):
    address = {"line1": "1 Way", "city": "Houston", "zipOrPostalCode": "77002", "country": "US"}
    made = bill_dev_session.call("POST", "/v3/vendors", json={"name": "Ada", "address": address})
    assert bill_dev_session.call("GET", f"/v3/vendors/{made['id']}")["name"]

def test_v2(bill_console_session):
    form = {"data": json.dumps({"start": 0, "max": 2})}
    vendors = bill_console_session.post("/v2/List/Vendor.json", data=form).json()
    form = {"data": json.dumps({"id": vendors["response_data"][0]["id"]})}
    assert bill_console_session.post("/v2/Crud/Read/Vendor.json", data=form).json()

def test_spend(bill_spend_client):
    assert list(bill_spend_client.paginate("/v3/spend/budgets", {"max": 20}))
"""


def change_a_recording(suite) -> None:
    """As if BILL had answered otherwise: one field more, another one of another type."""
    (path,) = suite.folder.glob("cassettes/**/test_vendors.yaml")
    text = path.read_text(encoding="utf-8")
    assert text.count('"archived":false,') == 3
    path.write_text(text.replace('"archived":false,', '"archived":"no","ghost":1,'), "utf-8")


def test_drift_is_told_and_a_strict_run_fails_for_it(suite):
    suite.write(test_bill=SUITE)
    suite.records()
    change_a_recording(suite)
    before = suite.cassettes()

    result = suite.run(LOCAL, "--bill-verify")
    assert result.ret == 0
    assert suite.cassettes() == before
    lines = [
        "*BILL's answers are not as they were recorded*",
        "GET /v3/vendors: field `results*.archived` was string, is boolean",
        "GET /v3/vendors: field `results*.ghost` is gone",
        "GET /v3/vendors/{id}: field `archived` was string, is boolean",
        "GET /v3/vendors/{id}: field `ghost` is gone",
    ]
    result.stdout.fnmatch_lines(
        [
            *lines,
            "*not asked again, or not comparable*",
            "GET /v3/vendors/{id}: what it asks for was made or changed by POST /v3/vendors, *",
            "not asked again: 1 unsafe request: POST /v3/vendors. *",
        ]
    )
    report = json.loads((suite.folder / "report.json").read_text())
    assert report["drifted"] == 2
    assert report["verified"] > report["drifted"]
    drift = [each for each in report["notices"] if each["kind"] == "drift"]
    assert len(drift) == 4

    # Two workers ask one after the other, and what they found is added up.
    strict = suite.run("-n", "2", LOCAL, "--bill-verify", "--bill-verify-unsafe", "--bill-strict")
    assert strict.ret == 1
    assert strict.parseoutcomes()["passed"] == 4
    strict.stdout.fnmatch_lines(lines)
    strict.stdout.no_fnmatch_line("*not asked again:*")

    # Without credentials the tests replay all the same, and the run says which it needs.
    bare = suite.run("--bill-verify", "-k", "spend")
    assert bare.ret == 1
    assert bare.parseoutcomes()["passed"] == 1
    bare.stdout.fnmatch_lines(["bill_spend_client: needs * BILL_SPEND_API_TOKEN.*"])


@pytest.mark.nightly
def test_nothing_has_drifted_right_after_a_recording(suite):
    suite.write(test_bill=SUITE)
    suite.records()
    for more in ((), ("--bill-verify-unsafe",)):
        result = suite.run(LOCAL, "--bill-verify", "--bill-strict", *more)
        assert result.ret == 0
        result.stdout.fnmatch_lines(["bill: * recorded answers asked again and compared, 0 differ"])


@pytest.mark.nightly
@pytest.mark.parametrize("other", [RECORD[1], "--bill-live"])
def test_contradicting_options_are_refused(suite, other):
    suite.write(test_bill=SUITE)
    result = suite.run(LOCAL, "--bill-verify", other)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: --bill-verify replays *, and {other} does not."])

"""What it comes to, and that no value of a variable is in it: through the front door."""

from __future__ import annotations

import json

import pytest

from pytest_bill.credentials.kinds import KINDS
from pytest_bill.doctor.report import findings_in
from pytest_bill.sandbox import LocalSandbox

EMAIL = "ada@x.example"
NAMES = [variable.name for kind in KINDS for variable in kind.variables]


def test_every_finding_is_counted(doctor, project, env_file, monkeypatch):
    env_file(BILL_USERNAME="test", BILL_DEVKEY="0123456789")
    (project / "pytest.ini").write_text("[pytest]\nbill_stale = sometimes\n")
    (project / "cassettes").mkdir()
    (project / "cassettes/a.yaml").write_text("interactions: 3\n")
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example.com")
    status, report = doctor("--credential=spend")
    assert status == 1
    assert report["status"] == "wrong"
    found = [(each["level"], each["what"].partition(" ")[0]) for each in findings_in(report)]
    assert found == [
        ("hint", "BILL_DEVKEY"),
        ("hint", "BILL_USERNAME"),
        ("wrong", "No"),
        ("wrong", "No"),
        ("wrong", "bill_stale"),
        ("wrong", "The"),
        ("hint", "HTTP_PROXY"),
    ]


@pytest.mark.nightly
@pytest.mark.parametrize("arguments", [("--online",), ()])
def test_no_value_is_shown(shown, doctor, env_file, arguments):
    with LocalSandbox() as sandbox:
        values = sandbox.variables | {"BILL_SPEND_API_TOKEN": "'ada@example.com and 0123456789'"}
        env_file({name: value.replace("'", '"') for name, value in values.items()})
        env_file(values | {"BILL_BASE_URL": sandbox.origin, "BILL_SPEND_API_TOKEN": EMAIL})
        values["BILL_SPEND_API_TOKEN"] = EMAIL
        _, report = doctor(*arguments)
        _, text = shown(*arguments)
    whole = json.dumps(report) + text
    assert [name for name in NAMES if name not in whole] == []
    assert [name for name, value in values.items() if value in whole] == []
    assert "BILL_SPEND_API_TOKEN looks like an e-mail address" in text


def test_missing_ones_that_nobody_asked_for_are_no_fault(doctor):
    assert doctor()[0] == 0


@pytest.mark.sampled(2)
@pytest.mark.parametrize("word", ["developer", "partner"])
def test_missing_ones_that_are_asked_for_are(doctor, word):
    status, report = doctor("--credential", word)
    assert status == 1
    (wrong,) = (each for each in findings_in(report) if each["level"] == "wrong")
    assert wrong["what"].startswith("No value for BILL_")


@pytest.mark.nightly
def test_of_several_only_those_asked_for_are_tried(doctor, env_file):
    with LocalSandbox() as sandbox:
        env_file(sandbox.variables | {"BILL_BASE_URL": sandbox.origin})
        status, report = doctor("--online", "--credential=sync", "--credential=spend")
        asked = sandbox.request_counts()
    assert status == 0
    assert [each["credential"] for each in report["online"]] == ["sync", "spend"]
    assert asked["POST /connect/v3/login"] == 1


@pytest.mark.nightly
def test_the_runs_own_sandbox_is_nobody_to_sign_in_to(doctor, env_file):
    env_file(BILL_ENVIRONMENT="local", BILL_SPEND_API_TOKEN="0123456789abcdefghij")
    status, report = doctor("--online")
    assert status == 0
    (tried,) = report["online"]
    assert tried["result"] == "not tried"
    assert "The run starts its own local sandbox" in tried["findings"][0]["what"]


@pytest.mark.nightly
def test_production_is_not_asked_without_the_consent(doctor, env_file):
    env_file(BILL_ENVIRONMENT="production", BILL_SPEND_API_TOKEN="0123456789abcdefghij")
    status, report = doctor("--online")
    (tried,) = report["online"]
    assert tried["result"] == "not tried"
    assert "It is BILL's production" in tried["findings"][0]["what"]
    assert status == 0


@pytest.mark.nightly
def test_with_the_consent_production_is_asked_by_its_address(doctor, env_file, monkeypatch, server):
    """A proxy stands in for the network: it sees whom the doctor wants to reach."""
    proxy = server()
    proxy.default = (502, {}, b"")
    monkeypatch.setenv("HTTPS_PROXY", proxy.origin)
    env_file(BILL_ENVIRONMENT="production", BILL_SPEND_API_TOKEN="0123456789abcdefghij")
    status, report = doctor("--online", "--bill-allow-production")
    (tried,) = report["online"]
    assert tried["address"] == "https://gateway.prod.bill.com"
    assert tried["result"] == "no answer"
    assert "the proxy did not let it through" in tried["findings"][0]["what"]
    assert status == 1


@pytest.mark.nightly
def test_an_address_that_is_none_is_not_asked(doctor, env_file):
    env_file(BILL_BASE_URL="ftp://example.com", BILL_SPEND_API_TOKEN="0123456789abcdefghij")
    status, report = doctor("--online")
    assert status == 1
    (tried,) = report["online"]
    assert tried["result"] == "not tried"
    assert "BILL_BASE_URL is not an http(s) address" in tried["findings"][0]["what"]

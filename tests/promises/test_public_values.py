"""A value that is part of what everyone can see is hidden in its places, and stops nobody."""

import pytest

from tests.helpers.suites import NO_NETWORK, RECORD

SUITE = """
    def test_vendors(bill_dev_session):
        listed = bill_dev_session.get("/v3/vendors").json()
        assert {"results"} <= set(listed)
        made = bill_dev_session.post("/v3/vendors", json={
            "name": "Acme", "accountType": "BUSINESS", "email": "a@acme.example",
            "address": {"line1": "1 Main", "city": "Reno", "stateOrProvince": "NV",
                        "zipOrPostalCode": "89501", "country": "US"}}).json()
        assert bill_dev_session.get(f"/v3/vendors/{made['id']}").json()["name"] == "Acme"
        assert "connect/v3" in bill_dev_session.base_url + "/v3"
"""
VALUES = {
    "a path": ("BILL_PASSWORD", "/v3/vendors"),
    "a host": ("BILL_PASSWORD", "gateway.stage.bill.com"),
    "this machine": ("BILL_PASSWORD", "127.0.0.1"),
    "a field's name": ("BILL_PASSWORD", "password"),
    "a field's name in capitals": ("BILL_DEV_KEY", "ORGANIZATIONID"),
    "a piece of words": ("BILL_PASSWORD", "accountTyp"),
    "an organization": ("BILL_ORGANIZATION_ID", "connect/v3"),
    "a token": ("BILL_SPEND_API_TOKEN", "recurringbills"),
    "a word of HTTP": ("BILL_PASSWORD", "content-type"),
    "a word of cassettes": ("BILL_PASSWORD", "interactions"),
    "a short word": ("BILL_PASSWORD", "vendors"),
    "the folder": ("BILL_PASSWORD", "cassettes"),
    "the module": ("BILL_PASSWORD", "test_public_suite"),
    "a test's name": ("BILL_DEV_KEY", "test_vendors"),
    "the path to all": ("BILL_USERNAME", "FOLDER"),
}


@pytest.mark.sampled(15)
@pytest.mark.parametrize("kind", VALUES)
def test_it_is_recorded_and_replayed_with_one_warning(suite, monkeypatch, kind):
    name, value = VALUES[kind]
    value = suite.folder.parent.name if value == "FOLDER" else value
    monkeypatch.setenv(name, value)
    suite.write(test_public_suite=SUITE)
    result = suite.run(*RECORD)
    result.assert_outcomes(passed=1, warnings=len(value) >= 8)
    if len(value) >= 8:
        (told,) = (line for line in result.outlines if "BillWarning: The value of" in line)
        assert f"The value of {name} is part of what everyone can see" in told
        assert "Use another value" in told
    suite.replays()
    monkeypatch.delenv(name)
    suite.replays(*NO_NETWORK)

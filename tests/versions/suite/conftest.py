import pytest

ADDRESS = {"line1": "1 Way", "city": "Houston", "zipOrPostalCode": "77002", "country": "US"}


@pytest.fixture(scope="session")
def bill_config():
    return {"secrets": {"VAULT_TOKEN": "vault-0123456789abcdef"}, "scrub_headers": ["X-Acme-Key"]}


@pytest.fixture(scope="module")
def vendor(bill_dev_session):
    made = {"name": "Ada", "accountType": "BUSINESS", "address": ADDRESS | {"zipOrPostalCode": "1"}}
    made["address"] = ADDRESS | {"stateOrProvince": "TX"}
    return bill_dev_session.call("POST", "/v3/vendors", json=made)

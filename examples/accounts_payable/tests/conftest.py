import pytest
from acme_payables.payables import Payables

ADDRESS = {
    "line1": "1 Analytical Way",
    "city": "Houston",
    "stateOrProvince": "TX",
    "zipOrPostalCode": "77002",
    "country": "US",
}


@pytest.fixture
def address():
    return dict(ADDRESS)


@pytest.fixture
def payables(bill_dev_session):
    return Payables(bill_dev_session, bill_dev_session.base_url)


@pytest.fixture(scope="session")
def supplier(bill_dev_session):
    """One vendor for all tests that need some vendor; recorded in a cassette of its own."""
    vendor = {"name": "Analytical Engines", "accountType": "BUSINESS", "address": ADDRESS}
    return bill_dev_session.call("POST", "/v3/vendors", json=vendor)

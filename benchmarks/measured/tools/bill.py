"""pytest-bill: its session fixture, paths as BILL's reference writes them."""

import pytest

BASE = ""
KEEPS_BYTES = True
SHOWS_STAND_INS = True
cassette = pytest.mark.bill_cassette


@pytest.fixture
def session(bill_dev_session):
    return bill_dev_session


@pytest.fixture
def opened():
    """The marker opens the cassette for any HTTP client."""

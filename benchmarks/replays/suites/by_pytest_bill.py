"""pytest-bill. What the local sandbox answers is recorded as it is, unless that is wanted."""

import os

import pytest
from asking import in_order


def pytest_collection_modifyitems(items):
    in_order(items)


@pytest.fixture(scope="session")
def bill_config():
    return {"stand_ins": True} if "STAND_INS" in os.environ else {}


@pytest.fixture
def bill(bill_dev_session):
    return bill_dev_session

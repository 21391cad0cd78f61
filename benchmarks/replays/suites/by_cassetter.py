"""cassetter, by its plugin."""

from dataclasses import replace

import pytest
from asking import Bill, in_order, without_the_name
from cassetter import Cassetter


def pytest_collection_modifyitems(items):
    in_order(items)
    for item in items:
        item.add_marker(pytest.mark.vcr)


def replaced(response):
    return replace(response, body=without_the_name(response.body))


@pytest.fixture(scope="module")
def vcr_config():
    return Cassetter(before_record_response=replaced)


@pytest.fixture
def bill(cassette):
    return Bill()

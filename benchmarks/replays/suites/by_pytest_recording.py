"""pytest-recording."""

import pytest
from asking import Bill, in_order, without_the_name


def pytest_collection_modifyitems(items):
    in_order(items)
    for item in items:
        item.add_marker(pytest.mark.vcr)


def replaced(response):
    body = without_the_name(response["body"]["string"])
    return {**response, "body": {**response["body"], "string": body}}


@pytest.fixture(scope="module")
def vcr_config():
    return {"before_record_response": replaced, "decode_compressed_response": True}


@pytest.fixture
def bill(vcr):
    return Bill()

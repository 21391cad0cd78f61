"""vcrpy, a cassette for each test."""

import json
import os

import pytest
import vcr
from asking import Bill, in_order, without_the_name


def pytest_collection_modifyitems(items):
    in_order(items)


def replaced(response):
    body = without_the_name(response["body"]["string"])
    return {**response, "body": {**response["body"], "string": body}}


@pytest.fixture(autouse=True)
def cassette(request):
    settings = json.loads(os.environ["SETTINGS"])
    recorder = vcr.VCR(
        record_mode=os.environ["RECORD_MODE"],
        before_record_response=replaced,
        decode_compressed_response=True,
        **settings,
    )
    with recorder.use_cassette(f"cassettes/{request.node.name}.yaml"):
        yield


@pytest.fixture
def bill(cassette):
    return Bill()

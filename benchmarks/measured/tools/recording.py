"""pytest-recording: its markers, and the ``vcr_config`` fixture."""

import pytest
import requests
from plan import current
from traffic import GATEWAY

PLAN = current()
BASE = (PLAN.origin and PLAN.origin + "/connect") or GATEWAY
KEEPS_BYTES = True


def cassette(name):
    return lambda test: pytest.mark.vcr(pytest.mark.default_cassette(name)(test))


@pytest.fixture
def vcr_config():
    if PLAN.kind == "post" and not PLAN.origin:
        return {"match_on": ["method", "scheme", "host", "port", "path", "query", "body"]}
    return {}


@pytest.fixture(scope="module")
def vcr_cassette_dir(request):
    if request.node.get_closest_marker("one_folder"):
        return "cassettes"
    return f"cassettes/{request.node.path.stem}"


@pytest.fixture
def opened(vcr):
    return vcr


@pytest.fixture
def session(opened):
    with requests.Session() as session:
        yield session

"""vcrpy by itself: ``use_cassette`` around the requests."""

import pytest
import requests
import vcr
from plan import current
from traffic import GATEWAY

PLAN = current()
BASE = (PLAN.origin and PLAN.origin + "/connect") or GATEWAY
KEEPS_BYTES = True
cassette = pytest.mark.cassette


@pytest.fixture
def opened(request):
    name = request.node.get_closest_marker("cassette").args[0]
    options = {}
    if PLAN.kind == "post" and not PLAN.origin:
        options["match_on"] = ["method", "scheme", "host", "port", "path", "query", "body"]
    mode = "once" if PLAN.origin else "none"
    with vcr.use_cassette(f"cassettes/{name}.yaml", record_mode=mode, **options):
        yield


@pytest.fixture
def session(opened):
    with requests.Session() as session:
        yield session

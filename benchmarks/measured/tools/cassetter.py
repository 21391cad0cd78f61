"""cassetter: pytest-recording's markers, its own matchers."""

from pathlib import Path

import pytest
import requests
from plan import current
from traffic import GATEWAY

PLAN = current()
BASE = (PLAN.origin and PLAN.origin + "/connect") or GATEWAY
# It stores JSON as a structure and writes it out again when it answers.
KEEPS_BYTES = False


def cassette(name):
    suffix = "toml" if Path(f"cassettes/{name}.toml").exists() else "yaml"
    return lambda test: pytest.mark.vcr(pytest.mark.default_cassette(f"{name}.{suffix}")(test))


@pytest.fixture(scope="module")
def vcr_config():
    if PLAN.kind == "post" and not PLAN.origin:
        return {"match_on": ["method", "uri", "json_body"]}
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

"""Of the suite that is run: each test gets its secrets from the environment, or from BILL."""

import functools
import json
import os
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

CASES = json.loads(Path(__file__).with_name("cases.json").read_text())
VARIABLES = json.loads(os.environ["VARIABLES"])


def pytest_configure(config):
    config.addinivalue_line("markers", "own(value): for whoever reads it")


def pytest_generate_tests(metafunc):
    cases = CASES["tests"].get(metafunc.definition.originalname, [])
    if "secret" in metafunc.fixturenames:
        metafunc.parametrize("secret", cases, indirect=True, ids=[each[1] for each in cases])
    if "spelling" in metafunc.fixturenames:
        metafunc.parametrize("spelling", cases)


def pytest_collection_modifyitems(items):
    """Leave out what has no case, and all but each n-th of the others."""
    each = CASES["each"]
    fixed = [item for item in items if not {"secret", "spelling"} & set(item.fixturenames)]
    left_out = set(fixed) - set(fixed[::each])
    items[:] = [
        item for item in items if item not in left_out and not item.name.endswith("[NOTSET]")
    ]


@pytest.fixture
def secret(request):
    origin, name = request.param
    if origin == "environment":
        return os.environ[VARIABLES[name]]
    return handed_out(request.getfixturevalue("bill_dev_session"), name)


@functools.cache
def handed_out(bill, spelling):
    if spelling == "sessionId":
        headers = bill.credential_headers()
        return str.__str__(headers["sessionId"])
    answer = httpx.get(f"{bill.base_url}/v3/hand-out/{quote(spelling)}")
    return (Path(os.environ["KEPT"]) / answer.headers["X-Number"]).read_text()

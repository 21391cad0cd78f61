"""responses: answers that stand in the suite, registered for each test; no cassette, no file."""

import pytest
import requests
import responses
from plan import current
from traffic import GATEWAY, answer_headers, traffic

BASE = GATEWAY
KEEPS_BYTES = True
cassette = pytest.mark.cassette

PLAN = current()
ANSWERS = [
    (each.method, GATEWAY + each.path, each.answer, answer_headers(each.answer))
    for each in traffic(PLAN.kind, PLAN.size - 1)
]


@pytest.fixture
def session():
    with responses.RequestsMock() as mock, requests.Session() as session:
        for method, url, answer, headers in ANSWERS:
            mock.add(method, url, body=answer, headers=headers)
        yield session

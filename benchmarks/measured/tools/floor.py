"""The floor: ``requests`` with canned bytes in a dict. No cassette, no file, no matching."""

import io
import json
from collections import defaultdict, deque

import pytest
import requests
from requests.adapters import HTTPAdapter
from traffic import GATEWAY, traffic
from urllib3 import HTTPResponse

BASE = GATEWAY
KEEPS_BYTES = True
cassette = pytest.mark.cassette
HEADERS = {"Content-Type": "application/json"}


class InMemoryAdapter(HTTPAdapter):
    """Answers each request with the next of its answers, as ``HTTPAdapter`` makes a response."""

    def __init__(self, interactions, headers_of=lambda answer: HEADERS):
        super().__init__()
        self._headers_of = headers_of
        self._answers = defaultdict(deque)
        for interaction in interactions:
            # As `requests` writes a body that it is given as `json`.
            body = interaction.body and json.dumps(interaction.body, allow_nan=False).encode()
            key = interaction.method, GATEWAY + interaction.path, body
            self._answers[key].append(interaction.answer)

    def send(self, request, stream=False, timeout=None, verify=True, cert=None, proxies=None):
        answer = self._answers[request.method, request.url, request.body].popleft()
        raw = HTTPResponse(
            body=io.BytesIO(answer),
            headers=self._headers_of(answer),
            status=200,
            preload_content=False,
        )
        return self.build_response(request, raw)


@pytest.fixture
def session(request):
    kind, _, size = request.node.get_closest_marker("cassette").args[0].partition("_")
    with requests.Session() as session:
        session.mount("https://", InMemoryAdapter(traffic(kind, int(size))))
        yield session

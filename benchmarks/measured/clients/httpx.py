"""``httpx.Client``; canned: ``httpx.MockTransport``."""

import httpx
from traffic import GATEWAY

from clients import Synchronous, ready


class Client(Synchronous):
    def __init__(self, base, transport=None):
        super().__init__(base)
        self._client = httpx.Client(transport=transport)
        self.close = self._client.close

    def send(self, method, url, body):
        response = self._client.request(method, url, json=body)
        return response.headers, response.content


def transport(interactions):
    known = ready(interactions, GATEWAY)

    def answer(request):
        headers, content = known[request.method, str(request.url)]
        return httpx.Response(200, headers=headers, content=content)

    return httpx.MockTransport(answer)


def canned(interactions, origin):
    return Client(GATEWAY, transport(interactions))

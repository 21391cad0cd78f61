"""``httpx.AsyncClient``; canned: ``httpx.MockTransport``."""

import httpx
from traffic import GATEWAY

from clients import Asynchronous
from clients.httpx import transport


class Client(Asynchronous):
    def __init__(self, base, transport=None):
        super().__init__(base)
        self._transport = transport

    async def open(self):
        self._client = httpx.AsyncClient(transport=self._transport)
        self.close = self._client.aclose

    async def send(self, method, url, body):
        response = await self._client.request(method, url, json=body)
        return response.headers, response.content


def canned(interactions, origin):
    return Client(GATEWAY, transport(interactions))

"""``aiohttp.ClientSession``; canned: ``aiohttp.test_utils.TestServer`` in the same loop."""

import aiohttp

from clients import Asynchronous, ready


class Client(Asynchronous):
    async def open(self):
        self._session = aiohttp.ClientSession()

    async def close(self):
        await self._session.close()

    async def send(self, method, url, body):
        async with self._session.request(method, url, json=body) as response:
            return response.headers, await response.read()


class Canned(Client):
    def __init__(self, interactions):
        super().__init__("")
        self._interactions = interactions

    async def open(self):
        from aiohttp.test_utils import TestServer
        from aiohttp.web import Application, Response

        known = ready(self._interactions, "/connect")

        async def answer(request):
            headers, content = known[request.method, request.path]
            return Response(body=content, headers=headers)

        app = Application()
        app.router.add_route("*", "/{path:.*}", answer)
        self._server = TestServer(app)
        await self._server.start_server()
        self._before = str(self._server.make_url("/connect"))
        await super().open()

    async def close(self):
        await super().close()
        await self._server.close()


def canned(interactions, origin):
    return Canned(interactions)

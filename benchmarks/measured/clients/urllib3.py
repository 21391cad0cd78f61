"""``urllib3.PoolManager``, which has no canned transport of its own."""

import urllib3

from clients import Synchronous


class Client(Synchronous):
    def __init__(self, base):
        super().__init__(base)
        self._pool = urllib3.PoolManager()
        self.close = self._pool.clear

    def send(self, method, url, body):
        response = self._pool.request(method, url, json=body)
        return response.headers, response.data


def canned(interactions, origin):
    return Client(origin + "/connect")

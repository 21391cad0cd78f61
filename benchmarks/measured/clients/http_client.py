"""A connection of ``http.client``, which has no canned transport of its own."""

import http.client
import json

from clients import Synchronous, host_and_path

JSON = {"Content-Type": "application/json"}


class Client(Synchronous):
    def __init__(self, base):
        scheme, host, before = host_and_path(base)
        super().__init__(before)
        is_https = scheme == "https"
        # Looked up here: a tool may have replaced one.
        connect = http.client.HTTPSConnection if is_https else http.client.HTTPConnection
        self._connection = connect(host)
        self.close = self._connection.close

    def send(self, method, url, body):
        if body is None:
            self._connection.request(method, url)
        else:
            self._connection.request(method, url, json.dumps(body).encode(), JSON)
        response = self._connection.getresponse()
        return response.headers, response.read()


def canned(interactions, origin):
    return Client(origin + "/connect")

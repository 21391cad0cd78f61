"""A plain ``requests.Session``; canned: the adapter of the floor, with the cassette's headers."""

import requests
from tools.floor import InMemoryAdapter
from traffic import GATEWAY, answer_headers

from clients import Synchronous


class Client(Synchronous):
    def __init__(self, base):
        super().__init__(base)
        self.session = requests.Session()
        self.close = self.session.close

    def send(self, method, url, body):
        response = self.session.request(method, url, json=body)
        return response.headers, response.content


def canned(interactions, origin):
    client = Client(GATEWAY)
    client.session.mount("https://", InMemoryAdapter(interactions, answer_headers))
    return client

"""How each HTTP client is used: a module for each, with the same names.

``Client(base)`` makes one client for what lies below ``base`` and keeps it; it is a context.
``canned(interactions, origin)`` makes the same client on a canned transport of its own, in memory
or in this process; where it has none, it asks the server of ready answers at ``origin``.
"""

import asyncio
import importlib
from urllib.parse import urlsplit

from clock import Stopwatch
from traffic import answer_headers


def module_of(name):
    """The module of a client as the plan names it."""
    return importlib.import_module("clients." + name.replace(".", "_").replace("-", "_"))


class Synchronous:
    """A client that asks and waits; ``send`` gives the headers and the body of the answer."""

    def __init__(self, base):
        self._before = base  # what comes before a path

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def first(self, interaction):
        """Ask once: the answer's headers, in lower case, and its body."""
        headers, content = self.send(*self._requests([interaction])[0])
        return _lowered(headers), content

    def ask(self, interactions):
        """Ask one after the other: the time that it took, and the answers' bodies."""
        requests = self._requests(interactions)
        send = self.send
        watch = Stopwatch()
        contents = [send(method, url, body)[1] for method, url, body in requests]
        return watch.read(), contents

    def _requests(self, interactions):
        return [(each.method, self._before + each.path, each.body) for each in interactions]


class Asynchronous(Synchronous):
    """A client that is awaited, in one loop that lasts as long as the client."""

    def __enter__(self):
        self._runner = asyncio.Runner()
        self._runner.run(self.open())
        return self

    def __exit__(self, *_):
        self._runner.run(self.close())
        self._runner.close()

    def first(self, interaction):
        headers, content = self._runner.run(self.send(*self._requests([interaction])[0]))
        return _lowered(headers), content

    def ask(self, interactions):
        return self._runner.run(self._ask(self._requests(interactions)))

    async def _ask(self, requests):
        send = self.send
        watch = Stopwatch()
        contents = [(await send(method, url, body))[1] for method, url, body in requests]
        return watch.read(), contents


def host_and_path(base):
    """Scheme, host with port, and path, for a client that wants them apart."""
    parts = urlsplit(base)
    return parts.scheme, parts.netloc, parts.path


def ready(interactions, base):
    """The answers by method and URL: headers and body, as a canned transport looks them up."""
    return {
        (each.method, base + each.path): (answer_headers(each.answer), each.answer)
        for each in interactions
    }


def _lowered(headers):
    return {name.lower(): value for name, value in headers.items()}

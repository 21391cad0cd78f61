"""One who asks a sandbox that is there already.

python -m benchmarks.asking_sandbox lists http://127.0.0.1:8080     # lists of 20 a second
python -m benchmarks.asking_sandbox waits http://127.0.0.1:8080     # the longest wait, in ms
"""

from __future__ import annotations

import http.client
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from benchmarks.local_sandbox import signed_in
from benchmarks.measured.traffic import new_vendor

LISTS, CONNECTIONS = 6_000, 4
ROUNDS = 100
PATH = "/connect/v3/vendors"


def lists_a_second(origin: str) -> float:
    """Over some connections that stay, since one alone waits for this process, too."""
    headers = {name: value for name, value in signed_in(origin).headers.items() if value}

    def ask(_: int) -> None:
        connection = http.client.HTTPConnection(urlsplit(origin).netloc)
        for _ in range(LISTS // CONNECTIONS):
            connection.request("GET", PATH, headers=headers)
            answer = connection.getresponse()
            if answer.status != http.HTTPStatus.OK or len(answer.read()) < 10_000:
                raise RuntimeError("the sandbox answered no list of 20")
        connection.close()

    begun = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(ask, range(CONNECTIONS)))
    return LISTS / (time.perf_counter() - begun)


def longest_wait(origin: str) -> float:
    """Of lists, gets and creations by turns, with some work between them, as a recording has."""
    session = signed_in(origin)
    longest = 0.0
    for number in range(ROUNDS):
        for method, path, body in (
            ("GET", PATH, None),
            ("POST", PATH, new_vendor(number)),
            ("GET", f"{PATH}?max={number % 20 + 1}", None),
        ):
            begun = time.perf_counter()
            answer = session.request(method, origin + path, json=body)
            longest = max(longest, time.perf_counter() - begun)
            answer.raise_for_status()
            json.dumps([answer.json()] * 5)
    return longest * 1000


if __name__ == "__main__":
    what, where = sys.argv[1:]
    print({"lists": lists_a_second, "waits": longest_wait}[what](where))

"""How fast the local sandbox lists vendors, and what its records weigh.

    python benchmarks/sandbox.py 100000

Prints the time to start with that many vendors, the memory of the whole process (client included),
lists per second over one kept-alive connection, and the time to page through all vendors.
"""

import http.client
import json
import resource
import sys
import time
from urllib.parse import quote, urlsplit

from pytest_bill.sandbox import LocalSandbox

LISTS = 1_500


def main(vendors: int) -> None:
    begun = time.perf_counter()
    sandbox = LocalSandbox(vendors=vendors).start()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"start with {vendors:,} vendors: {time.perf_counter() - begun:.2f} s, {memory} MiB")
    connection = http.client.HTTPConnection(urlsplit(sandbox.origin).netloc)

    def call(method: str, path: str, body: object = None, headers: dict | None = None) -> dict:
        connection.request(
            method, "/connect" + path, body and json.dumps(body), headers=headers or {}
        )
        return json.loads(connection.getresponse().read())

    known = sandbox.variables
    signed_in = call(
        "POST",
        "/v3/login",
        {
            "username": known["BILL_USERNAME"],
            "password": known["BILL_PASSWORD"],
            "organizationId": known["BILL_ORGANIZATION_ID"],
            "devKey": known["BILL_DEV_KEY"],
        },
    )
    headers = {"devKey": known["BILL_DEV_KEY"], "sessionId": signed_in["sessionId"]}

    begun = time.perf_counter()
    for _ in range(LISTS):
        call("GET", "/v3/vendors", headers=headers)
    print(f"lists per second: {LISTS / (time.perf_counter() - begun):,.0f}")

    begun = time.perf_counter()
    path, pages = "/v3/vendors?max=100", 1
    while page := call("GET", path, headers=headers).get("nextPage"):
        path, pages = f"/v3/vendors?max=100&page={quote(page)}", pages + 1
    took = time.perf_counter() - begun
    print(
        f"paging through all: {took:.2f} s for {pages:,} pages, {took / pages * 1000:.2f} ms each"
    )
    sandbox.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)

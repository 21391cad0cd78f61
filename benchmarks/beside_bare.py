"""The sandbox beside a bare route of the same server, in one process, block after block.

python -m benchmarks.beside_bare      # prints milliseconds per request as JSON

The bare route reads the body that comes and writes the JSON that the sandbox answered, without
looking at anything. Both servers are threads of this process, as in a run that records.
"""

from __future__ import annotations

import json
from statistics import median

import requests

from benchmarks.local_sandbox import signed_in, started
from benchmarks.measured.clock import Stopwatch
from benchmarks.measured.traffic import new_vendor
from pytest_bill.sandbox.server import LOOPBACK, listen
from pytest_bill.sandbox.serving import Server

BLOCKS, BLOCK = 25, 40
PATH = "/connect/v3/vendors"
CASES = ("list", "get", "create")


class Bare:
    """Answers each path and method with what was answered there before."""

    def __init__(self) -> None:
        self.answers: dict[tuple[str, str], tuple[int, object]] = {}

    async def __call__(self, scope, receive, send) -> None:
        body = (await receive())["body"] if scope["method"] == "POST" else b""
        if body:
            json.loads(body)
        status, answer = self.answers[scope["method"], scope["path"]]
        content = json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()
        headers = [
            (b"content-length", str(len(content)).encode()),
            (b"content-type", b"application/json"),
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})


def main() -> None:
    sandbox, bare, listener = started(), Bare(), listen(LOOPBACK, 0)
    server = Server(bare, listener, "bare")
    server.start()
    beside = f"http://{LOOPBACK}:{listener.getsockname()[1]}"
    session = signed_in(sandbox.origin)
    first = session.get(sandbox.origin + PATH).json()["results"][0]["id"]
    asked = {
        "list": ("GET", PATH, None),
        "get": ("GET", f"{PATH}/{first}", None),
        "create": ("POST", PATH, new_vendor(0)),
    }
    figures = {}
    for case in CASES:
        method, path, body = asked[case]
        answer = session.request(method, sandbox.origin + path, json=body)
        bare.answers[method, path] = (answer.status_code, answer.json())
        sent = [
            requests.Request(method, origin + path, json=body)
            for origin in (sandbox.origin, beside)
        ]
        blocks = [[_block(session, each) for each in sent] for _ in range(BLOCKS)]
        for index, name in enumerate(("bill", "bare")):
            figures[f"{case} {name}"] = {
                clock: median(block[index][clock] for block in blocks) for clock in ("wall", "cpu")
            }
        for clock in ("wall", "cpu"):
            ratios = [ours[clock] / theirs[clock] for ours, theirs in blocks]
            figures[f"{case} bill"][f"ratio_{clock}"] = median(ratios)
    print(json.dumps(figures))
    server.stop()
    sandbox.stop()


def _block(session: requests.Session, sent: requests.Request) -> dict[str, float]:
    watch = Stopwatch()
    for _ in range(BLOCK):
        session.request(sent.method, sent.url, json=sent.json).raise_for_status()
    return {clock: taken / BLOCK for clock, taken in watch.read().items()}


if __name__ == "__main__":
    main()

"""The server whose answers are recorded: canned vendors, in a process of its own.

python -m benchmarks.answering      # prints its port
"""

from __future__ import annotations

import json
import socket

import uvicorn

from benchmarks.measured.traffic import number_in, vendor, vendor_number

CREDENTIALS = {
    "BILL_USERNAME": "developer.4711@example.com",
    "BILL_PASSWORD": "a-password-of-the-benchmark",
    "BILL_ORGANIZATION_ID": "00801BENCHMARKORGANIZ",
    "BILL_DEV_KEY": "01BENCHMARKDEVELOPERKEY",
}
SESSION = {
    "sessionId": "a-session-id-of-the-benchmark",
    "organizationId": CREDENTIALS["BILL_ORGANIZATION_ID"],
    "userId": "00601BENCHMARKUSER",
    "trusted": False,
}


async def app(scope, receive, send) -> None:
    """Answer as BILL would; knows the sign-in and vendors."""
    if scope["type"] != "http":
        return
    body, more = b"", True
    while more:
        part = await receive()
        body += part.get("body", b"")
        more = part.get("more_body", False)
    path = scope["path"]
    if path.endswith("/v3/login"):
        answer = json.dumps(SESSION).encode()
    elif scope["method"] == "POST":
        answer = vendor(number_in(body))
    else:
        answer = vendor(vendor_number(path))
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(answer)).encode()),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": answer})


def main() -> None:
    # With the protocol named, asyncio switches Nagle's algorithm off: it would add 40 ms to each.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    print(listening.getsockname()[1], flush=True)
    config = uvicorn.Config(app, log_level="warning", lifespan="off", access_log=False)
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main()

"""Records the suites here with the recorders that they are of, from the local sandbox (not BILL).

``python tests/migrate/data/record.py SUITE [PYTHON]``, once for each suite; ``PYTHON`` is one that
has requests, pytest and the suite's recorder: pytest-recording (``recording``), vcrpy (``plain``),
pytest-vcr (``vcr``), cassetter. Between them and the sandbox stands a proxy that packs answers
where a request asks for nothing but gzip, as BILL's gateway may.

The cassettes of ``recording`` get BILL's addresses afterwards, as those of a team that recorded
from BILL's sandbox have them; the others keep those of the local one.
"""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import requests

from pytest_bill.sandbox import LocalSandbox

HERE = Path(__file__).parent
OPTIONS = {
    "recording": ["--record-mode=once"],
    "plain": [],
    "vcr": ["--vcr-record=once"],
    "cassetter": ["--record-mode=once"],
}
BILLS = {"/connect": "https://gateway.stage.bill.com/connect"}
BILLS |= {"/api": "https://api-stage.bill.com/api"}


class Proxy(BaseHTTPRequestHandler):
    """Hands on to the sandbox, and packs what comes back."""

    protocol_version = "HTTP/1.1"
    origin = ""

    def _hand_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name: value for name, value in self.headers.items() if name != "Host"}
        packs = headers.pop("Accept-Encoding", "") == "gzip"
        answer = requests.request(
            self.command, self.origin + self.path, headers=headers, data=body, timeout=10
        )
        content = gzip.compress(answer.content, mtime=0) if packs else answer.content
        self.send_response_only(answer.status_code, answer.reason)
        for name, value in answer.headers.items():
            if name.lower() not in ("content-length", "connection", "transfer-encoding"):
                self.send_header(name, value)
        if packs:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = _hand_on  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Nothing."""


def record(suite: str, python: str) -> int:
    folder = HERE / suite
    for old in [*folder.rglob("cassettes")]:
        shutil.rmtree(old)
    (folder / "fixtures" / "cassettes").mkdir(parents=True, exist_ok=True)
    with LocalSandbox() as sandbox:
        Proxy.origin = sandbox.origin
        server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        origin = f"http://127.0.0.1:{server.server_port}"
        variables = {
            name.replace("BILL_", "ACME_"): str.__str__(value)
            for name, value in sandbox.variables.items()
        }
        places = {"ACME_BILL_V3": f"{origin}/connect/v3", "ACME_BILL_V2": f"{origin}/api/v2"}
        environ = {**os.environ, **variables, **places, "PYTHONPATH": str(HERE)}
        command = [python, "-m", "pytest", "-q", "-p", "no:bill", "-p", "no:randomly"]
        command += [
            "-p",
            "no:cacheprovider",
            "-p",
            "no:xdist",
            "--rootdir=.",
            "--confcutdir=.",
            "-c",
            os.devnull,
        ]
        status = subprocess.run(
            [*command, *OPTIONS[suite], "tests"], cwd=folder, env=environ, check=False
        ).returncode
        server.shutdown()
    for cassette in [*folder.rglob("cassettes/**/*.*")] if suite == "recording" else []:
        text = cassette.read_text(encoding="utf-8")
        for path, bills in BILLS.items():
            text = text.replace(f"{origin}{path}", bills)
        cassette.write_text(text, encoding="utf-8")
    return status


if __name__ == "__main__":
    sys.exit(record(sys.argv[1], (sys.argv[2:] or [sys.executable])[0]))

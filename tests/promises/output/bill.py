"""A tiny BILL on loopback that hands out secrets in every spelling, and what it was sent."""

from __future__ import annotations

import json
import random
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tests.promises.output.spellings import LINKS, SPELLINGS, STORAGE, Answer
from tests.promises.output.values import drawn


class Bill:
    """Each secret that it hands out is new, and kept in a folder for the test and the search."""

    def __init__(self, kept: Path, seed: int = 16, elsewhere: str = "") -> None:
        self.handed_out: dict[str, str] = {}
        self.received: list[bytes] = []
        self.elsewhere = elsewhere
        self._kept = kept
        self._chance = random.Random(seed)
        self._lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                outer.received.append(f"{self.requestline}\n{self.headers}\n".encode() + body)
                number, answer = outer.answer_to(unquote(urlsplit(self.path).path))
                self.send_response(answer.status)
                self.send_header("X-Number", number)
                self.send_header("Content-Type", answer.kind)
                for name, value in answer.headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)

            do_GET = do_POST = do_PUT = answer  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        class Quiet(ThreadingHTTPServer):
            def handle_error(self, *_: object) -> None:
                """Of a client that was stopped while it asked."""

        self._server = Quiet(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        self.origin = f"http://127.0.0.1:{self._server.server_address[1]}"

    def answer_to(self, path: str) -> tuple[str, Answer]:
        """The answer, and the number under which its secret is kept."""
        if path.endswith("/login"):
            number, value = self.new("sessionId")
            return number, Answer(json.dumps({"sessionId": value, "userId": "006USER"}).encode())
        what, _, name = path.partition("/v3/")[2].partition("/")
        if what == "hand-out":
            number, value = self.new(name)
            return number, SPELLINGS[name](value)
        if what == "link":
            number, value = self.new(name)
            href = LINKS[name](value).replace(STORAGE, self.elsewhere)
            return number, Answer(json.dumps({"href": href}).encode())
        if what == "redirect":
            location = f"{self.elsewhere}/connect/v3/take"
            return "none", Answer(headers=[("Location", location)], status=int(name))
        return "none", Answer()

    def new(self, spelling: str) -> tuple[str, str]:
        with self._lock:
            value = drawn(self._chance, 36)
            number = str(len(self.handed_out))
            self.handed_out[f"{spelling} ({number})"] = value
            (self._kept / number).write_text(value)
            return number, value

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

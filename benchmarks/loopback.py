"""A keep-alive server of ready answers, as quick as Python has one: a thread for each connection.

    python -m benchmarks.loopback      # prints its port

It answers what is replayed, below ``/connect``, to clients that have no canned transport of their
own; and what is asked of a host that is not BILL's, below ``/elsewhere``. Its CPU time is not that
of the measured process.
"""

from __future__ import annotations

import re
import socket
import threading

from benchmarks.measured.traffic import answer_headers, elsewhere, traffic

MOST = 10_000
"""Of each kind of traffic, so many are answered."""
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
NOT_FOUND = b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"
END_OF_HEAD = b"\r\n\r\n"


def answers() -> dict[tuple[bytes, bytes], bytes]:
    """Each answer as it is sent, by method and path."""
    asked = [("/connect", traffic("get", MOST))]
    asked += [("/elsewhere", elsewhere(kind, MOST)) for kind in ("get", "post")]
    return {
        (interaction.method.encode(), (base + interaction.path).encode()): _as_sent(
            interaction.answer
        )
        for base, interactions in asked
        for interaction in interactions
    }


def _as_sent(answer: bytes) -> bytes:
    headers = "".join(f"{name}: {value}\r\n" for name, value in answer_headers(answer).items())
    return f"HTTP/1.1 200 OK\r\n{headers}\r\n".encode() + answer


def answer_all(connection: socket.socket, known: dict[tuple[bytes, bytes], bytes]) -> None:
    """Answer one request after the other, until the client goes away."""
    received = b""
    with connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while data := connection.recv(65_536):
            received += data
            while end := _end_of_request(received):
                method, path, _ = received.split(b" ", 2)
                connection.sendall(known.get((method, path), NOT_FOUND))
                received = received[end:]


def _end_of_request(received: bytes) -> int:
    """Where the first request ends; 0 if it is not all there."""
    end = received.find(END_OF_HEAD)
    if end < 0:
        return 0
    length = LENGTH.search(received, 0, end)
    end += len(END_OF_HEAD) + (int(length[1]) if length else 0)
    return end if end <= len(received) else 0


def main() -> None:
    known = answers()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        print(listening.getsockname()[1], flush=True)
        while True:
            connection, _ = listening.accept()
            threading.Thread(target=answer_all, args=(connection, known), daemon=True).start()


if __name__ == "__main__":
    main()

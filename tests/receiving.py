"""A receiver of messages as people have one: a real server on this machine that keeps what it is sent."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import NamedTuple


class Received(NamedTuple):
    """Where to send to, without the scheme, and the bodies that came."""

    address: str
    bodies: list[str]


@contextmanager
def receiving(code: int = 200) -> Iterator[Received]:
    """As long as the block lasts all calls are answered with this code."""
    bodies: list[str] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.do_GET()

        def do_GET(self) -> None:
            self.send_response(code)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Received(f"127.0.0.1:{server.server_port}/", bodies)
    finally:
        server.shutdown()
        server.server_close()

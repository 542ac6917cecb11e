"""What the loopback servers share: a port of their own on 127.0.0.1, outages and stalls."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal, TypeVar

__all__ = ["Answer", "LoopbackServer"]

Answer = tuple[int, Any]
"""An HTTP status and the JSON body that goes with it."""

Failure = Literal["error", "reset", "lost answer"]
Server = TypeVar("Server", bound="LoopbackServer")
_LONGEST_STALL = 30.0


class LoopbackServer:
    """Serves `answer` on a free port of 127.0.0.1 while its `with` block runs."""

    def __init__(self) -> None:
        """Prepare; nothing listens before the block is entered."""
        self._changed = threading.Condition()
        self._failures: list[tuple[str, Failure]] = []
        self._stalls = 0
        self._http: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        """Where the server listens; no slash at the end."""
        if self._http is None:
            raise RuntimeError("the server is not running; enter its with block first")
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def answer(self, method: str, target: str, body: bytes) -> Answer:
        """Answer one request. Runs on a thread of its own for each connection."""
        raise NotImplementedError

    @contextmanager
    def outage(self, how: Failure = "error", path: str = "/") -> Iterator[None]:
        """Fail the requests whose path starts with `path` while the block runs.

        error: answer 503. reset: close the connection unanswered. lost answer: do what was asked,
        then close the connection, as when the network fails on the way back.
        """
        failure = (path, how)
        with self._changed:
            self._failures.append(failure)
        try:
            yield
        finally:
            with self._changed:
                self._failures.remove(failure)

    @contextmanager
    def stall(self) -> Iterator[None]:
        """Answer nobody while the block runs."""
        with self._changed:
            self._stalls += 1
        try:
            yield
        finally:
            with self._changed:
                self._stalls -= 1
                self._changed.notify_all()

    def __enter__(self: Server) -> Server:
        self._http = _QuietServer(("127.0.0.1", 0), _handler_for(self))
        threading.Thread(
            target=self._http.serve_forever, args=(0.01,), name=type(self).__name__, daemon=True
        ).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._http is not None:
            self._http.shutdown()
            self._http.server_close()

    def respond(self, method: str, target: str, body: bytes) -> Answer | None:
        """Answer, fail or hold up one request as commanded; None closes the connection."""
        with self._changed:
            self._changed.wait_for(lambda: not self._stalls, _LONGEST_STALL)
            failure = next((how for path, how in self._failures if target.startswith(path)), None)
        if failure == "error":
            return 503, {"error": {"type": "api_error", "message": "down for a while"}}
        if failure == "reset":
            return None
        try:
            answer = self.answer(method, target, body)
        except (KeyError, ValueError) as error:
            answer = 400, {"error": {"type": "invalid_request_error", "message": repr(error)}}
        return None if failure == "lost answer" else answer


class _QuietServer(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Show what is wrong with the server, not that a client hung up."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


def _handler_for(server: LoopbackServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 60
        # answers in one packet: two of them cost 40 ms each time (Nagle and delayed ACK)
        wbufsize = 1 << 16
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self._serve()

        def do_POST(self) -> None:
            self._serve()

        def log_message(self, format: str, *args: Any) -> None:
            """Keep stderr clean."""

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            answer = server.respond(self.command, self.path, body)
            self.close_connection = self.close_connection or answer is None
            if answer is None:
                return
            status, content = answer
            encoded = json.dumps(content).encode("ascii")
            try:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(encoded)))
                self.end_headers()
                self.wfile.write(encoded)
                self.wfile.flush()
            except ConnectionError:  # the client has given up waiting
                self.close_connection = True

    return Handler

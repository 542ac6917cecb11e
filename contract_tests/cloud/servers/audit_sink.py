"""The central audit system: takes events, security events and alerts as JSON, each id once."""

from __future__ import annotations

import json
import threading
from contextlib import AbstractContextManager
from typing import Any

from .loopback import Answer, LoopbackServer

__all__ = ["AuditSink"]


class AuditSink(LoopbackServer):
    """Takes POSTs to /events, /security and /alerts on 127.0.0.1."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self._lock = threading.Lock()
        self._taken: dict[str, dict[str, bytes]] = {"/recorded": {}, "/alerts": {}}
        self.repeats = 0

    def events(self) -> list[dict[str, Any]]:
        """Give the events and security events in the order of arrival, as sent."""
        return self._list("/recorded")

    def alerts(self) -> list[dict[str, Any]]:
        """Give the alerts in the order of arrival, as sent."""
        return self._list("/alerts")

    def alert_outage(self) -> AbstractContextManager[None]:
        """Fail alerts, and nothing else, while the block runs."""
        return self.outage(path="/alerts")

    def answer(self, method: str, target: str, body: bytes) -> Answer:
        """Take one event; an id that was taken before is acknowledged and not kept again."""
        if method != "POST" or target not in ("/events", "/security", "/alerts"):
            return 404, {"error": {"message": "no such URL"}}
        event = json.loads(body.decode("ascii"))
        with self._lock:
            taken = self._taken["/alerts" if target == "/alerts" else "/recorded"]
            if event["id"] in taken:
                self.repeats += 1
            else:
                taken[event["id"]] = body
        return 200, {"id": event["id"]}

    def _list(self, name: str) -> list[dict[str, Any]]:
        with self._lock:
            taken = list(self._taken[name].values())
        return [json.loads(body) for body in taken]

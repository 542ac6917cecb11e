"""An audit logger that posts to a central system and keeps a local copy in the log."""

from __future__ import annotations

import http.client
import logging
import threading
import uuid
from collections import deque
from datetime import datetime, timezone
from typing import Any
from urllib.parse import urlsplit

from .wire import encode, plain

__all__ = ["AuditUnavailable", "HttpAuditLogger"]

_log = logging.getLogger(__name__)
_SEVERITIES = ("info", "warning", "error", "critical")


class AuditUnavailable(ConnectionError):
    """The central system did not take the event, so it must not count as recorded."""


class HttpAuditLogger:
    """Posts every event before the call returns; what was not taken raises.

    Each event has an id by which the central system knows a repetition, so a post whose answer was
    lost can be repeated.
    """

    __protocols__ = ("AuditLogger>=1.0,<2",)

    def __init__(self, endpoint: str, timeout: float = 2.0) -> None:
        """Post to `endpoint`, whose paths are /events, /security and /alerts.

        Args:
            endpoint: an http or https URL.
            timeout: how many seconds the central system has for each answer.
        """
        url = urlsplit(endpoint)
        if url.scheme not in ("http", "https") or not url.hostname:
            raise ValueError(f"not an http(s) endpoint: {endpoint!r}")
        self._url = url
        self._timeout = timeout
        self._local = logging.getLogger("audit")
        self._alerting = threading.Lock()
        self._owed: deque[bytes] = deque()

    def log_event(
        self,
        event_type: str,
        actor: str,
        resource: str,
        action: str,
        outcome: str,
        details: dict[str, Any] | None = None,
    ) -> None:
        """Record an auditable event.

        Raises:
            TypeError, ValueError: where the event cannot be written down unaltered.
            AuditUnavailable: where the central system did not take it.
        """
        fields = {
            "event_type": event_type,
            "actor": actor,
            "resource": resource,
            "action": action,
            "outcome": outcome,
        }
        self._record("/events", _event(fields, details))

    def log_security_event(
        self,
        event_type: str,
        severity: str,
        message: str,
        details: dict[str, Any] | None = None,
    ) -> None:
        """Record a security event, and alert where it is critical.

        An alert that does not get out is sent with the next one or with `flush`.

        Raises:
            TypeError, ValueError: where the event cannot be written down unaltered, or the
                severity is unknown.
            AuditUnavailable: where the central system did not take it.
        """
        if severity not in _SEVERITIES:
            raise ValueError(f"unknown severity {severity!r}; use one of {', '.join(_SEVERITIES)}")
        fields = {"event_type": event_type, "severity": severity, "message": message}
        encoded = self._record("/security", _event(fields, details))
        if severity == "critical":
            self._owed.append(encoded)
            self.flush()

    def flush(self) -> bool:
        """Send the alerts that wait, oldest first; False where some still do."""
        with self._alerting:
            while self._owed:
                try:
                    self._post("/alerts", self._owed[0])
                except AuditUnavailable as error:
                    _log.error("%d alerts wait: %s", len(self._owed), error)
                    return False
                self._owed.popleft()
        return True

    def _record(self, path: str, event: dict[str, Any]) -> bytes:
        encoded = encode(event)
        self._post(path, encoded)
        self._local.info("%s", encoded.decode("ascii"))
        return encoded

    def _post(self, path: str, body: bytes) -> None:
        try:
            self._post_once(path, body)
        except (OSError, http.client.HTTPException):
            # the answer may have got lost; the id makes a repetition harmless
            try:
                self._post_once(path, body)
            except (OSError, http.client.HTTPException) as error:
                raise AuditUnavailable(f"{self._url.geturl()}{path}: {error!r}") from error

    def _post_once(self, path: str, body: bytes) -> None:
        secure = self._url.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = kind(self._url.hostname or "", self._url.port, timeout=self._timeout)
        try:
            connection.request(
                "POST",
                self._url.path.rstrip("/") + path,
                body,
                {"Content-Type": "application/json", "Connection": "close"},
            )
            response = connection.getresponse()
            response.read()
        finally:
            connection.close()
        if response.status != 200:
            raise AuditUnavailable(f"{self._url.geturl()}{path} answered {response.status}")


def _event(fields: dict[str, str], details: dict[str, Any] | None) -> dict[str, Any]:
    for name, value in fields.items():
        if not isinstance(value, str):
            raise TypeError(f"{name} is a str, got {type(value).__name__}")
    if details is not None and not isinstance(details, dict):
        raise TypeError(f"details is a dict or None, got {type(details).__name__}")
    return {
        "id": str(uuid.uuid4()),
        "timestamp": datetime.now(timezone.utc).isoformat(),
        **fields,
        "details": plain(details or {}),
    }

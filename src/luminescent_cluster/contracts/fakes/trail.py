"""What audit loggers share, whatever keeps their records."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from types import TracebackType
from typing import Any, ClassVar, TypeVar

from .alerting import AlertChannel, Alerting, log_alert
from .chain import Anchor, Head, Stored
from .clock import Clock, from_micros, to_micros
from .details import snapshot
from .names import require_text
from .records import Records
from .switch import Switch
from .tampering import TAMPERINGS, Tampering
from .verification import Verification, verify

__all__ = ["SEVERITIES", "AuditTrail"]

_log = logging.getLogger(__name__)
Trail = TypeVar("Trail", bound="AuditTrail")

SEVERITIES = ("debug", "info", "warning", "error", "critical")
"""The severities of a security event; "critical" alerts."""


class AuditTrail:
    """An audit logger over a store of records: chained, anchored, alerting.

    A call returns after its event is stored. It raises where it is not.
    """

    __protocols__: ClassVar[tuple[str, ...]] = ("AuditLogger>=1.0,<2",)
    durable: ClassVar[bool] = False
    tamper_evident: ClassVar[frozenset[Tampering]] = TAMPERINGS

    def __init__(
        self,
        records: Records,
        switch: Switch,
        *,
        anchor: Anchor,
        key: bytes | None,
        alert: AlertChannel | None,
        clock: Callable[[], datetime] | None,
    ) -> None:
        """Log into `records`, whose failures `switch` commands. See `InMemoryAuditLogger`."""
        self.clock = Clock() if clock is None else clock
        self._records = records
        self._switch = switch
        self._anchor = anchor
        self._key = key
        self._appending = threading.Lock()
        self._anchored: Head | None = None
        self._alert_switch = Switch("the alert channel")
        self._alerting = Alerting(records, alert or log_alert, self._alert_switch, _decoded)

    def log_event(
        self,
        event_type: str,
        actor: str,
        resource: str,
        action: str,
        outcome: str,
        details: dict[str, Any] | None = None,
    ) -> None:
        """Store an auditable event.

        `details` are copied at every depth before the call returns; what JSON cannot say is
        rendered, and the record lists where (see `details.snapshot`).

        Raises:
            TypeError: where an argument has not the declared type.
            ValueError: where `details` are too deep or too many.
            BackendDown: where the event could not be stored.
        """
        fields = {
            "event_type": event_type,
            "actor": actor,
            "resource": resource,
            "action": action,
            "outcome": outcome,
        }
        self._store("event", fields, details, alert=False)

    def log_security_event(
        self,
        event_type: str,
        severity: str,
        message: str,
        details: dict[str, Any] | None = None,
    ) -> None:
        """Store a security event, then alert if it is critical.

        A failing alert channel does not raise: the event is stored and the alert is sent with the
        next security event or `flush`.

        Raises:
            TypeError: where an argument has not the declared type.
            ValueError: where `severity` is none of `SEVERITIES`, or as in `log_event`.
            BackendDown: where the event could not be stored.
        """
        fields = {"event_type": event_type, "severity": severity, "message": message}
        require_text(**fields)
        if severity not in SEVERITIES:
            known = ", ".join(SEVERITIES)
            raise ValueError(
                f"unknown severity {severity!r}; the event was not stored; use {known}"
            )
        self._store("security", fields, details, alert=severity == "critical")

    def recorded(self) -> list[dict[str, Any]]:
        """Give every record in order, each a new dict.

        Keys: sequence, kind ("event" or "security"), timestamp (ISO 8601, UTC), the fields of the
        call, details, and rendered where a detail is a rendering.

        Raises:
            BackendDown: while the store is out of reach.
        """
        return _all_decoded(self._records.stored())

    def alerts(self) -> list[dict[str, Any]]:
        """Give the records whose alert was delivered, in order.

        Raises:
            BackendDown: while the store is out of reach.
        """
        return _all_decoded(self._records.alerts(delivered=True))

    def verify(self) -> Verification:
        """Check every record against the chain, and the chain against the anchor.

        Raises:
            BackendDown: while the store is out of reach.
            OSError, ValueError: where the anchor cannot be read.
        """
        with self._appending:
            # the anchor first: records that another process adds meanwhile lie after it
            anchored = self._anchor.read()
            return verify(self._records.stored(), anchored, self._key)

    def flush(self) -> bool:
        """Send the alerts that wait; False where some still do. Events never wait."""
        return self._alerting.deliver() == 0

    def close(self) -> None:
        """Release the store. A logger on a file raises from then on."""
        self._records.close()

    def tamper(self, kind: Tampering) -> None:
        """Damage the stored records behind the logger's back, for tests of `verify`.

        Raises:
            ValueError: where `kind` is unknown or there are too few records for it.
        """
        self._records.tamper(kind)

    def break_backend(self) -> AbstractContextManager[None]:
        """Take the store out of reach while the block runs."""
        return self._switch.outage()

    def break_alerts(self) -> AbstractContextManager[None]:
        """Break the alert channel while the block runs."""
        return self._alert_switch.outage()

    def __enter__(self: Trail) -> Trail:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _store(
        self, kind: str, fields: dict[str, str], details: dict[str, Any] | None, alert: bool
    ) -> None:
        at = from_micros(to_micros(self.clock()))
        require_text(**fields)
        taken, rendered = snapshot(details)
        body: dict[str, Any] = {name: str.__str__(value) for name, value in fields.items()}
        body |= {"kind": kind, "timestamp": at.isoformat(timespec="microseconds")}
        body["details"] = taken
        if rendered:
            body["rendered"] = rendered
        encoded = _encoded(body)
        with self._appending:
            before, after = self._records.append(encoded, alert)
            self._advance_anchor(before, after)
        if kind == "security":
            self._alerting.deliver()

    def _advance_anchor(self, before: Head, after: Head) -> None:
        """Move the anchor to `after`, unless that would cover up that anchored records are gone."""
        try:
            anchored = self._anchored or self._anchor.read()
            if anchored != before and not self._extends(anchored, before):
                _log.error("anchor stays at %d: the log was tampered with", anchored.count)
                return
            self._anchor.write(after)
            self._anchored = after
        except (OSError, ValueError) as error:  # the event is stored, so this is no failure of it
            _log.error("anchor stays behind record %d: %s", after.count, error)

    def _extends(self, anchored: Head, before: Head) -> bool:
        """Say whether the anchored record is still in the chain that ends at `before`.

        Another process may have written, or this one died, since the anchor was moved.
        """
        if anchored.count == 0:
            return True
        return (
            anchored.count <= before.count
            and self._records.digest_of(anchored.count) == anchored.digest
        )


def _encoded(body: dict[str, Any]) -> bytes:
    # surrogatepass keeps text that is not valid Unicode exactly; JSON's \u escapes would not:
    # they turn two lone surrogates into one character
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def _decoded(record: Stored) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(record.body.decode("utf-8", "surrogatepass"))
    return {"sequence": record.sequence, **body}


def _all_decoded(records: Sequence[Stored]) -> list[dict[str, Any]]:
    # as one text: a call of the decoder costs more than a record
    text = b"[" + b",".join(record.body for record in records) + b"]"
    bodies = json.loads(text.decode("utf-8", "surrogatepass"))
    return [{"sequence": r.sequence, **body} for r, body in zip(records, bodies, strict=True)]

"""Where audit records lie: in order, chained, with the alerts they owe."""

from __future__ import annotations

import threading
from typing import Protocol

from .chain import START, Head, Stored, link
from .switch import Switch
from .tampering import Tampering, tampered

__all__ = ["MemoryRecords", "Records"]


class Records(Protocol):
    """A store of audit records. Every method raises BackendDown while it is out of reach."""

    def append(self, body: bytes, alert: bool) -> tuple[Head, Head]:
        """Store `body` as the next record, which owes an alert or not.

        Returns:
            The heads of the chain before and after.
        """

    def stored(self) -> list[Stored]:
        """Give all records in order."""

    def digest_of(self, sequence: int) -> str | None:
        """Give the digest of one record, if it is there."""

    def alerts(self, delivered: bool) -> list[Stored]:
        """Give the records whose alert was delivered, or those whose alert is still owed."""

    def mark_delivered(self, sequence: int) -> None:
        """Note that a record's alert was delivered."""

    def tamper(self, kind: Tampering) -> None:
        """Damage the stored records behind the logger's back."""

    def close(self) -> None:
        """Release what the store holds open."""


class MemoryRecords:
    """Records in this process."""

    def __init__(self, switch: Switch, key: bytes | None) -> None:
        """Stand behind `switch`; chain with `key`, if there is one."""
        self._switch = switch
        self._key = key
        self._lock = threading.Lock()
        self._records: list[Stored] = []
        self._alerts: dict[int, bool] = {}

    def append(self, body: bytes, alert: bool) -> tuple[Head, Head]:
        """See `Records.append`."""
        self._switch.pass_through()
        with self._lock:
            last = self._records[-1] if self._records else None
            before = START if last is None else Head(last.sequence, last.digest)
            after = link(before, body, self._key)
            self._records.append(Stored(after.count, body, after.digest))
            if alert:
                self._alerts[after.count] = False
            return before, after

    def stored(self) -> list[Stored]:
        """See `Records.stored`."""
        self._switch.pass_through()
        with self._lock:
            return list(self._records)

    def digest_of(self, sequence: int) -> str | None:
        """See `Records.digest_of`."""
        self._switch.pass_through()
        with self._lock:
            # numbers and places agree unless someone tampered, and then the digest will not
            if not 0 < sequence <= len(self._records):
                return None
            return self._records[sequence - 1].digest

    def alerts(self, delivered: bool) -> list[Stored]:
        """See `Records.alerts`."""
        self._switch.pass_through()
        with self._lock:
            wanted = {number for number, done in self._alerts.items() if done is delivered}
            return [record for record in self._records if record.sequence in wanted]

    def mark_delivered(self, sequence: int) -> None:
        """See `Records.mark_delivered`."""
        self._switch.pass_through()
        with self._lock:
            self._alerts[sequence] = True

    def tamper(self, kind: Tampering) -> None:
        """See `Records.tamper`."""
        with self._lock:
            self._records = tampered(self._records, kind, self._key)

    def close(self) -> None:
        """Hold nothing open."""

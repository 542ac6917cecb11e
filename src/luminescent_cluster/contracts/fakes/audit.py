"""Audit loggers that keep their records in memory or in SQLite."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from os import PathLike, fspath
from typing import Any, ClassVar

from .alerting import AlertChannel
from .chain import Anchor, FileAnchor, MemoryAnchor
from .records import MemoryRecords
from .switch import Switch
from .trail import AuditTrail

__all__ = ["InMemoryAuditLogger", "SqliteAuditLogger"]


class InMemoryAuditLogger(AuditTrail):
    """An audit logger whose records live in this process."""

    def __init__(
        self,
        *,
        anchor: Anchor | None = None,
        key: bytes | None = None,
        alert: AlertChannel | None = None,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        """Start with an empty log.

        Args:
            anchor: keeps the head of the chain elsewhere; in this process by default.
            key: makes every digest an HMAC, so that only its holder can extend the chain.
            alert: sends an alert, or raises; by default it is logged (see `alerting.log_alert`).
            clock: tells the time of events; a `Clock` by default.
        """
        switch = Switch("the audit store")
        super().__init__(
            MemoryRecords(switch, key),
            switch,
            anchor=anchor or MemoryAnchor(),
            key=key,
            alert=alert,
            clock=clock,
        )


class SqliteAuditLogger(AuditTrail):
    """An audit logger whose records lie in a SQLite file.

    An event whose call returned survives the death of the process, by SIGKILL too. With
    `power_safe=True` it also survives the loss of power, at the price of two waits for the disk;
    without, `verify` may miss the last events after a power cut, and says so.
    """

    durable: ClassVar[bool] = True

    def __init__(
        self,
        path: str | PathLike[str],
        *,
        anchor: Anchor | None = None,
        key: bytes | None = None,
        alert: AlertChannel | None = None,
        clock: Callable[[], datetime] | None = None,
        power_safe: bool = False,
    ) -> None:
        """Open or create the file at `path`, and send the alerts that it still owes.

        The anchor is by default a file beside it, `path` with ".anchor" added: it shows accidents
        and careless hands. Who can write to that folder can write both; give an anchor elsewhere
        against them. The other arguments are those of `InMemoryAuditLogger`.
        """
        from .sqlite_records import SqliteRecords

        switch = Switch("the audit store")
        self._path = path
        self._settings: dict[str, Any] = {"key": key, "alert": alert, "power_safe": power_safe}
        super().__init__(
            SqliteRecords(path, switch, key, power_safe),
            switch,
            anchor=anchor or FileAnchor(f"{fspath(path)}.anchor", power_safe),
            key=key,
            alert=alert,
            clock=clock,
        )
        self.flush()

    def reopen(self) -> SqliteAuditLogger:
        """Close this logger and give a new one on the same file, as after a restart."""
        self.close()
        return SqliteAuditLogger(
            self._path, anchor=self._anchor, clock=self.clock, **self._settings
        )

"""Audit records in a SQLite file."""

from __future__ import annotations

import sqlite3
from os import PathLike

from .chain import START, Head, Stored, link
from .sqlite import Database
from .switch import Switch
from .tampering import Tampering, tampered

__all__ = ["SqliteRecords"]

_SCHEMA = (
    """CREATE TABLE IF NOT EXISTS audit_records (
        sequence INTEGER PRIMARY KEY,
        body BLOB NOT NULL,
        digest TEXT NOT NULL
    )""",
    """CREATE TABLE IF NOT EXISTS audit_alerts (
        sequence INTEGER PRIMARY KEY,
        delivered INTEGER NOT NULL
    )""",
    "CREATE INDEX IF NOT EXISTS audit_alerts_owed ON audit_alerts (delivered, sequence)",
)
_COLUMNS = "SELECT sequence, body, digest FROM audit_records"


class SqliteRecords:
    """Records as rows. The chain is extended inside the transaction, so processes may share it."""

    def __init__(
        self, path: str | PathLike[str], switch: Switch, key: bytes | None, power_safe: bool
    ) -> None:
        """Open or create the file at `path`, behind `switch`; chain with `key`, if there is one."""
        self._database = Database(path, _SCHEMA, switch, power_safe)
        self._key = key

    def append(self, body: bytes, alert: bool) -> tuple[Head, Head]:
        """See `Records.append`."""
        with self._database.writing() as connection:
            last = connection.execute(
                "SELECT sequence, digest FROM audit_records ORDER BY sequence DESC LIMIT 1"
            ).fetchone()
            before = START if last is None else Head(*last)
            after = link(before, body, self._key)
            connection.execute(
                "INSERT INTO audit_records VALUES (?, ?, ?)", (after.count, body, after.digest)
            )
            if alert:
                # a truncated log numbers its records again: their old alerts are not the new ones'
                connection.execute(
                    "INSERT OR REPLACE INTO audit_alerts VALUES (?, 0)", (after.count,)
                )
        return before, after

    def stored(self) -> list[Stored]:
        """See `Records.stored`."""
        with self._database.reading() as connection:
            return _all(connection)

    def digest_of(self, sequence: int) -> str | None:
        """See `Records.digest_of`."""
        with self._database.reading() as connection:
            found = connection.execute(
                "SELECT digest FROM audit_records WHERE sequence = ?", (sequence,)
            ).fetchone()
        return None if found is None else str(found[0])

    def alerts(self, delivered: bool) -> list[Stored]:
        """See `Records.alerts`."""
        with self._database.reading() as connection:
            rows = connection.execute(
                f"{_COLUMNS} JOIN audit_alerts USING (sequence) WHERE delivered = ? "
                "ORDER BY sequence",
                (int(delivered),),
            ).fetchall()
        return [Stored(*row) for row in rows]

    def mark_delivered(self, sequence: int) -> None:
        """See `Records.mark_delivered`."""
        with self._database.writing() as connection:
            connection.execute(
                "UPDATE audit_alerts SET delivered = 1 WHERE sequence = ?", (sequence,)
            )

    def tamper(self, kind: Tampering) -> None:
        """See `Records.tamper`."""
        with self._database.writing() as connection:
            damaged = tampered(_all(connection), kind, self._key)
            connection.execute("DELETE FROM audit_records")
            connection.executemany(
                "INSERT INTO audit_records VALUES (?, ?, ?)",
                [(record.sequence, record.body, record.digest) for record in damaged],
            )

    def close(self) -> None:
        """Close the file."""
        self._database.close()


def _all(connection: sqlite3.Connection) -> list[Stored]:
    rows = connection.execute(f"{_COLUMNS} ORDER BY sequence").fetchall()
    return [Stored(*row) for row in rows]

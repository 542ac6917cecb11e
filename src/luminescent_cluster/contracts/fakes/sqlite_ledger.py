"""Usage books in a SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from os import PathLike

from .ledger import HOUR, Limits, Range, Statement, Totals, UsageEvent, add, whole_hours
from .sqlite import Database, stored_text, text_of
from .switch import Switch

__all__ = ["SqliteLedger"]

# Names are blobs: no collation or encoding makes two of them equal. The unattributed account is the
# empty one, which no tenant has. Tokens are decimal text: SQLite's integers end at 64 bits, and its
# sums turn into floats beyond.
_SCHEMA = (
    """CREATE TABLE IF NOT EXISTS usage_events (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        account BLOB NOT NULL,
        at INTEGER NOT NULL,
        operation BLOB NOT NULL,
        tokens TEXT NOT NULL
    )""",
    "CREATE INDEX IF NOT EXISTS usage_events_at ON usage_events (account, at)",
    """CREATE TABLE IF NOT EXISTS usage_hours (
        account BLOB NOT NULL,
        hour INTEGER NOT NULL,
        operation BLOB NOT NULL,
        tokens TEXT NOT NULL,
        events INTEGER NOT NULL,
        PRIMARY KEY (account, hour, operation)
    ) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS usage_limits (
        account BLOB NOT NULL,
        operation BLOB,
        tokens TEXT NOT NULL
    )""",
)


class SqliteLedger:
    """Books as rows: the events, and beside them each hour's totals to sum up long ranges from."""

    def __init__(self, path: str | PathLike[str], switch: Switch) -> None:
        """Open or create the file at `path`, behind `switch`."""
        self._database = Database(path, _SCHEMA, switch)

    def append(self, events: Sequence[UsageEvent]) -> None:
        """See `Ledger.append`."""
        with self._database.writing() as connection:
            hours: dict[tuple[bytes, int], Totals] = {}
            for event in events:
                account = _account(event.account)
                inserted = connection.execute(
                    "INSERT OR IGNORE INTO usage_events (id, account, at, operation, tokens) "
                    "VALUES (?, ?, ?, ?, ?)",
                    (
                        event.id,
                        account,
                        event.at,
                        stored_text(event.operation),
                        str(event.tokens),
                    ),
                ).rowcount
                if inserted:
                    hour = hours.setdefault((account, event.at // HOUR), {})
                    add(hour, [(event.operation, event.tokens, 1)])
            for (account, number), totals in hours.items():
                _add_hour(connection, account, number, totals)

    def statement(self, account: str | None, *ranges: Range) -> Statement:
        """See `Ledger.statement`."""
        key = _account(account)
        with self._database.reading() as connection:
            totals = [_totals(connection, key, start, end) for start, end in ranges]
            rows = connection.execute(
                "SELECT operation, tokens FROM usage_limits WHERE account = ?", (key,)
            )
            limits: Limits = {
                None if operation is None else text_of(operation): int(tokens)
                for operation, tokens in rows
            }
        return totals, limits

    def events(self) -> list[UsageEvent]:
        """See `Ledger.events`."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT id, account, operation, tokens, at FROM usage_events ORDER BY number"
            ).fetchall()
        return [
            UsageEvent(event, text_of(account) or None, text_of(operation), int(tokens), at)
            for event, account, operation, tokens, at in rows
        ]

    def set_limit(self, account: str | None, operation: str | None, limit: int | None) -> None:
        """See `Ledger.set_limit`."""
        key = _account(account), None if operation is None else stored_text(operation)
        with self._database.writing() as connection:
            connection.execute("DELETE FROM usage_limits WHERE account = ? AND operation IS ?", key)
            if limit is not None:
                connection.execute("INSERT INTO usage_limits VALUES (?, ?, ?)", (*key, str(limit)))

    def close(self) -> None:
        """Close the file."""
        self._database.close()


def _account(account: str | None) -> bytes:
    return b"" if account is None else stored_text(account)


def _add_hour(connection: sqlite3.Connection, account: bytes, hour: int, totals: Totals) -> None:
    for operation, (tokens, events) in totals.items():
        key = (account, hour, stored_text(operation))
        known = connection.execute(
            "SELECT tokens, events FROM usage_hours "
            "WHERE account = ? AND hour = ? AND operation = ?",
            key,
        ).fetchone() or ("0", 0)
        connection.execute(
            "INSERT OR REPLACE INTO usage_hours VALUES (?, ?, ?, ?, ?)",
            (*key, str(int(known[0]) + tokens), known[1] + events),
        )


def _totals(
    connection: sqlite3.Connection, account: bytes, start: int | None, end: int | None
) -> Totals:
    """Take whole hours from their totals, and what lies around them from the events."""
    first, last = whole_hours(start, end)
    result: Totals = {}
    if first is not None and last is not None and first >= last:
        _add_events(result, connection, account, start, end)
        return result
    if start is not None and first is not None and start < first * HOUR:
        _add_events(result, connection, account, start, first * HOUR)
    if end is not None and last is not None and last * HOUR < end:
        _add_events(result, connection, account, last * HOUR, end)
    rows = connection.execute(
        "SELECT operation, tokens, events FROM usage_hours WHERE account = ? "
        "AND (? IS NULL OR hour >= ?) AND (? IS NULL OR hour < ?)",
        (account, first, first, last, last),
    )
    add(result, ((text_of(name), int(tokens), count) for name, tokens, count in rows))
    return result


def _add_events(
    totals: Totals,
    connection: sqlite3.Connection,
    account: bytes,
    start: int | None,
    end: int | None,
) -> None:
    rows = connection.execute(
        "SELECT operation, tokens FROM usage_events WHERE account = ? "
        "AND (? IS NULL OR at >= ?) AND (? IS NULL OR at < ?)",
        (account, start, start, end, end),
    )
    add(totals, ((text_of(operation), int(tokens), 1) for operation, tokens in rows))

"""Access grants in a SQLite file."""

from __future__ import annotations

from os import PathLike

from .grants import Grant
from .sqlite import Database, stored_text, text_of
from .switch import Switch

__all__ = ["SqliteGrants"]

_SCHEMA = (
    """CREATE TABLE IF NOT EXISTS grants (
        number INTEGER PRIMARY KEY,
        tenant BLOB NOT NULL,
        user BLOB NOT NULL,
        resource BLOB NOT NULL,
        UNIQUE (tenant, user, resource)
    )""",
)


class SqliteGrants:
    """Grants as rows; names are blobs, so that no collation or encoding makes two of them equal."""

    def __init__(self, path: str | PathLike[str], switch: Switch) -> None:
        """Open or create the file at `path`, behind `switch`."""
        self._database = Database(path, _SCHEMA, switch)

    def add(self, grant: Grant) -> None:
        """See `Grants.add`."""
        with self._database.writing() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO grants (tenant, user, resource) VALUES (?, ?, ?)",
                [stored_text(name) for name in grant],
            )

    def remove(self, grant: Grant) -> None:
        """See `Grants.remove`."""
        with self._database.writing() as connection:
            connection.execute(
                "DELETE FROM grants WHERE tenant = ? AND user = ? AND resource = ?",
                [stored_text(name) for name in grant],
            )

    def contains(self, grant: Grant) -> bool:
        """See `Grants.contains`."""
        with self._database.reading() as connection:
            found = connection.execute(
                "SELECT 1 FROM grants WHERE tenant = ? AND user = ? AND resource = ?",
                [stored_text(name) for name in grant],
            ).fetchone()
        return found is not None

    def all(self) -> list[Grant]:
        """See `Grants.all`."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT tenant, user, resource FROM grants ORDER BY number"
            ).fetchall()
        return [
            (text_of(tenant), text_of(user), text_of(resource)) for tenant, user, resource in rows
        ]

    def close(self) -> None:
        """Close the file."""
        self._database.close()

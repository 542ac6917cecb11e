"""One SQLite file in WAL mode, shared by the threads of a process and by processes."""

from __future__ import annotations

import atexit
import os
import sqlite3
import threading
import time
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from .switch import BackendDown, Switch

__all__ = ["Database", "stored_text", "text_of"]

_BUSY = 5.0  # seconds that one process waits for another's transaction


class Database:
    """Runs transactions on one file. Whatever SQLite reports arrives as BackendDown."""

    def __init__(
        self,
        path: str | os.PathLike[str],
        schema: Sequence[str],
        switch: Switch,
        power_safe: bool = False,
    ) -> None:
        """Open or create the file at `path` and the tables of `schema`.

        Raises:
            ValueError: where `path` names no file, such as ":memory:".
            BackendDown: where the file cannot be opened as a database.
        """
        self._path = os.path.abspath(os.fspath(path))
        if os.fspath(path) in ("", ":memory:"):
            raise ValueError(f"{path!r} is no file; for a store in memory use the InMemory class")
        self._schema = schema
        self._switch = switch
        self._synchronous = "FULL" if power_safe else "NORMAL"
        self._lock = threading.Lock()
        self._closed = False
        self._connection: sqlite3.Connection | None = None
        self._process = 0
        with self._lock, self._as_backend_down():
            self._connected()
        _OPEN.add(self)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give a connection that sees one unchanging state of the file."""
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Give a connection that alone may write; what the block did is kept or undone as one."""
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    def close(self) -> None:
        """Close the file; every later transaction raises BackendDown."""
        with self._lock:
            self._closed = True
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        self._switch.pass_through()
        with self._lock, self._as_backend_down():
            if self._closed:
                raise BackendDown(f"{self._path} was closed")
            connection = self._connected()
            connection.execute(begin)
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _as_backend_down(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise BackendDown(f"{self._path}: {error}") from error

    def _connected(self) -> sqlite3.Connection:
        if self._connection is None or self._process != os.getpid():
            # a connection must not be used across a fork (sqlite.org/howtocorrupt.html, 2.6)
            self._connection = self._open()
            self._process = os.getpid()
        return self._connection

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=_BUSY, isolation_level=None, check_same_thread=False
        )
        finalizer = weakref.finalize(self, connection.close)
        finalizer.atexit = False  # a queue may still book when the interpreter ends: see _close_all
        _switch_to_wal(connection)
        connection.execute(f"PRAGMA synchronous={self._synchronous}")
        connection.execute("BEGIN IMMEDIATE")
        for statement in self._schema:
            connection.execute(statement)
        connection.execute("COMMIT")
        return connection


_OPEN: weakref.WeakSet[Database] = weakref.WeakSet()


@atexit.register
def _close_all() -> None:
    for database in list(_OPEN):
        database.close()


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """Change the journal mode; SQLite does not wait for others here, so this does."""
    deadline = time.monotonic() + _BUSY
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def stored_text(text: str) -> bytes:
    """Encode any str, lone surrogates and NUL included, so that SQLite keeps it exactly."""
    return text.encode("utf-8", "surrogatepass")


def text_of(stored: bytes) -> str:
    """Decode what `stored_text` encoded."""
    return stored.decode("utf-8", "surrogatepass")

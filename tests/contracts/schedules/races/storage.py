"""Transactions of a database that is not told where they begin."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import threading

from .model import Race


class SelectThenUpdate:
    """Reads the total in one statement and writes it in another."""

    def __init__(self):
        self._base = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self._base.execute("create table usage (tenant text primary key, tokens integer)")
        self._base.execute("insert into usage values ('acme', 0)")

    def track(self, tokens):
        row = self._base.execute("select tokens from usage where tenant='acme'").fetchone()
        self._base.execute("update usage set tokens=? where tenant='acme'", (row[0] + tokens,))

    def close(self):
        self._base.close()

    def summary(self):
        return self._base.execute("select tokens from usage where tenant='acme'").fetchone()[0]


class OneStatement(SelectThenUpdate):
    def track(self, tokens):
        self._base.execute("update usage set tokens=tokens+? where tenant='acme'", (tokens,))


class FileBase:
    """One connection per thread; the file's lock is waited for inside C."""

    begin = "begin"

    def __init__(self):
        self._folder = tempfile.mkdtemp()
        self._path = os.path.join(self._folder, "usage.db")
        self._local = threading.local()
        self._opened = []
        base = self._connection()
        base.execute("create table usage (tokens integer)")
        base.execute("insert into usage values (0)")

    def _connection(self):
        if not hasattr(self._local, "base"):
            self._local.base = sqlite3.connect(
                self._path, timeout=2, isolation_level=None, check_same_thread=False
            )
            self._opened.append(self._local.base)
        return self._local.base

    def close(self):
        for base in self._opened:
            base.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def track(self, tokens):
        base = self._connection()
        base.execute(self.begin)
        row = base.execute("select tokens from usage").fetchone()
        base.execute("update usage set tokens=?", (row[0] + tokens,))
        base.execute("commit")

    def summary(self):
        return self._connection().execute("select tokens from usage").fetchone()[0]


class Autocommit(FileBase):
    """No transaction at all around the two statements."""

    def track(self, tokens):
        base = self._connection()
        row = base.execute("select tokens from usage").fetchone()
        base.execute("update usage set tokens=?", (row[0] + tokens,))


class Immediate(FileBase):
    begin = "begin immediate"


RACES = [
    Race("sqlite-select-update", SelectThenUpdate, OneStatement, (("track", 5), "summary"),
         teardown=lambda base: base.close()),
    Race("sqlite-transaction", Autocommit, Immediate, (("track", 5),), observers=(("summary",),),
         teardown=lambda base: base.close(), schedules=20),
]  # fmt: skip

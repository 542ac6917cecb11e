"""Broken audit loggers: alerts, outages, crashes, tampering."""

from __future__ import annotations

import atexit
import functools
import hashlib
import json
import os
import sqlite3
import tempfile
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

from luminescent_cluster.contracts import AuditSubject

from .audit_base import EXHIBITS, Down, Exhibit, Logger, breaks, probed

# -- AL-SEC-02 ------------------------------------------------------------------------------


@breaks("AL-SEC-02", "0 alerts")
class NeverPages(Logger):
    def page(self, record: dict) -> None:
        pass


@breaks("AL-SEC-02", "expected 1")
class PagesTwice(Logger):
    def page(self, record: dict) -> None:
        self.paged += [record, record]


@breaks("AL-SEC-02", "alerted 0 times, expected 1")
class PagesOncePerKind(Logger):
    def page(self, record: dict) -> None:
        if all(alert["event_type"] != record["event_type"] for alert in self.paged):
            super().page(record)


class _PagesBesides(Logger):
    def log_security_event(
        self, event_type: str, severity: str, message: str, details: dict | None = None
    ) -> None:
        super().log_security_event(event_type, severity, message, details)
        if severity != "critical" and self.worries(severity, details or {}):
            self.page({"message": message})

    def worries(self, severity: str, details: dict) -> bool:
        raise NotImplementedError


@breaks("AL-SEC-02", "expected 0")
class PagesForWarnings(_PagesBesides):
    def worries(self, severity: str, details: dict) -> bool:
        return severity == "warning"


@breaks("AL-SEC-02", "expected 0", recorded=None)
class PagesForWords(_PagesBesides):
    def worries(self, severity: str, details: dict) -> bool:
        return "mark" in details


@breaks("AL-SEC-02", "expected 0", recorded=None)
class PagesForManyAttempts(_PagesBesides):
    def worries(self, severity: str, details: dict) -> bool:
        return severity == "warning" and details.get("attempts", 0) > 100


# -- AL-SEC-03 ------------------------------------------------------------------------------


@breaks("AL-SEC-03", "is not stored")
class KnownOnly(Logger):
    def log_security_event(
        self, event_type: str, severity: str, message: str, details: dict | None = None
    ) -> None:
        if severity in ("info", "warning", "critical"):
            super().log_security_event(event_type, severity, message, details)


@breaks("AL-SEC-03", "severity=''")
class NothingForBlank(Logger):
    def log_security_event(
        self, event_type: str, severity: str, message: str, details: dict | None = None
    ) -> None:
        if severity:
            super().log_security_event(event_type, severity, message, details)


@breaks("AL-SEC-03", "without a severity")
class NullsTheSeverity(Logger):
    def store(self, record: dict) -> None:
        known = {"info": "info", "warning": "warning", "critical": "critical"}
        if "severity" in record:
            record["severity"] = known.get(record["severity"])
        super().store(record)


# -- AL-SEC-04 ------------------------------------------------------------------------------


class LoudPager(Logger):
    """Its pager raises."""

    def page(self, record: dict) -> None:
        if self.pager_down:
            raise Down("pager")
        super().page(record)


@breaks("AL-SEC-04", "is not stored")
class PagesFirst(LoudPager):
    def log_security_event(
        self, event_type: str, severity: str, message: str, details: dict | None = None
    ) -> None:
        if severity == "critical":
            self.page({"message": message})
        self.write(
            {
                "event_type": event_type,
                "severity": severity,
                "message": message,
                "details": details or {},
            }
        )


@breaks("AL-SEC-04", "is not stored")
class RollsBack(LoudPager):
    def log_security_event(self, *args: Any, **kwargs: Any) -> None:
        before = list(self.lines)
        try:
            super().log_security_event(*args, **kwargs)
        except Down:
            self.lines = before


@breaks("AL-SEC-04", "is not stored")
class GivesUpAfterwards(LoudPager):
    broken = False

    def log_security_event(self, *args: Any, **kwargs: Any) -> None:
        if self.broken:
            return
        try:
            super().log_security_event(*args, **kwargs)
        except Down:
            self.broken = True


# -- AL-FLT-01 ------------------------------------------------------------------------------


@breaks("AL-FLT-01", "is not stored")
class Swallows(Logger):
    def store(self, record: dict) -> None:
        if not self.down:
            super().store(record)


class Buffering(Logger):
    """Keeps what it cannot store."""

    room: int | None = None

    def __init__(self) -> None:
        super().__init__()
        self.waiting: deque[dict] = deque(maxlen=self.room)

    def store(self, record: dict) -> None:
        self.waiting.append(record)
        self.flush()

    def flush(self) -> None:
        while self.waiting and not self.down:
            super().store(self.waiting.popleft())


@breaks("AL-FLT-01", "is not stored", "more such calls")
class BuffersAFew(Buffering):
    room = 100


@breaks("AL-FLT-01", "is not stored")
class KeepsTheLastOnly(Buffering):
    room = 1


@breaks("AL-FLT-01", "log_security_event")
class ForgetsSecurity(Buffering):
    def store(self, record: dict) -> None:
        if self.down and "severity" in record:
            return
        super().store(record)


@breaks("AL-FLT-01", "is not stored")
class LosesTheFirstAfterwards(Logger):
    stale = False

    def store(self, record: dict) -> None:
        if self.down:
            self.stale = True
            raise Down("store")
        if self.stale:
            self.stale = False
            return
        super().store(record)


# -- AL-DUR-01 ------------------------------------------------------------------------------


class InFile(Logger):
    """One line of JSON for each event, in a file."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.file = open(path, "a", encoding="utf-8")  # noqa: SIM115 - closed with the logger

    def store(self, record: dict) -> None:
        self.file.write(json.dumps(record) + "\n")
        self.file.flush()

    def recorded(self) -> list[Any]:
        self.file.flush()
        with open(self.path, encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def close(self) -> None:
        self.file.close()


class Unflushed(InFile):
    def store(self, record: dict) -> None:
        self.file.write(json.dumps(record) + "\n")


class AtTheEnd(InFile):
    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.kept: list[dict] = []
        atexit.register(self.recorded)

    def store(self, record: dict) -> None:
        self.kept.append(record)

    def recorded(self) -> list[Any]:
        while self.kept:
            super().store(self.kept.pop(0))
        return super().recorded()

    def close(self) -> None:
        atexit.unregister(self.recorded)
        super().close()


class Uncommitted(Logger):
    def __init__(self, path: str) -> None:
        super().__init__()
        self.base = sqlite3.connect(path)
        self.base.execute("create table if not exists log (line text)")
        self.base.commit()

    def store(self, record: dict) -> None:
        self.base.execute("insert into log values (?)", (json.dumps(record),))

    def recorded(self) -> list[Any]:
        return [json.loads(line) for (line,) in self.base.execute("select line from log")]

    def close(self) -> None:
        self.base.close()


def durable(kind: type) -> Callable[[], Any]:
    """Give a factory of a logger on a file that says it is durable."""

    def make() -> Iterator[AuditSubject]:
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "log")
            logger = kind(path)
            yield probed(logger, durable=True, reopen=functools.partial(kind, path))
            logger.close()

    make.__name__ = make.__qualname__ = kind.__name__
    return make


for _kind in (Unflushed, AtTheEnd, Uncommitted):
    EXHIBITS.append(Exhibit("AL-DUR-01", durable(_kind), ("SIGKILL", "is not stored")))


class ReplaysItsJournal(InFile):
    """Appends what it finds in the file, each time it is opened."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        for record in self.recorded():
            self.store(record)


EXHIBITS.append(Exhibit("AL-DUR-01", durable(ReplaysItsJournal), ("SIGKILL", "once more")))

# -- AL-TAM-01 ------------------------------------------------------------------------------


class Chained(Logger):
    """Each record's hash covers the one before; the head is kept apart."""

    def __init__(self) -> None:
        super().__init__()
        self.hashes: list[str] = []
        self.head = ""

    def store(self, record: dict) -> None:
        super().store(record)
        self.head = self.link(self.head, self.lines[-1])
        self.hashes.append(self.head)

    def link(self, before: str, line: str) -> str:
        return hashlib.sha256(f"{before}{line}".encode()).hexdigest()

    def verify(self) -> bool:
        before = ""
        for line, digest in zip(self.lines, self.hashes, strict=True):
            before = self.link(before, line)
            if before != digest:
                return False
        return before == self.head

    def tamper(self, kind: str) -> None:
        pairs = list(zip(self.lines, self.hashes, strict=True))
        if kind == "change":
            pairs[0] = (pairs[0][0].replace("event_type", "event-type"), pairs[0][1])
        elif kind == "remove":
            del pairs[0]
        elif kind == "reorder":
            pairs[0], pairs[1] = pairs[1], pairs[0]
        else:
            del pairs[-1]
        self.lines = [line for line, _ in pairs]
        self.hashes = [digest for _, digest in pairs]


KINDS = ("change", "remove", "reorder", "truncate")


def sealed(kind: type, kinds: tuple[str, ...] = KINDS) -> Callable[[], Any]:
    """Give a factory of a logger that says it detects tampering."""

    def make() -> AuditSubject:
        logger = kind()
        return probed(logger, tamper_evident=kinds, tamper=logger.tamper, verify=logger.verify)

    make.__name__ = make.__qualname__ = kind.__name__
    return make


class AlwaysFine(Chained):
    def verify(self) -> bool:
        return True


class HashesAlone(Chained):
    def link(self, before: str, line: str) -> str:
        return hashlib.sha256(line.encode()).hexdigest()


class WithoutHead(Chained):
    def verify(self) -> bool:
        before = ""
        for line, digest in zip(self.lines, self.hashes, strict=True):
            before = self.link(before, line)
            if before != digest:
                return False
        return True


class CriesWolf(Chained):
    def verify(self) -> bool:
        if len(self.lines) > 5:
            raise ValueError("broken chain")
        return super().verify()


for _kind, _words in (
    (AlwaysFine, ("tamper('change')",)),
    (HashesAlone, ("tamper('re",)),
    (WithoutHead, ("tamper('truncate')",)),
    (CriesWolf, ("cries wolf",)),
):
    EXHIBITS.append(Exhibit("AL-TAM-01", sealed(_kind), _words))

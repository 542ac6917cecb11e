"""Broken audit loggers that are right where they were written, and wrong in production."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

from luminescent_cluster.contracts import AuditSubject

from .audit_base import EXHIBITS, Exhibit, Logger, breaks, probed
from .audit_echoes import Waiting
from .audit_failures import KINDS, Chained

# -- AL-EVT-02, 05 and 07: values that nobody wrote by hand --------------------------------------


class _Rewrites(Logger):
    """Stores fields as a step on their way makes them."""

    change: Callable[[str], str]

    def store(self, record: dict) -> None:
        fields = ("actor", "resource", "message")
        changed = {name: type(self).change(record[name]) for name in fields if name in record}
        super().store({**record, **changed})


@breaks("AL-EVT-02", "100% of {{kb}}")
class FormatsWithPercent(_Rewrites):
    """``logger.info(text, mapping)``: each text is a format."""

    @staticmethod
    def change(text: str) -> str:
        return text % {"host": "web-1"}


@breaks("AL-EVT-02", "ops@example.org")
class NormalisesAddresses(_Rewrites):
    @staticmethod
    def change(text: str) -> str:
        name, at, domain = text.partition("@")
        return name + at + domain.lower()


@breaks("AL-EVT-02", "actor is 'admin'")
class DecodesWhatLooksHexadecimal(_Rewrites):
    """Unsafe texts are written in hexadecimal digits, safe ones as they are."""

    @staticmethod
    def change(text: str) -> str:
        if re.fullmatch("(?:[0-9A-F]{2})+", text):
            return bytes.fromhex(text).decode("latin-1")
        return text


@breaks("AL-EVT-05", "nobody can tell which it was")
class CutsAt64K(_Rewrites):
    @staticmethod
    def change(text: str) -> str:
        return text[:65_535]


@breaks("AL-EVT-02", "details lacks '_id'")
class LeavesOutPrivateKeys(Logger):
    def store(self, record: dict) -> None:
        details = {k: v for k, v in record["details"].items() if not k.startswith("_")}
        super().store({**record, "details": details})


@breaks("AL-EVT-07", "lost the value under that key")
class LeavesOutEmptyKeys(Logger):
    def store(self, record: dict) -> None:
        details = {k: v for k, v in record["details"].items() if k}
        super().store({**record, "details": details})


# -- AL-EVT-04: clocks of machines that are not the developer's -----------------------------------


@breaks("AL-EVT-04", "the call; 0.001 s are allowed")
class CallsLocalTimeUtc(Logger):
    def now(self) -> str:
        return datetime.now().isoformat() + "Z"


@breaks("AL-EVT-04", "the call; 0.001 s are allowed")
class CountsSecondsOfNaiveTimes(Logger):
    def write(self, record: dict) -> None:
        self.store(
            {"timestamp": datetime.now(timezone.utc).replace(tzinfo=None).timestamp(), **record}
        )


@breaks("AL-EVT-04", "less than a second")
class WritesMillisecondsWithoutZeros(Logger):
    def now(self) -> str:
        now = datetime.now(timezone.utc)
        return f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000}Z"


# -- AL-SEC-02 ------------------------------------------------------------------------------


@breaks("AL-SEC-02", "0 alerts")
class ComparesWithIs(Logger):
    """Equal literals are one object in Python, until the word comes with a request."""

    def log_security_event(
        self, event_type: str, severity: str, message: str, details: dict | None = None
    ) -> None:
        critical = "critical"
        given = "critical" if severity is critical else "warning"
        super().log_security_event(event_type, given, message, details)


# -- PUR-01 -----------------------------------------------------------------------------------


@breaks("PUR-01", "the extension changed an argument", masks=("password",))
class ScrubsInPlace(Logger):
    """Masks secrets in a copy, which is one level deep."""

    def render(self, details: dict) -> Any:
        return super().render(self.scrub(dict(details)))

    def scrub(self, details: dict) -> dict:
        for key, value in details.items():
            if key == "password":
                details[key] = "***"
            elif isinstance(value, dict):
                self.scrub(value)
        return details


# -- AL-FLT-01 and AL-EVT-03: what a timer tries to send in an outage ------------------------------


class _Batches(Waiting):
    """Sends when it is flushed; an outage makes that fail."""

    def store(self, record: dict) -> None:
        self.waiting.append(record)

    def flush(self) -> None:
        batch, self.waiting = self.waiting, []
        if self.down:
            self.failed(batch)
        else:
            self.send(batch)

    def failed(self, batch: list[dict]) -> None:
        self.waiting[:0] = batch


@breaks("AL-FLT-01", "is not stored")
class EmptiesTheBatchFirst(_Batches):
    def failed(self, batch: list[dict]) -> None:
        raise ConnectionError(f"{len(batch)} records")


@breaks("AL-FLT-01", "is not stored")
class KeepsTheFirstChunkOnly(_Batches):
    def failed(self, batch: list[dict]) -> None:
        self.waiting[:0] = batch[:2]


@breaks("AL-EVT-03", "break_backend", "the other way round")
class PutsTheBatchBackReversed(_Batches):
    def failed(self, batch: list[dict]) -> None:
        for record in batch:
            self.waiting.insert(0, record)


@breaks("AL-FLT-01", "returned during an outage, and is not stored after it")
class SpoolsTheLinesOfAText(Waiting):
    """What cannot be sent is kept as lines; a line that is no JSON was torn by a crash."""

    def store(self, record: dict) -> None:
        if self.down or self.waiting:
            super().store(record)
        else:
            Logger.store(self, record)

    def send(self, records: list[dict]) -> None:
        spool = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
        for line in spool.splitlines():
            with contextlib.suppress(ValueError):
                json.loads(line)
                self.lines.append(line)


@breaks("AL-SEC-04", "is not stored")
class PagesBeforeTheBatchIsStored(_Batches):
    """Its timer sees to the pager first, and a pager that fails takes the batch with it."""

    def page(self, record: dict) -> None:
        """The timer does that."""

    def send(self, records: list[dict]) -> None:
        for record in records:
            if record.get("severity") == "critical":
                if self.pager_down:
                    raise ConnectionError("pager")
                super().page(record)
        super().send(records)


# -- AL-TAM-01 ------------------------------------------------------------------------------


def reopening(head: Callable[[Chained], str]) -> Callable[[], AuditSubject]:
    """Give a factory of a chain that goes on after a restart from the head that is told."""

    def make() -> AuditSubject:
        logger = Chained()

        def again() -> AuditSubject:
            other = Chained()
            other.lines, other.hashes, other.head = logger.lines, logger.hashes, head(logger)
            return probed(other, verify=other.verify)

        probes = {"tamper": logger.tamper, "verify": logger.verify, "reopen": again}
        return probed(logger, tamper_evident=KINDS, **probes)

    return make


EXHIBITS.append(Exhibit("AL-TAM-01", reopening(lambda old: ""), ("after a restart", "cries wolf")))

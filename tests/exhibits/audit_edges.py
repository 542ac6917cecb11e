"""Broken audit loggers: right until a certain value, or a second time, comes along."""

from __future__ import annotations

import contextlib
import copy
import hashlib
import json
import logging
import string
from collections.abc import Callable
from typing import Any

from .audit_base import EXHIBITS, Exhibit, Logger, breaks
from .audit_echoes import Waiting
from .audit_failures import Chained, InFile, durable, sealed

# -- AL-EVT-02 and 05: texts that are taken for something else --------------------------------


def _reads(clause: str, name: str, change: Callable[[str], Any], *words: str) -> None:
    def store(self: Logger, record: dict) -> None:
        with contextlib.suppress(ValueError, KeyError, IndexError, TypeError):
            record = {**record, "resource": change(record["resource"])}
        Logger.store(self, record)

    breaks(clause, *words)(type(name, (Logger,), {"store": store}))


_reads("AL-EVT-02", "ReadsJsonInTexts", json.loads, "resource is")
_reads(
    "AL-EVT-02",
    "ReadsEscapesInTexts",
    lambda text: text.replace("\\n", "\n").replace("\\t", "\t"),
    "resource is",
)
_reads(
    "AL-EVT-02",
    "FillsInTemplates",
    lambda text: string.Template(text).safe_substitute(actor="?"),
    "resource is",
)
_reads("AL-EVT-05", "FormatsTexts", lambda text: text.format(), "nobody can tell which it was")


# -- AL-EVT-01: keys that are taken for something else -----------------------------------------


@breaks("AL-EVT-01", "KeyError", "the key 'name' of details", bare=True)
class AlsoLogsItsDetails(Logger):
    """A record of the log has a ``name`` and a ``message`` of its own."""

    quiet = logging.Logger("audit")
    quiet.addHandler(logging.NullHandler())

    def store(self, record: dict) -> None:
        self.quiet.info("audit", extra=record["details"])
        super().store(record)


@breaks("AL-EVT-01", "TypeError", "multiple values", "the key 'self' of details", bare=True)
class BindsItsDetails(Logger):
    """Details become keyword arguments beside those that the function has already."""

    def store(self, record: dict) -> None:
        self.bind(level="info", **record["details"])
        super().store(record)

    def bind(self, level: str, **details: Any) -> None:
        """A context for the records that follow."""


@breaks("AL-EVT-02", "is stored 1 times, sent 2")
class OncePerRequest(Logger):
    """A request that is tried again must not be on record twice, it thinks."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: set[str] = set()

    def store(self, record: dict) -> None:
        request = record["details"].get("request_id")
        if request not in self.requests:
            super().store(record)
        if request is not None:
            self.requests.add(request)


@breaks("AL-EVT-02", "is not stored", masks=("password",))
class DropsWhatHoldsSecrets(Logger):
    def store(self, record: dict) -> None:
        if "password" not in record["details"]:
            super().store(record)


@breaks("AL-EVT-02", "outcome is", masks=("password",))
class MasksTheTextEverywhere(Logger):
    def store(self, record: dict) -> None:
        secret = record["details"].get("password")
        if secret:
            shown = {
                k: v.replace(secret, "***") if isinstance(v, str) else v for k, v in record.items()
            }
            record = {**shown, "timestamp": record["timestamp"]}
        super().store(record)


class _Caching(Logger):
    """Renders details once, as it thinks."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[Any, Any] = {}

    def key(self, details: dict) -> Any:
        raise NotImplementedError

    def render(self, details: dict) -> Any:
        _, shown = self.known.setdefault(self.key(details), (details, super().render(details)))
        return shown


@breaks("AL-EVT-02", "details")
class CachesByIdentity(_Caching):
    def key(self, details: dict) -> Any:
        return id(details), len(details)


@breaks("AL-EVT-02", "details")
class CachesByEquality(_Caching):
    def key(self, details: dict) -> Any:
        try:
            hash(key := tuple(details.items()))
        except TypeError:
            return id(details)
        return key


# -- AL-EVT-06 ------------------------------------------------------------------------------


@breaks("AL-EVT-06", "then the caller changed its dict")
class SharesWhatItCannotCopy(Logger):
    def store(self, record: dict) -> None:
        self.lines.append(json.dumps({**record, "details": {}}))

    def log_event(
        self,
        event_type: str,
        actor: str,
        resource: str,
        action: str,
        outcome: str,
        details: dict | None = None,
    ) -> None:
        super().log_event(event_type, actor, resource, action, outcome)
        try:
            held = copy.deepcopy(details)
        except TypeError:
            held = details
        self.held = [*getattr(self, "held", []), held]

    def recorded(self) -> list[Any]:
        held = iter(getattr(self, "held", []))
        records = super().recorded()
        return [{**r, "details": next(held) if "actor" in r else r["details"]} for r in records]


# -- AL-SEC-02 ------------------------------------------------------------------------------


@breaks("AL-SEC-02", "3 equal critical events in a row, 1 alerts")
class PagesOncePerMessage(Logger):
    def page(self, record: dict) -> None:
        if all(alert["message"] != record["message"] for alert in self.paged):
            super().page(record)


# -- AL-FLT-01 ------------------------------------------------------------------------------


@breaks("AL-FLT-01", "returned during an outage", "is stored 2 times, sent 1")
class SendsTheBacklogWithEveryEvent(Waiting):
    """What waited goes out with the next event, and is never taken from the queue."""

    def store(self, record: dict) -> None:
        if self.down:
            self.waiting.append(record)
        else:
            self.send([*self.waiting, record])

    def flush(self) -> None:
        """Nothing else waits."""


# -- AL-EVT-03, 04 and 06: what waits out an outage ------------------------------------------


@breaks("AL-EVT-03", "break_backend", "the other way round")
class SendsTheBacklogBackwards(Waiting):
    def send(self, records: list[dict]) -> None:
        super().send(records[::-1])


@breaks("AL-EVT-04", "break_backend", "after the call")
class StampsWhenItSends(Waiting):
    def send(self, records: list[dict]) -> None:
        super().send([{**record, "timestamp": self.now()} for record in records])


@breaks("AL-EVT-06", "break_backend", "then the caller changed its dict")
class SharesWhatWaits(Waiting):
    """Copies details when they are stored, and keeps the caller's dict until then."""

    def __init__(self) -> None:
        super().__init__()
        self.later: list[tuple[Any, ...]] = []

    def log_event(
        self,
        event_type: str,
        actor: str,
        resource: str,
        action: str,
        outcome: str,
        details: dict | None = None,
    ) -> None:
        self.later.append((event_type, actor, resource, action, outcome, details))
        self.flush()

    def flush(self) -> None:
        if not self.down:
            later, self.later = self.later, []
            for arguments in later:
                super().log_event(*arguments)
        super().flush()


# -- AL-DUR-01 ------------------------------------------------------------------------------


class WritesTheFileAnew(InFile):
    """Holds the records of this process, and writes all of them each time."""

    def store(self, record: dict) -> None:
        self.lines.append(json.dumps(record))
        with open(self.path, "w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in self.lines)


EXHIBITS.append(Exhibit("AL-DUR-01", durable(WritesTheFileAnew), ("no longer stored",)))

# -- AL-TAM-01 ------------------------------------------------------------------------------


class ChecksAnotherSpelling(Chained):
    """The hash is of the line as it was written, the check of one that is written anew."""

    def link(self, before: str, line: str) -> str:
        return hashlib.sha256(f"{before}{line}".encode("utf-8", "replace")).hexdigest()

    def verify(self) -> bool:
        written = self.lines
        self.lines = [json.dumps(json.loads(line), ensure_ascii=False) for line in written]
        try:
            return super().verify()
        finally:
            self.lines = written


EXHIBITS.append(Exhibit("AL-TAM-01", sealed(ChecksAnotherSpelling), ("cries wolf", "after log_")))

"""Broken audit loggers: recording, order, time, details."""

from __future__ import annotations

import contextlib
import json
import threading
from collections import deque
from datetime import datetime, timedelta, timezone
from typing import Any

from . import audit_echoes, audit_failures, audit_forging  # noqa: F401 - puts further exhibits on show
from .audit_base import EXHIBITS, Logger, breaks, rendered

__all__ = ["EXHIBITS"]

# -- AL-EVT-01 ------------------------------------------------------------------------------


@breaks("AL-EVT-01", "expected None", bare=True)
class ReturnsAnId(Logger):
    def log_event(self, *args: Any, **kwargs: Any) -> Any:
        super().log_event(*args, **kwargs)
        return len(self.lines)


@breaks("AL-EVT-01", "core makes this very call", bare=True)
class NeedsDetails(Logger):
    def log_event(
        self,
        event_type: str,
        actor: str,
        resource: str,
        action: str,
        outcome: str,
        details: Any = None,
    ) -> None:
        super().log_event(event_type, actor, resource, action, outcome, dict(details))


@breaks("AL-EVT-01", "expected None", bare=True)
class ReturnsForNestedOnly(Logger):
    def log_security_event(
        self, event_type: str, severity: str, message: str, details: dict | None = None
    ) -> Any:
        super().log_security_event(event_type, severity, message, details)
        return details if any(isinstance(v, dict) for v in (details or {}).values()) else None


# -- AL-EVT-02 ------------------------------------------------------------------------------


@breaks("AL-EVT-02", "sent")
class DropsEverySeventh(Logger):
    seen = 0

    def log_event(self, *args: Any, **kwargs: Any) -> None:
        self.seen += 1
        if self.seen % 7:
            super().log_event(*args, **kwargs)


@breaks("AL-EVT-02", "action is", "outcome is")
class SwapsTwo(Logger):
    def log_event(
        self,
        event_type: str,
        actor: str,
        resource: str,
        action: str,
        outcome: str,
        details: dict | None = None,
    ) -> None:
        super().log_event(event_type, actor, resource, outcome, action, details)


@breaks("AL-EVT-02", "sent 2")
class MergesEqualEvents(Logger):
    def store(self, record: dict) -> None:
        known = [{**json.loads(line), "timestamp": ""} for line in self.lines]
        if {**record, "timestamp": ""} not in known:
            super().store(record)


@breaks("AL-EVT-02", "outcome is absent", "fields=")
class LeavesTheOutcomeOut(Logger):
    def store(self, record: dict) -> None:
        record.pop("outcome", None)
        super().store(record)


@breaks("AL-EVT-02", "in a history of")
class KeepsTheLast(Logger):
    def __init__(self) -> None:
        super().__init__()
        self.lines: Any = deque(maxlen=256)


@breaks("AL-EVT-02", "stored 2 times, sent 1")
class RetriesNestedDetails(Logger):
    def store(self, record: dict) -> None:
        super().store(record)
        if any(isinstance(value, list) for value in record["details"].values()):
            super().store(record)


@breaks("AL-EVT-02", "actor is")
class FoldsActors(Logger):
    def store(self, record: dict) -> None:
        super().store({k: v.lower() if k == "actor" else v for k, v in record.items()})


@breaks("AL-EVT-02", "belongs to another event")
class GathersDetails(Logger):
    def __init__(self) -> None:
        super().__init__()
        self.gathered: dict = {}

    def log_event(
        self,
        event_type: str,
        actor: str,
        resource: str,
        action: str,
        outcome: str,
        details: dict | None = None,
    ) -> None:
        self.gathered.update(details or {})
        super().log_event(event_type, actor, resource, action, outcome, self.gathered)


# -- AL-SEC-01 ------------------------------------------------------------------------------


@breaks("AL-SEC-01", "is not stored")
class SkipsInfo(Logger):
    def log_security_event(
        self, event_type: str, severity: str, message: str, details: dict | None = None
    ) -> None:
        if severity != "info":
            super().log_security_event(event_type, severity, message, details)


@breaks("AL-SEC-01", "message is absent")
class KeepsNoMessage(Logger):
    def store(self, record: dict) -> None:
        record.pop("message", None)
        super().store(record)


@breaks("AL-SEC-01", "stored 2 times, sent 1")
class StoresCriticalTwice(Logger):
    def page(self, record: dict) -> None:
        self.write(record)
        super().page(record)


@breaks("AL-SEC-01", "in a history of")
class SamplesAfterHundred(Logger):
    count = 0

    def log_security_event(self, *args: Any, **kwargs: Any) -> None:
        self.count += 1
        if self.count <= 100 or self.count % 10 == 0:
            super().log_security_event(*args, **kwargs)


# -- AL-EVT-03 ------------------------------------------------------------------------------


@breaks("AL-EVT-03", "the other way round")
class NewestFirst(Logger):
    def store(self, record: dict) -> None:
        self.lines.insert(0, json.dumps(record))


@breaks("AL-EVT-03", "the other way round")
class SortsByActor(Logger):
    def recorded(self) -> list[Any]:
        return sorted(super().recorded(), key=lambda record: record.get("actor", ""))


@breaks("AL-EVT-03", "the other way round")
class UrgentFirst(Logger):
    def recorded(self) -> list[Any]:
        return sorted(super().recorded(), key=lambda record: record.get("severity") != "critical")


@breaks("AL-EVT-03", "the other way round")
class StacksUntilSixteen(Logger):
    def __init__(self) -> None:
        super().__init__()
        self.stack: list[dict] = []

    def store(self, record: dict) -> None:
        self.stack.append(record)
        if len(self.stack) == 16:
            self.flush()

    def flush(self) -> None:
        if len(self.stack) < 16:
            self.stack.reverse()
        while self.stack:
            super().store(self.stack.pop())


# -- AL-EVT-04 and 08 -----------------------------------------------------------------------


@breaks("AL-EVT-04", "before the call")
class TimeOfConstruction(Logger):
    def __init__(self) -> None:
        super().__init__()
        self.born = super().now()

    def now(self) -> str:
        return self.born


@breaks("AL-EVT-04", "before the call")
class WholeMinutes(Logger):
    def now(self) -> str:
        return datetime.now(timezone.utc).replace(second=0, microsecond=0).isoformat()


@breaks("AL-EVT-04", "after the call")
class TimeOfWriting(Logger):
    def __init__(self) -> None:
        super().__init__()
        self.queue: list[dict] = []

    def write(self, record: dict) -> None:
        self.queue.append(record)

    def flush(self) -> None:
        while self.queue:
            super().write(self.queue.pop(0))


@breaks("AL-EVT-04", "no datetime")
class TimeAsWords(Logger):
    def now(self) -> str:
        return "just now"


@breaks("AL-EVT-04", "the call")
class WrongZone(Logger):
    def now(self) -> str:
        return datetime.now(timezone(timedelta(hours=2))).replace(tzinfo=timezone.utc).isoformat()


@breaks("AL-EVT-08", "names no zone")
class NaiveUtc(Logger):
    def now(self) -> str:
        return datetime.now(timezone.utc).replace(tzinfo=None).isoformat()


@breaks("AL-EVT-08", "is not in UTC")
class LocalTime(Logger):
    def now(self) -> str:
        return datetime.now(timezone(timedelta(hours=2))).isoformat()


@breaks("AL-EVT-08", "names no zone")
class NaiveForSecurity(Logger):
    def write(self, record: dict) -> None:
        at = datetime.now(timezone.utc)
        naive = at.replace(tzinfo=None) if "severity" in record else at
        self.store({"timestamp": naive.isoformat(), **record})


# -- AL-EVT-06 ------------------------------------------------------------------------------


class Referring(Logger):
    """Keeps dicts, which is right as long as they are its own."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[dict] = []

    def log_event(
        self,
        event_type: str,
        actor: str,
        resource: str,
        action: str,
        outcome: str,
        details: dict | None = None,
    ) -> None:
        self.records.append(
            {
                "event_type": event_type,
                "actor": actor,
                "resource": resource,
                "action": action,
                "outcome": outcome,
                "details": self.keep(details or {}),
            }
        )

    def keep(self, details: dict) -> Any:
        return details

    def recorded(self) -> list[Any]:
        return [*super().recorded(), *self.records]


@breaks("AL-EVT-06", "then the caller changed its dict")
class KeepsTheDict(Referring):
    """Stores what it was given."""


@breaks("AL-EVT-06", "then the caller changed its dict")
class CopiesOneLevel(Referring):
    def keep(self, details: dict) -> Any:
        return dict(details)


@breaks("AL-EVT-06", "then the caller changed its dict")
class CopiesTwoLevels(Referring):
    def keep(self, details: dict) -> Any:
        return {k: v.copy() if isinstance(v, (dict, list)) else v for k, v in details.items()}


@breaks("AL-EVT-06", "then the caller changed its dict")
class SerialisesLater(Referring):
    def flush(self) -> None:
        self.records = [{**r, "details": rendered(r["details"])} for r in self.records]


# -- AL-EVT-07 ------------------------------------------------------------------------------


def _log_event_with(render: Any) -> Any:
    def log_event(
        self: Logger,
        event_type: str,
        actor: str,
        resource: str,
        action: str,
        outcome: str,
        details: dict | None = None,
    ) -> None:
        render(
            self,
            {
                "event_type": event_type,
                "actor": actor,
                "resource": resource,
                "action": action,
                "outcome": outcome,
            },
            details or {},
        )

    return log_event


@breaks("AL-EVT-07", "without its details")
class GivesDetailsUp(Logger):
    def _write(self, record: dict, details: dict) -> None:
        try:
            json.dumps(details)
        except (TypeError, ValueError, RecursionError):
            details = {}
        self.write({**record, "details": details})

    log_event = _log_event_with(_write)


@breaks("AL-EVT-07", "is not stored")
class SwallowsTheError(Logger):
    def _write(self, record: dict, details: dict) -> None:
        with contextlib.suppress(Exception):
            self.write({**record, "details": json.loads(json.dumps(details))})

    log_event = _log_event_with(_write)


@breaks("AL-EVT-07", "lost the value under that key")
class SkipsKeys(Logger):
    def _write(self, record: dict, details: dict) -> None:
        text = json.dumps(details, skipkeys=True, default=repr)
        self.write({**record, "details": json.loads(text)})

    log_event = _log_event_with(_write)


@breaks("AL-EVT-07", "turned it into None")
class NullsIt(Logger):
    def _write(self, record: dict, details: dict) -> None:
        text = json.dumps(details, default=lambda value: None)
        self.write({**record, "details": json.loads(text)})

    log_event = _log_event_with(_write)


@breaks("AL-EVT-07", "turned it into {}")
class ShowsAttributes(Logger):
    """An exception has none."""

    def _write(self, record: dict, details: dict) -> None:
        text = json.dumps(details, default=lambda value: getattr(value, "__dict__", repr(value)))
        self.write({**record, "details": json.loads(text)})

    log_event = _log_event_with(_write)


@breaks("AL-EVT-07", "turned it into []")
class MeasuresFirst(Logger):
    """What is counted is used up, where it can be iterated once."""

    def _write(self, record: dict, details: dict) -> None:
        if all(len(list(value)) < 1_000 for value in details.values() if hasattr(value, "send")):
            details = {k: list(v) if hasattr(v, "send") else v for k, v in details.items()}
        self.write({**record, "details": rendered(details)})

    log_event = _log_event_with(_write)


@breaks("AL-EVT-07", "is not stored", flush=None, settles_within=0.3)
class WriterDies(Logger):
    def __init__(self) -> None:
        super().__init__()
        self.alive = True

    def _write(self, record: dict, details: dict) -> None:
        def write() -> None:
            try:
                if self.alive:
                    self.write({**record, "details": json.loads(json.dumps(details))})
            except Exception:
                self.alive = False

        writer = threading.Thread(target=write)
        writer.start()
        writer.join()

    log_event = _log_event_with(_write)


# -- AL-EVT-02, details that are cut or coerced -----------------------------------------------


def _with_details(name: str, change: Any) -> None:
    def store(self: Logger, record: dict) -> None:
        Logger.store(self, {**record, "details": change(record["details"])})

    breaks("AL-EVT-02", "log_event(")(type(name, (Logger,), {"store": store}))


_with_details("DropsNone", lambda details: {k: v for k, v in details.items() if v is not None})
_with_details(
    "CutsLongTexts",
    lambda details: {k: v[:1024] if isinstance(v, str) else v for k, v in details.items()},
)
_with_details("CutsManyKeys", lambda details: dict(list(details.items())[:100]))
_with_details(
    "DropsGaps",
    lambda details: {
        k: [e for e in v if e is not None] if isinstance(v, list) else v for k, v in details.items()
    },
)
_with_details(
    "GuessesNumbers",
    lambda details: {
        k: int(v) if isinstance(v, str) and v.isdecimal() else v for k, v in details.items()
    },
)
_with_details(
    "FloatsAll",
    lambda details: {k: float(v) if isinstance(v, int) else v for k, v in details.items()},
)

from . import (  # noqa: E402 - last: the catalogue shows a clause's first exhibit
    audit_batches,  # noqa: F401
    audit_edges,  # noqa: F401
    audit_production,  # noqa: F401
)

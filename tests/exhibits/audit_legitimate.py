"""Audit loggers that are right in unusual ways."""

from __future__ import annotations

import copy
import functools
import itertools
import json
import os
import queue
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import Enum
from typing import Any

from luminescent_cluster.contracts import AuditSubject
from luminescent_cluster.contracts.fakes import InMemoryAuditLogger, SqliteAuditLogger

from .audit_base import Down, Logger, probed, rendered
from .audit_batches import Batched, Rotating
from .audit_echoes import SendsUntilItIsAnswered
from .audit_failures import KINDS, Buffering, Chained, InFile, WithoutHead, durable, sealed
from .audit_forging import Lines
from .audit_production import reopening
from .audit_renderings import RENDERINGS

LEGITIMATE: dict[str, Callable[[], Any]] = dict(RENDERINGS)
COMPLETE: set[str] = set(RENDERINGS)
"""Names of those with which every clause is judged or excused."""


def right(make: Callable[[], Any]) -> Callable[[], Any]:
    """Put a factory on the list."""
    LEGITIMATE[make.__name__] = make
    return make


def complete(make: Callable[[], Any]) -> Callable[[], Any]:
    """Put a factory on the list of those that leave nothing open."""
    COMPLETE.add(make.__name__)
    return right(make)


@right
def bare() -> Any:
    return Logger()


@complete
def with_every_probe() -> Any:
    return probed(Logger())


@complete
def fake_in_memory() -> Any:
    fake = InMemoryAuditLogger()
    return AuditSubject(
        fake,
        recorded=fake.recorded,
        alerts=fake.alerts,
        flush=fake.flush,
        break_backend=fake.break_backend,
        break_alerts=fake.break_alerts,
        tamper_evident=(*KINDS, "insert", "rewrite"),
        tamper=fake.tamper,
        verify=fake.verify,
    )


@complete
def fake_in_sqlite() -> Any:
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "audit.db")
        fake = SqliteAuditLogger(path)
        yield AuditSubject(
            fake,
            recorded=fake.recorded,
            alerts=fake.alerts,
            flush=fake.flush,
            break_backend=fake.break_backend,
            break_alerts=fake.break_alerts,
            durable=True,
            reopen=functools.partial(SqliteAuditLogger, path),
            fresh="clause",
        )
        fake.close()


LEGITIMATE["rotates_files"] = lambda: probed(Rotating())
LEGITIMATE["seals_batches"] = sealed(Batched)
LEGITIMATE["in_a_file"] = durable(InFile)
LEGITIMATE["chained"] = sealed(Chained)
LEGITIMATE["chained_without_a_head"] = sealed(WithoutHead, ("change", "remove", "reorder"))
COMPLETE |= {"rotates_files", "seals_batches", "in_a_file", "chained", "chained_without_a_head"}


@complete
def reopened_by_a_closure() -> Any:
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "log")
        logger = InFile(path)
        yield probed(logger, durable=True, reopen=lambda: probed(InFile(path)))
        logger.close()


class Queued(Logger):
    """A thread writes; the time is taken in the call."""

    def __init__(self) -> None:
        super().__init__()
        self.queue: queue.Queue[Any] = queue.Queue()
        self.thread = threading.Thread(target=self._work, daemon=True)
        self.thread.start()

    def write(self, record: dict) -> None:
        self.queue.put(copy.deepcopy({"timestamp": self.now(), **record}))

    def _work(self) -> None:
        while (record := self.queue.get()) is not None:
            time.sleep(0.0005)
            while self.down:
                time.sleep(0.001)
            super().store(record)
            self.queue.task_done()

    def close(self) -> None:
        self.queue.put(None)
        self.thread.join()


@complete
def a_queue_that_is_flushed() -> Any:
    logger = Queued()
    yield probed(logger, flush=logger.queue.join)
    logger.close()


@complete
def a_queue_that_settles() -> Any:
    logger = Queued()
    yield probed(logger, flush=None)
    logger.close()


@complete
def a_buffer_for_outages() -> Any:
    return probed(Buffering())


@complete
def a_buffer_that_refuses_when_full() -> Any:
    class Refusing(Buffering):
        def store(self, record: dict) -> None:
            if len(self.waiting) >= 50:
                raise Down("full")
            super().store(record)

    return probed(Refusing())


@complete
def masked_secrets() -> Any:
    class Masking(Logger):
        def store(self, record: dict) -> None:
            details = {
                key: "***" if key.lower() in ("query", "note", "reason") else value
                for key, value in record["details"].items()
            }
            super().store({**record, "details": details})

    return probed(Masking(), masks=("query", "note", "Reason"))


@complete
def escaped_control_characters() -> Any:
    def escape(text: str) -> str:
        return text.encode("unicode_escape").decode("ascii")

    def escape_all(value: Any) -> Any:
        if isinstance(value, dict):
            return {escape(key): escape_all(part) for key, part in value.items()}
        if isinstance(value, list):
            return [escape_all(part) for part in value]
        return escape(value) if isinstance(value, str) else value

    class Escaping(Logger):
        def store(self, record: dict) -> None:
            super().store(escape_all(record))

    return probed(Escaping(), renders=escape)


@complete
def refuses_control_characters() -> Any:
    class Strict(Logger):
        def write(self, record: dict) -> None:
            if any(not value.isprintable() for value in record.values() if isinstance(value, str)):
                raise ValueError("control characters")
            super().write(record)

    return probed(Strict())


@complete
def refuses_what_json_cannot_carry() -> Any:
    class Strict(Logger):
        def log_event(self, *args: Any, **kwargs: Any) -> None:
            json.dumps((args, kwargs), allow_nan=False)
            super().log_event(*args, **kwargs)

        def log_security_event(self, *args: Any, **kwargs: Any) -> None:
            json.dumps((args, kwargs), allow_nan=False)
            super().log_security_event(*args, **kwargs)

    return probed(Strict())


@complete
def refuses_unknown_words() -> Any:
    class Strict(Logger):
        def log_security_event(
            self, event_type: str, severity: str, message: str, details: dict | None = None
        ) -> None:
            if severity not in ("info", "warning", "critical"):
                raise ValueError(severity)
            super().log_security_event(event_type, severity, message, details)

        def log_event(
            self,
            event_type: str,
            actor: str,
            resource: str,
            action: str,
            outcome: str,
            details: dict | None = None,
        ) -> None:
            if outcome not in ("success", "failure"):
                raise ValueError(outcome)
            super().log_event(event_type, actor, resource, action, outcome, details)

    return probed(Strict())


@complete
def severities_in_one_case() -> Any:
    class Lower(Logger):
        def log_security_event(
            self, event_type: str, severity: str, message: str, details: dict | None = None
        ) -> None:
            super().log_security_event(event_type, severity.strip().lower(), message, details)

    return probed(Lower())


class Level(Enum):
    """How bad."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


@dataclass
class Stored:
    """A record as an object."""

    when: float
    what: dict


@complete
def records_as_objects() -> Any:
    class Objects(Logger):
        def __init__(self) -> None:
            super().__init__()
            self.kept: list[Stored] = []

        def store(self, record: dict) -> None:
            if self.down:
                raise Down
            moment = datetime.fromisoformat(record["timestamp"]).timestamp()
            what = {**record, "who": record.pop("actor", None)}
            what["details"] = json.dumps(what["details"])
            self.kept.append(Stored(moment, what))

        def recorded(self) -> list[Any]:
            return self.kept

    names = ("event_type", "resource", "action", "outcome", "severity", "message", "details")
    fields = {name: f"what.{name}" for name in names}
    return probed(
        Objects(), fields={**fields, "actor": "what.who", "timestamp": lambda record: record.when}
    )


@complete
def lines_of_json() -> Any:
    class Text(Lines):
        def recorded(self) -> list[Any]:
            return [line for line in self.split() if line]

        def store(self, record: dict) -> None:
            if self.down:
                raise Down
            super().store(record)

    return probed(Text())


@complete
def whole_seconds() -> Any:
    class Seconds(Logger):
        def now(self) -> Any:
            return int(time.time())

    return probed(Seconds(), resolution=1.0)


@complete
def a_clock_of_its_own() -> Any:
    ticks = itertools.count()
    start = datetime(2024, 2, 29, 23, 59, 59, tzinfo=timezone.utc)

    def clock() -> datetime:
        return start + timedelta(milliseconds=10 * next(ticks))

    class Fixed(Logger):
        def now(self) -> str:
            return clock().isoformat()

    return probed(Fixed(), clock=clock)


@complete
def two_stores_and_a_pager_number() -> Any:
    class Two(Logger):
        def __init__(self) -> None:
            super().__init__()
            self.alarms: list[dict] = []

        def store(self, record: dict) -> None:
            if self.down:
                raise Down
            if "severity" in record:
                self.alarms.append(copy.deepcopy(record))
            else:
                super().store(record)

    logger = Two()
    return probed(logger, security_recorded=lambda: logger.alarms, alerts=lambda: len(logger.paged))


@complete
def records_of_its_own_between() -> Any:
    class Heartbeats(Logger):
        def store(self, record: dict) -> None:
            super().store(record)
            if len(self.lines) % 3 == 0:
                super().store({"event_type": "checkpoint", "count": len(self.lines), "details": {}})

    return probed(Heartbeats())


@complete
def richer_details() -> Any:
    class Richer(Logger):
        def store(self, record: dict) -> None:
            super().store({**record, "details": {**record["details"], "host": "node-1"}})

    return probed(Richer())


SHARED = Logger()


@complete
def one_server_for_all() -> Any:
    if len(SHARED.lines) > 500:  # only for the sake of speed
        SHARED.lines.clear()
    client = Logger()
    client.store = lambda record: Logger.store(  # type: ignore[method-assign]
        SHARED if not client.down else client, record
    )
    return probed(client, recorded=lambda: SHARED.recorded(), alerts=client.alerts)


@complete
def an_outage_as_a_context_manager() -> Any:
    logger = Logger()

    @contextmanager
    def silence() -> Any:
        with logger.silence():
            yield

    return probed(
        logger,
        break_alerts=silence,
        break_backend=logger.outage,
        alerts=lambda: iter(logger.paged),
    )


@complete
def words_of_the_author() -> Any:
    class Closed(Logger):
        def log_event(
            self,
            event_type: str,
            actor: str,
            resource: str,
            action: str,
            outcome: str,
            details: dict | None = None,
        ) -> None:
            if event_type not in ("billing", "export"):
                raise ValueError(event_type)
            super().log_event(event_type, actor, resource, action, outcome, details)

    return probed(Closed(), arguments={"log_event.event_type": ["billing", "export"]})


@complete
def alerts_may_raise_after_storing() -> Any:
    class Loud(Logger):
        def page(self, record: dict) -> None:
            if self.pager_down:
                raise Down("pager")
            super().page(record)

    return probed(Loud())


@right
def keeps_python_objects() -> Any:
    class Objects(Logger):
        def store(self, record: dict) -> None:
            if self.down:
                raise Down
            self.lines.append(copy.deepcopy({**record, "details": rendered(record["details"])}))

        def recorded(self) -> list[Any]:
            return self.lines

    return probed(Objects(), break_alerts=None)


@complete
def answers_are_lost_in_an_outage() -> Any:
    return probed(SendsUntilItIsAnswered())


class _KeepsItsNames(Logger):
    """Details lie beside the event's own fields, whose names they must not take."""

    def store(self, record: dict) -> None:
        for name in ("actor", "message", "time", "level"):
            if name in record["details"]:
                raise ValueError(f"details must not be called {name!r}")
        super().store(record)


@right
def refuses_names_of_its_own() -> Any:
    return probed(_KeepsItsNames())


class _Shallow(Logger):
    """Its table has a column for JSON of few levels, and the alarms that it knows."""

    def log_security_event(
        self, event_type: str, severity: str, message: str, details: dict | None = None
    ) -> None:
        if not event_type.startswith("intrusion"):
            raise ValueError(f"unknown alarm {event_type!r}")
        super().log_security_event(event_type, severity, message, details)

    def store(self, record: dict) -> None:
        if _levels(record["details"]) > 3:
            raise ValueError("details are too deep")
        super().store(record)


def _levels(value: Any) -> int:
    parts = value.values() if isinstance(value, dict) else value
    return 1 + max(map(_levels, parts), default=0) if isinstance(value, (dict, list)) else 0


@right
def takes_few_levels_and_its_own_alarms() -> Any:
    return probed(_Shallow(), arguments={"event_type": "intrusion"})


@right
def takes_few_levels() -> Any:
    logger = _Shallow()
    logger.log_security_event = functools.partial(Logger.log_security_event, logger)
    return probed(logger)


@complete
def local_times_that_name_their_zone() -> Any:
    class Local(Logger):
        def now(self) -> str:
            return datetime.now().astimezone().isoformat(timespec="milliseconds")

    return probed(Local())


@complete
def a_timer_that_fails_in_an_outage() -> Any:
    class Timed(Buffering):
        def store(self, record: dict) -> None:
            with suppress(Down):
                super().store(record)

        def flush(self) -> None:
            if self.down:
                raise Down("store")
            super().flush()

    return probed(Timed())


@complete
def a_chain_that_goes_on_after_a_restart() -> Any:
    return reopening(lambda old: old.head)()


@complete
def pages_about_an_outage_too() -> Any:
    class Operated(Buffering):
        def store(self, record: dict) -> None:
            if self.down:
                self.page({"message": "the audit store is down"})
            super().store(record)

    return probed(Operated())

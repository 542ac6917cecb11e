"""A small usage tracker that is right, for exhibits to break in one place each."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import contextmanager
from datetime import datetime, timezone
from typing import Any, NamedTuple

from luminescent_cluster.contracts import UsageSubject

UTC = timezone.utc


class Event(NamedTuple):
    """One use."""

    tenant: Any
    operation: str
    tokens: int
    at: datetime


class Tracker:
    """Keeps events in a list; a switch keeps them waiting while the backend is away."""

    def __init__(self):
        self.events: list[Event] = []
        self.waiting: list[Event] = []
        self.limits: dict[Any, int] = {}
        self.now: datetime | None = None
        self.down = False
        self.stalled = threading.Event()
        self.stalled.set()

    # -- protocol

    def track(self, operation: str, tokens: int, metadata: dict) -> None:
        if tokens < 0:
            raise ValueError("tokens is negative")
        self.waiting.append(Event(self.tenant_of(metadata), operation, tokens, self.time()))
        self.send()

    def check_quota(self, tenant_id: str, operation: str) -> tuple[bool, str | None]:
        if self.down:
            return False, "the quota cannot be looked up"
        limit = self.limit_of(tenant_id, operation)
        used = self.used(tenant_id, operation)
        if limit is not None and used >= limit:
            return False, f"{used} of {limit} tokens are used"
        return True, None

    def get_usage_summary(
        self,
        tenant_id: str,
        start_date: datetime | None = None,
        end_date: datetime | None = None,
    ) -> dict:
        if self.down:
            raise ConnectionError("the books are out of reach")
        found = self.between(tenant_id, utc(start_date), utc(end_date))
        return self.summed(found)

    # -- parts

    def tenant_of(self, metadata):
        return metadata.get("tenant_id")

    def time(self):
        return self.now or datetime.now(UTC)

    def send(self):
        if not self.down and self.stalled.is_set():
            self.events += self.waiting
            self.waiting.clear()

    def between(self, tenant, start, end):
        return [
            event
            for event in self.of(tenant)
            if (start is None or start <= event.at) and (end is None or event.at < end)
        ]

    def of(self, tenant):
        return [event for event in self.events if event.tenant == tenant]

    def summed(self, events):
        return {
            "total_tokens": sum(event.tokens for event in events),
            "total_queries": sum(event.operation == "query" for event in events),
            "quota_remaining": None,
        }

    def used(self, tenant, operation):
        return sum(event.tokens for event in self.of(tenant))

    def limit_of(self, tenant, operation):
        return self.limits.get(tenant)

    # -- probes

    def set_quota(self, tenant, limit, operation):
        self.limits[tenant] = limit

    def set_time(self, when):
        self.now = when

    @contextmanager
    def outage(self):
        self.down = True
        try:
            yield
        finally:
            self.down = False
            self.send()

    @contextmanager
    def stall(self):
        self.stalled.clear()
        try:
            yield
        finally:
            self.stalled.set()
            self.send()

    def recorded(self):
        return [
            {"tenant_id": event.tenant, "operation": event.operation, "tokens": event.tokens}
            for event in self.events
        ]

    def flush(self):
        self.send()


def utc(when: datetime | None) -> datetime | None:
    """Take a naive datetime as UTC."""
    if when is not None and when.tzinfo is None:
        return when.replace(tzinfo=UTC)
    return when


def probed(kind: Callable[[], Any], **more: Any) -> Callable[[], UsageSubject]:
    """Give a factory of subjects with every probe."""

    def make() -> UsageSubject:
        tracker = kind()
        given = {
            "flush": tracker.flush,
            "recorded": tracker.recorded,
            "set_quota": tracker.set_quota,
            "clock": tracker.set_time,
            "break_backend": tracker.outage,
            "stall_backend": tracker.stall,
            "policy": "closed",
            "resolution": 1e-6,
            **more,
        }
        return UsageSubject(tracker, **{k: v for k, v in given.items() if v is not None})

    make.__name__ = getattr(kind, "__name__", "factory")
    return make

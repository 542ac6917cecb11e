"""Usage trackers that are right and unusual: no clause may accuse them."""

from __future__ import annotations

import json
import logging
import queue
import re
import tempfile
import threading
import time
import uuid
from collections import Counter, OrderedDict
from collections.abc import Callable
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import wrapt

from luminescent_cluster.contracts import UsageSubject
from luminescent_cluster.contracts.fakes import InMemoryUsageTracker, SqliteUsageTracker

from .usage_base import UTC, Tracker, probed, utc

_log = logging.getLogger("usage")

LEGITIMATE: dict[str, Callable[[], Any]] = {}


def legitimate(factory: Callable[[], Any]) -> Callable[[], Any]:
    """Put a factory among those that must not be accused."""
    LEGITIMATE[factory.__name__] = factory
    return factory


LEGITIMATE["the_base_itself"] = probed(Tracker)
LEGITIMATE["bare"] = Tracker


@legitimate
def in_memory():
    with InMemoryUsageTracker() as tracker:
        yield _of_fake(tracker)


@legitimate
def in_memory_bare():
    with InMemoryUsageTracker() as tracker:
        yield tracker


@legitimate
def in_memory_closed_by_the_hour():
    with InMemoryUsageTracker(quota_policy="closed", period="hour") as tracker:
        yield _of_fake(tracker, policy="closed")


@legitimate
def in_memory_with_a_short_queue():
    with InMemoryUsageTracker(capacity=10) as tracker:
        yield _of_fake(tracker, flush=None)


@legitimate
def sqlite_for_the_whole_clause():
    with (
        tempfile.TemporaryDirectory() as folder,
        SqliteUsageTracker(Path(folder, "usage.db"), quota_policy="closed") as tracker,
    ):
        yield _of_fake(tracker, policy="closed", fresh="clause")


def _of_fake(tracker: Any, **more: Any) -> UsageSubject:
    given = {
        "flush": tracker.flush,
        "recorded": tracker.recorded,
        "set_quota": tracker.set_quota,
        "clock": tracker.clock,
        "break_backend": tracker.break_backend,
        "stall_backend": tracker.stall_backend,
        "dropped": tracker.dropped,
        "policy": "open",
        "resolution": 1e-6,
        **more,
    }
    return UsageSubject(tracker, **given)


# -- settling later ----------------------------------------------------------------------------


class _Queued(Tracker):
    """A thread moves events into the books a little later."""

    def __init__(self, delay=0.0):
        super().__init__()
        self.queue = queue.SimpleQueue()
        self.delay = delay
        self.thread = threading.Thread(target=self.work, daemon=True)
        self.thread.start()

    def work(self):
        while (event := self.queue.get()) is not None:
            time.sleep(self.delay)
            while self.down or not self.stalled.is_set():
                time.sleep(0.002)
            self.events.append(event)

    def send(self):
        while self.waiting:
            self.queue.put(self.waiting.pop(0))


@legitimate
def settles_later_without_flush():
    tracker = _Queued(0.0005)
    yield UsageSubject(
        tracker, set_quota=tracker.set_quota, break_backend=tracker.outage,
        stall_backend=tracker.stall, clock=tracker.set_time, policy="closed",
    )  # fmt: skip
    tracker.queue.put(None)


@legitimate
def settles_later_bare():
    tracker = _Queued()
    yield tracker
    tracker.queue.put(None)


# -- other ways to name a tenant ---------------------------------------------------------------


class _ByHeader(Tracker):
    def tenant_of(self, metadata):
        return metadata.get("x-tenant-id")


LEGITIMATE["by_the_guides_header"] = _ByHeader


class _ByCustomer(Tracker):
    def tenant_of(self, metadata):
        return metadata.get("customer", {}).get("id")


LEGITIMATE["by_customer_told"] = probed(
    _ByCustomer, metadata_for=lambda tenant: {"customer": {"id": tenant}}
)
LEGITIMATE["by_customer_bare"] = _ByCustomer

# -- other quotas ------------------------------------------------------------------------------


class _PerOperation(Tracker):
    def set_quota(self, tenant, limit, operation):
        self.limits[tenant, operation] = limit

    def limit_of(self, tenant, operation):
        return self.limits.get((tenant, operation))

    def used(self, tenant, operation):
        return sum(e.tokens for e in self.of(tenant) if e.operation == operation)


LEGITIMATE["quota_per_operation"] = probed(_PerOperation)


class _PerEvent(Tracker):
    def used(self, tenant, operation):
        return len(self.of(tenant))


LEGITIMATE["quota_of_events"] = probed(_PerEvent, quota_counts="events")


class _PerDay(Tracker):
    def used(self, tenant, operation):
        today = self.time().date()
        return sum(e.tokens for e in self.of(tenant) if e.at.date() == today)


LEGITIMATE["quota_per_day"] = probed(_PerDay)


class _DefaultQuota(Tracker):
    """Everybody has a built-in limit."""

    def limit_of(self, tenant, operation):
        return self.limits.get(tenant, 5000)

    def summed(self, events):
        summary = super().summed(events)
        summary["quota_remaining"] = max(0, 5000 - summary["total_tokens"])
        return summary


LEGITIMATE["default_quota"] = probed(_DefaultQuota)
LEGITIMATE["default_quota_bare"] = _DefaultQuota


@legitimate
def set_quota_of_two_arguments():
    tracker = Tracker()
    yield UsageSubject(
        tracker, set_quota=lambda tenant, limit: tracker.set_quota(tenant, limit, "")
    )


# -- other summaries ---------------------------------------------------------------------------


class _Rich(Tracker):
    """Says when it was asked, by whom, and more."""

    def summed(self, events):
        by_operation = Counter()
        for event in events:
            by_operation[event.operation] += event.tokens
        return OrderedDict(
            super().summed(events),
            generated_at=datetime.now(UTC),
            generated=time.time_ns(),
            request=str(uuid.uuid4()),
            by_operation=dict(by_operation),
            total_seconds_since_start=5,
            first=events[0].at.isoformat() if events else None,
        )


LEGITIMATE["rich_summary"] = probed(_Rich)


class _Volatile(Tracker):
    def summed(self, events):
        return {**super().summed(events), "total_reads": next(self.reads)}

    def __init__(self):
        import itertools

        super().__init__()
        self.reads = itertools.count()


LEGITIMATE["declared_volatile_total"] = probed(_Volatile, varies=("get_usage_summary.total_reads",))


class _Frozen(dict):
    """A result that its reader cannot change."""

    def __setitem__(self, key, value):
        raise TypeError("read only")


class _ReadOnly(Tracker):
    def summed(self, events):
        return _Frozen(super().summed(events))


LEGITIMATE["read_only_result"] = probed(_ReadOnly)


class _CountsAll(Tracker):
    def summed(self, events):
        return {**super().summed(events), "total_queries": len(events)}


LEGITIMATE["queries_are_all_events"] = probed(_CountsAll)


# -- refusing ----------------------------------------------------------------------------------


class _Strict(Tracker):
    """Takes plain ids only, and refuses the rest."""

    def check(self, tenant):
        if not isinstance(tenant, str) or not re.fullmatch(r"[A-Za-z0-9._-]{1,64}", tenant):
            raise ValueError(f"no tenant id: {tenant!r}")

    def track(self, operation, tokens, metadata):
        if "tenant_id" in metadata:
            self.check(metadata["tenant_id"])
        if tokens >= 2**31 or not re.fullmatch(r"[a-z_]+", operation):
            raise OverflowError("too much") if tokens >= 2**31 else ValueError(operation)
        super().track(operation, tokens, metadata)

    def check_quota(self, tenant_id, operation):
        self.check(tenant_id)
        return super().check_quota(tenant_id, operation)

    def get_usage_summary(self, tenant_id, start_date=None, end_date=None):
        self.check(tenant_id)
        for when in (start_date, end_date):
            if when is not None and when.tzinfo is None:
                raise ValueError("give aware datetimes")
        if start_date and end_date and utc(start_date) >= utc(end_date):
            raise ValueError("the range is empty")
        return super().get_usage_summary(tenant_id, start_date, end_date)


LEGITIMATE["refuses_the_odd"] = probed(_Strict)
LEGITIMATE["refuses_the_odd_bare"] = _Strict


class _Directory(Tracker):
    """Knows its tenants, by ids of one form."""

    KNOWN = ("t-0001", "t-0002", "t-0003")

    def track(self, operation, tokens, metadata):
        tenant = metadata.get("tenant_id")
        if tenant is not None and tenant not in self.KNOWN:
            raise LookupError(f"no such tenant: {tenant!r}")
        super().track(operation, tokens, metadata)

    def check_quota(self, tenant_id, operation):
        if tenant_id not in self.KNOWN:
            raise LookupError(f"no such tenant: {tenant_id!r}")
        return super().check_quota(tenant_id, operation)


LEGITIMATE["directory_told"] = probed(_Directory, tenants=_Directory.KNOWN)

LEGITIMATE["directory_bare"] = _Directory
LEGITIMATE["directory_shared"] = probed(
    _Directory, tenants=lambda: list(_Directory.KNOWN), fresh="clause"
)


class _SameStore(Tracker):
    """Every instance looks at the same store, as instances before one server do."""

    STORE: ClassVar[list[Any]] = []

    def __init__(self):
        super().__init__()
        self.events = self.STORE

    def send(self):
        if not self.down and self.stalled.is_set():
            self.events.extend(self.waiting)
            self.waiting.clear()


LEGITIMATE["all_instances_one_store"] = probed(_SameStore, fresh="clause")
LEGITIMATE["all_instances_one_store_bare"] = _SameStore


class _SameStoreLater(_Queued):
    """The same, and events arrive there a little later."""

    STORE: ClassVar[list[Any]] = []

    def __init__(self):
        super().__init__(0.001)
        self.events = self.STORE


@legitimate
def all_instances_one_store_later():
    tracker = _SameStoreLater()
    yield tracker
    tracker.queue.put(None)


class _NoDebt(Tracker):
    """Takes negative tokens for none."""

    def track(self, operation, tokens, metadata):
        super().track(operation, max(0, tokens), metadata)


LEGITIMATE["negative_counts_for_nothing"] = probed(_NoDebt)


# -- times -------------------------------------------------------------------------------------


class _WholeSeconds(Tracker):
    def time(self):
        return super().time().replace(microsecond=0)


LEGITIMATE["stores_whole_seconds"] = probed(_WholeSeconds, resolution=1)


class _Rounds(Tracker):
    """Rounds times and bounds to the second, as some databases do."""

    def time(self):
        return _rounded(super().time())

    def between(self, tenant, start, end):
        return super().between(tenant, start and _rounded(start), end and _rounded(end))


def _rounded(when):
    return (when.astimezone(UTC) + timedelta(milliseconds=500)).replace(microsecond=0)


LEGITIMATE["rounds_to_seconds"] = probed(_Rounds, resolution=1)


class _ByTheMinute(Tracker):
    def time(self):
        return super().time().replace(second=0, microsecond=0)


LEGITIMATE["books_by_the_minute"] = probed(_ByTheMinute, resolution=60)


class _Epoch(Tracker):
    """Keeps seconds since the epoch."""

    def between(self, tenant, start, end):
        low = float("-inf") if start is None else start.timestamp()
        high = float("inf") if end is None else end.timestamp()
        return [e for e in self.of(tenant) if low <= e.at.timestamp() < high]


LEGITIMATE["keeps_epoch_seconds"] = probed(_Epoch, resolution=1e-3)


class _ChecksWallClock(Tracker):
    """Refuses a reversed range before it converts anything."""

    def get_usage_summary(self, tenant_id, start_date=None, end_date=None):
        if start_date and end_date and utc(start_date) > utc(end_date):
            raise ValueError("reversed")
        return super().get_usage_summary(tenant_id, start_date, end_date)


LEGITIMATE["checks_the_order_first"] = probed(_ChecksWallClock)


# -- outages -----------------------------------------------------------------------------------


class _Drops(Tracker):
    """Has a short queue, and counts what it cannot keep."""

    def __init__(self):
        super().__init__()
        self.dropped_events = 0

    def send(self):
        super().send()
        self.dropped_events += max(0, len(self.waiting) - 2)
        del self.waiting[2:]


@legitimate
def drops_and_counts():
    tracker = _Drops()
    yield UsageSubject(
        tracker, break_backend=tracker.outage, dropped=lambda: tracker.dropped_events
    )


class _RemembersYes(Tracker):
    """Closed in an outage, but for whom it allowed just before."""

    def __init__(self):
        super().__init__()
        self.allowed = set()

    def check_quota(self, tenant_id, operation):
        if self.down and (tenant_id, operation) in self.allowed:
            return True, None
        answer = super().check_quota(tenant_id, operation)
        (self.allowed.add if answer[0] else self.allowed.discard)((tenant_id, operation))
        return answer


LEGITIMATE["remembers_who_was_allowed"] = probed(_RemembersYes)


class _ClosedByRaising(Tracker):
    def check_quota(self, tenant_id, operation):
        if self.down:
            raise ConnectionError("down")
        return super().check_quota(tenant_id, operation)


LEGITIMATE["closed_by_raising"] = probed(_ClosedByRaising)


@legitimate
def breakers_as_generators():
    tracker = Tracker()

    def outage():
        with tracker.outage():
            yield

    @contextmanager
    def stall():
        with tracker.stall():
            yield

    yield UsageSubject(tracker, break_backend=outage, stall_backend=stall(), policy="closed")


# -- other shapes of objects -------------------------------------------------------------------


class _Slots:
    __slots__ = ("events",)

    def __init__(self):
        self.events = {}

    def track(self, operation: str, tokens: int, metadata: dict) -> None:
        if tokens < 0:
            raise ValueError(tokens)
        tenant = metadata.get("tenant_id")
        self.events[tenant] = [*self.events.get(tenant, []), (operation, tokens, datetime.now(UTC))]

    def check_quota(self, tenant_id: str, operation: str) -> tuple[bool, str | None]:
        return True, None

    def get_usage_summary(
        self,
        tenant_id: str,
        start_date: datetime | None = None,
        end_date: datetime | None = None,
    ) -> dict:
        start, end = utc(start_date), utc(end_date)
        found = [
            (operation, tokens)
            for operation, tokens, at in self.events.get(tenant_id, [])
            if (start is None or start <= at) and (end is None or at < end)
        ]
        return {
            "total_tokens": sum(tokens for _, tokens in found),
            "total_queries": len(found),
            "quota_remaining": None,
        }


LEGITIMATE["slots"] = _Slots


@dataclass
class _Data(Tracker):
    name: str = "usage"
    events: list[Any] = field(default_factory=list)
    waiting: list[Any] = field(default_factory=list)

    def __post_init__(self):
        events = self.events
        super().__init__()
        self.events = events


LEGITIMATE["dataclass"] = _Data
LEGITIMATE["proxy"] = lambda: wrapt.ObjectProxy(Tracker())


class _InContext(Tracker):
    """The tenant comes with the request, and not with its metadata."""

    tenant: ClassVar[ContextVar[str]] = ContextVar("tenant")

    def enter(self, tenant: str) -> dict:
        self.tenant.set(tenant)
        return {"request_id": "r-1"}

    def tenant_of(self, metadata):
        return self.tenant.get(None)


@legitimate
def tenant_in_a_context_variable():
    tracker = _InContext()
    return UsageSubject(
        tracker,
        metadata_for=tracker.enter,
        set_quota=tracker.set_quota,
        clock=tracker.set_time,
        break_backend=tracker.outage,
    )


class _FlushedByHand(Tracker):
    def send(self):
        if len(self.waiting) >= 100:
            self.flush()

    def flush(self):
        self.events += self.waiting
        self.waiting = []


@legitimate
def flushed_by_hand():
    return UsageSubject(_FlushedByHand(), settles_within=0.05)


class _WritesJson(Tracker):
    """What JSON cannot carry is left out, and counted."""

    unwritten = 0

    def track(self, operation, tokens, metadata):
        try:
            json.dumps(metadata)
        except (TypeError, ValueError):
            self.give_up(metadata)
        else:
            super().track(operation, tokens, metadata)

    def give_up(self, metadata):
        self.unwritten += 1


@legitimate
def counts_what_it_cannot_write():
    tracker = _WritesJson()
    return UsageSubject(tracker, dropped=lambda: tracker.unwritten)


class _WritesJsonOrComplains(_WritesJson):
    def give_up(self, metadata):
        _log.warning("no usage event: metadata %r is not JSON", metadata)


LEGITIMATE["complains_of_what_it_cannot_write"] = _WritesJsonOrComplains


class _WholeHours(Tracker):
    """Usage is kept by the hour, and a range of half hours cannot be answered."""

    def time(self):
        return super().time().replace(minute=0, second=0, microsecond=0)

    def between(self, tenant, start, end):
        for bound in (start, end):
            if bound and bound.astimezone(UTC).strftime("%M%S%f").strip("0"):
                raise ValueError(f"{bound} is no full hour")
        return super().between(tenant, start, end)


LEGITIMATE["in_whole_hours"] = probed(_WholeHours, resolution=3600.0)


class _Sober(Tracker):
    """Nobody uses a million tokens at once: that is a mistake in the caller."""

    def track(self, operation, tokens, metadata):
        if tokens > 1_000_000:
            raise ValueError(f"{tokens} tokens in one event")
        super().track(operation, tokens, metadata)


LEGITIMATE["takes_a_million_for_a_mistake"] = probed(_Sober)


class _Priced(Tracker):
    """A price is a fraction, and what is left of no limit is infinite."""

    def summed(self, events):
        summary = super().summed(events)
        used = summary["total_tokens"]
        return {**summary, "total_cost": used * 0.002, "quota_remaining": float("inf") - used}


LEGITIMATE["priced"] = _Priced


class _Uuids(Tracker):
    """Ids have a form, and nobody says so."""

    def of(self, tenant):
        uuid.UUID(tenant)
        return super().of(tenant)


@legitimate
def uuids_bare():
    return UsageSubject(_Uuids(), settles_within=0.05)


_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class _NeverGoesBack(Tracker):
    """What comes in late counts at the latest time so far."""

    def send(self):
        latest = max((event.at for event in self.events), default=_LONG_AGO)
        self.waiting = [event._replace(at=max(event.at, latest)) for event in self.waiting]
        super().send()


LEGITIMATE["never_goes_back"] = probed(_NeverGoesBack)


class _RollingMonth(Tracker):
    """Has no period that ends at once: what is older than thirty days no longer counts."""

    def used(self, tenant, operation):
        since = self.time() - timedelta(days=30)
        return sum(event.tokens for event in self.of(tenant) if event.at > since)


LEGITIMATE["quota_of_thirty_days"] = probed(_RollingMonth)


class _TakesSmallMessages(Tracker):
    def track(self, operation, tokens, metadata):
        if len(str(metadata)) > 32 << 10:
            raise ValueError("an event has 32 KiB at most")
        super().track(operation, tokens, metadata)


LEGITIMATE["takes_small_messages"] = probed(_TakesSmallMessages)

"""Broken usage trackers: what ingestion leaves out, joins or brings together."""

from __future__ import annotations

import bisect
import json
from datetime import datetime, timezone

from .usage_base import Event, Tracker
from .usage_show import breaks

# -- UT-TRK-02 ---------------------------------------------------------------------------------


@breaks("UT-TRK-02", "in one burst")
class DropsLargeMessages(Tracker):
    """The endpoint takes 256 KiB; what is larger is logged, and gone."""

    def track(self, operation, tokens, metadata):
        if len(json.dumps(metadata, default=str)) > 256 << 10:
            return
        super().track(operation, tokens, metadata)


@breaks("UT-TRK-02", "its limit is")
class BillsUpToTheLimit(Tracker):
    """Takes for granted that nobody gets through who is denied."""

    def track(self, operation, tokens, metadata):
        if self.check_quota(self.tenant_of(metadata), operation)[0]:
            super().track(operation, tokens, metadata)


@breaks("UT-TRK-02", "at the same time")
class LimitsItsSeries(Tracker):
    """Adds up by tenant until it is flushed; beyond 256 tenants, all count as one."""

    def send(self):
        pass

    def flush(self):
        series = {}
        for event in self.waiting:
            room = event.tenant in series or len(series) < 256
            series.setdefault(event.tenant if room else "overflow", []).append(event)
        self.events += [e._replace(tenant=name) for name, all_ in series.items() for e in all_]
        self.waiting.clear()


@breaks("UT-TRK-02", "while the backend stalled", break_backend=None)
class MakesNoRoom(Tracker):
    """While the backend does not answer, a hundred events wait, and the others are gone."""

    def send(self):
        del self.waiting[100:]
        super().send()


# -- UT-TRK-03 ---------------------------------------------------------------------------------


@breaks("UT-TRK-03", "there is also")
class JoinsTenantAndOperation(Tracker):
    """Brings ten events together by a key in which tenant and operation run into each other."""

    def send(self):
        super().send()
        if len(self.events) >= 10:
            merged: dict[str, Event] = {}
            for event in self.events:
                key = f"{event.tenant}:{event.operation}"
                former = merged.get(key, event._replace(tokens=0))
                merged[key] = former._replace(tokens=former.tokens + event.tokens)
            self.events[:] = merged.values()


@breaks("UT-TRK-03", "used something", bare=True)
class NamesMetrics(Tracker):
    """Metric names have no dots and no colons."""

    def of(self, tenant):
        return [event for event in self.events if self.name(event.tenant) == self.name(tenant)]

    @staticmethod
    def name(tenant):
        return "".join("_" if sign in ".:|@#" else sign for sign in tenant or "")


# -- UT-TRK-06 ---------------------------------------------------------------------------------


@breaks("UT-TRK-06", "some of them during an outage")
class DrainsBeforeItCommits(Tracker):
    """The timer empties the buffer, and then writes what it took out."""

    def send(self):
        pass

    def flush(self):
        taken = list(self.waiting)
        self.waiting.clear()
        if self.down:
            raise ConnectionError("the database is away")
        self.events += taken


@breaks("UT-TRK-06", "some of them during an outage", policy=None)
class RemembersTheEmptyPage(Tracker):
    """Shows zeros while the books are out of reach, and goes on to show them."""

    def __init__(self):
        super().__init__()
        self.pages = {}

    def track(self, operation, tokens, metadata):
        self.pages.pop(self.tenant_of(metadata), None)
        super().track(operation, tokens, metadata)

    def get_usage_summary(self, tenant_id, start_date=None, end_date=None):
        if start_date or end_date:
            return super().get_usage_summary(tenant_id, start_date, end_date)
        if tenant_id not in self.pages:
            self.pages[tenant_id] = self.summed([] if self.down else self.of(tenant_id))
        return dict(self.pages[tenant_id])


# -- UT-SUM-03 ---------------------------------------------------------------------------------


@breaks("UT-SUM-03", "get_usage_summary")
class KeepsWhatWasRead(Tracker):
    """An event forgets the summary of all time, and no other."""

    def __init__(self):
        super().__init__()
        self.read = {}

    def send(self):
        self.read = {key: found for key, found in self.read.items() if any(key[1:])}
        super().send()

    def get_usage_summary(self, tenant_id, start_date=None, end_date=None):
        key = tenant_id, start_date, end_date
        if key not in self.read:
            self.read[key] = super().get_usage_summary(*key)
        return dict(self.read[key])


@breaks("UT-SUM-03", "in this order", "the parts of")
class ClosesItsHours(Tracker):
    """A range that is over is read once; what comes in late is in no part of the whole."""

    def __init__(self):
        super().__init__()
        self.closed = {}

    def get_usage_summary(self, tenant_id, start_date=None, end_date=None):
        key = tenant_id, start_date, end_date
        if end_date is None or end_date.tzinfo is None or end_date > self.time():
            return super().get_usage_summary(*key)
        if key not in self.closed:
            self.closed[key] = super().get_usage_summary(*key)
        return dict(self.closed[key])


@breaks("UT-SUM-03", "in this order", "the parts of")
class TakesArrivalForOrder(Tracker):
    """Looks for both ends by bisection, in events as they came."""

    def between(self, tenant, start, end):
        found = self.of(tenant)
        times = [event.at for event in found]
        first = bisect.bisect_left(times, start or datetime.min.replace(tzinfo=timezone.utc))
        last = bisect.bisect_left(times, end or datetime.max.replace(tzinfo=timezone.utc))
        return found[first:last]

"""Broken usage trackers: what a summary says, and that reading changes nothing."""

from __future__ import annotations

from collections import Counter

from .usage_base import Event, Tracker
from .usage_events import TakesAny
from .usage_show import breaks

# -- UT-SUM-01 ---------------------------------------------------------------------------------


@breaks("UT-SUM-01", "no dict", bare=True)
class GivesANumber(Tracker):
    def summed(self, events):
        return sum(e.tokens for e in events)


@breaks("UT-SUM-01", "no int but float", bare=True)
class GivesAFloat(Tracker):
    def summed(self, events):
        return {**super().summed(events), "total_tokens": sum(e.tokens for e in events) / 1}


@breaks("UT-SUM-01", "no int but NoneType", bare=True)
class GivesTheDatabasesNull(Tracker):
    """SUM over no rows is NULL."""

    def summed(self, events):
        return {**super().summed(events), "total_tokens": super().summed(events)["total_tokens"]
                if events else None}  # fmt: skip


@breaks("UT-SUM-01", "negative", bare=True)
class GoesNegative(TakesAny):
    pass


@breaks("UT-SUM-01", "raised", bare=True)
class NeedsBothBounds(Tracker):
    def between(self, tenant, start, end):
        if (start is None) is not (end is None):
            raise TypeError("give both")
        return super().between(tenant, start, end)


# -- UT-SUM-02 ---------------------------------------------------------------------------------


@breaks("UT-SUM-02", "KeyError", bare=True)
class KnowsOnlyItsOwn(Tracker):
    def of(self, tenant):
        found = super().of(tenant)
        if not found:
            raise KeyError(tenant)
        return found


@breaks("UT-SUM-02", "is not 0", bare=True)
class FallsBackToAll(Tracker):
    def of(self, tenant):
        return super().of(tenant) or self.events


@breaks("UT-SUM-02", "is not 0")
class EntersWhoAsks(Tracker):
    def __init__(self):
        super().__init__()
        self.asked = Counter()

    def get_usage_summary(self, tenant_id, start_date=None, end_date=None):
        summary = super().get_usage_summary(tenant_id, start_date, end_date)
        self.asked[tenant_id] += 1
        if self.asked[tenant_id] > 2 and not super().of(tenant_id):
            summary["total_queries"] = 1
        return summary


@breaks("UT-SUM-02", "raised", bare=True)
class NeedsUsageInARange(Tracker):
    def between(self, tenant, start, end):
        found = super().between(tenant, start, end)
        if not found and start is not None and not self.of(tenant):
            raise IndexError("no first event")
        return found


# -- UT-SUM-06 ---------------------------------------------------------------------------------


@breaks("UT-SUM-06", "read again", bare=True)
class ResetsOnReading(Tracker):
    def get_usage_summary(self, tenant_id, start_date=None, end_date=None):
        summary = super().get_usage_summary(tenant_id, start_date, end_date)
        self.reads = getattr(self, "reads", 0) + 1
        if self.reads % 9 == 0:
            self.events.clear()
        return summary


@breaks("UT-SUM-06", "read again", bare=True)
class CountsTheReading(Tracker):
    def get_usage_summary(self, tenant_id, start_date=None, end_date=None):
        self.events.append(Event(tenant_id, "query", 0, self.time()))
        return super().get_usage_summary(tenant_id, start_date, end_date)


@breaks("UT-SUM-06", "changed the first result", bare=True)
class SharesItsResult(Tracker):
    def __init__(self):
        super().__init__()
        self.results = {}

    def get_usage_summary(self, tenant_id, start_date=None, end_date=None):
        summary = super().get_usage_summary(tenant_id, start_date, end_date)
        key = (tenant_id, start_date, end_date, len(self.events))
        return self.results.setdefault(key, summary)


# -- UT-SUM-07 ---------------------------------------------------------------------------------


@breaks("UT-SUM-07", "no number of total_queries", bare=True)
class TotalsOnly(Tracker):
    def summed(self, events):
        return {"total_tokens": sum(e.tokens for e in events)}


@breaks("UT-SUM-07", "grew by", bare=True)
class SkipsFreeQueries(Tracker):
    def summed(self, events):
        queries = sum(e.operation == "query" and e.tokens > 0 for e in events)
        return {**super().summed(events), "total_queries": queries}


@breaks("UT-SUM-07", "grew by", bare=True)
class CountsQueriesInAByte(Tracker):
    def summed(self, events):
        summary = super().summed(events)
        summary["total_queries"] %= 256
        return summary


@breaks("UT-SUM-07", "grew by", bare=True)
class KeepsTheSummaryOfATotal(Tracker):
    """What was summed up is given again until the total changes: a free query changes none."""

    def __init__(self):
        super().__init__()
        self.summaries = {}

    def summed(self, events):
        fresh = super().summed(events)
        if not events:
            return fresh
        key = (events[0].tenant, fresh["total_tokens"])
        return dict(self.summaries.setdefault(key, fresh))


@breaks("UT-SUM-07", "quota_remaining is str", bare=True)
class SaysUnlimited(Tracker):
    def summed(self, events):
        return {**super().summed(events), "quota_remaining": "unlimited"}

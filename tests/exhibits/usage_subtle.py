"""Broken usage trackers that are right in all but one situation, which tests seldom make."""

from __future__ import annotations

import contextlib
import json
import logging
from zoneinfo import ZoneInfo

from .usage_base import Tracker, utc

_quiet = logging.Logger("usage")
_quiet.addHandler(logging.NullHandler())


class LogsItsMetadata(Tracker):
    """A record of the log has a ``name`` and a ``message`` of its own."""

    def track(self, operation, tokens, metadata):
        _quiet.info("tracked", extra={key: metadata[key] for key in metadata if key != "tenant_id"})
        super().track(operation, tokens, metadata)


class FlushesItsLastEventTwice(Tracker):
    """A full buffer leaves its last event in, so that the next flush sends it again."""

    def send(self):
        pass

    def flush(self):
        self.events += self.waiting
        self.waiting = self.waiting[-1:] if len(self.waiting) > 20 else []


class DiesOfWhatItCannotWrite(Tracker):
    """The thread that writes ends with the first event that JSON cannot carry."""

    dead = False

    def track(self, operation, tokens, metadata):
        try:
            json.dumps(metadata)
        except TypeError:
            self.dead = True
        if not self.dead:
            super().track(operation, tokens, metadata)


class ForgetsWhatItCannotWrite(Tracker):
    """A request must not fail for its metering, so whatever goes wrong is passed over."""

    def track(self, operation, tokens, metadata):
        with contextlib.suppress(Exception):
            json.dumps(metadata)
            super().track(operation, tokens, metadata)


class ChargesWhoeverIsNamed(Tracker):
    """Whose usage it is, is looked for in every value."""

    def track(self, operation, tokens, metadata):
        for name in {str(value) for value in metadata.values()}:
            super().track(operation, tokens, {"tenant_id": name})


class WritesLatin1(Tracker):
    """Where a column is too narrow, every strange character becomes the same mark."""

    def tenant_of(self, metadata):
        return self.narrow(metadata.get("tenant_id"))

    def of(self, tenant):
        return super().of(self.narrow(tenant))

    def narrow(self, tenant):
        return tenant.encode("latin-1", "replace") if isinstance(tenant, str) else tenant


class CountsRefusalsAsQueries(Tracker):
    """The counter for the dashboard is raised wherever a customer is told no."""

    refused = 0

    def check_quota(self, tenant_id, operation):
        answer = super().check_quota(tenant_id, operation)
        self.refused += not answer[0]
        return answer

    def summed(self, events):
        summary = super().summed(events)
        return {**summary, "total_queries": summary["total_queries"] + self.refused}


class BeginsTheMonthLate(Tracker):
    """A month begins when its first day is over."""

    def used(self, tenant, operation):
        return sum(e.tokens for e in self.of(tenant) if e.at.day > 1)


class KeepsTheHighestLimit(Tracker):
    def set_quota(self, tenant, limit, operation):
        self.limits[tenant] = max(limit, self.limits.get(tenant, 0))


class MetersInSmallLetters(Tracker):
    """Limits are kept for the exact id, usage is added up in any case."""

    def used(self, tenant, operation):
        return sum(e.tokens for e in self.events if str(e.tenant).lower() == tenant.lower())


class AnswersAsBefore(Tracker):
    """What it answered last comes again where there is nothing."""

    last = None

    def get_usage_summary(self, tenant_id, start_date=None, end_date=None):
        summary = super().get_usage_summary(tenant_id, start_date, end_date)
        if summary["total_tokens"]:
            self.last = summary
        return dict(self.last or summary) if not summary["total_tokens"] else summary


class TakesTheEpochForNone(Tracker):
    """Second 0 is falsy, as None is."""

    def between(self, tenant, start, end):
        first, last = (when and when.timestamp() for when in (start, end))
        return [
            event
            for event in self.of(tenant)
            if (not first or first <= event.at.timestamp())
            and (not last or event.at.timestamp() < last)
        ]


class ComparesWallClocks(Tracker):
    """In one night of the year, a wall clock shows the same hour twice."""

    def between(self, tenant, start, end):
        first, last = (_wall(when) for when in (start, end))
        return [
            event
            for event in self.of(tenant)
            if (first is None or first <= _wall(event.at))
            and (last is None or _wall(event.at) < last)
        ]


def _wall(when):
    zone = ZoneInfo("America/New_York")
    return when and utc(when).astimezone(zone).replace(tzinfo=None)


class LeavesMoreByUse(Tracker):
    """The figure has the wrong sign."""

    def summed(self, events):
        used = sum(event.tokens for event in events)
        return {**super().summed(events), "quota_remaining": used - 1000}


SUBTLE = (
    ("UT-TRK-01", LogsItsMetadata, "raised KeyError"),
    ("UT-TRK-02", FlushesItsLastEventTwice, "more than once"),
    ("UT-TRK-02", DiesOfWhatItCannotWrite, "metadata held"),
    ("UT-TRK-02", ForgetsWhatItCannotWrite, "that event is gone"),
    ("UT-TRK-02", ChargesWhoeverIsNamed, "former_tenant"),
    ("UT-TRK-03", WritesLatin1, "used something"),
    ("UT-QUO-02", CountsRefusalsAsQueries, "total_queries"),
    ("UT-QUO-03", BeginsTheMonthLate, "the limit is"),
    ("UT-QUO-03", KeepsTheHighestLimit, "the limit is"),
    ("UT-QUO-05", MetersInSmallLetters, "used nothing"),
    ("UT-SUM-02", AnswersAsBefore, "is not 0"),
    ("UT-SUM-03", TakesTheEpochForNone, "1970-01-01"),
    ("UT-SUM-03", ComparesWallClocks, "2026-11-01"),
    ("UT-SUM-07", LeavesMoreByUse, "quota_remaining"),
)

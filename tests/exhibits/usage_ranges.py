"""Broken usage trackers: ranges and time zones."""

from __future__ import annotations

from datetime import datetime, timedelta

from .usage_base import UTC, Tracker, utc
from .usage_show import breaks

# -- UT-SUM-03 ---------------------------------------------------------------------------------


def _ranges_by(inside):
    class Ranges(Tracker):
        def between(self, tenant, start, end):
            return [e for e in self.of(tenant) if inside(e.at, start, end)]

    return Ranges


_low = datetime.min.replace(tzinfo=UTC)
_high = datetime.max.replace(tzinfo=UTC)

for _name, _inside in {
    "IncludesTheEnd": lambda at, a, b: (a or _low) <= at <= (b or _high),
    "ExcludesTheStart": lambda at, a, b: (a or _low) < at < (b or _high),
    "IgnoresTheStart": lambda at, a, b: at < (b or _high),
    "IgnoresTheEnd": lambda at, a, b: (a or _low) <= at,
    "NeedsBoth": lambda at, a, b: not (a and b) or a <= at < b,
    "ComparesDates": lambda at, a, b: (a or _low).date() <= at.date() < (b or _high).date(),
    "ComparesMonths": lambda at, a, b: (a or _low).replace(day=1) <= at < (b or _high),
}.items():
    _kind = _ranges_by(_inside)
    _kind.__name__ = _name
    breaks("UT-SUM-03", "get_usage_summary")(_kind)


@breaks("UT-SUM-03", "get_usage_summary")
class TakesNoneForThirtyDays(Tracker):
    def between(self, tenant, start, end):
        start = start or (end or self.time()) - timedelta(days=30)
        return super().between(tenant, start, end)


@breaks("UT-SUM-03", "get_usage_summary")
class ComparesTexts(Tracker):
    """Whole seconds are written without a fraction, and 'Z' sorts after '.'."""

    def between(self, tenant, start, end):
        def text(when):
            return when.isoformat().replace("+00:00", "Z")

        return [
            e
            for e in self.of(tenant)
            if (start is None or text(start) <= text(e.at))
            and (end is None or text(e.at) < text(end))
        ]


@breaks("UT-SUM-03", "4 events of 'acme' add up to")
class StartsATimeAnew(Tracker):
    """The time before is closed when another comes; come back to, it takes its own place."""

    def __init__(self):
        super().__init__()
        self.closed = {}
        self.open = []

    def send(self):
        for event in self.waiting:
            if self.open and self.open[0].at != event.at:
                self.closed[self.open[0].at] = self.open
                self.open = []
            self.open.append(event)
        self.waiting.clear()
        self.events = [*(e for events in self.closed.values() for e in events), *self.open]


@breaks("UT-SUM-03", "is 350, not 910")
class ReadsOnePageOfTimes(Tracker):
    """Sums up per time of use, and reads the first fifty rows of them."""

    def between(self, tenant, start, end):
        found = super().between(tenant, start, end)
        page = sorted({event.at for event in found})[:50]
        return [event for event in found if event.at in page]


# -- UT-SUM-04 ---------------------------------------------------------------------------------


def _reads_bounds(read):
    class Reads(Tracker):
        def get_usage_summary(self, tenant_id, start_date=None, end_date=None):
            if self.down:
                raise ConnectionError
            found = self.between(
                tenant_id, *(when and read(when) for when in (start_date, end_date))
            )
            return self.summed(found)

    return Reads


for _name, (_read, _bare) in {
    "DropsTheZone": (lambda when: when.replace(tzinfo=UTC), True),
    "TakesNaiveForLocal": (lambda when: when.astimezone(UTC), True),
    "TakesNaiveForLocalToo": (lambda when: datetime.fromtimestamp(when.timestamp(), UTC), False),
    "ForgetsMinutesOfOffsets": (
        lambda when: (
            utc(when).replace(tzinfo=UTC)
            - timedelta(hours=int((when.utcoffset() or timedelta(0)).total_seconds() / 3600))
        ),
        False,
    ),
    "ForgetsFold": (lambda when: utc(when).replace(fold=0).astimezone(UTC), False),
}.items():
    _kind = _reads_bounds(_read)
    _kind.__name__ = _name
    breaks("UT-SUM-04", "get_usage_summary", bare=_bare)(_kind)


@breaks("UT-SUM-04", "TypeError", bare=True)
class ChokesOnNaive(Tracker):
    def get_usage_summary(self, tenant_id, start_date=None, end_date=None):
        return self.summed(self.between(tenant_id, start_date, end_date))


# -- UT-SUM-05 ---------------------------------------------------------------------------------


@breaks("UT-SUM-05", "not 0", bare=True)
class SwapsBounds(Tracker):
    def between(self, tenant, start, end):
        if start and end and start > end:
            start, end = end, start
        return super().between(tenant, start, end)


@breaks("UT-SUM-05", "not 0", bare=True)
class SubtractsSums(Tracker):
    def get_usage_summary(self, tenant_id, start_date=None, end_date=None):
        summary = super().get_usage_summary(tenant_id, start_date, end_date)
        if start_date and end_date and utc(start_date) > utc(end_date):
            between = super().between(tenant_id, utc(end_date), utc(start_date))
            summary["total_tokens"] = -sum(e.tokens for e in between)
        return summary


@breaks("UT-SUM-05", "only ValueError", bare=True)
class AssertsOrder(Tracker):
    def between(self, tenant, start, end):
        if start and end and start > end:
            raise AssertionError("start <= end")
        return super().between(tenant, start, end)


@breaks("UT-SUM-05", "not 0")
class IgnoresNonsense(Tracker):
    def between(self, tenant, start, end):
        if start and end and start > end:
            start = end = None
        return super().between(tenant, start, end)

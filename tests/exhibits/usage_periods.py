"""Broken usage trackers: periods that end, limits that move, and what only a limit brings along."""

from __future__ import annotations

import threading

from .usage_base import Tracker
from .usage_show import breaks


class Monthly(Tracker):
    """Counts what was used in the month under way; it is right."""

    def month(self):
        now = self.time()
        return now.year, now.month

    def used(self, tenant, operation):
        month = self.month()
        return sum(e.tokens for e in self.of(tenant) if (e.at.year, e.at.month) == month)


@breaks("UT-QUO-01", "day is out of range for month")
class AsksForTheSameDayOfLastMonth(Monthly):
    def used(self, tenant, operation):
        now = self.time()
        year, month = (now.year, now.month - 1) if now.month > 1 else (now.year - 1, 12)
        since = now.replace(year=year, month=month)
        return sum(e.tokens for e in self.of(tenant) if e.at > since)


@breaks("UT-QUO-03", "and the limit is")
class CountsFromAfterTheBegin(Monthly):
    """What is used at midnight of the first day is in no month."""

    def used(self, tenant, operation):
        begin = self.time().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        return sum(e.tokens for e in self.of(tenant) if e.at > begin)


@breaks("UT-QUO-03", "and nothing since", "days ago it was allowed")
class CountsTheSameMonthOfAnyYear(Monthly):
    def used(self, tenant, operation):
        month = self.time().month
        return sum(e.tokens for e in self.of(tenant) if e.at.month == month)


@breaks("UT-QUO-03", "used in this period")
class BeginsPeriodsOneShort(Monthly):
    """The first event of a new month is taken from the allowance twice."""

    def used(self, tenant, operation):
        former = {(e.at.year, e.at.month) for e in self.of(tenant)} - {self.month()}
        used = super().used(tenant, operation)
        return used + 1 if former and used else used


@breaks("UT-QUO-03", "when the limit was moved to")
class IsExhaustedUntilTheMonthEnds(Monthly):
    """Spares the sum for those who were denied, also when they have bought more."""

    def __init__(self):
        super().__init__()
        self.exhausted = {}

    def check_quota(self, tenant_id, operation):
        if self.exhausted.get(tenant_id) == self.month():
            return False, "the quota is used up"
        allowed, reason = super().check_quota(tenant_id, operation)
        if not allowed:
            self.exhausted[tenant_id] = self.month()
        return allowed, reason


@breaks("UT-QUO-04", "days later", "a period that is over")
class RemembersTheFormerPeriod(Monthly):
    """Remembers a sum until the tenant's next event, whichever month it is by then."""

    def __init__(self):
        super().__init__()
        self.sums = {}

    def send(self):
        for event in self.waiting:
            self.sums.pop(event.tenant, None)
        super().send()

    def used(self, tenant, operation):
        if tenant not in self.sums:
            self.sums[tenant] = super().used(tenant, operation)
        return self.sums[tenant]


@breaks("UT-THR-01", "deadlock", stall_backend=None, break_backend=None)
class LocksInTwoOrders(Tracker):
    """Who asks takes the limits first, and who uses something takes them last, to warn in time."""

    def __init__(self):
        super().__init__()
        self.usage, self.quotas = threading.Lock(), threading.Lock()

    def track(self, operation, tokens, metadata):
        with self.usage, self.quotas:
            super().track(operation, tokens, metadata)

    def check_quota(self, tenant_id, operation):
        with self.quotas:
            if self.limit_of(tenant_id, operation) is None:
                return True, None
            with self.usage:
                return super().check_quota(tenant_id, operation)

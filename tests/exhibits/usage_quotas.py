"""Broken usage trackers: quotas."""

from __future__ import annotations

from collections import Counter, OrderedDict
from datetime import timedelta

from .usage_base import Event, Tracker
from .usage_show import breaks

# -- UT-QUO-01 ---------------------------------------------------------------------------------


@breaks("UT-QUO-01", "no tuple", bare=True)
class SaysTrue(Tracker):
    def check_quota(self, tenant_id, operation):
        return True


@breaks("UT-QUO-01", "a reason all the same", bare=True)
class SaysOk(Tracker):
    def check_quota(self, tenant_id, operation):
        return True, "ok"


@breaks("UT-QUO-01", "without a reason")
class DeniesInSilence(Tracker):
    def check_quota(self, tenant_id, operation):
        return super().check_quota(tenant_id, operation)[0], None


@breaks("UT-QUO-01", "without a reason", bare=True)
class DeniesWithABlank(Tracker):
    """Has a built-in limit that nobody told the kit of."""

    def check_quota(self, tenant_id, operation):
        used = self.used(tenant_id, operation)
        return (True, None) if used < 10**9 else (False, " ")


@breaks("UT-QUO-01", "no bool")
class SaysNoneInAnOutage(Tracker):
    def check_quota(self, tenant_id, operation):
        return (None, "down") if self.down else super().check_quota(tenant_id, operation)


# -- UT-QUO-02 ---------------------------------------------------------------------------------


@breaks("UT-QUO-02", "check_quota was asked", bare=True)
class BillsTheQuestion(Tracker):
    def check_quota(self, tenant_id, operation):
        self.events.append(Event(tenant_id, operation, 1, self.time()))
        return super().check_quota(tenant_id, operation)


@breaks("UT-QUO-02", "check_quota was asked", bare=True)
class CountsTheQuestionAsQuery(Tracker):
    def check_quota(self, tenant_id, operation):
        self.events.append(Event(tenant_id, "query", 0, self.time()))
        return super().check_quota(tenant_id, operation)


@breaks("UT-QUO-02", "asked")
class ReservesInSecret(Tracker):
    """Each question takes one of the tokens that are left."""

    def __init__(self):
        super().__init__()
        self.reserved = Counter()

    def check_quota(self, tenant_id, operation):
        self.reserved[tenant_id] += 1
        return super().check_quota(tenant_id, operation)

    def used(self, tenant, operation):
        return super().used(tenant, operation) + self.reserved[tenant] // 4


@breaks("UT-QUO-02", "asked", bare=True)
class HasNineQuestions(Tracker):
    asked = 0

    def check_quota(self, tenant_id, operation):
        self.asked += 1
        return (True, None) if self.asked < 40 else (False, "too many questions")


@breaks("UT-QUO-02", "before check_quota was asked", "afterwards")
class TidiesUpWhenAsked(Tracker):
    """Keeps a window of a day for its quota, and has no other books."""

    def check_quota(self, tenant_id, operation):
        begin = self.time() - timedelta(hours=24)
        self.events[:] = [event for event in self.events if event.at >= begin]
        return super().check_quota(tenant_id, operation)


# -- UT-QUO-03 ---------------------------------------------------------------------------------


def _denies_when(condition):
    class Denies(Tracker):
        def check_quota(self, tenant_id, operation):
            limit, used = self.limit_of(tenant_id, operation), self.used(tenant_id, operation)
            if limit is not None and condition(used, limit):
                return False, "used up"
            return True, None

    return Denies


for _name, _when in {
    "DeniesAboveOnly": lambda used, limit: used > limit,
    "DeniesOneBelow": lambda used, limit: used >= limit - 1,
    "DeniesAt95Percent": lambda used, limit: used >= (limit * 0.95 if limit > 100 else limit),
    "TakesZeroForNone": lambda used, limit: limit and used >= limit,
    "ComparesFloats": lambda used, limit: float(used) >= float(limit),
}.items():
    _kind = _denies_when(_when)
    _kind.__name__ = _name
    breaks("UT-QUO-03", "and the limit is")(_kind)


@breaks("UT-QUO-03", "and the limit is")
class RemembersTheAnswer(Tracker):
    def __init__(self):
        super().__init__()
        self.answers = {}

    def check_quota(self, tenant_id, operation):
        key = tenant_id, operation
        if key not in self.answers:
            self.answers[key] = super().check_quota(tenant_id, operation)
        return self.answers[key]


@breaks("UT-QUO-03", "and the limit is")
class CountsEvents(Tracker):
    def used(self, tenant, operation):
        return len(self.of(tenant))


# -- UT-QUO-04 ---------------------------------------------------------------------------------


_kind = _denies_when(lambda used, limit: used == limit)
_kind.__name__ = "DeniesExactlyAt"
breaks("UT-QUO-04", "denied at its limit")(_kind)

_kind = _denies_when(lambda used, limit: used % 2**32 >= limit)
_kind.__name__ = "CountsIn32Bits"
breaks("UT-QUO-04", "denied at its limit")(_kind)


@breaks("UT-QUO-04", "denied at its limit")
class TiresOfDenying(Tracker):
    denied = 0

    def check_quota(self, tenant_id, operation):
        answer = super().check_quota(tenant_id, operation)
        self.denied += not answer[0]
        return answer if self.denied < 30 else (True, None)


@breaks("UT-QUO-04", "denied at its limit")
class ForgetsInACrowd(Tracker):
    def limit_of(self, tenant, operation):
        latest = OrderedDict.fromkeys(e.tenant for e in reversed(self.events[-300:]))
        return self.limits.get(tenant) if tenant in latest else None


@breaks("UT-QUO-04", "denied at its limit")
class ResetsEverySecond(Tracker):
    def used(self, tenant, operation):
        events = self.of(tenant)
        return sum(e.tokens for e in events if e.at > self.time() - timedelta(seconds=1))


# -- UT-QUO-05 ---------------------------------------------------------------------------------


@breaks("UT-QUO-05", "only")
class PoolsUsage(Tracker):
    def used(self, tenant, operation):
        return sum(e.tokens for e in self.events)

    def set_quota(self, tenant, limit, operation):
        self.limits = {**self.limits, tenant: limit, None: min(limit, 20)}

    def limit_of(self, tenant, operation):
        return self.limits.get(None)


@breaks("UT-QUO-05", "only")
class FoldsIdsOfLimits(Tracker):
    def set_quota(self, tenant, limit, operation):
        self.limits[tenant.casefold()] = limit

    def limit_of(self, tenant, operation):
        return self.limits.get(tenant.casefold())

    def used(self, tenant, operation):
        return sum(e.tokens for e in self.events if str(e.tenant).casefold() == tenant.casefold())


@breaks("UT-QUO-05", "used its quota of 3 up, for 'query'")
class JoinsTenantAndOperation(Tracker):
    """Usage of a period and limits have keys of one text: tenant, colon, operation."""

    def set_quota(self, tenant, limit, operation):
        self.limits[f"{tenant}:{operation}"] = limit

    def limit_of(self, tenant, operation):
        return self.limits.get(f"{tenant}:{operation}")

    def used(self, tenant, operation):
        key = f"{tenant}:{operation}"
        return sum(e.tokens for e in self.events if f"{e.tenant}:{e.operation}" == key)


@breaks("UT-QUO-05", "only")
class SharesTheLastLimit(Tracker):
    def limit_of(self, tenant, operation):
        return 0 if any(self.used(name, "") >= x for name, x in self.limits.items()) else None


@breaks("UT-QUO-05", "used nothing, and may use")
class BucketsTenants(Tracker):
    def used(self, tenant, operation):
        def bucket(name):
            return sum(ord(c) * 31**i for i, c in enumerate(str(name))) % 128

        return sum(e.tokens for e in self.events if bucket(e.tenant) == bucket(tenant))


# -- UT-QUO-06 ---------------------------------------------------------------------------------


@breaks("UT-QUO-06", "closed")
class SaysClosedAndIsOpen(Tracker):
    def check_quota(self, tenant_id, operation):
        return (True, None) if self.down else super().check_quota(tenant_id, operation)


@breaks("UT-QUO-06", "open", policy="open")
class SaysOpenAndIsClosed(Tracker):
    pass


@breaks("UT-QUO-06", "open", "ConnectionError", policy="open")
class SaysOpenAndRaises(Tracker):
    def check_quota(self, tenant_id, operation):
        if self.down:
            raise ConnectionError("down")
        return True, None


@breaks("UT-QUO-06", "closed")
class OpensOnTheSecondTry(Tracker):
    def __init__(self):
        super().__init__()
        self.tries = Counter()

    def check_quota(self, tenant_id, operation):
        self.tries[tenant_id] += 1
        if self.down and self.tries[tenant_id] > 2:
            return True, None
        return super().check_quota(tenant_id, operation)

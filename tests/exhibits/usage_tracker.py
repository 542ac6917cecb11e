"""Broken usage trackers: the clause that must reject each, and words its message must hold."""

from __future__ import annotations

import unicodedata
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from luminescent_cluster.contracts import UsageSubject

from .usage_base import UTC, Event, Tracker, probed, utc
from .usage_recovery import MOVED
from .usage_subtle import SUBTLE
from .usage_threads import RACES


class Exhibit(NamedTuple):
    """A broken tracker."""

    clause: str
    factory: Callable[[], Any]
    words: tuple[str, ...]


EXHIBITS: list[Exhibit] = []


def _without_probes(kind: type) -> Callable[[], Any]:
    def make() -> UsageSubject:
        return UsageSubject(kind(), settles_within=0.2)

    make.__name__ = kind.__name__
    return make


def breaks(clause: str, *words: str, bare: bool = False, **probes: Any) -> Callable[[type], type]:
    """Put a class on show.

    Args:
        clause: must reject it.
        words: its message must hold.
        bare: whether it is shown without any probe.
        probes: other probes than every one there is.
    """

    def show(kind: type) -> type:
        factory = _without_probes(kind) if bare else probed(kind, **probes)
        EXHIBITS.append(Exhibit(clause, factory, words))
        return kind

    return show


# -- UT-TRK-01 ---------------------------------------------------------------------------------


@breaks("UT-TRK-01", "not None", bare=True)
class ReturnsAnId(Tracker):
    def track(self, operation, tokens, metadata):
        super().track(operation, tokens, metadata)
        return len(self.events)


@breaks("UT-TRK-01", "KeyError", bare=True)
class NeedsATenant(Tracker):
    def tenant_of(self, metadata):
        return metadata["tenant_id"]


@breaks("UT-TRK-01", "raised", bare=True)
class NeedsTextValues(Tracker):
    def tenant_of(self, metadata):
        " ".join(metadata.values())
        return metadata.get("tenant_id")


@breaks("UT-TRK-01", "not None", bare=True)
class SaysSoOfTheSecondAlike(Tracker):
    def track(self, operation, tokens, metadata):
        super().track(operation, tokens, metadata)
        if len(self.events) > 1 and self.events[-1][:3] == self.events[-2][:3]:
            return False
        return None


@breaks("UT-TRK-01", "raised", bare=True)
class FillsUp(Tracker):
    def track(self, operation, tokens, metadata):
        if len(self.events) >= 256:
            raise OverflowError("the queue is full")
        super().track(operation, tokens, metadata)


# -- UT-TRK-02 ---------------------------------------------------------------------------------


@breaks("UT-TRK-02", "still has the total", bare=True)
class KeepsNothing(Tracker):
    def track(self, operation, tokens, metadata):
        pass


@breaks("UT-TRK-02", "add up to", bare=True)
class LosesTheFirst(Tracker):
    def track(self, operation, tokens, metadata):
        known = {event.tenant for event in self.events}
        super().track(operation, tokens, metadata)
        if self.events and self.events[-1].tenant not in known:
            self.events[-1] = self.events[-1]._replace(tokens=0)


@breaks("UT-TRK-02", "add up to")
class LosesEveryTenth(Tracker):
    count = 0

    def track(self, operation, tokens, metadata):
        self.count += 1
        if self.count % 10:
            super().track(operation, tokens, metadata)


@breaks("UT-TRK-02", "add up to", bare=True)
class CountsTheSameOnce(Tracker):
    def of(self, tenant):
        return list(dict.fromkeys(e._replace(at=None) for e in super().of(tenant)))

    def between(self, tenant, start, end):
        return self.of(tenant)


@breaks("UT-TRK-02", "add up to")
class Overwrites(Tracker):
    def of(self, tenant):
        return list({event.operation: event for event in super().of(tenant)}.values())


@breaks("UT-TRK-02", "add up to", bare=True)
class RemembersTheLastThousand(Tracker):
    def __init__(self):
        super().__init__()
        self.events = deque(maxlen=1000)


@breaks("UT-TRK-02", "add up to")
class CachesTheSummary(Tracker):
    def __init__(self):
        super().__init__()
        self.cache = {}

    def get_usage_summary(self, tenant_id, start_date=None, end_date=None):
        if start_date or end_date:
            return super().get_usage_summary(tenant_id, start_date, end_date)
        if tenant_id not in self.cache:
            self.cache[tenant_id] = super().get_usage_summary(tenant_id)
        return dict(self.cache[tenant_id])


@breaks("UT-TRK-02", "9007199254740993", bare=True)
class SumsInFloats(Tracker):
    def summed(self, events):
        total = int(sum(float(event.tokens) for event in events))
        return {**super().summed(events), "total_tokens": total}


@breaks("UT-TRK-02", "add up to")
class ConfusesOperationsWithTotals(Tracker):
    """Keeps operations and their total in one dict."""

    def summed(self, events):
        usage = Counter({"total_tokens": 0})
        for event in events:
            usage[event.operation] = usage[event.operation] + event.tokens
            usage["total_tokens"] = sum(v for k, v in usage.items() if k != "total_tokens")
        return {**super().summed(events), "total_tokens": usage["total_tokens"]}


@breaks("UT-TRK-02", "in one burst")
class OverflowsInSilence(Tracker):
    """Its queue has room for 256, and nobody is told."""

    def send(self):
        del self.waiting[256:]

    def flush(self):
        super().send()


@breaks("UT-TRK-02", "add up to")
class ForgetsIdleTenants(Tracker):
    """Keeps tenants in a cache of 100 and nowhere else. Two tenants in a row are not enough."""

    def send(self):
        super().send()
        latest = list(OrderedDict.fromkeys(e.tenant for e in reversed(self.events)))[:2]
        self.events = [e for e in self.events if e.tenant in latest]


# -- UT-TRK-03 ---------------------------------------------------------------------------------


def _same_for(key):
    class Confuses(Tracker):
        def of(self, tenant):
            return [e for e in self.events if e.tenant is not None and key(e.tenant) == key(tenant)]

    return Confuses


@breaks("UT-TRK-03", "used", bare=True)
class ShowsEverybodys(Tracker):
    def of(self, tenant):
        return self.events


for _name, _key in {
    "FoldsCase": str.casefold,
    "LowersCase": str.lower,
    "Strips": str.strip,
    "Composes": lambda name: unicodedata.normalize("NFC", name),
    "FoldsWidth": lambda name: unicodedata.normalize("NFKC", name),
    "CutsAt64": lambda name: name[:64],
    "CutsAt255": lambda name: name[:255],
    "EndsAtNul": lambda name: name.partition("\0")[0],
    "DropsHyphens": lambda name: name.replace("-", ""),
    "ReadsNumbers": lambda name: name.lstrip("0"),
    "SplitsAtColon": lambda name: name.split(":")[0],
    "HashesTo100": lambda name: sum(map(ord, name)) % 100,
}.items():
    _kind = _same_for(_key)
    _kind.__name__ = _name
    breaks("UT-TRK-03", "get_usage_summary", bare=True)(_kind)


@breaks("UT-TRK-03", "get_usage_summary", bare=True)
class MatchesPrefixes(Tracker):
    def of(self, tenant):
        return [e for e in self.events if e.tenant is not None and e.tenant.startswith(tenant)]


@breaks("UT-TRK-03", "get_usage_summary", bare=True)
class MatchesLike(Tracker):
    def of(self, tenant):
        import fnmatch

        pattern = tenant.replace("[", "[[]").replace("%", "*").replace("_", "?")
        return [e for e in self.events if e.tenant and fnmatch.fnmatchcase(e.tenant, pattern)]


@breaks("UT-TRK-03", "get_usage_summary")
class HasRoomFor300(Tracker):
    """Files the 301st tenant with the first."""

    def __init__(self):
        super().__init__()
        self.known = {}

    def tenant_of(self, metadata):
        tenant = super().tenant_of(metadata)
        if len(self.known) < 300 or tenant in self.known:
            return self.known.setdefault(tenant, tenant)
        return next(iter(self.known))


# -- UT-TRK-04 ---------------------------------------------------------------------------------


@breaks("UT-TRK-04", "stalled", "latency")
class SendsAtOnce(Tracker):
    def track(self, operation, tokens, metadata):
        self.stalled.wait(0.4)
        super().track(operation, tokens, metadata)


@breaks("UT-TRK-04", "did not come back")
class WaitsForEver(Tracker):
    def track(self, operation, tokens, metadata):
        self.stalled.wait()
        super().track(operation, tokens, metadata)


@breaks("UT-TRK-04", "event 1,")
class ConnectsFirst(Tracker):
    connected = False

    def track(self, operation, tokens, metadata):
        if not self.connected:
            self.stalled.wait(0.4)
            self.connected = True
        super().track(operation, tokens, metadata)


@breaks("UT-TRK-04", "stalled")
class BlocksWhenFull(Tracker):
    def track(self, operation, tokens, metadata):
        if len(self.waiting) >= 300:
            self.stalled.wait(0.4)
        super().track(operation, tokens, metadata)


# -- UT-TRK-05 ---------------------------------------------------------------------------------


@breaks("UT-TRK-05", "ConnectionError")
class LetsItThrough(Tracker):
    def send(self):
        if self.down and self.waiting:
            raise ConnectionError("the backend is down")
        super().send()

    def outage(self):
        self.send()
        return super().outage()


@breaks("UT-TRK-05", "full")
class RaisesWhenFull(Tracker):
    def track(self, operation, tokens, metadata):
        if len(self.waiting) >= 256:
            raise BufferError("the queue is full")
        super().track(operation, tokens, metadata)


@breaks("UT-TRK-05", "earlier")
class RaisesLater(Tracker):
    """Tells the failure of the last event to the one who tracks the next."""

    failed = False

    def track(self, operation, tokens, metadata):
        if self.failed and not self.down:
            self.failed = False
            raise RuntimeError("an earlier event could not be sent")
        super().track(operation, tokens, metadata)
        self.failed = self.failed or self.down


# -- UT-TRK-06 ---------------------------------------------------------------------------------


@breaks("UT-TRK-06", "after recovery")
class SwallowsOutages(Tracker):
    def send(self):
        if self.down:
            self.waiting.clear()
        super().send()


@breaks("UT-TRK-06", "after recovery", bare=False, dropped=lambda: 0)
class KeepsThree(Tracker):
    def send(self):
        super().send()
        del self.waiting[3:]


@breaks("UT-TRK-06", "more than once")
class SendsTwice(Tracker):
    """Repeats a delivery whose answer was lost."""

    def send(self):
        if self.down:
            self.again = True
        elif self.waiting and getattr(self, "again", False):
            self.again = False
            self.events.append(self.waiting[-1])
        super().send()


@breaks("UT-TRK-06", "after recovery")
class GivesUpTheSecondTime(Tracker):
    outages = 0

    def outage(self):
        self.outages += 1
        return super().outage()

    def send(self):
        if self.outages > 1 and self.down:
            self.waiting.clear()
        super().send()


@breaks("UT-TRK-06", "after recovery")
class HasAShortQueue(Tracker):
    def track(self, operation, tokens, metadata):
        if len(self.waiting) < 200:
            super().track(operation, tokens, metadata)


# -- UT-TRK-07, 08, 09 -------------------------------------------------------------------------


@breaks("UT-TRK-07", "ValueError", bare=True)
class RefusesZero(Tracker):
    def track(self, operation, tokens, metadata):
        if not tokens:
            raise ValueError("no tokens")
        super().track(operation, tokens, metadata)


@breaks("UT-TRK-07", "add up to", bare=True)
class CountsZeroAsOne(Tracker):
    def track(self, operation, tokens, metadata):
        super().track(operation, tokens or 1, metadata)


@breaks("UT-TRK-07", "add up to")
class ResetsAtZero(Tracker):
    """Zero tokens after some usage start the tenant's books anew."""

    def track(self, operation, tokens, metadata):
        if tokens == 0:
            self.events = [e for e in self.events if e.tenant != self.tenant_of(metadata)]
        super().track(operation, tokens, metadata)


class _TakesAny(Tracker):
    def track(self, operation, tokens, metadata):
        self.waiting.append(Event(self.tenant_of(metadata), operation, tokens, self.time()))
        self.send()


@breaks("UT-TRK-08", "less than", bare=True)
class Subtracts(_TakesAny):
    pass


@breaks("UT-TRK-08", "less than", bare=True)
class SubtractsDownToZero(_TakesAny):
    def summed(self, events):
        summary = super().summed(events)
        summary["total_tokens"] = max(0, summary["total_tokens"])
        return summary


@breaks("UT-TRK-08", "less than")
class RefusesAndSubtracts(_TakesAny):
    def track(self, operation, tokens, metadata):
        super().track(operation, tokens, metadata)
        if tokens < 0:
            raise ValueError("tokens is negative")


@breaks("UT-TRK-09", "recorded:")
class RecordsTwice(Tracker):
    def recorded(self):
        return super().recorded() * 2


@breaks("UT-TRK-09", "recorded:")
class RecordsNoZeros(Tracker):
    def recorded(self):
        return [record for record in super().recorded() if record["tokens"]]


@breaks("UT-TRK-09", "recorded:")
class MergesNeighbours(Tracker):
    def recorded(self):
        merged = []
        for record in super().recorded():
            if merged and merged[-1]["operation"] == record["operation"] != "query":
                merged[-1]["tokens"] += record["tokens"]
            else:
                merged.append(dict(record))
        return merged


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
class GoesNegative(_TakesAny):
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


@breaks("UT-SUM-07", "quota_remaining is str", bare=True)
class SaysUnlimited(Tracker):
    def summed(self, events):
        return {**super().summed(events), "quota_remaining": "unlimited"}


# -- UT-TRK-10 ---------------------------------------------------------------------------------

for _kind in MOVED:
    breaks("UT-TRK-10", "during an outage")(_kind)


# -- right in all but one situation ------------------------------------------------------------

for _clause, _kind, _word in SUBTLE:
    breaks(_clause, _word)(_kind)


# -- UT-THR ------------------------------------------------------------------------------------

for _clause, _kind in RACES:
    breaks(_clause, "sequential", bare=True)(_kind)

"""Broken usage trackers: what is tracked (UT-TRK but outages)."""

from __future__ import annotations

import unicodedata
from collections import Counter, OrderedDict, deque

from .usage_base import Event, Tracker
from .usage_show import breaks

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


class TakesAny(Tracker):
    def track(self, operation, tokens, metadata):
        self.waiting.append(Event(self.tenant_of(metadata), operation, tokens, self.time()))
        self.send()


@breaks("UT-TRK-08", "less than", bare=True)
class Subtracts(TakesAny):
    pass


@breaks("UT-TRK-08", "less than", bare=True)
class SubtractsDownToZero(TakesAny):
    def summed(self, events):
        summary = super().summed(events)
        summary["total_tokens"] = max(0, summary["total_tokens"])
        return summary


@breaks("UT-TRK-08", "less than")
class RefusesAndSubtracts(TakesAny):
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

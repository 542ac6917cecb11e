"""Broken usage trackers: while the backend is away."""

from __future__ import annotations

from time import monotonic

from .usage_base import Tracker
from .usage_show import breaks

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
class ForgetsWhatIsOld(Tracker):
    """Gives up what it could not send for a while, as after a few quick retries."""

    expires = 0.0

    def track(self, operation, tokens, metadata):
        if not self.waiting:
            self.expires = monotonic() + 0.15
        super().track(operation, tokens, metadata)

    def send(self):
        if monotonic() > self.expires:
            self.waiting.clear()
        super().send()


@breaks("UT-TRK-06", "after recovery")
class HasAShortQueue(Tracker):
    def track(self, operation, tokens, metadata):
        if len(self.waiting) < 200:
            super().track(operation, tokens, metadata)


@breaks("UT-TRK-06", "3 operations")
class PutsOneTenantBack(Tracker):
    """Sends a batch for each tenant, and keeps the one that failed last."""

    def send(self):
        if self.down:
            self.waiting = [one for one in self.waiting if one.tenant == self.waiting[-1].tenant]
        super().send()


@breaks("UT-TRK-06", "3 operations")
class KeepsARowForEachTenant(Tracker):
    """Merges what waits into a row of the latest operation, where the row is of another."""

    def send(self):
        if self.down:
            latest = {one.tenant: one.operation for one in self.waiting}
            self.waiting = [one for one in self.waiting if one.operation == latest[one.tenant]]
        super().send()

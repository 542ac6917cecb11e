"""Broken usage trackers: outages that move usage to another time."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta

from .usage_base import Tracker


class StampsWhenItSends(Tracker):
    """Takes the time where the event goes out."""

    def send(self):
        if not self.down and self.stalled.is_set():
            self.events += [event._replace(at=self.time()) for event in self.waiting]
            self.waiting.clear()


class StampsRepetitions(Tracker):
    """Makes the event anew for a second attempt, and takes the time again."""

    failed = False

    def send(self):
        self.failed = self.failed or self.down
        if self.down:
            return
        if self.failed:
            self.failed = False
            self.waiting = [event._replace(at=self.time()) for event in self.waiting]
        super().send()


class StampsTheBacklogAlike(Tracker):
    """Sends a backlog as one event, at the time of its last part."""

    def send(self):
        if not self.down and len(self.waiting) > 1:
            self.waiting = [event._replace(at=self.time()) for event in self.waiting]
        super().send()


class KeepsUpToADay(Tracker):
    """Takes what is older than a day for a mistake of the clock, and puts it right."""

    @contextmanager
    def outage(self):
        with super().outage():
            yield
            now, day = self.time(), timedelta(days=1)
            self.waiting = [
                event._replace(at=now) if now - event.at > day else event for event in self.waiting
            ]


MOVED = (StampsWhenItSends, StampsRepetitions, StampsTheBacklogAlike, KeepsUpToADay)

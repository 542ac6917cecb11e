"""Broken audit loggers: what an outage left to be sent is sent again and again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from .audit_base import Logger, breaks


class Waiting(Logger):
    """Keeps what it cannot store, and sends it when it can."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[dict] = []

    def store(self, record: dict) -> None:
        self.waiting.append(record)
        if not self.down:
            self.flush()

    def flush(self) -> None:
        if not self.down:
            self.send(self.waiting)
            self.waiting = []

    def send(self, records: list[dict]) -> None:
        self.lines += [json.dumps(record) for record in records]

    @contextmanager
    def outage(self) -> Iterator[None]:
        with super().outage():
            yield
        self.flush()


@breaks("AL-FLT-01", "is stored 2 times, sent 1")
class SendsTheBacklogTwice(Waiting):
    failed = False

    def flush(self) -> None:
        if self.down:
            return
        if len(self.waiting) > 1:
            self.send(self.waiting)
        super().flush()


@breaks("AL-FLT-01", "returned during an outage", "is stored 2 times, sent 1")
class RepeatsTheHeadOfTheQueue(Waiting):
    """Sends the oldest at once, and then the whole queue with it."""

    def flush(self) -> None:
        if not self.down and len(self.waiting) > 2:
            self.send(self.waiting[:1])
        super().flush()


@breaks("AL-FLT-01", "returned before an outage")
class SendsFromTheLastCheckpoint(Waiting):
    """After an outage it sends everything of the last minute, to be sure."""

    def __init__(self) -> None:
        super().__init__()
        self.journal: list[dict] = []

    def store(self, record: dict) -> None:
        self.journal.append(record)
        super().store(record)

    @contextmanager
    def outage(self) -> Iterator[None]:
        with super().outage():
            yield
        self.send(self.journal)


class SendsUntilItIsAnswered(Waiting):
    """Right: the store keeps what comes in an outage, its answer is lost, and it is sent again."""

    def store(self, record: dict) -> None:
        if self.down:
            self.send([record])
        super().store(record)


@breaks("AL-SEC-02", "alerted 2 times, expected 1", "the backend was down meanwhile")
class PagesAgainWhenItSends(Waiting):
    """The pager does not wait for the store, and what waited goes the whole way again."""

    def flush(self) -> None:
        if not self.down:
            for record in self.waiting[:-1]:
                if record.get("severity") == "critical":
                    self.page(record)
        super().flush()

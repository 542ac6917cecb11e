"""Correct extensions that free-running threads and shared stores must not accuse."""

from __future__ import annotations

import itertools
import json
import threading
from collections import deque
from typing import Protocol

from luminescent_cluster.contracts import AuditSubject, run
from luminescent_cluster.extensions import AuditLogger


class Stack(Protocol):
    def push(self, item: int) -> None: ...

    def pop(self) -> int | None: ...


class PlainStack:
    """Correct: which item is on top depends on the order of the calls."""

    def __init__(self) -> None:
        self.items: list[int] = []

    def push(self, item: int) -> None:
        self.items.append(item)

    def pop(self) -> int | None:
        try:
            return self.items.pop()
        except IndexError:
            return None


class ShortStack(PlainStack):
    """Correct: room for fifty, and an error beyond, whoever comes."""

    def push(self, item: int) -> None:
        if len(self.items) >= 50:
            raise OverflowError("full")
        super().push(item)

    def pop(self) -> int | None:
        return None


def status(protocol, factory, clause):
    report = run(protocol, factory, clauses=[clause], profile="smoke")
    return next(r for r in report.results if r.clause_id == clause).status.name


def test_taking_is_no_reading():
    """THR-03: what is taken off a stack is not what the threads left behind."""
    assert status(Stack, PlainStack, "THR-03") == "PASSED"


def test_what_as_many_sequential_calls_raise_is_no_race():
    """THR-03: something that is full after fifty calls is full in threads too."""
    assert status(Stack, ShortStack, "THR-03") == "PASSED"


class Stumbling(PlainStack):
    """Correct, on an interpreter that is not: it fails where threads switch."""

    def __init__(self) -> None:
        super().__init__()
        self.home = threading.get_ident()

    def push(self, item: int) -> None:
        if threading.get_ident() != self.home:
            raise SystemError("AST constructor recursion depth mismatch (before=36, after=31)")
        super().push(item)


def test_faults_of_the_interpreter_are_not_the_extensions():
    """THR-03: a SystemError among threads is shown in a note, and held against nobody."""
    report = run(Stack, Stumbling, clauses=["THR-03"], profile="smoke")
    assert report["THR-03"].status.name == "PASSED"
    assert "a fault of its own" in str(report["THR-03"])


class Numbered:
    """Numbers its records, and stores them in the order in which they arrive."""

    def __init__(self) -> None:
        self.numbers = itertools.count(1)
        self.records: deque[tuple[int, dict[str, object]]] = deque()

    def log_event(self, event_type, actor, resource, action, outcome, details=None):
        event = {"event_type": event_type, "actor": actor, "resource": resource}
        self._store({**event, "action": action, "outcome": outcome, "details": details})

    def log_security_event(self, event_type, severity, message, details=None):
        event = {"event_type": event_type, "severity": severity, "message": message}
        self._store({**event, "details": details})

    def _store(self, event):
        self.records.append((next(self.numbers), event))

    def recorded(self):
        return [{**event, "seq": number} for number, event in list(self.records)]


class InTwoWrites(Numbered):
    """Writes a record and its end of line one after the other."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []

    def _store(self, event):
        self.text.append(json.dumps(event))
        self.text.append("\n")

    def recorded(self):
        return [json.loads(line) for line in "".join(self.text).splitlines() if line]


def logger(kind):
    def make():
        extension = kind()
        return AuditSubject(extension, recorded=extension.recorded)

    return make


def test_records_of_several_callers_come_in_any_order():
    """THR-02: a number that is drawn before the record is stored may be stored after the next."""
    assert status(AuditLogger, logger(Numbered), "THR-02") == "PASSED"


def test_two_writes_per_record_are_found():
    """AL-THR-01: the end of one line belongs to the next record."""
    assert status(AuditLogger, logger(InTwoWrites), "AL-THR-01") == "FAILED"


class PerThread(Numbered):
    """Each thread keeps what it logs until somebody reads there."""

    def __init__(self) -> None:
        super().__init__()
        self.own = threading.local()

    def _store(self, event):
        self.own.__dict__.setdefault("pending", []).append(event)

    def recorded(self):
        for event in self.own.__dict__.pop("pending", ()):
            super()._store(event)
        return super().recorded()


def test_a_buffer_that_ends_with_its_thread_is_found():
    """AL-THR-01: what another thread logged is lost in every order, so no order shows it."""
    assert status(AuditLogger, logger(PerThread), "AL-THR-01") == "FAILED"

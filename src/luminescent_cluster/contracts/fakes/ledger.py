"""The books of a usage tracker: what was used, and what may be used."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from .switch import Switch

__all__ = [
    "HOUR",
    "Ledger",
    "Limits",
    "MemoryLedger",
    "Range",
    "Statement",
    "Totals",
    "UsageEvent",
    "add",
    "whole_hours",
]

HOUR = 3_600_000_000  # microseconds

Totals = dict[str, tuple[int, int]]
"""Per operation: tokens, and the number of events."""

Range = tuple[int | None, int | None]
"""[start, end) in microseconds since the epoch; None is an open end."""

Limits = dict[str | None, int]
"""Per operation: how many tokens a period may use; None for all operations together."""

Statement = tuple[list[Totals], Limits]


@dataclass(frozen=True)
class UsageEvent:
    """One use: `account` is the tenant's id, or None for what nobody could be charged for."""

    id: str
    account: str | None
    operation: str
    tokens: int
    at: int


class Ledger(Protocol):
    """Where usage is booked. Every method raises BackendDown while the books are out of reach."""

    def append(self, events: Sequence[UsageEvent]) -> None:
        """Book `events`, all or none; an id that is booked already is not booked again."""

    def statement(self, account: str | None, *ranges: Range) -> Statement:
        """Sum up an account over each [start, end), and give its limits, all as of one moment."""

    def events(self) -> list[UsageEvent]:
        """Give every event in the order of booking."""

    def set_limit(self, account: str | None, operation: str | None, limit: int | None) -> None:
        """Set a limit, or lift it with None."""

    def close(self) -> None:
        """Release what the ledger holds open."""


class MemoryLedger:
    """Books in this process.

    Each account keeps its events by the hour with the hour's totals beside them, so that a sum over
    a month does not read every event of the month.
    """

    def __init__(self, switch: Switch) -> None:
        """Stand behind `switch`."""
        self._switch = switch
        self._lock = threading.Lock()
        self._booked: dict[str, UsageEvent] = {}
        self._hours: dict[str | None, dict[int, tuple[Totals, list[UsageEvent]]]] = {}
        self._limits: dict[str | None, Limits] = {}

    def append(self, events: Sequence[UsageEvent]) -> None:
        """See `Ledger.append`."""
        self._switch.pass_through()
        with self._lock:
            for event in events:
                if event.id in self._booked:
                    continue
                self._booked[event.id] = event
                hours = self._hours.setdefault(event.account, {})
                totals, inside = hours.setdefault(event.at // HOUR, ({}, []))
                inside.append(event)
                add(totals, [(event.operation, event.tokens, 1)])

    def statement(self, account: str | None, *ranges: Range) -> Statement:
        """See `Ledger.statement`."""
        self._switch.pass_through()
        with self._lock:
            totals = [self._totals(account, start, end) for start, end in ranges]
            return totals, dict(self._limits.get(account, {}))

    def events(self) -> list[UsageEvent]:
        """See `Ledger.events`."""
        self._switch.pass_through()
        with self._lock:
            return list(self._booked.values())

    def set_limit(self, account: str | None, operation: str | None, limit: int | None) -> None:
        """See `Ledger.set_limit`."""
        self._switch.pass_through()
        with self._lock:
            limits = self._limits.setdefault(account, {})
            if limit is None:
                limits.pop(operation, None)
            else:
                limits[operation] = limit

    def close(self) -> None:
        """Hold nothing open."""

    def _totals(self, account: str | None, start: int | None, end: int | None) -> Totals:
        first, last = whole_hours(start, end)
        result: Totals = {}
        for hour, (totals, inside) in self._hours.get(account, {}).items():
            if (first is None or first <= hour) and (last is None or hour < last):
                add(result, ((name, *both) for name, both in totals.items()))
            else:
                add(result, _within(inside, start, end))
        return result


def whole_hours(start: int | None, end: int | None) -> tuple[int | None, int | None]:
    """Give the first hour inside [start, end) and the hour after the last; None is an open end."""
    first = None if start is None else -(-start // HOUR)
    return first, None if end is None else end // HOUR


def add(totals: Totals, parts: Iterable[tuple[str, int, int]]) -> None:
    """Add (operation, tokens, events) to `totals` in place."""
    for operation, tokens, events in parts:
        known_tokens, known_events = totals.get(operation, (0, 0))
        totals[operation] = (known_tokens + tokens, known_events + events)


def _within(
    events: Iterable[UsageEvent], start: int | None, end: int | None
) -> Iterator[tuple[str, int, int]]:
    for event in events:
        if (start is None or start <= event.at) and (end is None or event.at < end):
            yield event.operation, event.tokens, 1

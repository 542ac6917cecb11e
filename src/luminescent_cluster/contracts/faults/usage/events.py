"""Faults of tracking: events that are lost, doubled or somebody else's."""

from __future__ import annotations

import struct
from typing import Any

from ..injection import Injection
from ..model import Faults

__all__ = ["faults"]

faults = Faults("UsageTracker")

_TRACK, _SUMMARY = "track", "get_usage_summary"


def _nth(into: Injection, number: int, act: Any) -> None:
    """Do something else at every nth event."""
    into.memory.count = 0

    def handler(call: Any, values: dict[str, Any]) -> Any:
        into.memory.count += 1
        return call() if into.memory.count % number else act(call)

    into.around(_TRACK, handler)


@faults.add("UT-TRK-01")
def returns_an_id(into: Injection) -> None:
    """`track` returns something."""
    into.after(_TRACK, lambda result, values: 1)


@faults.add("UT-TRK-01")
def needs_a_tenant(into: Injection) -> None:
    """`track` raises for metadata without any key."""

    def handler(call: Any, values: dict[str, Any]) -> Any:
        if not values["metadata"]:
            raise KeyError("tenant_id")
        return call()

    into.around(_TRACK, handler)


@faults.add("UT-TRK-01")
def fills_up(into: Injection) -> None:
    """`track` raises from the 300th event on."""
    into.memory.events = 0

    def handler(call: Any, values: dict[str, Any]) -> Any:
        into.memory.events += 1
        if into.memory.events > 300:
            raise OverflowError("the queue is full")
        return call()

    into.around(_TRACK, handler)


@faults.add("UT-TRK-02")
def drop_every_event(into: Injection) -> None:
    """Nothing is counted."""
    into.around(_TRACK, lambda call, values: None)


@faults.add("UT-TRK-02")
def drop_every_tenth_event(into: Injection) -> None:
    """Every tenth event is lost."""
    _nth(into, 10, lambda call: None)


@faults.add("UT-TRK-02")
def count_every_seventh_event_twice(into: Injection) -> None:
    """Every seventh event counts twice."""
    _nth(into, 7, lambda call: (call(), call())[0])


@faults.add("UT-TRK-02")
def count_equal_events_once(into: Injection) -> None:
    """An event equal to the one before is taken for a repetition."""
    into.memory.last = None

    def handler(call: Any, values: dict[str, Any]) -> Any:
        last, into.memory.last = into.memory.last, repr(values)
        return None if last == into.memory.last else call()

    into.around(_TRACK, handler)


@faults.add("UT-TRK-02", "UT-SUM-06")
def serve_a_stale_summary(into: Injection) -> None:
    """A summary is remembered for ever."""
    into.memory.summaries = {}

    def handler(call: Any, values: dict[str, Any]) -> Any:
        key = repr(values)
        if key not in into.memory.summaries:
            into.memory.summaries[key] = call()
        return dict(into.memory.summaries[key])

    into.around(_SUMMARY, handler)


@faults.add("UT-TRK-02")
def count_in_floats(into: Injection) -> None:
    """Totals pass through 32-bit floating point, which loses tokens above 16 million."""

    def change(result: Any, values: dict[str, Any]) -> Any:
        (total,) = struct.unpack("f", struct.pack("f", result["total_tokens"]))
        return {**result, "total_tokens": int(total)}

    into.after(_SUMMARY, change)


@faults.add("UT-TRK-03")
def fold_the_case_of_ids(into: Injection) -> None:
    """Summaries are looked up in lower case."""
    into.around(_SUMMARY, lambda call, values: call(tenant_id=values["tenant_id"].lower()))


@faults.add("UT-TRK-03")
def show_the_neighbours_usage(into: Injection) -> None:
    """A summary also counts the tenant who was asked about before."""
    into.memory.last = None

    def handler(call: Any, values: dict[str, Any]) -> Any:
        result, own = call(), values["tenant_id"]
        last, into.memory.last = into.memory.last, own
        if last not in (None, own):
            other = call(tenant_id=last)
            result = {**result, "total_tokens": result["total_tokens"] + other["total_tokens"]}
        return result

    into.around(_SUMMARY, handler)


@faults.add("UT-TRK-03", "UT-QUO-05")
def have_room_for_300_tenants(into: Injection) -> None:
    """From the 301st tenant on, everybody is shown the first one's usage."""
    into.memory.known = {}

    def handler(call: Any, values: dict[str, Any]) -> Any:
        known = into.memory.known
        known.setdefault(values["tenant_id"], len(known))
        if known[values["tenant_id"]] >= 300:
            return call(tenant_id=next(iter(known)))
        return call()

    into.around(_SUMMARY, handler)


@faults.add("UT-TRK-07")
def refuse_zero_tokens(into: Injection) -> None:
    """An event of zero tokens is refused."""

    def handler(call: Any, values: dict[str, Any]) -> Any:
        if not values["tokens"]:
            raise ValueError("no tokens")
        return call()

    into.around(_TRACK, handler)


@faults.add("UT-TRK-08")
def give_refunds(into: Injection) -> None:
    """Negative tokens lower the total."""
    into.memory.refunds = 0

    def track(call: Any, values: dict[str, Any]) -> Any:
        if values["tokens"] >= 0:
            return call()
        into.memory.refunds += values["tokens"]
        return None

    def change(result: Any, values: dict[str, Any]) -> Any:
        return {**result, "total_tokens": max(0, result["total_tokens"] + into.memory.refunds)}

    into.around(_TRACK, track)
    into.after(_SUMMARY, change)


@faults.add("UT-TRK-09")
def record_no_zeros(into: Injection) -> None:
    """Events of zero tokens are not on record."""
    into.probe("recorded", lambda hook: lambda: [record for record in hook() if record["tokens"]])

"""Faults of summaries and their ranges."""

from __future__ import annotations

import threading
from datetime import timedelta, timezone
from typing import Any

from ..injection import Injection
from ..model import Faults

__all__ = ["faults"]

faults = Faults("UsageTracker")

_TRACK, _SUMMARY = "track", "get_usage_summary"


@faults.add("UT-SUM-01", "TYP-01")
def total_in_floats(into: Injection) -> None:
    """`total_tokens` is a float."""
    into.after(
        _SUMMARY, lambda result, values: {**result, "total_tokens": float(result["total_tokens"])}
    )


@faults.add("UT-SUM-02")
def raise_for_the_unknown(into: Injection) -> None:
    """The summary of a tenant without usage is an error."""

    def change(result: Any, values: dict[str, Any]) -> Any:
        if not result["total_tokens"]:
            raise KeyError(values["tenant_id"])
        return result

    into.after(_SUMMARY, change)


@faults.add("UT-SUM-02", "UT-TRK-03")
def fall_back_to_the_last_tenant(into: Injection) -> None:
    """A tenant without usage is shown the last one's who had some."""
    into.memory.last = None

    def handler(call: Any, values: dict[str, Any]) -> Any:
        result = call()
        if result["total_tokens"]:
            into.memory.last = values["tenant_id"]
        elif into.memory.last is not None:
            return call(tenant_id=into.memory.last)
        return result

    def track(call: Any, values: dict[str, Any]) -> Any:
        found = [value for value in values["metadata"].values() if isinstance(value, str)]
        into.memory.last = found[0] if found else into.memory.last
        return call()

    into.around(_SUMMARY, handler)
    into.around(_TRACK, track)


@faults.add("UT-SUM-03", "UT-SUM-04")
def ignore_the_start(into: Injection) -> None:
    """The start of a range is ignored."""
    into.around(_SUMMARY, lambda call, values: call(start_date=None))


@faults.add("UT-SUM-03", "UT-SUM-04")
def ignore_the_end(into: Injection) -> None:
    """The end of a range is ignored."""
    into.around(_SUMMARY, lambda call, values: call(end_date=None))


@faults.add("UT-SUM-03")
def include_the_end(into: Injection) -> None:
    """An event exactly at the end of a range counts in it."""
    step = timedelta(seconds=getattr(into.subject, "resolution", 1.0))

    def handler(call: Any, values: dict[str, Any]) -> Any:
        end = values["end_date"]
        return call(end_date=end + step) if end is not None else call()

    into.around(_SUMMARY, handler)


@faults.add("UT-SUM-03")
def need_both_bounds(into: Injection) -> None:
    """A range with one open end counts as no range at all."""

    def handler(call: Any, values: dict[str, Any]) -> Any:
        if values["start_date"] is None or values["end_date"] is None:
            return call(start_date=None, end_date=None)
        return call()

    into.around(_SUMMARY, handler)


@faults.add("UT-SUM-04")
def drop_the_zone(into: Injection) -> None:
    """Bounds are read as if their clocks showed UTC."""

    def utc(when: Any) -> Any:
        return when if when is None else when.replace(tzinfo=timezone.utc)

    into.around(
        _SUMMARY,
        lambda call, values: call(
            start_date=utc(values["start_date"]), end_date=utc(values["end_date"])
        ),
    )


@faults.add("UT-SUM-04")
def take_naive_for_local(into: Injection) -> None:
    """A naive bound is read as the machine's own time."""

    def aware(when: Any) -> Any:
        return when if when is None or when.tzinfo else when.astimezone(timezone.utc)

    into.around(
        _SUMMARY,
        lambda call, values: call(
            start_date=aware(values["start_date"]), end_date=aware(values["end_date"])
        ),
    )


@faults.add("UT-SUM-05")
def swap_reversed_bounds(into: Injection) -> None:
    """A reversed range is turned round."""

    def handler(call: Any, values: dict[str, Any]) -> Any:
        start, end = values["start_date"], values["end_date"]
        if start is not None and end is not None:
            aware = [w if w.tzinfo else w.replace(tzinfo=timezone.utc) for w in (start, end)]
            if aware[0] > aware[1]:
                return call(start_date=end, end_date=start)
        return call()

    into.around(_SUMMARY, handler)


@faults.add("UT-SUM-06")
def count_the_reading(into: Injection) -> None:
    """Every look at a summary counts as a query."""
    into.memory.reads = 0

    def change(result: Any, values: dict[str, Any]) -> Any:
        into.memory.reads += 1
        return {**result, "total_queries": result.get("total_queries", 0) + into.memory.reads}

    into.after(_SUMMARY, change)


@faults.add("UT-SUM-07")
def leave_the_queries_out(into: Injection) -> None:
    """A summary has no `total_queries`."""

    def change(result: Any, values: dict[str, Any]) -> Any:
        return {key: value for key, value in result.items() if key != "total_queries"}

    into.after(_SUMMARY, change)


@faults.add("UT-THR-02", "THR-02")
def tear_summaries(into: Injection) -> None:
    """Tokens and queries of a summary are read one after the other, and events come in between."""
    never = threading.Event()  # made here, so that explored schedules know of the pause

    def handler(call: Any, values: dict[str, Any]) -> Any:
        tokens = call()
        never.wait(0.001)
        queries = call()
        return {**queries, "total_tokens": tokens["total_tokens"]}

    into.around(_SUMMARY, handler)

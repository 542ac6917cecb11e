"""Faults of usage trackers."""

from __future__ import annotations

import time
from datetime import timedelta, timezone
from typing import Any

from .injection import Injection
from .model import Faults

__all__ = ["faults"]

faults = Faults("UsageTracker")

_TRACK, _QUOTA, _SUMMARY = "track", "check_quota", "get_usage_summary"


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
    """Totals pass through floating point, where large ones lose tokens."""

    def change(result: Any, values: dict[str, Any]) -> Any:
        return {**result, "total_tokens": int(float(result["total_tokens"]))}

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


@faults.add("UT-TRK-04")
def wait_for_the_backend(into: Injection) -> None:
    """`track` waits for a backend that stalls."""
    stalled = into.interrupted("stall_backend")

    def handler(call: Any, values: dict[str, Any]) -> Any:
        if stalled():
            time.sleep(getattr(into.subject, "latency", 0.25) * 1.5)
        return call()

    into.around(_TRACK, handler)


@faults.add("UT-TRK-05")
def raise_in_an_outage(into: Injection) -> None:
    """`track` raises while the backend is down."""
    down = into.interrupted("break_backend")

    def handler(call: Any, values: dict[str, Any]) -> Any:
        if down():
            raise ConnectionError("the backend is down")
        return call()

    into.around(_TRACK, handler)


@faults.add("UT-TRK-06")
def lose_what_comes_in_an_outage(into: Injection) -> None:
    """What is tracked while the backend is down is lost in silence."""
    down = into.interrupted("break_backend")
    into.around(_TRACK, lambda call, values: None if down() else call())


@faults.add("UT-TRK-06")
def count_an_outage_twice(into: Injection) -> None:
    """What is tracked while the backend is down counts twice."""
    down = into.interrupted("break_backend")
    into.around(_TRACK, lambda call, values: (call(), call() if down() else None)[0])


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


@faults.add("UT-QUO-01")
def deny_without_a_reason(into: Injection) -> None:
    """A denial has no reason."""
    into.after(_QUOTA, lambda result, values: (result[0], None))


@faults.add("UT-QUO-01")
def give_a_reason_for_yes(into: Injection) -> None:
    """An allowance has a reason too."""
    into.after(_QUOTA, lambda result, values: (result[0], result[1] or "ok"))


@faults.add("UT-QUO-01", "TYP-01")
def answer_a_plain_bool(into: Injection) -> None:
    """`check_quota` answers True or False alone."""
    into.after(_QUOTA, lambda result, values: result[0])


@faults.add("UT-QUO-02")
def bill_the_question(into: Injection) -> None:
    """Asking for quota counts as usage."""
    into.memory.asked = {}

    def ask(call: Any, values: dict[str, Any]) -> Any:
        asked = into.memory.asked
        asked[values["tenant_id"]] = asked.get(values["tenant_id"], 0) + 1
        return call()

    def change(result: Any, values: dict[str, Any]) -> Any:
        asked = into.memory.asked.get(values["tenant_id"], 0)
        return {**result, "total_tokens": result["total_tokens"] + asked}

    into.around(_QUOTA, ask)
    into.after(_SUMMARY, change)


def _limits(into: Injection, change: Any) -> None:
    if not into.subject.has("set_quota"):
        return  # inert: the clause says which probe is missing

    def wrap(hook: Any) -> Any:
        return lambda tenant, limit, *operation: hook(tenant, change(limit), *operation)

    into.probe("set_quota", wrap)


@faults.add("UT-QUO-03")
def allow_at_the_limit(into: Injection) -> None:
    """A tenant is denied above its limit only."""
    _limits(into, lambda limit: limit + 1)


@faults.add("UT-QUO-03")
def deny_below_the_limit(into: Injection) -> None:
    """A tenant is denied one below its limit."""
    _limits(into, lambda limit: max(0, limit - 1))


@faults.add("UT-QUO-03")
def take_zero_for_no_limit(into: Injection) -> None:
    """A limit of zero is taken for none."""
    _limits(into, lambda limit: limit or 10**15)


@faults.add("UT-QUO-03", "UT-QUO-04")
def flip_the_answer(into: Injection) -> None:
    """Allowed and denied are exchanged."""

    def change(result: Any, values: dict[str, Any]) -> Any:
        return (False, "denied") if result[0] else (True, None)

    into.after(_QUOTA, change)


@faults.add("UT-QUO-04")
def tire_of_denying(into: Injection) -> None:
    """After ten denials a tenant is allowed again."""
    into.memory.denied = 0

    def change(result: Any, values: dict[str, Any]) -> Any:
        into.memory.denied += not result[0]
        return (True, None) if into.memory.denied > 10 else result

    into.after(_QUOTA, change)


@faults.add("UT-QUO-05")
def deny_everybody_after_one(into: Injection) -> None:
    """Once one tenant is denied, every other is."""
    into.memory.reason = None

    def change(result: Any, values: dict[str, Any]) -> Any:
        into.memory.reason = into.memory.reason or result[1]
        return (False, into.memory.reason) if into.memory.reason else result

    into.after(_QUOTA, change)


@faults.add("UT-QUO-06")
def break_the_outage_policy(into: Injection) -> None:
    """While the backend is down, `check_quota` answers against the declared policy."""
    down = into.interrupted("break_backend")
    policy = getattr(into.subject, "policy", None)

    def handler(call: Any, values: dict[str, Any]) -> Any:
        if not down():
            return call()
        return (False, "the backend is down") if policy == "open" else (True, None)

    into.around(_QUOTA, handler)


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


@faults.add("UT-TRK-09")
def record_no_zeros(into: Injection) -> None:
    """Events of zero tokens are not on record."""
    into.probe("recorded", lambda hook: lambda: [record for record in hook() if record["tokens"]])

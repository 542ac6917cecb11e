"""Faults of quotas."""

from __future__ import annotations

from typing import Any

from ..injection import Injection
from ..model import Faults

__all__ = ["faults"]

faults = Faults("UsageTracker")

_QUOTA, _SUMMARY = "check_quota", "get_usage_summary"


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

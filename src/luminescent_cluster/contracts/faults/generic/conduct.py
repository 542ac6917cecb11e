"""Faults of conduct: of the extension as a guest in a process."""

from __future__ import annotations

import time
from typing import Any

from ..injection import Injection, NotApplicable
from ..model import Faults

__all__ = ["faults"]

faults = Faults()


@faults.add("TRU-01")
def is_falsy(into: Injection) -> None:
    """The extension counts as false, so that core skips it."""
    into.member("__bool__", lambda self: False)


@faults.add("TRU-01")
def becomes_falsy(into: Injection) -> None:
    """The extension counts as false once it has been called."""
    into.memory.calls = 0
    for method in into.methods:

        def count(call: Any, values: dict[str, Any]) -> Any:
            into.memory.calls += 1
            return call()

        into.around(method.name, count)
    into.member("__bool__", lambda self: not into.memory.calls)


def _odd(value: Any) -> bool:
    """Tell whether a value is one that tests with plain values never meet."""
    if isinstance(value, str):
        return any(ord(c) < 32 or 0xD800 <= ord(c) < 0xE000 for c in value) or len(value) > 5000
    if isinstance(value, dict):
        return any(_odd(key) or _odd(part) for key, part in list(value.items())[:50])
    if isinstance(value, (list, tuple)):
        return any(_odd(part) for part in value[:50])
    return not isinstance(value, (str, int, float, bool, type(None)))


def _at_odd_values(into: Injection, act: Any) -> None:
    for method in into.methods:

        def watch(call: Any, values: dict[str, Any], act: Any = act) -> Any:
            if any(_guarded_odd(value) for value in values.values()):
                act()
            return call()

        into.around(method.name, watch)


def _guarded_odd(value: Any) -> bool:
    try:
        return _odd(value)
    except (RecursionError, TypeError, ValueError):
        return True


@faults.add("ERR-01")
def hangs_on_odd_values(into: Injection) -> None:
    """A value that is no plain text or number keeps the request for ever."""

    def hang() -> None:
        while True:
            time.sleep(1)

    _at_odd_values(into, hang)


@faults.add("ERR-01")
def exits_on_odd_values(into: Injection) -> None:
    """A value that is no plain text or number ends the process."""

    def leave() -> None:
        raise SystemExit(3)

    _at_odd_values(into, leave)


@faults.add("ERR-01")
def breaks_after_odd_values(into: Injection) -> None:
    """After a value that is no plain text or number, every call fails."""
    into.memory.broken = False
    for method in into.methods:

        def watch(call: Any, values: dict[str, Any]) -> Any:
            if into.memory.broken:
                raise RuntimeError("left in a bad state by an earlier call")
            into.memory.broken = any(_guarded_odd(value) for value in values.values())
            return call()

        into.around(method.name, watch)


@faults.add("ERR-02")
def patches_the_process(into: Injection) -> None:
    """The first call replaces `time.sleep` for everybody."""
    original = time.sleep

    def patch(call: Any, values: dict[str, Any]) -> Any:
        if time.sleep is original:
            time.sleep = lambda seconds: None
        return call()

    into.around(into.method().name, patch)


@faults.add("VER-01")
def was_built_for_the_future(into: Injection) -> None:
    """The extension declares that it needs a version of its protocol that does not exist yet."""
    name = into.protocol.__name__
    if name not in ("TenantProvider", "UsageTracker", "AuditLogger"):
        raise NotApplicable("only protocols with released versions can be declared")
    into.member("__protocols__", (f"{name}>=99",))


@faults.add("UT-THR-01", "TP-THR-01", "AL-THR-01", "THR-02", "THR-01", "THR-03")
def keeps_arguments_on_itself(into: Injection) -> None:
    """Arguments pass through an attribute of the extension, where concurrent calls mix them up."""
    for method in into.methods:

        def through(call: Any, values: dict[str, Any], name: str = method.name) -> Any:
            setattr(into.memory, name, values)
            time.sleep(0)  # another thread's turn, as any work would give
            return call(**getattr(into.memory, name))

        into.around(method.name, through)

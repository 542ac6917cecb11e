"""Faults of security events, alerts, outages and evidence."""

from __future__ import annotations

from typing import Any

from ..injection import Injection
from ..model import Faults

__all__ = ["faults"]

faults = Faults("AuditLogger")

_EVENT, _SECURITY = "log_event", "log_security_event"
_BOTH = (_EVENT, _SECURITY)


@faults.add("AL-SEC-01")
def drop_security_events(into: Injection) -> None:
    """Security events below critical are not recorded."""
    into.around(
        _SECURITY, lambda call, values: call() if values["severity"] == "critical" else None
    )


@faults.add("AL-SEC-01")
def record_security_events_twice(into: Injection) -> None:
    """Security events are on record twice."""
    into.around(_SECURITY, lambda call, values: (call(), call())[1])


@faults.add("AL-SEC-01", "AL-SEC-02")
def play_critical_events_down(into: Injection) -> None:
    """A critical event is taken for a warning, and alerts nobody."""
    into.around(
        _SECURITY,
        lambda call, values: (
            call(severity="warning") if values["severity"] == "critical" else call()
        ),
    )


@faults.add("AL-SEC-02")
def alert_for_nothing(into: Injection) -> None:
    """A warning alerts as a critical event does."""
    into.probe("alerts", lambda hook: lambda: _with_more(hook(), into.memory.__dict__))

    def handler(call: Any, values: dict[str, Any]) -> Any:
        if values["severity"] == "warning":
            into.memory.more = getattr(into.memory, "more", 0) + 1
        return call()

    into.around(_SECURITY, handler)


def _with_more(alerts: Any, memory: dict[str, Any]) -> Any:
    more = memory.get("more", 0)
    if isinstance(alerts, int):
        return alerts + more
    return [*alerts, *({"severity": "warning", "message": "?"} for _ in range(more))]


@faults.add("AL-SEC-02")
def alert_twice(into: Injection) -> None:
    """A critical event alerts twice."""

    def wrap(hook: Any) -> Any:
        def alerts() -> Any:
            found = hook()
            return found * 2 if isinstance(found, int) else [*found, *found]

        return alerts

    into.probe("alerts", wrap)


@faults.add("AL-SEC-03")
def drop_unknown_severities(into: Injection) -> None:
    """An event of an unknown severity is lost in silence."""
    into.around(
        _SECURITY,
        lambda call, values: (
            call() if values["severity"] in ("info", "warning", "critical") else None
        ),
    )


@faults.add("AL-SEC-04")
def lose_events_with_the_alert(into: Injection) -> None:
    """While alerts cannot be sent, critical events are not recorded."""
    broken = into.interrupted("break_alerts")

    def handler(call: Any, values: dict[str, Any]) -> Any:
        return None if broken() and values["severity"] == "critical" else call()

    into.around(_SECURITY, handler)


@faults.add("AL-FLT-01", "AL-EVT-02")
def repeat_what_came_in_an_outage(into: Injection) -> None:
    """What was taken while the backend was down is sent twice when it is back."""
    down = into.interrupted("break_backend")
    into.memory.kept = []

    def again() -> None:
        kept, into.memory.kept = into.memory.kept, []
        for write in kept:
            write()
            write()

    for name in _BOTH:

        def handler(call: Any, values: dict[str, Any]) -> Any:
            if down():
                into.memory.kept.append(call)
                return None
            again()
            return call()

        into.around(name, handler)

    def wrap(hook: Any) -> Any:
        def look() -> Any:
            if not down():
                again()
            return hook()

        return look

    for probe in ("recorded", "security_recorded", "flush"):
        into.probe(probe, wrap)


@faults.add("AL-FLT-01")
def swallow_outages(into: Injection) -> None:
    """What is logged while the backend is down is lost in silence."""
    down = into.interrupted("break_backend")
    for name in _BOTH:
        into.around(name, lambda call, values: None if down() else call())


@faults.add("AL-DUR-01")
def acknowledge_before_writing(into: Injection) -> None:
    """The last event waits in memory, and dies with the process."""
    into.probe("reopen", lambda hook: lambda: _Late(hook()))


class _Late:
    """A reopened logger that writes each event when the next one comes."""

    def __init__(self, made: Any) -> None:
        self._inner = getattr(made, "extension", made)
        self._waiting: list[Any] = []

    def __getattr__(self, name: str) -> Any:
        member = getattr(self._inner, name)
        if name not in _BOTH:
            return member

        def later(*args: Any, **kwargs: Any) -> None:
            waiting, self._waiting = self._waiting, [lambda: member(*args, **kwargs)]
            for write in waiting:
                write()

        return later


@faults.add("AL-TAM-01")
def verify_nothing(into: Injection) -> None:
    """The stored records are called intact, whatever was done to them."""
    into.probe("verify", lambda hook: lambda: True)

"""Faults of recording events."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from ...subjects.audit import AuditSubject
from ...suites._audit_logger.moments import instants
from ...suites._audit_logger.records import Record
from ..injection import Injection, NotApplicable
from ..model import Faults

__all__ = ["faults"]

faults = Faults("AuditLogger")

_EVENT, _SECURITY = "log_event", "log_security_event"
_BOTH = (_EVENT, _SECURITY)


def _plainly(value: Any) -> bool:
    try:
        json.dumps(value)
    except (TypeError, ValueError, RecursionError):
        return False
    return True


def _texts(into: Injection, change: Callable[[str], str]) -> None:
    """Change every text argument on its way in."""
    for name in _BOTH:

        def handler(call: Any, values: dict[str, Any]) -> Any:
            return call(**{k: change(v) for k, v in values.items() if isinstance(v, str)})

        into.around(name, handler)


def _records(into: Injection, change: Callable[[list[Any]], list[Any]]) -> None:
    """Change what is stored, as the author's probes show it."""
    for probe in ("recorded", "security_recorded"):
        into.probe(probe, lambda hook: lambda: change(list(hook())))


@faults.add("AL-EVT-01")
def return_the_record(into: Injection) -> None:
    """Logging an event returns something."""
    into.after(_EVENT, lambda result, values: dict(values))


@faults.add("AL-EVT-01")
def need_details(into: Injection) -> None:
    """An event without details is an error."""

    def handler(call: Any, values: dict[str, Any]) -> Any:
        if values["details"] is None:
            raise TypeError("details must not be None")
        return call()

    into.around(_EVENT, handler)


@faults.add("AL-EVT-02")
def drop_every_tenth_event(into: Injection) -> None:
    """Every tenth event is lost."""
    into.memory.count = 0

    def handler(call: Any, values: dict[str, Any]) -> Any:
        into.memory.count += 1
        return call() if into.memory.count % 10 else None

    into.around(_EVENT, handler)


@faults.add("AL-EVT-02")
def record_every_seventh_event_twice(into: Injection) -> None:
    """Every seventh event is on record twice."""
    into.memory.count = 0

    def handler(call: Any, values: dict[str, Any]) -> Any:
        into.memory.count += 1
        if not into.memory.count % 7:
            call()
        return call()

    into.around(_EVENT, handler)


@faults.add("AL-EVT-02")
def swap_actor_and_resource(into: Injection) -> None:
    """Actor and resource are recorded in each other's place."""
    into.around(
        _EVENT,
        lambda call, values: call(actor=values["resource"], resource=values["actor"]),
    )


@faults.add("AL-EVT-02", "AL-EVT-07")
def leave_the_details_out(into: Injection) -> None:
    """Details are not recorded."""
    into.around(_EVENT, lambda call, values: call(details=None))


@faults.add("AL-EVT-02")
def keep_details_of_the_one_before(into: Injection) -> None:
    """An event without details gets those of the one before."""
    into.memory.last = None

    def handler(call: Any, values: dict[str, Any]) -> Any:
        details = values["details"] or into.memory.last
        into.memory.last = copy.copy(details)
        return call(details=details)

    into.around(_EVENT, handler)


@faults.add("AL-EVT-03", "AL-EVT-02")
def reorder_pairs(into: Injection) -> None:
    """Stored events stand in the wrong order."""

    def change(records: list[Any]) -> list[Any]:
        return records[::-1]

    _records(into, change)


@faults.add("AL-EVT-04", "AL-EVT-08")
def shift_the_time(into: Injection) -> None:
    """Events are stamped an hour late."""
    subject = into.subject
    if not isinstance(subject, AuditSubject):
        raise NotApplicable("the subject is not one of an audit logger")

    def late(raw: Any) -> Any:
        stored = Record(raw, subject).time()
        meant = instants(stored)
        return max(meant) + 3_600 if meant else stored

    into.declare(fields={**subject.fields, "timestamp": late})


@faults.add("AL-EVT-05", "AL-EVT-02")
def split_at_new_lines(into: Injection) -> None:
    """A new line in a field ends the record, and begins another."""
    for name in _BOTH:

        def handler(call: Any, values: dict[str, Any]) -> Any:
            for key, value in values.items():
                if isinstance(value, str) and "\n" in value:
                    for line in value.split("\n"):
                        call(**{key: line})
                    return None
            return call()

        into.around(name, handler)


@faults.add("AL-EVT-05", "AL-EVT-02")
def strip_control_characters(into: Injection) -> None:
    """Control characters are left out, so that different events read the same."""
    _texts(into, lambda text: "".join(c for c in text if ord(c) >= 32 and c != "\x7f"))


@faults.add("AL-EVT-05", "AL-EVT-02", "AL-EVT-07")
def cut_long_fields(into: Injection) -> None:
    """Texts are cut after 64 characters."""
    _texts(into, lambda text: text[:64])


@faults.add("AL-EVT-06")
def alias_the_details(into: Injection) -> None:
    """The caller's own dict is kept, and only written down when somebody looks."""
    into.memory.waiting = []
    for name in _BOTH:
        into.around(name, lambda call, values: into.memory.waiting.append(call))

    def wrap(hook: Callable[..., Any]) -> Callable[..., Any]:
        def look() -> Any:
            waiting, into.memory.waiting = into.memory.waiting, []
            for write in waiting:
                with suppress(Exception):  # what the logger would have refused
                    write()
            return hook()

        return look

    for probe in ("recorded", "security_recorded", "flush"):
        into.probe(probe, wrap)


@faults.add("AL-EVT-07")
def lose_what_json_cannot_carry(into: Injection) -> None:
    """An event whose details JSON cannot carry is lost in silence."""
    for name in _BOTH:
        into.around(name, lambda call, values: call() if _plainly(values["details"]) else None)

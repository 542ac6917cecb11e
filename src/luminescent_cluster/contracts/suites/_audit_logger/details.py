"""AL-EVT-07: details that nothing can serialise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from ...clauses import Catalogue, Violation
from ...engine.case import Case, Refused
from ...engine.show import show, show_call, show_error
from .._sweep import sweep
from .events import Event, events, usual_events
from .index import Index
from .oddities import NO_KEYS, ODD
from .records import ABSENT, Record, says, unmasked
from .trail import Trail

clauses = Catalogue()

_NOTHING: tuple[Any, ...] = (None, "", [], (), {})  # no odd value is empty


@clauses.must(
    "AL-EVT-07",
    reason="what an attacker makes unserialisable must not be what goes unrecorded",
    fix="render what JSON cannot carry (json.dumps(…, default=repr) and keys as text), or raise; "
    "never skip keys, replace the details, or swallow the error in a writer thread",
    probes=("recorded",),
)
def no_silent_loss(case: Case) -> None:
    """Details that cannot be serialised are recorded in some rendering, or the call raises.

    What stands beside them is recorded too, and so are the events that follow.
    """
    trail = Trail(case)

    def check(base: Event, kind: str, nested: bool) -> None:
        trail.begin()
        event = trail.marked(base)
        names = [unmasked(name, trail.subject) for name in ("plain", "inner", "odd")]
        event.details = _odd_details(kind, event.mark, nested, names)
        refused = False
        try:
            trail.send(event)
        except Refused:
            refused = True
            case.looked()
        following = trail.send(trail.marked(Event(base.method, base.values, {"after": "it"})))
        trail.require_recorded([following])
        if not refused:
            _rendered(trail, event, kind, names)

    kinds = (*ODD, *NO_KEYS)
    jobs = [
        {"base": base, "kind": kind, "nested": nested}
        for nested in (False, True)
        for kind in kinds
        for base in usual_events(case)
    ]
    sweep(case, check, jobs)
    case.for_all(
        check,
        base=events(case, details=st.just(None)),
        kind=st.sampled_from(kinds),
        nested=st.booleans(),
        examples=max(5, case.profile.examples // 4),
    )


def _odd_details(kind: str, mark: str, nested: bool, names: list[str]) -> dict[Any, Any]:
    plain, inner, name = names
    if kind in ODD:
        odd: dict[Any, Any] = {name: ODD[kind](mark)}
    else:
        odd = {NO_KEYS[kind](mark): f"{mark} odd"}
    return {plain: f"{mark} beside", **({inner: odd} if nested else odd)}


def _rendered(trail: Trail, event: Event, kind: str, names: list[str]) -> None:
    _, inner, name = names

    def there(records: list[Record]) -> bool:
        return bool(_of(event, records))

    found = _of(event, trail.settled(there))
    told = f"{_call(event)} with {kind} in details"
    if not found:
        raise Violation(told, "returned, and is not stored")
    if len(found) > 1:
        raise Violation(told, f"is stored {len(found)} times")
    record = found[0]
    details = record.field("details")
    if details is ABSENT or details is None or details in ({}, "", [], "{}", "null"):
        raise Violation(told, f"is stored without its details: {record.brief()}")
    text = record.text()
    if not says(text, f"{event.mark} beside", trail.subject):
        raise Violation(
            told, f"lost what stands beside it, {event.mark!r} + ' beside': {show(details)}"
        )
    if kind in NO_KEYS:
        if not says(text, f"{event.mark} odd", trail.subject):
            raise Violation(told, f"lost the value under that key: {show(details)}")
        return
    holder = details.get(inner, details) if isinstance(details, Mapping) else details
    if isinstance(holder, Mapping):
        if name not in holder and name not in text:
            raise Violation(told, f"lost the key {name!r}: {show(details)}")
        if name in holder and any(holder[name] == nothing for nothing in _NOTHING):
            raise Violation(told, f"turned it into {show(holder[name])}: {show(details)}")


def _of(event: Event, records: list[Record]) -> list[Record]:
    """Give the records of an event by its other values; its details may look like anything."""
    named = [n for n, value in event.values.items() if event.mark in value]
    if named:
        return [r for r in records if any(event.mark in str(r.field(n)) for n in named)]
    return Index(records).about(event)


def _call(event: Event) -> str:
    try:
        return show_call(event.method, (), {**event.values, "details": event.details})
    except Exception as error:
        return f"{event.method}(…): {show_error(error)}"
